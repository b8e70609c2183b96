// Everything that knows htmx's event names lives here.
//   CSRF: every post carries the token of now, and for whom the page was drawn (csrf.js).
//   422 (a form with errors) and 409 (somebody was faster) are swapped in like a good answer; the focus goes to the
//   first field with aria-invalid="true", else to [data-focus] in what came.
//   Live updates (hx-trigger="live:…") never replace what a person is typing in: they wait until it is sent or left.
//   What a person has unfolded stays open through an update.
//   A live update that failed is asked for again.
//   Answers that are no answer become a toast with the words of <body data-error-text data-offline-text>.
import { posting } from "./csrf.js";
import { isClean } from "./forms.js";
import { toast } from "./toast.js";

const body = document.body
const waiting = new Map()

const causeOf = config => config.triggeringEvent?.type ?? ""
const isLive = config => causeOf(config).startsWith("live:")

body.addEventListener("htmx:configRequest", event => {
  if (event.detail.verb !== "get") Object.assign(event.detail.headers, posting({}))
  // What hangs would hold up every later update of the same part.
  if (isLive(event.detail)) event.detail.timeout = UPDATE_MS
})

// A change is told once: an update that failed is asked for again, or the part would stand still until the next one.
const UPDATE_MS = 20_000
const AGAIN_MS = [1_000, 3_000, 10_000, 30_000]
const failures = new WeakMap()

function isAskedAgain({ elt, requestConfig, xhr }) {
  if (!isLive(requestConfig) || (xhr.status && xhr.status < 500)) return false
  const times = failures.get(elt) ?? 0
  failures.set(elt, times + 1)
  setTimeout(() => elt.isConnected && body.dispatchEvent(new CustomEvent(causeOf(requestConfig))), AGAIN_MS[Math.min(times, AGAIN_MS.length - 1)])
  return times < 2
}
body.addEventListener("htmx:afterOnLoad", event => event.detail.successful && failures.delete(event.detail.elt))

const callbacks = window.Idiomorph?.defaults.callbacks
if (callbacks) callbacks.beforeAttributeUpdated = (name, part, how) => !(name === "open" && how === "remove" && part.matches("details"))

const typingIn = part => part.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]")
const isBusy = part => typingIn(part) || part.matches("[data-dirty]") || !!part.querySelector("[data-dirty]")

body.addEventListener("htmx:beforeRequest", event => {
  const { elt, requestConfig } = event.detail
  if (!isLive(requestConfig) || !isBusy(elt)) return
  event.preventDefault()
  waiting.set(elt, causeOf(requestConfig))
})

// It may have been asked for before the person began: what came then waits, too.
body.addEventListener("htmx:beforeSwap", event => {
  const { elt } = event.detail.requestConfig
  if (!isLive(event.detail.requestConfig) || !elt.isConnected || !isBusy(elt)) return
  event.detail.shouldSwap = false
  waiting.set(elt, causeOf(event.detail.requestConfig))
})

function catchUp() {
  for (const [part, cause] of waiting) {
    if (part.isConnected && isBusy(part)) continue
    waiting.delete(part)
    if (part.isConnected) body.dispatchEvent(new CustomEvent(cause))
  }
}
document.addEventListener("focusout", () => setTimeout(catchUp))
document.addEventListener("reset", () => setTimeout(catchUp))

body.addEventListener("htmx:beforeSwap", event => {
  if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true
    event.detail.isError = false
  }
})

body.addEventListener("htmx:afterRequest", event => {
  const { successful, xhr, requestConfig } = event.detail
  const form = requestConfig.elt.closest("form") // detail.elt is a parent of it, if the form itself was replaced
  if (form && successful && xhr.status < 400 && requestConfig.verb !== "get") {
    isClean(form)
    document.getElementById("refusal")?.replaceChildren()
  }
  setTimeout(catchUp)
})

body.addEventListener("htmx:afterSettle", event => {
  const part = event.detail.elt
  const wanted = part.querySelector("[aria-invalid=true]") ?? part.querySelector("[data-focus]")
  // Without a wish the focus stays where it is; htmx finds it again by its id.
  if (wanted && (!typingIn(document.body) || wanted.matches("[role=alert]"))) wanted.focus()
  blame(part)
})

// "Send anyway" in the strip of a refusal: the version that was just shown counts as seen, and the same button is pressed.
const pressed = new WeakMap()
document.addEventListener("submit", event => pressed.set(event.target, event.submitter), true)
document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-anyway]")
  const form = button && document.getElementById(button.closest("[data-of-form]")?.dataset.ofForm)
  if (!form) return
  form.elements.namedItem("seen").value = button.dataset.anyway
  if (button.dataset.also) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.dataset.also, value: "yes" }))
  pressed.get(form)?.click()
})

/** A refusal names the form and the field that it is about: the field says so itself, with what was typed still in it. */
function blame(part) {
  const refusal = part.matches?.("[data-of-form]") ? part : part.querySelector?.("[data-of-form]")
  const form = refusal && document.getElementById(refusal.dataset.ofForm)
  if (!form) return
  form.dataset.dirty = ""
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid")
  const field = refusal.dataset.wrongField && form.elements.namedItem(refusal.dataset.wrongField)
  if (field instanceof HTMLElement) field.setAttribute("aria-invalid", "true")
}

// That there is no connection, or no session, is true until the next answer comes.
function tellAway(text) {
  const said = toast(text, "red")
  if (said) said.dataset.away = ""
}
body.addEventListener("htmx:afterOnLoad", event => {
  if (event.detail.xhr.status < 400) document.querySelectorAll("#toasts [data-away]").forEach(said => said.remove())
})

// A refusal with words of its own brings them in HX-Trigger.
body.addEventListener("htmx:responseError", event => {
  const { status } = event.detail.xhr
  if (status === 401) tellAway(body.dataset.outText)
  else if (!isAskedAgain(event.detail) && !event.detail.xhr.getResponseHeader("HX-Trigger")) toast(body.dataset.errorText, "red")
})
for (const away of ["htmx:sendError", "htmx:timeout"]) body.addEventListener(away, event => isAskedAgain(event.detail) || tellAway(body.dataset.offlineText))
