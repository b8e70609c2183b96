// Menus and dialogs. A menu is <button popovertarget="id"> and <div id="id" popover class="pop" role="menu"> with
// [role=menuitem] inside: this puts it under its button and lets the arrows walk it.
// A dialog is <button data-dialog="id"> and <dialog id="id">; [data-close-dialog] inside closes it; so does a press
// beside it. The browser does the rest: Esc, focus in and back, and the page behind is inert.

const GAP = 4
const EDGE = 8

function place(menu, button) {
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = at.bottom + GAP + height <= innerHeight || at.top < height
  menu.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`
  menu.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`
}

const items = menu => [...menu.querySelectorAll("[role=menuitem], [role=menuitemradio]")].filter(item => item.checkVisibility())

document.addEventListener(
  "toggle",
  event => {
    const menu = event.target
    if (!menu.matches?.("[popover].pop")) return
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`)
    button?.setAttribute("aria-expanded", String(event.newState === "open"))
    if (event.newState !== "open" || !button) return
    place(menu, button)
    items(menu)[0]?.focus()
  },
  true,
)

document.addEventListener("keydown", event => {
  const menu = event.target.closest?.("[popover][role=menu]")
  if (!menu) return
  const all = items(menu)
  const index = all.indexOf(document.activeElement)
  const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  all.at(next % all.length)?.focus()
})

document.addEventListener("click", event => {
  const opener = event.target.closest?.("[data-dialog]")
  if (opener) {
    document.getElementById(opener.dataset.dialog)?.showModal()
    event.preventDefault()
    return
  }
  const closer = event.target.closest?.("[data-close-dialog]")
  if (closer) closer.closest("dialog")?.close()
  else if (event.target.localName === "dialog" && isBeside(event)) event.target.close()
})

function isBeside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect()
  const inside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom
  return !inside && (clientX || clientY) // a press of Enter on a field's button has no place
}
