// What forms need beyond HTML:
//   form[data-guard]                  leaving the page with something typed asks first; live updates wait (htmx-glue.js)
//   textarea[data-paste-files="id"]   pasted and dropped files go into that <input type=file multiple> of the same page
//   form[data-submit-on="change"]     a filter sends itself
//   form button[data-busy]            is disabled and aria-busy while the form is on its way, so that nothing goes twice

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
    const field = event.target.closest?.("textarea[data-paste-files]")
    if (field && hand([...(event[from]?.files ?? [])], field)) event.preventDefault()
  })
}
