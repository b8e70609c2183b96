// The ticket's page. Everything here only shortens the way; without it each link is a page and each form a plain post.
//   a[data-sheet]        its page's form comes into <dialog id="sheet"> instead
//   [data-copy="#1042"]  the number goes to the clipboard
//   radio "mode"         choosing answer, note, call or time puts the cursor where one types
import { posting } from "./csrf.js";

const sheet = document.getElementById("sheet")

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-sheet]")
  if (!link || !sheet || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  document.querySelector("[popover]:popover-open")?.hidePopover()
  window.htmx.ajax("GET", link.getAttribute("href"), { target: "#sheet-body", swap: "innerHTML" }).then(() => {
    if (!sheet.open) sheet.showModal()
    const field = link.dataset.field && sheet.querySelector(`#${link.dataset.field}`)
    if (field) field.focus()
    else sheet.querySelector("textarea, select, input:not([type=hidden])")?.focus()
  })
})

document.addEventListener("click", event => {
  const link = event.target.closest("#sheet a[data-close-dialog]")
  if (link) event.preventDefault()
  const button = event.target.closest("[data-copy]")
  if (button) navigator.clipboard?.writeText(button.dataset.copy)
})

// A press of the mouse or of a key of ours; not the arrows, which walk from one to the next.
document.addEventListener("click", event => {
  if (event.target.name !== "mode" || (event.isTrusted && !event.detail)) return
  const field = document.querySelector("#say rich-editor") ?? document.getElementById("body")
  ;(event.target.value === "time" ? document.getElementById("minutes") : field)?.focus()
})

// The program opens by its own address; that the session began stands in the history.
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-remote]")
  const place = link?.closest("[data-remote-at]")
  if (!place) return
  const headers = posting()
  const body = new URLSearchParams({ program: link.dataset.remote })
  fetch(place.dataset.remoteAt, { method: "POST", headers, body }).then(() => window.htmx.ajax("GET", place.dataset.remoteAt, { target: place, swap: "innerHTML" }))
})

function toNewest() {
  const thread = document.querySelector(".thread-wrap")
  if (thread && !location.hash) thread.scrollTop = thread.scrollHeight
}

toNewest()
document.body.addEventListener("htmx:afterSwap", event => {
  if (event.detail.target?.id === "ticket" || event.detail.elt?.id === "ticket") toNewest()
})

// What the sidebar knows to be unread of this ticket is read while the page is before somebody's eyes.
async function read() {
  const told = document.getElementById("sidebar")
  if (!told?.hasAttribute("data-unread-here") || document.visibilityState !== "visible") return
  told.removeAttribute("data-unread-here")
  const number = location.pathname.match(/\d+/)[0]
  await fetch(`/desk/inbox/${number}/reading/`, { method: "POST", headers: posting() })
  document.body.dispatchEvent(new CustomEvent("live:inbox"))
}
read()
document.addEventListener("visibilitychange", read)
document.body.addEventListener("htmx:afterSettle", read)

// Sent: the cursor leaves the empty field, so that the next single key is a key again.
document.body.addEventListener("htmx:afterSettle", event => {
  if (event.detail.target?.id === "ticket") document.querySelector(".thread-wrap")?.focus({ preventScroll: true })
})
