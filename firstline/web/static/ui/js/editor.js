// <rich-editor for="textarea-id" label="…" placeholder="…" [format="markdown"]>: grows over a real <textarea>, which is
// what is sent; without JavaScript the textarea stands alone. Buttons [data-command] in the same form act on it.
// HTML for messages (the server cleans it), Markdown for articles. The kit is fetched only where an editor is.
// Pictures that are pasted or dropped leave as an event "pictures" with the files; `picture(url, name)` puts one in.

const COMMANDS = {
  bold: chain => chain.toggleBold(),
  italic: chain => chain.toggleItalic(),
  strike: chain => chain.toggleStrike(),
  code: chain => chain.toggleCode(),
  "code-block": chain => chain.toggleCodeBlock(),
  quote: chain => chain.toggleBlockquote(),
  bullets: chain => chain.toggleBulletList(),
  numbers: chain => chain.toggleOrderedList(),
  heading: chain => chain.toggleHeading({ level: 2 }),
  link: (chain, address) => (address ? chain.extendMarkRange("link").setLink({ href: address }) : chain.unsetLink()),
  undo: chain => chain.undo(),
  redo: chain => chain.redo(),
}

const LONGEST_PASTE = 1_000_000
const DEEPEST = 100
const ALONE = new Set("area base br col embed hr img input link meta source track wbr".split(" "))

/** Tags within tags that no person wrote: their text alone is taken. */
function isDeep(markup) {
  let depth = 0
  for (const [, ends, name] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (!ALONE.has(name.toLowerCase())) depth += ends ? -1 : 1
    if (depth > DEEPEST) return true
  }
  return false
}

class RichEditor extends HTMLElement {
  constructor() {
    super()
    this.ready = new Promise(resolve => (this.isReady = resolve))
    // Ctrl+Enter sends; the kit would make a line of it.
    this.addEventListener("keydown", event => {
      if (event.target === this || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.stopPropagation()
      const { key, code, ctrlKey, metaKey, shiftKey } = event
      this.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }))
    }, true)
  }

  async connectedCallback() {
    const kit = await import("../../vendor/editor-kit.js")
    if (!this.isConnected || this.editor) return
    this.area = document.getElementById(this.getAttribute("for"))
    this.editor = new kit.Editor({
      element: this,
      injectCSS: false, // the policy forbids injected styles; ui/css has them
      extensions: [
        kit.StarterKit.configure({ link: { openOnClick: false } }),
        kit.Placeholder.configure({ placeholder: this.getAttribute("placeholder") ?? "" }),
        kit.TableKit,
        kit.Image.configure({ inline: true }),
        ...(this.isMarkdown ? [kit.Markdown] : []),
      ],
      content: this.area.value,
      contentType: this.isMarkdown ? "markdown" : "html",
      editorProps: {
        attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": this.getAttribute("label") ?? "" },
        handlePaste: (_view, event) => this.take(event, event.clipboardData),
        handleDrop: (_view, event) => this.take(event, event.dataTransfer),
      },
      onUpdate: () => this.write(),
    })
    this.area.hidden = true
    this.area.form?.addEventListener("click", this.command)
    this.area.form?.addEventListener("reset", this.clear)
    this.isReady()
  }

  disconnectedCallback() {
    this.area?.form?.removeEventListener("click", this.command)
    this.area?.form?.removeEventListener("reset", this.clear)
    this.editor?.destroy()
    this.editor = null
  }

  get isMarkdown() {
    return this.getAttribute("format") === "markdown"
  }

  get value() {
    return this.editor.isEmpty ? "" : this.isMarkdown ? this.editor.getMarkdown() : this.editor.getHTML()
  }

  focus() {
    this.editor?.commands.focus()
  }

  /** Another text in it, which nobody has typed. */
  load(content) {
    this.editor.commands.setContent(content, { emitUpdate: false })
    this.area.value = this.value
  }

  insert(markup) {
    this.editor.chain().focus().insertContent(markup).run()
  }

  picture(src, alt) {
    this.editor.chain().focus().setImage({ src, alt }).run()
  }

  /** Files and texts that are too large are somebody else's to take. */
  take(event, from) {
    const files = [...(from?.files ?? [])]
    if (files.length) return !this.dispatchEvent(new CustomEvent("pictures", { detail: files, bubbles: true, cancelable: true }))
    const text = from?.getData("text/plain") ?? ""
    if (text.length > LONGEST_PASTE) return !this.dispatchEvent(new CustomEvent("toolong", { bubbles: true, cancelable: true }))
    const markup = from?.getData("text/html") ?? ""
    if (markup.length <= LONGEST_PASTE && !isDeep(markup)) return false
    this.editor.commands.insertContent(text.split(/\n+/).map(line => ({ type: "paragraph", content: line ? [{ type: "text", text: line }] : [] })))
    return true
  }

  write() {
    this.area.value = this.value
    this.area.dispatchEvent(new Event("input", { bubbles: true })) // the dirty-form guard hears it
  }

  clear = () => this.editor?.commands.clearContent()

  command = event => {
    const button = event.target.closest("[data-command]")
    const act = button && COMMANDS[button.dataset.command]
    if (act) act(this.editor.chain().focus(), button.value).run()
  }
}

customElements.define("rich-editor", RichEditor)
