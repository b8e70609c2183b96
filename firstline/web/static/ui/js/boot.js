// Runs before first paint, the only blocking script: theme and density without a flash.
// What the server knows of a signed-in person (data-theme, data-density on <html>) wins over what this browser remembers.
(function (root) {
  try {
    for (const name of ["theme", "density", "side"]) {
      const kept = localStorage.getItem(name)
      if (kept && !root.dataset[name]) root.dataset[name] = kept
    }
  } catch {
    // Storage is forbidden in this browser: the system's theme stands.
  }
})(document.documentElement)
