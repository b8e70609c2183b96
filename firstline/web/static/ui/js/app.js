// Every page loads this one module; a screen's own module imports what it needs from the files beside it.
// What markup each of them looks for is said at the head of its file. An import ends with a semicolon: only such
// imports get hashed names (storage.py).
import "./htmx-glue.js";
import "./forms.js";
import { hotkey } from "./hotkeys.js";
import "./menu.js";
import "./clocks.js";
import "./timer.js";
import "./toast.js";
import "./preferences.js";
import { startLive } from "./live.js";

// Not before htmx knows the page (its own listener stands before this one): what is heard earlier, nobody hears.
if (document.body.dataset.events) addEventListener("DOMContentLoaded", () => startLive(document.body.dataset.events))

// The palette comes when it is first wanted; its button is a link to the search.
const opener = () => document.querySelector("[data-palette]")
const openPalette = () => opener() && import("./palette.js").then(palette => palette.open())

hotkey("mod+k", openPalette, { inFields: true })
document.addEventListener("click", event => {
  const keys = event.target.closest?.("[data-keys-list]")
  if (keys) {
    event.preventDefault()
    import("./keys.js").then(list => list.open(keys.getAttribute("href")))
    return
  }
  if (!event.target.closest?.("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  openPalette()
})
