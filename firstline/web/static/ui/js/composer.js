// What is typed in the composer is kept: on the server two seconds after typing stops, in this browser until then.
//   #drafts[data-drafts="/desk/tickets/1042/drafts/"]   comes by htmx and says what was begun: [data-draft="reply"]
//   form#say with radios "mode"                         one text for each mode; [data-has-draft] marks the other tabs
//   [data-discard] [data-take-other] [data-forget-other] [data-drop-file] [data-as-note] act on them
// Sending waits for what is still on its way here, and the answer can be taken back until it goes (outgoing.js).
import "./outgoing.js";
import { posting } from "./csrf.js";
import { isClean } from "./forms.js";
import { toast } from "./toast.js";
import { asHtml } from "./writing.js";

const IDLE_MS = 2_000
const RETRY_MS = 10_000
const LONGEST = 1_000_000
const KEEPALIVE_MOST = 20_000 // characters; a browser sends no more than 64 KB while it leaves
const WINDOW = Math.random().toString(36).slice(2)
const MODES = ["reply", "note", "call"]

class Composer {
  constructor(box, form) {
    this.box = box
    this.form = form
    this.area = form.elements.namedItem("body")
    this.status = document.getElementById("c-saved")
    this.texts = Object.fromEntries(MODES.map(mode => [mode, { body: "", html: false, revision: 0, saved: "" }]))
    this.timers = {}
    this.under = new Set() // saves and uploads on their way
    this.mode = this.chosen
    this.heard = false
    this.area.addEventListener("input", () => this.typed())
    const files = this.form.elements.namedItem("files")
    const named = () => files?.toggleAttribute("data-empty", !files.files.length) // "no file chosen" says nothing
    this.form.addEventListener("change", named)
    named()
    this.send("undo", "1")
    this.send("window", WINDOW)
    this.form.addEventListener("pictures", event => {
      event.preventDefault()
      for (const file of event.detail) this.upload(file)
    })
    this.form.addEventListener("toolong", event => {
      event.preventDefault()
      this.say(this.box.dataset.wordLong, true)
    })
    this.tools = this.form.querySelector(".c-tools")
    this.toggle = this.form.querySelector("[data-rich]")
    if (this.toggle) this.toggle.hidden = false
    if (this.form.dataset.formats !== undefined) this.format(true)
    for (const [kind, from] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
      this.area.addEventListener(kind, event => this.pictured(event, [...(event[from]?.files ?? [])]))
    }
  }

  get chosen() {
    const mode = document.querySelector(".composer [name=mode]:checked")?.value
    return MODES.includes(mode) ? mode : "reply"
  }

  get rich() {
    return this.form.querySelector("rich-editor")
  }

