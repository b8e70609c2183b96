// The list of keys: fetched when it is first wanted (app.js), cut down to what this page really has; what the page has
// beyond the catalogue is added with its own words.
import { hasKey, keysHere } from "./hotkeys.js";
import { styled } from "./sheets.js";

export async function open(address) {
  if (document.querySelector("dialog:modal")) return
  const answer = await fetch(address, { headers: { "HX-Request": "true" } })
  if (!answer.ok) return location.assign(address)
  document.getElementById("keys")?.remove()
  document.body.insertAdjacentHTML("beforeend", await answer.text())
  const dialog = document.getElementById("keys")
  const kept = new Set()
  for (const row of dialog.querySelectorAll("[data-key]")) {
    const isHere = hasKey(row.dataset.key) || (row.dataset.key === "enter" && document.querySelector("[data-rows]"))
    if (isHere && !kept.has(row.dataset.key)) kept.add(row.dataset.key)
    else row.remove()
  }
  for (const section of dialog.querySelectorAll("section")) {
    if (!section.querySelector("[data-key]")) section.remove()
  }
  addOthers(dialog, kept)
  await styled(dialog.querySelector("link"))
  dialog.showModal()
}

function addOthers(dialog, kept) {
  const place = dialog.querySelector("section:last-of-type dl")
  for (const [combo, element] of keysHere()) {
    const words = (element.getAttribute("aria-label") ?? element.textContent).replace(element.querySelector("kbd")?.textContent ?? "", "").trim()
    if (kept.has(combo) || !words || !place) continue
    kept.add(combo)
    const row = document.createElement("div")
    const cap = document.createElement("kbd")
    cap.textContent = combo.toUpperCase()
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")]
    dt.append(cap)
    dd.textContent = words.replace(/\s+/g, " ")
    row.append(dt, dd)
    place.append(row)
  }
}
