// Fields that hang on the answer to another: [data-shown-when="NAME"] is shown while NAME is answered with one of
// [data-shown-is] (any answer, where that is empty). A hidden part is disabled: it is neither required nor sent. The
// server shows the same by the same rule, so a page without this is right after "Show the questions".
const parts = () => document.querySelectorAll("[data-shown-when]")

function answers(form, name) {
  const found = []
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.closest("fieldset[disabled]")) continue
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue
    if (field.value.trim()) found.push(field.value)
  }
  return found
}

function settle() {
  for (const part of parts()) { // in the order of the page: what is above decides first
    const said = answers(part.closest("form") ?? document, part.dataset.shownWhen)
    const wanted = part.dataset.shownIs.split(" ").filter(Boolean)
    const shown = wanted.length ? said.some(one => wanted.includes(one)) : said.length > 0
    part.hidden = part.disabled = !shown
  }
}

for (const kind of ["input", "change"]) document.addEventListener(kind, event => event.target.name?.startsWith("f-") && settle())
document.body.addEventListener("htmx:afterSettle", settle)

// Files are dropped anywhere on their field.
document.addEventListener("dragover", event => event.target.closest?.("[data-drop]") && event.preventDefault())
document.addEventListener("drop", event => {
  const input = event.target.closest?.("[data-drop]")?.querySelector("input[type=file]")
  if (!input || !event.dataTransfer.files.length) return
  event.preventDefault()
  const all = new DataTransfer()
  for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file)
  input.files = all.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
})
settle()
