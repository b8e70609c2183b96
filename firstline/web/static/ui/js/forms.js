// What forms need beyond HTML:
//   form[data-guard]                  leaving the page with something typed asks first; live updates wait (htmx-glue.js)
//   textarea[data-paste-files="id"]   pasted and dropped files go into that <input type=file multiple> of the same page
//   form[data-submit-on="change"]     a filter sends itself
//   form button[data-busy]            is disabled and aria-busy while the form is on its way, so that nothing goes twice
//   textarea                          takes nothing that is longer than fits: said before the browser has put it in. Who
//                                     says it better listens to "toolong" and prevents the default
import { toast } from "./toast.js";

const LONGEST = 1_000_000 // characters; a browser stands still for many seconds over ten times as many

document.addEventListener("input", event => {
  const form = event.target.form
  if (form?.matches("[data-guard]")) form.dataset.dirty = ""
})

export const isClean = form => delete form.dataset.dirty

document.addEventListener("reset", event => isClean(event.target))

document.addEventListener("submit", event => {
  const form = event.target
  if (event.defaultPrevented) return // htmx took it: htmx-glue.js cleans up when the answer is good
  isClean(form)
  // After this turn, or the pressed button's own value would not be sent.
  setTimeout(() => form.querySelectorAll("button[data-busy]").forEach(button => {
    button.disabled = true
    button.setAttribute("aria-busy", "true")
  }))
})

// Back from the browser's memory: what was disabled on leaving is alive again.
addEventListener("pageshow", event => {
  if (!event.persisted) return
  document.querySelectorAll("button[data-busy][aria-busy]").forEach(button => {
    button.disabled = false
    button.removeAttribute("aria-busy")
  })
})

addEventListener("beforeunload", event => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault()
})

document.addEventListener("change", event => {
  const form = event.target.form
  if (form?.dataset.submitOn === "change") form.requestSubmit()
})

function hand(files, field) {
  const input = document.getElementById(field.dataset.pasteFiles)
  if (!input || !files.length) return false
  const all = new DataTransfer()
  for (const file of [...input.files, ...files]) all.items.add(file)
  input.files = all.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
  return true
}

for (const [kind, from] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
  document.addEventListener(kind, event => {
    const field = event.target.closest?.("textarea")
    if (!field || event.defaultPrevented) return
    const handed = field.dataset.pasteFiles && hand([...(event[from]?.files ?? [])], field)
    if (handed || isTooLong(field, event[from]?.getData("text/plain") ?? "")) event.preventDefault()
  })
}

/** A browser cuts at maxlength without a word. */
function isTooLong(field, text) {
  const kept = field.value.length - (field.selectionEnd - field.selectionStart)
  const most = field.maxLength > 0 ? field.maxLength : LONGEST
  const coming = text.replaceAll("\r\n", "\n").length
  if (!coming || kept + coming <= most) return false
  field.dispatchEvent(new CustomEvent("toolong", { bubbles: true, cancelable: true }))
  return true
}

document.addEventListener("toolong", event => {
  if (!event.defaultPrevented) toast(document.body.dataset.longText)
  event.preventDefault()
})
