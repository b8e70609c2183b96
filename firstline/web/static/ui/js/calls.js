// The form for calls. [data-opens-solved]: the first press opens the part that says how it was solved, if it is still
// empty, so that Ctrl+Shift+Enter is one key while talking and a second one when it is written down.

document.addEventListener("click", event => {
  const button = event.target.closest("[data-opens-solved]")
  const how = document.getElementById("solved_how")
  if (!button || !how || how.value.trim()) return
  event.preventDefault()
  how.closest("details").open = true
  how.focus()
})

// Enter in a single-line field goes on to the next one: nothing is registered by accident.
document.getElementById("call")?.addEventListener("keydown", event => {
  const field = event.target
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || field.localName !== "input") return
  event.preventDefault()
  if (field.id === "who") return document.getElementById("subject").focus()
  const fields = [...field.form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(one => one.checkVisibility())
  fields[fields.indexOf(field) + 1]?.focus()
})

// Who types before the page is ready is not asked to type again.
addEventListener("load", () => {
  const who = document.getElementById("who")
  if (who && who.value !== who.defaultValue) who.dispatchEvent(new Event("typed-early"))
})
