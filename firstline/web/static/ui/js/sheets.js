// A style sheet that comes with a dialog: shown only when it is there.
export const styled = link => link.sheet || new Promise(done => link.addEventListener("load", done, { once: true }))
