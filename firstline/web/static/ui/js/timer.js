// The work timer. The server counts; this keeps the number ticking, and says that the ticket's page has attention.
//   <div data-timer data-next="ADDRESS">      holds the part of /desk/timer/; the first one on the page is refreshed
//   <work-timer touched at until>             seconds counted at the moment `at`; counts on until `until`
//   [data-works-in="1042"]                    this page is the ticket's: moving, typing and scrolling in it is work
// A beat goes out on opening and then each half minute in which something was done while the page has the focus;
// leaving the page pauses at once.
import { now, words } from "./clocks.js";
import { posting, sign } from "./csrf.js";

const BEAT_MS = 30_000
const AGAIN_MS = 3_000 // what the page before sent on leaving may come after our first word: said once more
const place = document.querySelector("[data-timer]")
const ticket = document.querySelector("[data-works-in]")?.dataset.worksIn

class WorkTimer extends HTMLElement {
  connectedCallback() {
    this.paint()
    this.ticking = setInterval(() => this.paint(), 1000)
  }

  disconnectedCallback() {
    clearInterval(this.ticking)
  }

  paint() {
    const [at, until] = ["at", "until"].map(name => Date.parse(this.getAttribute(name) ?? ""))
    const end = Number.isNaN(until) ? now() : Math.min(now(), until)
    const counted = Number(this.getAttribute("touched")) * 1000 + Math.max(0, end - at)
    const shown = this.querySelector("[data-time]")
    const text = words(counted)
    if (shown && shown.textContent !== text) shown.textContent = text
    const bar = this.querySelector("progress")
    if (bar && Number(bar.max) > 0) bar.value = Math.min(bar.max, counted / 1000)
  }
}
customElements.define("work-timer", WorkTimer)

// On a phone there is no sidebar: the timer stands above the page.
if (place && matchMedia("(max-width: 47.99rem)").matches) document.getElementById("main")?.prepend(place)

function show(html) {
  if (!place || place.contains(document.activeElement)) return
  place.innerHTML = html
  window.htmx?.process(place)
}

let acted = true
let asking = false
const mark = () => (acted = true)

async function beat() {
  if (!acted || asking || document.visibilityState !== "visible" || !document.hasFocus()) return
  acted = false
  asking = true
  try {
    const sent = new URLSearchParams({ ticket, next: location.pathname })
    const answer = await fetch("/desk/timer/beats/", { method: "POST", body: sent, headers: posting({ "HX-Request": "true" }) })
    if (answer.ok) show(await answer.text())
  } catch {
    acted = true // no connection: said by what the person does, and tried again
  } finally {
    asking = false
  }
}

function leave() {
  const sent = new FormData()
  sent.set("ticket", ticket)
  navigator.sendBeacon("/desk/timer/leaving/", sign(sent))
}

if (ticket && place) {
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "scroll", "input"]) {
    document.addEventListener(kind, mark, { passive: true, capture: true })
  }
  addEventListener("focus", () => {
    mark()
    beat()
  })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave()
    else {
      mark()
      beat()
    }
  })
  addEventListener("pagehide", leave)
  setInterval(beat, BEAT_MS)
  setTimeout(() => {
    mark()
    beat()
  }, AGAIN_MS)
  beat()
}
