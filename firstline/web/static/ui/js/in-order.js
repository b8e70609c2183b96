// A list whose things are put in order: <ol data-in-order>, each <li> with buttons [data-step="-1"] and [data-step="1"].
// What the form sends stands in the order of the page. Without this each press sends the form.

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-in-order] [data-step]")
  if (!button) return
  event.preventDefault()
  const row = button.closest("li")
  const other = button.dataset.step < 0 ? row.previousElementSibling : row.nextElementSibling
  if (!other) return
  if (button.dataset.step < 0) other.before(row)
  else other.after(row)
  button.focus()
  row.scrollIntoView({ block: "nearest" })
})
