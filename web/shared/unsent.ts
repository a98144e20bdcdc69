// A form that finds no connection says so, where somebody wrote beside its button, and offers to be sent once more. Nothing is sent
// twice: the desk knows a form by its key.
const pressed = new WeakMap<HTMLFormElement, HTMLElement | undefined>()
const told = new WeakSet<object>()

export function tellUnsent() {
  document.addEventListener("turbo:submit-start", event => {
    const form = event.target as HTMLFormElement
    pressed.set(form, (event as CustomEvent).detail.formSubmission.submitter)
    document.querySelectorAll(".unsent").forEach(news => (form.contains(news) || news.closest(".toasts")) && news.remove())
  })
  document.addEventListener("turbo:fetch-request-error", event => {
    told.add((event as CustomEvent).detail.error)
    if (!(event.target instanceof HTMLFormElement)) return
    event.preventDefault()
    tell(event.target)
  })
  window.addEventListener("unhandledrejection", event => {
    if (event.reason instanceof Object && told.has(event.reason)) event.preventDefault()
  })
}

function tell(form: HTMLFormElement) {
  const written = form.querySelector("textarea") !== null
  const template = document.getElementById(written ? "unsent-words" : "unsent") as HTMLTemplateElement | null
  if (!template) return
  const news = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement
  news.querySelector("button")!.addEventListener("click", () => {
    news.remove()
    form.requestSubmit(pressed.get(form))
  })
  if (!written) return document.getElementById("toasts-failed")?.replaceChildren(news)
  const foot = pressed.get(form)?.closest(".composer-foot, .form-end")
  if (foot && form.contains(foot)) foot.before(news)
  else form.append(news)
}
