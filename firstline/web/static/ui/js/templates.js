// Templates for answers: [data-templates] or "/" at the beginning of a line opens <dialog id="templates">, a combobox over
// what the server finds for this ticket. Enter or a click puts the words where the cursor stood; Escape leaves the "/".

const WAIT_MS = 150
const dialog = document.getElementById("templates")
const search = document.getElementById("pk-search")
const list = document.getElementById("pk-list")
const form = () => document.getElementById("say")
const rich = () => form()?.querySelector("rich-editor")
let timer = 0
let newest = 0
let typedSlash = false
let caret = 0 // where the words go: the field forgets it while the dialog is open

const options = () => [...list.querySelectorAll("[role=option]")]

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option))
  search.setAttribute("aria-activedescendant", option?.id ?? "")
  option?.scrollIntoView({ block: "nearest" })
}

async function look() {
  const turn = ++newest
  const address = form().action.replace("/messages/", "/templates/")
  const answer = await fetch(`${address}?q=${encodeURIComponent(search.value)}`, { headers: { "HX-Request": "true" } })
  if (!answer.ok || turn !== newest) return
  list.innerHTML = await answer.text() // our own template; whatever people typed is escaped there
  choose(options()[0])
}

function open(bySlash) {
  if (!dialog || dialog.open || !form()) return
  typedSlash = bySlash
  caret = document.getElementById("body").selectionStart
  search.value = ""
  list.replaceChildren()
  dialog.showModal()
  search.focus()
  look()
}

function put(option) {
  if (!option) return
  const words = option.querySelector(".pk-words").textContent
  dialog.close()
  const editor = rich()
  if (editor?.editor) {
    const holder = document.createElement("p")
    if (typedSlash) editor.editor.commands.deleteRange({ from: editor.editor.state.selection.from - 1, to: editor.editor.state.selection.from })
    editor.insert(words.split(/\n{2,}/).map(part => {
      holder.textContent = part
      return `<p>${holder.innerHTML.replaceAll("\n", "<br>")}</p>`
    }).join(""))
  } else {
    const area = document.getElementById("body")
    area.focus()
    area.setRangeText(words, caret - (typedSlash ? 1 : 0), caret, "end")
    area.dispatchEvent(new Event("input", { bubbles: true }))
  }
  const token = document.querySelector("meta[name=csrf-token]").content
  fetch(`/desk/templates/${option.dataset.option}/uses/`, { method: "POST", headers: { "X-CSRFToken": token } })
}

search?.addEventListener("input", () => {
  clearTimeout(timer)
  timer = setTimeout(look, WAIT_MS)
})

dialog?.addEventListener("keydown", event => {
  const all = options()
  const at = all.findIndex(one => one.getAttribute("aria-selected") === "true")
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
  if (to !== undefined) {
    event.preventDefault()
    choose(all[(to + all.length) % all.length])
  } else if (event.key === "Enter" && event.target === search) {
    event.preventDefault()
    put(all[at])
  }
})

dialog?.addEventListener("click", event => {
  if (event.target === dialog) dialog.close()
  else put(event.target.closest("[role=option]"))
})

// After a slash was typed, not pasted: alone at the beginning of its line.
document.addEventListener("input", event => {
  if (event.inputType !== "insertText" || event.data !== "/" || !form()?.contains(event.target)) return
  if (event.target.id === "body") {
    const before = event.target.value.slice(0, event.target.selectionStart)
    if (/(^|\n)\/$/.test(before)) open(true)
  } else if (event.target.closest("rich-editor")) {
    const { $from } = rich().editor.state.selection
    if ($from.parent.textBetween(0, $from.parentOffset) === "/") open(true)
  }
})

document.addEventListener("click", event => event.target.closest?.("[data-templates]") && open(false))

const show = () => document.querySelectorAll("[data-templates]").forEach(button => (button.hidden = false))
show()
document.body.addEventListener("htmx:afterSwap", show)
