// The list of what became no ticket: how many are ticked, ticking all that are shown, and keys that act on the current
// row where nothing is ticked. While something is ticked the list waits with live updates (htmx-glue.js, data-dirty).
const form = document.getElementById("deeds")
const part = () => document.getElementById("triage")
const boxes = () => [...document.querySelectorAll("#triage input[name=item]")]
const bar = document.querySelector(".tri-bar")

function say() {
  const all = boxes()
  const ticked = all.filter(box => box.checked)
  for (const box of all) box.closest("[data-row]").toggleAttribute("data-ticked", box.checked)
  part()?.toggleAttribute("data-dirty", ticked.length > 0)
  const count = bar?.querySelector("[data-ticked]")
  if (!count) return
  count.textContent = ticked.length || ""
  count.hidden = !ticked.length
}

document.addEventListener("change", event => {
  if (event.target.matches?.("#triage input[name=item]")) say()
})

document.addEventListener("click", event => {
  const all = event.target.closest?.("[data-tick-all]")
  if (all) {
    event.preventDefault()
    const every = boxes()
    const tick = !every.every(box => box.checked)
    for (const box of every) box.checked = tick
    say()
    return
  }
  // A deed with nothing ticked is meant for the current row.
  const deed = event.target.closest?.(".tri-bar button[name=deed]")
  if (deed) currentIfNone()
}, true)

function currentIfNone() {
  if (boxes().some(box => box.checked)) return
  const box = document.querySelector("#triage [data-row][aria-current=true] input[name=item]")
  if (box) box.checked = true
  say()
}

// Enter in a field presses the button beside it.
document.addEventListener("keydown", event => {
  const wanted = event.key === "Enter" && event.target.dataset?.enter
  if (!wanted) return
  event.preventDefault()
  bar.querySelector(`button[name=deed][value=${wanted}]`)?.click()
})

document.body.addEventListener("htmx:afterSettle", say)
if (form) say()
