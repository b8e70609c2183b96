// New tickets do not push the list under one's hands: they are counted in <button id="q-new" data-words="New: {n}">, and
// come with a press. Who stands at the top with nothing chosen sees them at once. Everything else updates as it happens.
const pill = document.getElementById("q-new")
const list = () => document.getElementById("queue")
const idle = () => list().scrollTop < 40 && !list().querySelector("[aria-current=true], input:checked") && !document.getElementById("peek")?.open

function tell(count) {
  pill.hidden = !count
  pill.querySelector("[data-n]").textContent = pill.dataset.words.replace("{n}", count)
}

document.body.addEventListener("htmx:beforeSwap", event => {
  const { target, requestConfig, serverResponse } = event.detail
  if (target?.id !== "queue") return
  if (!requestConfig.triggeringEvent?.type.startsWith("live:") || idle()) return tell(0)
  const came = new DOMParser().parseFromString(serverResponse, "text/html")
  const fresh = [...came.querySelectorAll("[data-row]")].filter(row => !document.getElementById(row.id))
  for (const row of fresh) row.remove()
  for (const group of came.querySelectorAll("tbody")) if (!group.querySelector("[data-row]")) group.remove()
  if (fresh.length) event.detail.serverResponse = came.getElementById("queue").outerHTML
  tell(fresh.length)
})

pill.addEventListener("click", () => {
  window.htmx.ajax("GET", list().getAttribute("hx-get"), { source: list(), target: "#queue", swap: "morph:outerHTML" })
  list().scrollTo({ top: 0 })
})
