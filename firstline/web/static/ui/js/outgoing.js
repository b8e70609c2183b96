// What was sent and can still be taken back: [data-goes-at="SECONDS"] counts down, and when it has gone the strip asks
// the server what is left. Z presses the newest (data-hotkey).

let asked = 0

function tick() {
  const now = Date.now() / 1000
  for (const place of document.querySelectorAll("[data-goes-at]")) {
    const left = Math.ceil(Number(place.dataset.goesAt) - now)
    place.textContent = left > 0 ? `${left}\u00a0${place.dataset.unit}` : ""
    if (left < -1 && now - asked > 2) {
      asked = now
      document.body.dispatchEvent(new CustomEvent("outgoing"))
    }
  }
}

setInterval(tick, 500)
document.body.addEventListener("htmx:afterSwap", event => event.detail.target?.id === "outgoing" && tick())
