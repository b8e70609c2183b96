// The token that every post carries: the cookie's, else the page's own (<meta name="csrf-token">). Signing in again, in
// whichever tab, makes a new one; a form that was drawn before gets it when it is sent, so that what was typed goes.
// It also says for whom the page was drawn: the server refuses it if somebody else has signed in meanwhile.

const said = name => document.querySelector(`meta[name=${name}]`)?.content ?? ""

export function csrfToken() {
  const cookie = document.cookie.split("; ").find(pair => /^[\w-]*csrf[\w-]*=/.test(pair))
  return cookie?.split("=")[1] ?? said("csrf-token")
}

/** Headers of a post; of a part of a page (a draft, a tick) unless another kind is named. */
export const posting = (kind = { "X-Requested-With": "fetch" }) => ({ "X-CSRFToken": csrfToken(), "X-Drawn-For": said("drawn-for"), ...kind })

/** For what is sent while the page is being left, and so has no headers. */
export function sign(data) {
  data.set("csrfmiddlewaretoken", csrfToken())
  data.set("drawn_for", said("drawn-for"))
  return data
}

document.addEventListener("formdata", event => {
  if (event.formData.has("csrfmiddlewaretoken")) sign(event.formData)
})
