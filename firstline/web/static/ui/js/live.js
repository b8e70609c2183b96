// One server-sent connection per browser, not per tab: the tab that holds the lock listens and re-broadcasts.
// (Six plain connections to one host are all that HTTP/1.1 allows: the seventh tab would hang.)
// The server says only what changed ({"t": "ticket:1042", "v": 17}); each tab fetches its own fragments again, so that
// permissions and language stay on the server. A fragment opts in with
//   hx-get="…" hx-trigger="live:ticket:1042 from:body, live:resync from:body" hx-swap="morph"
// The page says how old it is, and is told what happened since it was asked for, however long its files took.
// <html data-live="ok|lost|polling"> tells the style sheet how the connection stands.

const CHANNEL = "firstline-live"
const POLL_MS = 20_000
const LOST_AFTER_MS = 5_000
const RETRY_MS = [2_000, 5_000, 15_000, 30_000]

// With the fifth of a second in which the server notices a change, a list stands anew within two seconds.
const LISTS_MS = 1_500

const dispatch = topic => document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: { topic } }))

// Lists ask for any ticket (live:tickets): at once, then at most every second and a half, and never the last one missed.
let listsAt = 0
let listsTimer = 0

function emit(topic) {
  dispatch(topic)
  if (!topic.startsWith("ticket:") || listsTimer) return
  const wait = Math.max(0, listsAt + LISTS_MS - Date.now())
  listsTimer = setTimeout(() => {
    listsTimer = 0
    listsAt = Date.now()
    dispatch("tickets")
  }, wait)
}

function show(state) {
  document.documentElement.dataset.live = state
}

function hear(message) {
  if (message.state) show(message.state)
  else emit(message.t)
}

/** Listen until this tab closes; the returned promise, which holds the lock, never settles. */
function lead(url, tell, tookOver) {
  let failures = 0
  let missedSome = tookOver
  let lostTimer = 0
  let pollMeanwhile = 0 // without the stream the screens still ask by themselves

  function connect() {
    const source = new EventSource(`${url}?age=${Math.ceil(performance.now() / 1000)}`)
    source.onopen = () => {
      failures = 0
      clearTimeout(lostTimer)
      clearInterval(pollMeanwhile)
      lostTimer = pollMeanwhile = 0
      tell({ state: "ok" })
      // A new EventSource knows no Last-Event-ID, and so nothing is replayed to it.
      if (missedSome) tell({ t: "resync" })
      missedSome = false
    }
    source.onmessage = event => tell(JSON.parse(event.data))
    source.addEventListener("resync", () => tell({ t: "resync" }))
    source.onerror = () => {
      pollMeanwhile ||= setInterval(() => tell({ t: "resync" }), POLL_MS)
      lostTimer ||= setTimeout(() => tell({ state: "lost" }), LOST_AFTER_MS)
      if (source.readyState !== EventSource.CLOSED) return // the browser tries again by itself, with Last-Event-ID
      missedSome = true
      setTimeout(connect, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
    }
    addEventListener("pagehide", () => source.close(), { once: true })
  }

  // The browser knows at once that there is no network; a stream that hangs may not notice for minutes.
  addEventListener("offline", () => tell({ state: "lost" }))
  addEventListener("online", () => {
    tell({ t: "resync" })
    if (!lostTimer) tell({ state: "ok" })
  })
  connect()
  return new Promise(() => {})
}

function poll() {
  show("polling")
  setInterval(() => document.visibilityState === "visible" && emit("resync"), POLL_MS)
}

// What was heard lately, and how the connection stands: a tab that opens beside the leader asks for it, since it was
// drawn a moment before it listens.
const LATELY_MS = 300_000
const lately = new Map()

function remember(topic) {
  const now = Date.now()
  lately.set(topic, now)
  for (const [known, at] of lately) if (now - at > LATELY_MS) lately.delete(known)
}

export function startLive(url) {
  // Web Locks need a secure context: a plain-http intranet asks every 20 seconds instead.
  if (!navigator.locks || !window.BroadcastChannel) return poll()
  const channel = new BroadcastChannel(CHANNEL)
  let leads = false
  const tell = message => {
    leads = true
    if (message.t) remember(message.t)
    hear(message)
    channel.postMessage(message)
  }
  channel.onmessage = event => {
    if (!event.data.ask) return hear(event.data)
    if (!leads) return
    channel.postMessage({ state: document.documentElement.dataset.live })
    for (const [topic, at] of lately) if (at >= event.data.since) channel.postMessage({ t: topic })
  }
  let waited = false
  navigator.locks.query().then(({ held }) => {
    waited = held.some(lock => lock.name === CHANNEL)
    if (waited) channel.postMessage({ ask: "lately", since: performance.timeOrigin - 1_000 })
    navigator.locks.request(CHANNEL, () => lead(url, tell, waited))
  })
}
