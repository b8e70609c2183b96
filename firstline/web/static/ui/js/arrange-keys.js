// <input data-key-field>: what is pressed in it is its key, by the name that hotkeys.js gives it, whatever the layout.
// Two letters within a second are two keys, one after the other. Backspace empties it; Tab, Enter and Escape go on.
import { nameOf } from "./hotkeys.js";

const TWO_MS = 1_000
const LEFT_ALONE = /^(tab|shift\+tab|enter|escape|arrow.*|mod\+.*)$/
let last = { field: null, at: 0 }

document.addEventListener("keydown", event => {
  const field = event.target
  if (!field.matches?.("[data-key-field]") || event.isComposing || /^(Shift|Control|Alt|Meta|AltGraph|CapsLock)$/.test(event.key)) return
  const name = nameOf(event)
  if (LEFT_ALONE.test(name)) return
  event.preventDefault()
  const now = Date.now()
  const follows = last.field === field && now - last.at < TWO_MS && /^[a-z]$/.test(name) && /^[a-z]$/.test(field.value)
  field.value = name === "backspace" || name === "delete" ? "" : follows ? `${field.value} ${name}` : name
  last = { field, at: now }
  field.dispatchEvent(new Event("input", { bubbles: true }))
})