  /** A hidden field of the form. */
  send(name, value) {
    let field = this.form.elements.namedItem(name)
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name })
      this.form.append(field)
    }
    field.value = value
  }

  /** With an editor for formatted text, or in the plain field. The kit comes only to whoever wants it. */
  async format(on) {
    this.toggle?.setAttribute("aria-pressed", String(on))
    if (this.tools) this.tools.hidden = !on
    const field = this.form.elements.namedItem("format")
    if (on && (this.rich || this.isMaking)) return
    if (on) {
      this.isMaking = true
      await import("./editor.js")
      if (!this.isMaking) return // not wanted any more
      const made = document.createElement("rich-editor")
      made.setAttribute("for", "body")
      made.setAttribute("label", this.form.querySelector("label[for=body]").textContent)
      made.setAttribute("placeholder", this.area.placeholder)
      this.area.before(made)
      await made.ready
      this.isMaking = false
      const { body, html } = this.texts[this.mode] // what was typed or heard of while the kit came is in it
      made.load(html ? body : asHtml(body))
      field.value = "html"
    } else {
      this.area.value = this.rich?.editor ? plain(this.area.value) : this.area.value
      this.rich?.remove()
      this.isMaking = false
      this.area.hidden = false
      field.value = "text"
    }
    const text = this.texts[this.mode]
    const isSaved = text.body === text.saved
    Object.assign(text, { body: this.area.value, html: on })
    if (isSaved) text.saved = text.body
  }

  /** *Aa* was pressed: so he writes from now on, on any device. */
  choose(on) {
    fetch("/theme/", {
      method: "POST", body: new URLSearchParams({ formats: on ? "1" : "" }),
      headers: posting(),
    }).catch(() => {}) // it holds on this page at least
    return this.format(on)
  }

  /** A picture in the plain field stands among the words, so they are formatted from here on. */
  async pictured(event, files) {
    if (this.mode === "call" || !files.some(file => file.type.startsWith("image/"))) return
    event.preventDefault()
    event.stopPropagation()
    await this.format(true)
    this.focus()
    for (const file of files) this.upload(file)
  }

  /** A picture into the words, another file beside them; durable when the server answers. */
  upload(file) {
    const isPicture = file.type.startsWith("image/") && !!this.rich
    const mode = this.mode
    const sent = new FormData()
    sent.append("file", file)
    sent.append("window", WINDOW)
    if (isPicture) sent.append("inline", "1")
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, className: "c-progress" })
    bar.setAttribute("aria-label", file.name)
    this.form.querySelector(".c-bar").before(bar)
    const run = new Promise(resolve => {
      const request = new XMLHttpRequest()
      request.open("POST", `${this.box.dataset.drafts}${mode}/files/`)
      for (const [name, value] of Object.entries(posting())) request.setRequestHeader(name, value)
      request.upload.addEventListener("progress", event => (bar.value = event.total ? event.loaded / event.total : 0))
      request.addEventListener("loadend", () => {
        bar.remove()
        const answer = request.status && request.responseText.startsWith("{") ? JSON.parse(request.responseText) : {}
        if (answer.picture && this.mode === mode) this.rich?.picture(answer.picture, answer.name)
        else if (request.status === 401) this.say(document.body.dataset.outText, true)
        else if (request.status !== 201) this.say(answer.problem ?? document.body.dataset.errorText, true)
        if (!answer.picture) this.ask()
        resolve()
      })
      request.send(sent)
    })
    return this.wait(run)
  }

  get place() {
    return `draft:${this.box.dataset.person}:${this.box.dataset.drafts}:`
  }

  typed() {
    const text = this.texts[this.mode]
    text.body = this.area.value
    text.html = this.form.elements.namedItem("format")?.value === "html"
    if (text.body.length > LONGEST) return this.say(this.box.dataset.wordLong, true)
    if (text.body === text.saved) return
    try {
      localStorage.setItem(this.place + this.mode, JSON.stringify({ body: text.body, html: text.html }))
    } catch {
      // full or switched off: the server has it in two seconds
    }
    this.later(this.mode, IDLE_MS)
  }

  later(mode, wait) {
    clearTimeout(this.timers[mode])
    this.timers[mode] = setTimeout(() => this.save(mode), wait)
  }

  save(mode, { leaving = false } = {}) {
    clearTimeout(this.timers[mode])
    this.timers[mode] = 0
    const text = this.texts[mode]
    if (text.body === text.saved || text.body.length > LONGEST || (leaving && text.body.length > KEEPALIVE_MOST)) return
    const run = (this.saving ?? Promise.resolve()).then(() => this.post(mode, text, leaving))
    this.saving = run
    this.wait(run)
  }

  wait(promise) {
    this.under.add(promise)
    promise.finally(() => this.under.delete(promise))
    return promise
  }

  async post(mode, text, leaving) {
    const body = text.body
    if (this.isOver || body === text.saved) return
    const sent = new URLSearchParams({
      body, format: text.html ? "html" : "text", window: WINDOW, revision: text.revision,
      seen: this.form.elements.namedItem("seen").value,
    })
    let answer
    try {
      answer = await this.fetch(`${mode}/`, sent, leaving)
    } catch {
      answer = null
    }
    if (answer?.status === 422) return this.say((await answer.json()).problem, true)
    if (!answer?.ok) {
      this.say(answer?.status === 401 ? document.body.dataset.outText : this.box.dataset.wordHere, true)
      if (!this.isOver) this.later(mode, RETRY_MS)
      return
    }
    const { revision, overtook } = await answer.json()
    text.revision = revision
    text.saved = body
    if (text.body === body) localStorage.removeItem(this.place + mode)
    if (MODES.every(one => this.texts[one].body === this.texts[one].saved) && !this.form.elements.namedItem("files")?.files.length) isClean(this.form)
    this.say(body ? this.box.dataset.wordKept : "")
    this.mark()
    if (overtook) this.ask()
  }

  fetch(path, body, keepalive = false) {
    const headers = posting()
    return fetch(this.box.dataset.drafts + path, { method: "POST", body, headers, keepalive })
  }

  ask() {
    window.htmx.ajax("GET", this.box.dataset.drafts, { target: this.box, swap: "innerHTML" })
  }

  say(words, isBad = false) {
    if (!this.status) return
    this.status.textContent = words
    this.status.classList.toggle("up-bad", isBad)
  }

  /** The server said what was begun here: taken over where nothing newer was typed. */
  hear() {
    const found = new Map([...this.box.querySelectorAll("[data-draft]")].map(one => [one.dataset.draft, one]))
    for (const mode of MODES) {
      const text = this.texts[mode]
      const one = found.get(mode)
      const revision = Number(one?.dataset.revision ?? 0)
      const untouched = text.body === text.saved
      if (one && one.dataset.window === WINDOW) text.revision = Math.max(text.revision, revision)
      else if (one && untouched && revision !== text.revision) {
        if (text.saved) toast(this.box.dataset.wordElsewhere)
        const html = one.dataset.format === "html"
        this.put(mode, html ? one.querySelector("template").innerHTML : one.querySelector("[data-text]").value, html, one)
        text.revision = revision
        text.saved = text.body
      } else if (!one && text.revision && untouched) {
        this.put(mode, "", false)
        text.revision = 0
        text.saved = ""
      }
      if (!this.heard) this.remember(mode)
    }
    this.send("draft", this.texts[this.mode].revision)
    this.heard = true
    this.mark()
    if (location.hash === "#say") this.focus()
  }

  /** What this browser has and the server never got. What the server has beside it is kept there. */
  remember(mode) {
    let kept
    try {
      kept = JSON.parse(localStorage.getItem(this.place + mode))
    } catch {
      kept = null
    }
    const text = this.texts[mode]
    if (!kept?.body || words(text).includes(words(kept))) return localStorage.removeItem(this.place + mode)
    this.put(mode, kept.body, kept.html)
    text.revision = 0
    this.save(mode)
  }

  /** A text into its mode, and before the eyes where that mode is chosen. */
  put(mode, body, html) {
    Object.assign(this.texts[mode], { body, html })
    if (mode !== this.mode) return
    const rich = this.rich
    if (rich?.editor) rich.load(html ? body : asHtml(body))
    else {
      this.area.value = html ? plain(body) : body
      if (this.isMaking) return // the editor takes it from the texts when it is there
      if (html && body.includes("<img")) return this.format(true)
    }
    Object.assign(this.texts[mode], { body: this.area.value, html: !!rich?.editor })
  }

  turn(mode) {
    if (!MODES.includes(mode) || mode === this.mode) return
    if (this.timers[this.mode]) this.save(this.mode)
    this.mode = mode
    this.form.elements.namedItem("carried")?.remove()
    const { body, html, saved } = this.texts[mode]
    this.put(mode, body, html)
    if (body === saved) this.texts[mode].saved = this.texts[mode].body
    this.say("")
    this.mark()
  }

  /** The same words in another mode, below what was begun there: what was to go out becomes a note. The server moves
   * the files, and lets the answer's draft go when the note is said. */
  carry(mode) {
    const { body, html, revision } = this.texts[this.mode]
    const from = this.mode
    document.getElementById(`mode-${mode}`).checked = true
    this.turn(mode)
    clearTimeout(this.timers[from])
    this.send("carried", revision)
    const begun = this.texts[mode]
    if (!begun.body.trim()) this.put(mode, body, html)
    else if (html || begun.html) this.put(mode, [begun, { body, html }].map(one => (one.html ? one.body : asHtml(one.body))).join(""), true)
    else this.put(mode, `${begun.body}\n\n${body}`, false)
  }

  mark() {
    for (const mode of MODES) {
      const isElsewhere = mode !== this.mode && this.texts[mode].body.trim()
      document.getElementById(`mode-${mode}`)?.closest("label")?.toggleAttribute("data-has-draft", !!isElsewhere)
    }
    for (const part of this.box.querySelectorAll("[data-of-mode]")) part.hidden = part.dataset.ofMode !== this.mode
  }

  focus() {
    if (this.rich?.editor) this.rich.focus()
    else this.area.focus()
  }

  discard(mode) {
    const text = this.texts[mode]
    const was = { ...text }
    const hadFiles = this.box.querySelector(`[data-of-mode=${mode}] [data-drop-file]`) || was.body.includes("/desk/drafts/files/")
    clearTimeout(this.timers[mode])
    this.put(mode, "", false)
    text.saved = text.body
    localStorage.removeItem(this.place + mode)
    isClean(this.form)
    // After what is on its way here: a save that comes later would bring it back.
    this.saving = Promise.allSettled([...this.under]).then(async () => {
      await this.fetch(`${mode}/removal/`, new URLSearchParams()).catch(() => {})
      Object.assign(text, { revision: 0, saved: "" })
      this.say(this.box.dataset.wordDiscarded)
      if (!hadFiles) this.offerBack(mode, was) // files are gone with it
    })
    this.wait(this.saving)
    this.box.replaceChildren()
  }

  offerBack(mode, was) {
    const back = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-ghost btn-sm", textContent: this.box.dataset.wordBack })
    back.addEventListener("click", () => {
      this.put(mode, was.body, was.html)
      this.save(mode)
      this.focus()
    })
    this.status?.append(" ", back)
  }

  leave() {
    for (const mode of MODES) if (this.texts[mode].body !== this.texts[mode].saved) this.save(mode, { leaving: true })
  }
}

