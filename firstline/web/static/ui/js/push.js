// <form data-push data-key="…">: switches notices in this browser on. It is hidden until the browser can do it; what
// was switched on before is listed by the server, with its own forms. Words come from the page.

const form = document.querySelector("form[data-push]")
const WORKER = "/push-worker.js"

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0))
const letters = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")

function say(name) {
  for (const one of form.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== name
}

function label() {
  const about = navigator.userAgentData
  const brand = about?.brands?.find(one => !/not.?a.?brand|chromium/i.test(one.brand))?.brand
  if (brand) return `${brand}, ${about.platform}`
  const name = /Firefox|Edg|OPR|Chrome|Safari/.exec(navigator.userAgent)?.[0] ?? ""
  return [name.replace("Edg", "Edge").replace("OPR", "Opera"), navigator.platform].filter(Boolean).join(", ")
}

async function subscribed(registration) {
  const key = bytes(form.dataset.key)
  const known = await registration.pushManager.getSubscription()
  const same = known && letters(known.options.applicationServerKey ?? new ArrayBuffer(0)) === form.dataset.key
  if (known && !same) await known.unsubscribe() // of another key: nothing could be sent to it
  return same ? known : registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

async function switchOn() {
  say("busy")
  if (await Notification.requestPermission() !== "granted") return say("denied")
  try {
    await navigator.serviceWorker.register(WORKER, { scope: "/" })
    const subscription = await subscribed(await navigator.serviceWorker.ready)
    const sent = new FormData(form)
    sent.set("endpoint", subscription.endpoint)
    sent.set("key", letters(subscription.getKey("p256dh")))
    sent.set("secret", letters(subscription.getKey("auth")))
    sent.set("label", label())
    const answer = await fetch(form.action, { method: "POST", body: sent })
    if (!answer.ok) throw new Error(String(answer.status))
    location.reload()
  } catch { say("failed") }
}

if (form && window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false
  if (Notification.permission === "denied") say("denied")
  form.addEventListener("submit", event => { event.preventDefault(); switchOn() })
}
