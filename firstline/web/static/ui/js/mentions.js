// "@" in an internal note: the colleagues who see this ticket, offered while one types. The arrows choose, Enter or Tab
// takes, Escape closes; the cursor stays in the text (aria-activedescendant). [data-name-somebody] types the @.
// On keyboards without it: the quotation mark of Shift+2 offers, too, but takes nothing before an arrow was pressed.
import { mode, writing } from "./writing.js";

const WAIT_MS = 100
const list = document.getElementById("at-list")
let timer = 0
let newest = 0
let asked = "" // what was asked for last, and whether anybody fitted
let isEmpty = false
let taken = null // the text before the sign of the one that was taken: not offered again there
let isQuote = false

const form = () => document.getElementById("say")
const options = () => [...list.querySelectorAll("[role=option]")]
const chosen = () => list.querySelector("[aria-selected=true]")
const isOpen = () => list?.matches(":popover-open")

/** {sign, typed, head} before the cursor, or null. */
function begun(field) {
  const found = /^(.*(?:^|[^\p{L}\p{N}._@+-]))(@|")([^@"\n]{0,40})$/su.exec(field.before())
  if (!found) return null
  const [, head, sign, typed] = found
  if (sign === '"' && (!isQuote || typed.length < 2)) return null
  return typed.startsWith(" ") || head === taken ? null : { sign, typed, head }
}

async function look(field, { sign, typed, head }) {
  if (isEmpty && (head + sign + typed).startsWith(asked)) return close()
  const turn = ++newest
  const address = form().action.replace("/messages/", "/colleagues/")
  const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } })
  if (!answer.ok || turn !== newest) return
  const html = await answer.text() // our own template; whatever people are called is escaped there
  if (turn !== newest) return
  list.innerHTML = html
  asked = head + sign + typed
  isEmpty = !options().length
  if (isEmpty) return close()
  if (!isOpen()) list.showPopover()
  place(field)
  field.element.setAttribute("aria-controls", list.id)
  field.element.setAttribute("aria-autocomplete", "list")
  choose(sign === "@" ? options()[0] : null, field)
  document.getElementById("announcer").textContent = list.querySelector("[data-said]").dataset.said
}

function place(field) {
  const at = field.box()
  const { offsetWidth: width, offsetHeight: height } = list
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`
  list.style.top = `${Math.max(8, at.top - height - 4)}px`
}

function choose(option, field) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option))
  option?.scrollIntoView({ block: "nearest" })
  if (option) field.element.setAttribute("aria-activedescendant", option.id)
  else field.element.removeAttribute("aria-activedescendant")
}

function close() {
  clearTimeout(timer)
  newest++
  if (isOpen()) list.hidePopover()
  list?.replaceChildren()
  writing()?.element.removeAttribute("aria-activedescendant")
}

function take(option) {
  const field = writing()
  const here = field && begun(field)
  if (!here) return close()
  taken = here.head
  field.put(here.typed.length + 1, `${option.dataset.words} `)
  close()
}

document.addEventListener("input", event => {
  if (!list || !form()?.contains(event.target)) return
  const field = writing(event.target)
  if (!field || mode() !== "note") return
  clearTimeout(timer)
  timer = setTimeout(() => { // by then the editor knows what was typed, too
    if (taken !== null && !field.before().startsWith(`${taken}@`)) taken = null
    const here = begun(field)
    if (here) look(field, here)
    else close()
  }, WAIT_MS)
})

document.addEventListener("keydown", event => {
  if (event.key === '"') isQuote = event.code === "Digit2"
  if (!isOpen() || event.isComposing) return
  const field = writing(event.target)
  if (!field) return
  const all = options()
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const now = chosen()
  if (step) choose(all[(all.indexOf(now) + step + all.length + (now || step > 0 ? 0 : 1)) % all.length], field)
  else if (event.key === "Escape") close()
  else if ((event.key === "Enter" || event.key === "Tab") && now && !event.ctrlKey && !event.metaKey && !event.shiftKey) take(now)
  else return
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)

list?.addEventListener("pointerdown", event => event.preventDefault()) // the cursor stays where it is
list?.addEventListener("click", event => {
  const option = event.target.closest("[role=option]")
  if (option) take(option)
})
document.addEventListener("focusout", event => isOpen() && form()?.contains(event.target) && close())

document.addEventListener("click", event => {
  if (!event.target.closest?.("[data-name-somebody]")) return
  const field = writing()
  if (!field) return
  field.element.focus()
  field.put(0, /\S$/.test(field.before()) ? " @" : "@")
  taken = null
  const here = begun(field)
  if (here) look(field, here)
})

const show = () => document.querySelectorAll("[data-name-somebody]").forEach(button => (button.hidden = false))
show()
document.body.addEventListener("htmx:afterSwap", show)
