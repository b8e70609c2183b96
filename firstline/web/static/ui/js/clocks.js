// <sla-clock class="sla sla-ok" start="ISO" due="ISO" [warn="ISO"] [crit="ISO"] [say-crit="…"] [say-breach="…"]>
//   …svg.ring… <span data-left>2 h 10 min</span> …</sla-clock>
// The server renders everything; this only keeps it true: the words in [data-left], the ring's share and the tone.
// Without `due` (paused, met) it stays as it is. Clocks are not live regions: what is to be said aloud once, when the
// time is nearly up and at the breach, comes in say-crit and say-breach and goes to #announcer (aria-live="polite").
// Units come from <body data-unit-day="{n} d" data-unit-hour="{n} h" data-unit-minute="{n} min" data-overdue="−{t}">;
// the server's own time from <body data-now="ISO">, because a desk's PC may be wrong by minutes.

const MINUTE = 60_000
const WARN = 60 * MINUTE
const CRIT = 15 * MINUTE
const TICK = 5_000
const clocks = new Set()
const loadedAt = performance.now()
const served = Date.parse(document.body.dataset.now ?? "")
export const now = () => (Number.isNaN(served) ? Date.now() : served + performance.now() - loadedAt)

const DEFAULTS = { day: "{n} d", hour: "{n} h", minute: "{n} min" }

function unit(name, n) {
  const key = "unit" + name[0].toUpperCase() + name.slice(1)
  return (document.body.dataset[key] ?? DEFAULTS[name]).replace("{n}", n)
}

/** Whole minutes in words: never 0:07, which can be read as minutes or as hours. */
export function words(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  if (days >= 3) return unit("day", days)
  if (days) return unit("day", days) + (hours ? "\u00a0" + unit("hour", hours) : "")
  if (hours) return unit("hour", hours) + (rest ? "\u00a0" + unit("minute", rest) : "")
  return unit("minute", rest)
}

class SlaClock extends HTMLElement {
  connectedCallback() {
    this.tone = this.toneAt(now())
    clocks.add(this)
  }

  disconnectedCallback() {
    clocks.delete(this)
  }

  at(name) {
    return Date.parse(this.getAttribute(name) ?? "")
  }

  toneAt(moment) {
    const due = this.at("due")
    const or = (name, fallback) => (Number.isNaN(this.at(name)) ? fallback : this.at(name))
    if (moment >= due) return "breach"
    if (moment >= or("crit", due - CRIT)) return "crit"
    return moment >= or("warn", due - WARN) ? "warn" : "ok"
  }

  paint(moment) {
    const due = this.at("due")
    if (Number.isNaN(due)) return
    const left = this.querySelector("[data-left]")
    const text = due > moment ? words(due - moment) : (document.body.dataset.overdue ?? "−{t}").replace("{t}", words(moment - due))
    if (left && left.textContent !== text) left.textContent = text
    const start = this.at("start")
    if (due > start) {
      const share = Math.min(100, Math.max(0, Math.round((100 * (moment - start)) / (due - start))))
      this.querySelector(".ring .fg")?.setAttribute("stroke-dasharray", `${share} 100`)
    }
    const tone = this.toneAt(moment)
    if (tone !== this.tone) this.change(tone)
  }

  change(tone) {
    this.classList.remove("sla-ok", "sla-warn", "sla-crit", "sla-breach")
    this.classList.add(`sla-${tone}`)
    this.tone = tone
    const said = this.getAttribute(`say-${tone}`)
    const announcer = document.getElementById("announcer")
    if (said && announcer) announcer.textContent = said
  }
}

customElements.define("sla-clock", SlaClock)
setInterval(() => {
  const moment = now()
  for (const clock of clocks) clock.paint(moment)
}, TICK)
