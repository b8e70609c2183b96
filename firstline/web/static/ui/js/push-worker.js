// The service worker of notices in the browser. It shows what was pushed and opens the ticket; it keeps no page and
// answers no request. What comes: {title, body, url, tag, lang, urgent} (notices/push_words.py).

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()))

self.addEventListener("push", event => {
  let said = {}
  try { said = event.data?.json() ?? {} } catch { /* not ours: shown without words, as browsers demand something */ }
  event.waitUntil(self.registration.showNotification(said.title || "Firstline", {
    body: said.body || "", tag: said.tag, lang: said.lang, renotify: Boolean(said.tag),
    requireInteraction: Boolean(said.urgent), data: { url: said.url || "/" },
  }))
})

self.addEventListener("notificationclick", event => {
  event.notification.close()
  // Only a place of this house, whatever was pushed.
  const place = new URL(event.notification.data?.url || "/", self.location.origin)
  if (place.origin !== self.location.origin) return
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
    const open = windows.find(one => new URL(one.url).pathname === place.pathname)
    if (open) return open.focus()
    return self.clients.openWindow(place.href)
  })())
})
