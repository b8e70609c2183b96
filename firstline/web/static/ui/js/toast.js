// Short messages that float. <div class="toasts" id="toasts" role="status"> holds them; the server may render some into
// it (Django's messages), send one with the header HX-Trigger: {"toast": {"text": "…", "tone": "red"}}, or a module
// calls toast("…"). Their frame is <template id="toast-template"> with [data-text] and a [data-close] button.
// They go after eight seconds, not while the pointer or the focus is on them, and tone "red" stays until it is closed.

const STAY_MS = 8_000

function leave(element) {
  if (element.matches(":hover, :focus-within")) setTimeout(() => leave(element), STAY_MS)
  else element.remove()
}

function arm(element) {
  element.querySelector("[data-close]")?.addEventListener("click", () => element.remove())
  if (!element.matches(".tone-red, [role=alert]")) setTimeout(() => leave(element), STAY_MS)
}

export function toast(text, tone = "") {
  const place = document.getElementById("toasts")
  const frame = document.getElementById("toast-template")
  if (!place || !frame || !text) return
  // What is said already is not said twice: a page that asks every twenty seconds would pile it up.
  if ([...place.querySelectorAll("[data-text]")].some(said => said.textContent === text)) return
  const element = frame.content.firstElementChild.cloneNode(true)
  element.querySelector("[data-text]").textContent = text
  if (tone) element.classList.add(`tone-${tone}`)
  place.append(element)
  arm(element)
  return element
}

document.querySelectorAll("#toasts > .toast").forEach(arm)
document.body.addEventListener("toast", event => toast(event.detail.text, event.detail.tone))