function plain(markup) {
  const holder = document.createElement("template")
  holder.innerHTML = markup.replace(/<\/p><\/li>/g, "</li>").replace(/<(?:br|\/li|\/ul|\/ol)[^>]*>/g, "$&\n").replace(/<\/(?:p|pre|h\d|blockquote)>/g, "$&\n\n")
  return holder.content.textContent.replace(/\n{3,}/g, "\n\n").trim()
}

/** The words and pictures of a text, in whichever format it is. */
function words({ body, html }) {
  return html ? plain(body) + (body.match(/<img[^>]*>/g) ?? []).join("") : body.trim()
}

/** The address of a link is typed beside the button; Enter sets it, empty takes the link away. */
function askLink(button) {
  const field = button.nextElementSibling
  field.hidden = !field.hidden
  if (!field.hidden) field.focus()
}

document.addEventListener("keydown", event => {
  const field = event.target
  if (!field.matches?.(".c-address") || !["Enter", "Escape"].includes(event.key)) return
  event.preventDefault()
  field.hidden = true
  if (event.key === "Escape") return here()?.focus()
  const address = field.value.trim()
  const press = field.nextElementSibling
  press.value = address && !/^[a-z]+:/i.test(address) ? `https://${address}` : address
  press.click()
  field.value = ""
})

