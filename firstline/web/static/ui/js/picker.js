// What the composer puts in from a list: dialog[data-picker="templates"] and [data-picker="articles"], each a combobox
// over what the server finds for this ticket. Opened by [data-pick="…"], or by signs while one types: "/" (templates)
// or "?" (articles) alone on their line, "[[" (articles) before any word. Enter or a click puts the words where the
// cursor stood; Escape leaves the signs.
import { posting } from "./csrf.js";
import { mode, writing } from "./writing.js";

const WAIT_MS = 150
const KINDS = {
  templates: { path: "/templates/", words: option => option.querySelector(".pk-words").textContent, uses: true },
  articles: { path: "/articles/found/", words: ({ dataset }) => ({ text: dataset.title, href: dataset.href }) },
}
const dialogs = Object.fromEntries([...document.querySelectorAll("dialog[data-picker]")].map(one => [one.dataset.picker, one]))
const form = () => document.getElementById("say")
let timer = 0
let newest = 0
let signs = 0 // how many letters opened it, and where the cursor stood: the field forgets it while the dialog is open
let caret = 0
let bracket = "" // what the key of "[" types in another script, pressed once

const options = dialog => [...dialog.querySelectorAll("[role=option]")]
const search = dialog => dialog.querySelector("[role=combobox]")

function choose(dialog, option) {
  for (const one of options(dialog)) one.setAttribute("aria-selected", String(one === option))
  search(dialog).setAttribute("aria-activedescendant", option?.id ?? "")
  option?.scrollIntoView({ block: "nearest" })
}

async function look(dialog) {
  const turn = ++newest
  const address = form().action.replace("/messages/", KINDS[dialog.dataset.picker].path)
  const query = new URLSearchParams({ q: search(dialog).value, mode: mode() })
  const answer = await fetch(`${address}?${query}`, { headers: { "HX-Request": "true" } })
  if (!answer.ok || turn !== newest) return
  dialog.querySelector("[role=listbox]").innerHTML = await answer.text() // our own template; what people typed is escaped
  choose(dialog, options(dialog)[0])
}

function open(kind, bySigns) {
  const dialog = dialogs[kind]
  const field = writing()
  if (!dialog || dialog.open || !field) return
  signs = bySigns
  caret = field.at()
  search(dialog).value = ""
  dialog.querySelector("[role=listbox]").replaceChildren()
  dialog.showModal()
  search(dialog).focus()
  look(dialog)
}

function put(dialog, option) {
  if (!option) return
  const { words, uses } = KINDS[dialog.dataset.picker]
  dialog.close()
  writing()?.put(signs, words(option), caret)
  if (!uses) return
  fetch(`/desk/templates/${option.dataset.option}/uses/`, { method: "POST", headers: posting() })
}

for (const dialog of Object.values(dialogs)) {
  search(dialog).addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(() => look(dialog), WAIT_MS)
  })
  dialog.addEventListener("keydown", event => {
    if (event.isComposing) return
    const all = options(dialog)
    const at = all.findIndex(one => one.getAttribute("aria-selected") === "true")
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (to !== undefined && all.length) choose(dialog, all[(to + all.length) % all.length])
    else if (event.key === "Enter" && event.target === search(dialog)) put(dialog, all[at])
    else return
    event.preventDefault()
  })
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close()
    else put(dialog, event.target.closest("[role=option]"))
  })
}

/** After signs were typed, not pasted. */
document.addEventListener("input", event => {
  if (event.inputType !== "insertText" || !form()?.contains(event.target)) return
  const field = writing(event.target)
  const line = field?.line()
  if (!field || !line) return
  if (line === "/") open("templates", 1)
  else if (line === "?") open("articles", 1)
  else if (mode() !== "call" && /(^|[\s(])\[\[$/.test(line)) open("articles", 2)
  else if (bracket && new RegExp(`(^|[\\s(])${bracket}{2}$`, "u").test(line)) open("articles", 2)
})

// On Cyrillic layouts the key of "[" types a letter: pressed twice before a word it is the same.
document.addEventListener("keydown", event => {
  if (event.key === "Shift") return
  bracket = event.code === "BracketLeft" && /^\p{L}$/u.test(event.key) && !event.shiftKey && !event.ctrlKey ? event.key : ""
}, true)

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-pick]")
  if (button) open(button.dataset.pick, 0)
})

const show = () => document.querySelectorAll("[data-pick]").forEach(button => (button.hidden = false))
show()
document.body.addEventListener("htmx:afterSwap", show)
