// Keys in a list. Markup: [data-rows] holds [data-row] (a <tr>, an <li>), each with one a[data-open]; J and K move,
// Enter opens (the row's link has the focus), X ticks the row's checkbox. Any button in the current row that says
// data-hotkey="a" answers to A (hotkeys.js). After a live update the current row is the same one, by its id.
import { hotkey } from "./hotkeys.js";

let currentId = ""
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(row => row.checkVisibility())
// Between a live update and its settling the mark is gone for a moment, the row is not.
const marked = () => document.querySelector("[data-rows] [data-row][aria-current=true]")
const current = () => marked() ?? (currentId ? document.getElementById(currentId) : null)

function mark(row) {
  document.querySelectorAll("[data-row].cur").forEach(other => {
    other.classList.remove("cur")
    other.removeAttribute("aria-current")
  })
  row.classList.add("cur")
  row.setAttribute("aria-current", "true")
  currentId = row.id
}

function move(step) {
  const all = rows()
  if (!all.length) return
  const from = all.indexOf(current())
  const row = all[from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, from + step))]
  mark(row)
  row.querySelector("a[data-open]")?.focus({ preventScroll: true })
  row.scrollIntoView({ block: "nearest" })
}

function tick() {
  const box = current()?.querySelector("input[type=checkbox]")
  if (!box) return
  box.checked = !box.checked
  box.dispatchEvent(new Event("change", { bubbles: true }))
}

/** Ticks the current row if it is not, and the next one too. */
function along(step) {
  const box = current()?.querySelector("input[type=checkbox]")
  if (box && !box.checked) tick()
  move(step)
  const next = current()?.querySelector("input[type=checkbox]")
  if (next && !next.checked) tick()
}

hotkey("j", () => move(1), { repeats: true })
hotkey("k", () => move(-1), { repeats: true })
hotkey("arrowdown", () => move(1), { repeats: true })
hotkey("arrowup", () => move(-1), { repeats: true })
hotkey("x", tick)
hotkey("shift+j", () => along(1), { repeats: true })
hotkey("shift+k", () => along(-1), { repeats: true })

document.addEventListener("focusin", event => {
  const row = event.target.closest?.("[data-rows] [data-row]")
  if (row && row !== marked()) mark(row)
})

// At once after the swap, in the same task: no key may fall between it and the mark, or A would take the first row.
for (const moment of ["htmx:afterSwap", "htmx:afterSettle"]) {
  document.body.addEventListener(moment, () => {
    const row = currentId && document.getElementById(currentId)
    if (row && row !== marked()) mark(row)
  })
}
