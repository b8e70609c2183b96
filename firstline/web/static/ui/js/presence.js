// The ticket's page says that it is open, up to which change it was seen, and whether somebody types in it; it is told
// who else is here. Markup: <span data-presence="ADDRESS" data-topic="beside:1042">, [data-version] within what is
// drawn anew with the ticket, and the form #say, in which one types.
import { posting, sign } from "./csrf.js";

const BEAT_MS = 30_000
const TYPING_MS = 8_000
const place = document.querySelector("[data-presence]")
const version = () => document.querySelector("[data-version]")?.dataset.version ?? ""
let typedAt = 0
let toldAt = 0
let told = ""
let toldWrites = ""

async function say() {
  if (document.visibilityState !== "visible") return
  told = version()
  toldAt = Date.now()
  // What another window of the same person says of his writing is not this one's to take back.
  toldWrites = Date.now() - typedAt < 2 * TYPING_MS ? "1" : toldWrites === "1" ? "0" : ""
  const sent = new URLSearchParams({ seen: told, writes: toldWrites })
  try {
    const answer = await fetch(place.dataset.presence, { method: "POST", body: sent, headers: posting({ "HX-Request": "true" }) })
    if (answer.ok) place.innerHTML = await answer.text()
  } catch {
    place.replaceChildren() // no connection: nobody is known to be here
  }
}

document.addEventListener("input", event => {
  if (!event.target.closest?.("#say")) return
  typedAt = Date.now()
  if (toldWrites !== "1" || typedAt - toldAt > TYPING_MS) say()
})
document.addEventListener("submit", () => (typedAt = 0), true)
document.addEventListener("visibilitychange", say)
// What is heard just after one's own word (it may be that word) is asked about a second later, not forgotten.
let again = 0
document.body.addEventListener(`live:${place.dataset.topic}`, () => {
  clearTimeout(again)
  again = setTimeout(say, Math.max(0, toldAt + 1000 - Date.now()))
})
document.body.addEventListener("htmx:afterSettle", () => version() !== told && say())
addEventListener("pagehide", () => {
  const sent = new FormData()
  sent.set("leaves", "1")
  navigator.sendBeacon(place.dataset.presence, sign(sent))
})
setInterval(say, BEAT_MS)
say()
