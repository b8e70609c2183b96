// <button data-set-theme="dark|light|"> and <button data-set-density="compact|">: at once on this page and remembered
// in this browser (boot.js reads it before the next paint). An empty value means "as the system wishes".
import { posting } from "./csrf.js";

function remember(name, value) {
  try {
    if (value) localStorage.setItem(name, value)
    else localStorage.removeItem(name)
  } catch {
    // Storage is forbidden in this browser: the choice holds for this page only.
  }
}

function choose(name, value) {
  const root = document.documentElement
  if (value) root.dataset[name] = value
  else delete root.dataset[name]
  remember(name, value)
  mark(name)
  tellServer(name, value)
}

/** Somebody who is signed in finds his choice on his other machines too. */
function tellServer(name, value) {
  if (!document.body.dataset.events) return
  const body = new URLSearchParams({ [name]: value })
  fetch("/theme/", { method: "POST", body, headers: posting() })
}

function mark(name) {
  const current = document.documentElement.dataset[name] ?? ""
  document.querySelectorAll(`[data-set-${name}]`).forEach(button => {
    button.setAttribute(button.role === "menuitemradio" ? "aria-checked" : "aria-pressed", String(button.getAttribute(`data-set-${name}`) === current))
  })
}

document.addEventListener("click", event => {
  if (event.target.closest?.("[data-fold-side]")) {
    const folded = document.documentElement.dataset.side === "folded" ? "" : "folded"
    if (folded) document.documentElement.dataset.side = folded
    else delete document.documentElement.dataset.side
    remember("side", folded)
  }
  for (const name of ["theme", "density"]) {
    const button = event.target.closest?.(`[data-set-${name}]`)
    if (button) choose(name, button.getAttribute(`data-set-${name}`))
  }
})

mark("theme")
mark("density")
