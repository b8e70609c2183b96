// <rich-editor for="textarea-id" label="…" placeholder="…" [format="markdown"]>: grows over a real <textarea>, which is
// what is sent; without JavaScript the textarea stands alone. Buttons [data-command] in the same form act on it.
// HTML for messages (the server cleans it), Markdown for articles. The kit is fetched only by pages that have an editor.

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
  undo: chain => chain.undo(),
  redo: chain => chain.redo(),
}

class RichEditor extends HTMLElement {
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
        ...(this.isMarkdown ? [kit.Markdown] : []),
      ],
      content: this.area.value,
      contentType: this.isMarkdown ? "markdown" : "html",
      editorProps: {
        attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": this.getAttribute("label") ?? "" },
      },
      onUpdate: () => this.write(),
    })
    this.area.hidden = true
    this.area.form?.addEventListener("click", this.command)
    this.area.form?.addEventListener("reset", this.clear)
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

  focus() {
    this.editor?.commands.focus()
  }

  write() {
    const empty = this.editor.isEmpty
    this.area.value = empty ? "" : this.isMarkdown ? this.editor.getMarkdown() : this.editor.getHTML()
    this.area.dispatchEvent(new Event("input", { bubbles: true })) // the dirty-form guard hears it
  }

  clear = () => this.editor?.commands.clearContent()

  command = event => {
    const button = event.target.closest("[data-command]")
    const act = button && COMMANDS[button.dataset.command]
    if (act) act(this.editor.chain().focus()).run()
  }
}

customElements.define("rich-editor", RichEditor)
