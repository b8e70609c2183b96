// The token that every post carries: the cookie's, else the page's own (<meta name="csrf-token">). Signing in again, in
// whichever tab, makes a new one; a form that was drawn before gets it when it is sent, so that what was typed goes.

export function csrfToken() {
  const cookie = document.cookie.split("; ").find(pair => /^[\w-]*csrf[\w-]*=/.test(pair))
  return cookie?.split("=")[1] ?? document.querySelector("meta[name=csrf-token]")?.content ?? ""
}

document.addEventListener("submit", event => {
  const field = event.target.elements?.namedItem("csrfmiddlewaretoken")
  if (field) field.value = csrfToken()
}, true)
