// One registry of keys. Markup: data-hotkey="a" (or "shift+a", "mod+enter", "g q", "?") on a link, button or field:
// the key presses or focuses it. A key that needs more calls hotkey("j", fn).
//
// A Latin letter counts by what it types (QWERTZ, Dvorak); any other script by the physical key, so that the Russian
// and both Bulgarian layouts run the same commands. Signs count by what they type, then by the letter under them.
// Silent while typing, except with Ctrl/Cmd or Alt; <html data-hotkeys="off"> silences all single keys (WCAG 2.1.4).

const PHYSICAL = {
  BracketLeft: "[", BracketRight: "]", Semicolon: ";", Quote: "'", Comma: ",", Period: ".", Slash: "/",
  Backslash: "\\", Backquote: "`", Minus: "-", Equal: "=",
}
const PREFIX_MS = 900
// What this person moved (people/keyboard.py): {"a": "shift+t", "x": ""}; empty is off.
const moved = JSON.parse(document.documentElement.dataset.keys ?? "{}")
const chosen = new Map(Object.entries(moved).map(([usual, own]) => [own, usual]))
const registry = new Map()
let prefix = ""
let prefixTimer = 0

export function hotkey(combo, run, { inFields = false, repeats = false } = {}) {
  registry.set(combo, { run, inFields, repeats })
}

export function nameOf(event) {
  let key = event.key
  let shifted = event.shiftKey
  if (key === ">") [key, shifted] = [".", true]
  else if (/^[a-z]$/i.test(key)) key = key.toLowerCase()
  else if (key === "№") [key, shifted] = ["#", false]
  else if (/^[\x21-\x7e]$/.test(key)) shifted = false
  else if (key === " ") key = "space"
  else if (key.length > 1) key = key.toLowerCase()
  else if (/^Key[A-Z]$/.test(event.code)) key = event.code.slice(3).toLowerCase()
  else if (/^Digit\d$/.test(event.code)) key = event.code.slice(5)
  else key = PHYSICAL[event.code] ?? key
  const graph = event.getModifierState?.("AltGraph")
  const mod = !graph && (event.ctrlKey || event.metaKey) ? "mod+" : ""
  const alt = !graph && event.altKey ? "alt+" : ""
  return mod + alt + (shifted ? "shift+" : "") + key
}

/** The letter of the key, where it types a sign on which nothing may be: the Bulgarian Q types a comma. */
function letterUnder(name, event) {
  const isSign = /^[\x21-\x7e]$/.test(event.key) && !/^[a-z]$/i.test(event.key)
  return isSign && /^Key[A-Z]$/.test(event.code) ? name.slice(0, -1) + event.code.slice(3).toLowerCase() : ""
}

const SILENT_INPUTS = /^(checkbox|radio|button|submit|reset|range|color|file)$/

function isTyping(target) {
  const field = target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])")
  return !!field && !(field.localName === "input" && SILENT_INPUTS.test(field.type))
}

// The button of a column that somebody has left out of his queue still answers to its key.
const shown = element => (element.closest(".x-as")?.parentElement ?? element).checkVisibility() && !element.disabled
// Entries of a closed menu have their keys, too, and so has what stands in a folded sidebar.
const inFolded = element => document.documentElement.dataset.side === "folded" && !!element.closest(".side")
const inMenu = element =>
  (element.closest("[popover]:not(:popover-open)")?.parentElement.checkVisibility() || inFolded(element)) && !element.disabled
const openDialog = () => [...document.querySelectorAll("dialog:modal")].at(-1)

function marked(combo) {
  const scope = openDialog() ?? document
  const here = `[data-hotkey="${CSS.escape(combo)}"]`
  // The current row's own button goes before the page's, and what says data-keys-last behind it.
  const found = [...scope.querySelectorAll(`[aria-current=true] ${here}`), ...scope.querySelectorAll(here)]
  return found.find(one => shown(one) && !one.closest("[data-keys-last]")) ?? found.find(shown) ?? found.find(inMenu)
}

function press(element) {
  if (element.localName === "input" && inFolded(element)) delete document.documentElement.dataset.side
  if (element.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select")) {
    element.focus()
    element.select?.()
  } else if (element.localName === "rich-editor") element.focus()
  else element.click()
}

/** The key that it is usually, for what this person presses; "" where nothing is on it any more. */
const meant = pressed => chosen.get(pressed) ?? (pressed in moved ? "" : pressed)

function startsSequence(name) {
  const usual = [...registry.keys(), ...[...document.querySelectorAll(`[data-hotkey*=" "]`)].map(one => one.dataset.hotkey)]
  return [...chosen.keys(), ...usual.filter(combo => !(combo in moved))].some(combo => combo.startsWith(name + " "))
}

function setPrefix(name) {
  prefix = name
  clearTimeout(prefixTimer)
  if (name) prefixTimer = setTimeout(() => (prefix = ""), PREFIX_MS)
}

/** Whether the page does something on this key, as it is usually called. */
export const hasKey = combo => registry.has(combo) || !!marked(combo)

/** What carries a key on this page: [key, element]. */
export const keysHere = () =>
  [...document.querySelectorAll("[data-hotkey]")].filter(one => shown(one) || inMenu(one)).map(one => [one.dataset.hotkey, one])

// Buttons show the key on which they are for this person.
function relabel() {
  for (const [usual, own] of Object.entries(moved)) {
    for (const cap of document.querySelectorAll(`[data-hotkey="${CSS.escape(usual)}"] kbd`)) {
      cap.textContent = own.replace("shift+", "⇧").toUpperCase()
      cap.hidden = !own
    }
  }
}
if (Object.keys(moved).length) {
  relabel()
  document.body.addEventListener("htmx:afterSettle", relabel)
}

function find(pressed) {
  const name = meant(pressed)
  if (!name) return null
  const known = registry.get(name)
  if (known && !openDialog()) return known
  const element = marked(name)
  return element && { run: () => press(element), inFields: /^(mod|alt)\+/.test(pressed), repeats: false }
}

document.addEventListener("keydown", event => {
  if (event.isComposing || event.defaultPrevented || /^(Shift|Control|Alt|Meta|AltGraph|CapsLock)$/.test(event.key)) return
  const name = nameOf(event)
  const modified = /^(mod|alt)\+/.test(name)
  const typing = isTyping(event.target)
  if (!modified && (typing || document.documentElement.dataset.hotkeys === "off") && !registry.get(meant(name))?.inFields) {
    setPrefix("")
    return
  }
  // Enter and Space belong to the button that has the focus, Enter to the link.
  if ((name === "enter" || name === "space") && event.target.closest?.("button, summary, input, [role=option]")) return
  if (name === "enter" && event.target.closest?.("a")) return
  if (name === "escape" && document.querySelector(":popover-open")) return // the browser closes that first
  const names = [name, letterUnder(name, event)].filter(Boolean)
  const hit = [...names.map(one => prefix && `${prefix} ${one}`), ...names].map(one => one && find(one)).find(Boolean)
  if (hit && (hit.inFields || !typing) && (hit.repeats || !event.repeat)) {
    setPrefix("")
    event.preventDefault()
    hit.run(event)
  } else setPrefix((!typing && !modified && names.find(startsSequence)) || "")
})