let composer = null

function here() {
  const box = document.getElementById("drafts")
  const form = document.getElementById("say")
  if (!box || !form) return (composer = null)
  if (composer?.form !== form) composer = new Composer(box, form)
  return composer
}

document.body.addEventListener("htmx:afterSwap", event => {
  if (event.detail.target?.id === "drafts") here()?.hear()
  else if (event.detail.target?.id === "ticket") here()
})
here()

document.addEventListener("change", event => {
  if (event.target.name === "mode") here()?.turn(event.target.value)
})

document.addEventListener("click", event => {
  const now = here()
  if (!now || !(event.target instanceof Element)) return
  const button = event.target.closest("[data-discard], [data-take-other], [data-forget-other], [data-drop-file], [data-as-note], [data-rich], [data-ask-link]")
  if (!button) return
  if (button.dataset.rich !== undefined) return now.choose(button.getAttribute("aria-pressed") !== "true").then(() => now.focus())
  if (button.dataset.askLink !== undefined) return askLink(button)
  if (button.dataset.discard) now.discard(button.dataset.discard)
  else if (button.dataset.dropFile) {
    const headers = posting()
    fetch(`/desk/drafts/files/${button.dataset.dropFile}/removal/`, { method: "POST", headers }).then(() => now.ask())
  } else if (button.dataset.asNote !== undefined) {
    now.carry("note")
    now.form.elements.namedItem("seen").value = button.dataset.asNote
    now.form.querySelector("button[value=note]").click()
  } else {
    const strip = button.closest("[data-other]")
    const mode = strip.dataset.other
    if (button.dataset.takeOther !== undefined) {
      const more = strip.querySelector(".c-other").textContent
      const { body, html } = now.texts[mode]
      now.put(mode, html ? body + asHtml(more) : `${body}\n\n${more}`, html)
      now.save(mode)
    }
    now.fetch(`${mode}/removal/`, new URLSearchParams({ other: "1" }))
    strip.remove()
  }
})

// Nothing is sent while a part of it is still on its way here.
document.body.addEventListener("htmx:confirm", event => {
  const now = here()
  if (!now || event.detail.elt !== now.form) return
  if (now.texts[now.mode].body.length > LONGEST) {
    event.preventDefault()
    return now.say(now.box.dataset.wordLong, true)
  }
  clearTimeout(now.timers[now.mode])
  event.preventDefault()
  Promise.allSettled([...now.under]).then(() => {
    now.send("draft", now.texts[now.mode].revision)
    event.detail.issueRequest(true)
  })
})

document.body.addEventListener("htmx:afterRequest", event => {
  const { successful, requestConfig } = event.detail
  if (requestConfig.verb === "get" || requestConfig.elt.id !== "say" || !composer) return
  if (!successful) return composer.later(composer.mode, IDLE_MS) // it was about to be kept when it was to be sent
  composer.isOver = true
  for (const mode of MODES) clearTimeout(composer.timers[mode])
  localStorage.removeItem(composer.place + composer.mode)
  if (composer.form.elements.namedItem("carried")) localStorage.removeItem(`${composer.place}reply`)
  document.body.dispatchEvent(new CustomEvent("outgoing"))
})

// The connection is there again, or somebody comes back from the tab in which he signed in.
const catchUp = () => here() && MODES.forEach(mode => composer.save(mode))
addEventListener("online", catchUp)
addEventListener("focus", catchUp)
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && here()?.leave())
addEventListener("pagehide", () => here()?.leave())
