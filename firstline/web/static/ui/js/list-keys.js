// Keys of the queue beyond moving (queue.js) and ticking (ticking.js): a deed of the bar with nothing ticked is meant for
// the current row; Space looks at a ticket without opening it; what is opened remembers its list, so that its page knows
// the next and the one before (ticket-keys.js).
import { hotkey } from "./hotkeys.js";

const current = () => document.querySelector("[data-rows] [data-row][aria-current=true]")
const bar = () => document.querySelector("[data-tick-bar]")

function deed(combo) {
  const button = bar()?.querySelector(`[data-hotkey="${CSS.escape(combo)}"]`)
  if (!button) return
  if (!document.querySelector("[data-ticks] input.check:checked")) {
    const box = current()?.querySelector("input.check")
    if (!box) return
    box.checked = true
    box.dispatchEvent(new Event("change", { bubbles: true }))
  }
  button.click()
}

for (const combo of ["e", "p", "s", "#", "w", "m", "shift+a", "shift+r", "shift+m"]) hotkey(combo, () => deed(combo))
hotkey("l", () => deed("e"))
hotkey("mod+a", () => document.querySelector("[data-tick-all]")?.click())
hotkey("space", peek)

async function peek() {
  const link = current()?.querySelector("a[data-open]")
  const frame = document.getElementById("peek-frame")
  if (!link || !frame || document.getElementById("peek")) return
  const part = async name => {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": name } })
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.text()
  }
  let parts
  try {
    parts = await Promise.all([part("tk-head"), part("thread")])
  } catch {
    return link.click()
  }
  const dialog = frame.content.firstElementChild.cloneNode(true)
  dialog.querySelector("[data-peek]").innerHTML = parts.join("")
  dialog.querySelector("[data-peek-open]").href = link.href
  for (const inert of dialog.querySelectorAll("[data-peek] button, [data-peek] form")) inert.replaceWith(...inert.childNodes)
  for (const other of dialog.querySelectorAll("[data-peek] [data-hotkey]")) other.removeAttribute("data-hotkey")
  document.body.append(dialog)
  dialog.addEventListener("close", () => {
    dialog.remove()
    link.focus({ preventScroll: true })
  })
  dialog.showModal()
  const scroll = dialog.querySelector("[data-peek]")
  scroll.scrollTop = scroll.scrollHeight
}

document.addEventListener("click", event => {
  if (!event.target.closest?.("a[data-open], a[data-peek-open]")) return
  const rows = [...document.querySelectorAll("[data-rows] a[data-open]")].map(link => link.getAttribute("href"))
  try {
    sessionStorage.setItem("firstline-list", JSON.stringify({ at: location.pathname + location.search, rows }))
  } catch {
    // Storage is forbidden in this browser: the ticket's page has no next one.
  }
}, true)
