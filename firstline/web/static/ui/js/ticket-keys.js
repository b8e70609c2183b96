// Keys of the ticket's page that no button has by itself.
//   [data-neighbours]   the next and the one before of the list that led here (list-keys.js); hidden without one
//   [data-copy-link]    the address goes to the clipboard
//   1 to 5              a part of the context: opened and focused, folded when it had the focus
import { hotkey } from "./hotkeys.js";
import { toast } from "./toast.js";

function listThatLedHere() {
  try {
    const list = JSON.parse(sessionStorage.getItem("firstline-list") ?? "null")
    return list?.rows.includes(location.pathname) ? list : null
  } catch {
    return null
  }
}

const list = listThatLedHere()
const place = document.querySelector("[data-neighbours]")
if (list && place) {
  const at = list.rows.indexOf(location.pathname)
  place.querySelector("[data-place]").textContent = `${at + 1} / ${list.rows.length}`
  for (const [step, link] of [[1, place.querySelector("[data-hotkey=j]")], [-1, place.querySelector("[data-hotkey=k]")]]) {
    if (list.rows[at + step]) link.href = list.rows[at + step]
    else link.hidden = true
  }
  place.hidden = false
  document.querySelector(".bar a[data-hotkey=escape]")?.setAttribute("href", list.at)
}

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-copy], [data-copy-link]")
  if (!button) return
  if (button.matches("[data-copy-link]")) navigator.clipboard?.writeText(location.origin + location.pathname)
  toast(button.dataset.said)
})

for (const number of [1, 2, 3, 4, 5]) {
  hotkey(String(number), () => {
    const panel = document.querySelectorAll("#ctx > details.panel")[number - 1]
    const head = panel?.querySelector("summary")
    if (!head) return
    panel.open = document.activeElement !== head || !panel.open
    head.focus()
    head.scrollIntoView({ block: "nearest" })
  })
}
