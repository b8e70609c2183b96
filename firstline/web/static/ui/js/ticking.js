// Rows that are ticked, and the bar that acts on them. Markup: [data-ticks] is the part that holds the rows, each
// [data-row] with one input.check; [data-tick-bar] the bar, with [data-ticked] for their number, [data-tick-all] to tick
// all that are shown, [data-tick-none] to tick none, and button[name=deed]; Enter in a field with data-enter="x" presses
// the deed x. With data-current on the bar, a deed with nothing ticked is meant for the current row.
// Keys that move are queue.js's: X ticks, Shift+J/K takes the next row along. While something is ticked the list waits
// with live updates (htmx-glue.js, data-dirty).
import { hotkey } from "./hotkeys.js";

const part = () => document.querySelector("[data-ticks]")
const boxes = () => [...document.querySelectorAll("[data-ticks] [data-row] input.check")]
const ticked = () => boxes().filter(box => box.checked)
const bar = () => document.querySelector("[data-tick-bar]")

function say() {
  const count = ticked().length
  for (const box of boxes()) box.closest("[data-row]").toggleAttribute("data-ticked", box.checked)
  const waited = part()?.hasAttribute("data-dirty")
  part()?.toggleAttribute("data-dirty", count > 0)
  if (waited && !count) part().dispatchEvent(new Event("focusout", { bubbles: true })) // what waited comes now
  const shown = bar()?.querySelector("[data-ticked]")
  if (!shown) return
  shown.textContent = count || ""
  shown.hidden = !count
}

function tick(every, on) {
  for (const box of every) box.checked = on
  say()
}

document.addEventListener("change", event => {
  if (event.target.matches?.("[data-ticks] [data-row] input.check")) say()
})

document.addEventListener("click", event => {
  if (event.target.closest?.("[data-tick-all]")) {
    event.preventDefault()
    return tick(boxes(), !boxes().every(box => box.checked))
  }
  if (event.target.closest?.("[data-tick-none]")) {
    event.preventDefault()
    return tick(boxes(), false)
  }
  if (event.target.closest?.("[data-tick-bar][data-current] button[name=deed]") && !ticked().length) {
    tick([...document.querySelectorAll("[data-ticks] [data-row][aria-current=true] input.check")], true)
  }
}, true)

document.addEventListener("keydown", event => {
  const wanted = event.key === "Enter" && event.target.dataset?.enter
  if (!wanted) return
  event.preventDefault()
  bar()?.querySelector(`button[name=deed][value=${wanted}]`)?.click()
})

// A letter acts on what is ticked; with nothing ticked, on the current row, as everywhere (hotkeys.js).
if (document.querySelector("[data-tick-bar]:not([data-current])")) {
  hotkey("a", () => {
    const deed = ticked().length
      ? bar().querySelector("button[name=deed][value=take]")
      : document.querySelector("[data-row][aria-current=true] [data-hotkey=a]") ?? document.querySelector("[data-row] [data-hotkey=a]")
    deed?.click()
  })
  hotkey("escape", () => {
    if (document.querySelector(":popover-open")) document.querySelector(":popover-open").hidePopover()
    else if (ticked().length) bar().querySelector("[data-tick-none]").click()
  })
}

document.body.addEventListener("htmx:afterSettle", say)
say()
