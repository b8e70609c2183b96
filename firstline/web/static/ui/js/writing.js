// Where one writes in the composer, plain or formatted: what stands before the cursor, and words put in its place.

const form = () => document.getElementById("say")

/** Plain text as paragraphs. */
export function asHtml(text) {
  const holder = document.createElement("p")
  return text.split(/\n{2,}/).filter(part => part.trim()).map(part => {
    holder.textContent = part
    return `<p>${holder.innerHTML.replaceAll("\n", "<br>")}</p>`
  }).join("")
}

/** What is chosen: reply, note, call or time. */
export const mode = () => document.querySelector(".composer [name=mode]:checked")?.value ?? "reply"

/** The field, if `inside` (an element) is in it: {element, before(), line(), put(count, words), box()}. */
export function writing(inside) {
  const editor = form()?.querySelector("rich-editor")?.editor
  const area = document.getElementById("body")
  if (editor) return !inside || inside.closest("rich-editor") ? rich(editor) : null
  return area && (!inside || inside === area) ? plain(area) : null
}

function plain(area) {
  return {
    element: area,
    before: () => area.value.slice(0, area.selectionStart),
    line: () => area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart),
    /** `count` letters before the cursor go, the words come: text, or a link with {text, href}. */
    put(count, words, at = area.selectionStart) {
      area.focus()
      area.setRangeText(words.href ? `${words.text}: ${words.href} ` : words, at - count, at, "end")
      area.dispatchEvent(new Event("input", { bubbles: true }))
    },
    at: () => area.selectionStart,
    box: () => area.getBoundingClientRect(),
  }
}

function rich(editor) {
  const before = () => {
    const { $from } = editor.state.selection
    return $from.parent.textBetween(0, $from.parentOffset, "\n", "\ufffc")
  }
  return {
    element: editor.view.dom,
    before,
    line: () => before().split("\n").at(-1),
    put(count, words) {
      const { from } = editor.state.selection
      const link = words.href && [
        { type: "text", text: words.text, marks: [{ type: "link", attrs: { href: words.href } }] },
        { type: "text", text: " " },
      ]
      const text = link ?? (words.includes("\n") ? asHtml(words) : { type: "text", text: words })
      editor.chain().focus().deleteRange({ from: from - count, to: from }).insertContent(text).run()
    },
    at: () => editor.state.selection.from,
    box: () => editor.view.coordsAtPos(editor.state.selection.from),
  }
}
