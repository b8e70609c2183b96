// Pictures of a conversation, large: a[data-shot] is a link to the picture, which works alone; here it opens
// <dialog id="shots"> instead. The arrows go to the next and the one before, + and - and 0 zoom, Escape closes; while it is
// larger than the window the arrows move it. The address without "picture" at its end is the file to keep.

const dialog = document.getElementById("shots")
const STEPS = [1, 1.5, 2, 3, 4]
const picture = document.createElement("img")
dialog?.querySelector("[data-shots-stage]").prepend(picture)
let shots = []
let at = 0
let zoom = 0

const part = name => dialog.querySelector(`[data-shots-${name}]`)

/** The pictures of the page in their order, each once: a quotation repeats them. */
function all() {
  const found = new Map()
  for (const link of document.querySelectorAll("a[data-shot]")) if (!found.has(link.href)) found.set(link.href, link)
  return [...found.values()]
}

function show(index) {
  at = (index + shots.length) % shots.length
  const link = shots[at]
  const name = link.querySelector("img")?.alt || link.dataset.shot
  part("failed").hidden = true
  picture.hidden = false
  picture.alt = name
  picture.src = link.href
  part("name").textContent = name
  part("place").textContent = shots.length > 1 ? `${at + 1} / ${shots.length}` : ""
  part("file").href = link.href.replace(/\/picture$/, part("file").dataset.slash ? "/" : "")
  for (const button of dialog.querySelectorAll("[data-shots-step]")) button.hidden = shots.length < 2
  enlarge(0)
}

function enlarge(to) {
  zoom = Math.max(0, Math.min(STEPS.length - 1, to))
  dialog.dataset.zoom = STEPS[zoom]
  part("zoom-at").textContent = `${STEPS[zoom] * 100} %`
}

document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-shot]")
  if (!link || !dialog || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  event.preventDefault()
  shots = all()
  show(shots.findIndex(one => one.href === link.href))
  dialog.showModal()
  part("stage").focus()
})

dialog?.addEventListener("click", event => {
  const button = event.target.closest("button")
  if (button?.dataset.shotsStep) show(at + Number(button.dataset.shotsStep))
  else if (button?.dataset.shotsZoom) enlarge(zoom + Number(button.dataset.shotsZoom))
  else if (event.target === picture) enlarge(zoom ? 0 : 2)
})

dialog?.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const sign = { Equal: "+", NumpadAdd: "+", Minus: "-", NumpadSubtract: "-", Digit0: "0", Numpad0: "0" }[event.code] ?? event.key
  if (sign === "+") enlarge(zoom + 1)
  else if (sign === "-") enlarge(zoom - 1)
  else if (sign === "0") enlarge(0)
  else if (!zoom && event.key === "ArrowRight") show(at + 1)
  else if (!zoom && event.key === "ArrowLeft") show(at - 1)
  else return
  event.preventDefault()
})

picture.addEventListener("error", () => {
  picture.hidden = true
  part("failed").hidden = false
})
