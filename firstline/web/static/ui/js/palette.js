// The palette: fetched when it is first wanted (app.js). The server makes its lines; /desk/palette/ says which fit.
//   [role=option][data-href]   a page, the address of a form on this page, or "#id" of something on it; where the page
//                              has a button for it, that is pressed, else the way leads to data-instead or data-href
//   [data-sign]                puts its sign before the words: only tickets, people, deeds
//   [data-palette-of]          the ticket that the first deeds are about; Backspace in the empty field lets go of it
import { styled } from "./sheets.js";

const WAIT_MS = 90
let dialog
let address = ""
let asked = 0
let timer = 0

const field = () => dialog.querySelector("input")
const list = () => dialog.querySelector("[role=listbox]")
const options = () => [...dialog.querySelectorAll("[role=option]")]
const chosen = () => dialog.querySelector("[aria-selected=true]")

/** The ticket of the current row, else the page itself. */
const before = () => document.querySelector("[data-row][aria-current=true] a[data-open]")?.getAttribute("href") ?? location.pathname

async function ask(words) {
  const query = new URLSearchParams({ at: address, ...(words === undefined ? {} : { q: words }) })
  const answer = await fetch(`/desk/palette/?${query}`, { headers: { "HX-Request": "true" } })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.text()
}

export async function open() {
  if (dialog?.open || document.querySelector("dialog:modal")) return
  const from = document.activeElement
  address = before()
  let html
  try {
    html = await ask()
  } catch {
    location.assign("/desk/search/")
    return
  }
  dialog?.remove()
  document.body.insertAdjacentHTML("beforeend", html)
  dialog = document.body.lastElementChild
  await styled(dialog.querySelector("link"))
  listen()
  choose(options()[0])
  dialog.showModal()
  field().focus()
  dialog.addEventListener("close", () => from?.isConnected && from.focus({ preventScroll: true }))
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false")
  option?.setAttribute("aria-selected", "true")
  option?.scrollIntoView({ block: "nearest" })
  if (option) field().setAttribute("aria-activedescendant", option.id)
  else field().removeAttribute("aria-activedescendant")
}

function move(step) {
  const all = options()
  if (all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length])
}

async function fill() {
  const turn = ++asked
  list().setAttribute("aria-busy", "true")
  try {
    const html = await ask(field().value)
    if (turn !== asked) return
    list().innerHTML = html
    list().scrollTop = 0
    choose(options()[0])
    dialog.querySelector("[data-palette-said]").textContent = list().querySelector("[data-said]").dataset.said
  } catch {
    if (turn === asked) dialog.querySelector("[data-palette-said]").textContent = document.body.dataset.offlineText
  } finally {
    if (turn === asked) list().removeAttribute("aria-busy")
  }
}

function soon() {
  clearTimeout(timer)
  timer = setTimeout(() => {
    timer = 0
    fill()
  }, WAIT_MS)
}

/** The page's own button for it, if it has one. */
function own(href) {
  if (href.startsWith("#")) return document.getElementById(href.slice(1))
  const same = CSS.escape(href)
  const found = document.querySelectorAll(`a[href="${same}"], form[action="${same}"] button, button[formaction="${same}"]`)
  return [...found].find(element => !dialog.contains(element) && !element.disabled)
}

function run(option, elsewhere) {
  if (!option) return
  const { href, instead } = option.dataset
  if (elsewhere && !href.startsWith("#")) {
    window.open(instead ?? href, "_blank", "noopener")
    return
  }
  dialog.close()
  const button = own(href)
  if (button) button.click()
  else location.assign(instead ?? href)
}

function letGo() {
  address = ""
  dialog.querySelector(".palette-of")?.remove()
  fill()
}

function listen() {
  dialog.addEventListener("input", soon)
  dialog.addEventListener("keydown", event => {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key]
    const modified = event.ctrlKey || event.metaKey
    if (step) move(step)
    else if (event.key === "Enter" && event.target === field()) enter(modified)
    else if (event.key === "Backspace" && !field().value && address && event.target === field()) letGo()
    else if (modified && (event.code === "KeyK" || event.key.toLowerCase() === "k")) dialog.close()
    else return
    event.preventDefault()
  })
  dialog.addEventListener("click", event => {
    const sign = event.target.closest("[data-sign]")?.dataset.sign
    const option = event.target.closest("[role=option]")
    if (option) run(option, event.ctrlKey || event.metaKey)
    if (!sign) return
    field().value = sign + field().value.replace(/^[#№@">]/, "")
    field().focus()
    fill()
  })
  dialog.addEventListener("pointermove", event => {
    const option = event.target.closest("[role=option]")
    if (option && option !== chosen()) choose(option)
  })
}

/** What was typed last is asked first: who types fast and presses Enter means what he typed. */
async function enter(elsewhere) {
  if (timer) {
    clearTimeout(timer)
    timer = 0
    await fill()
  }
  run(chosen(), elsewhere)
}
