// The public pages' script: two small kindnesses, nothing a page depends on.
import { keepDraft } from "./portal/draft"

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) keepDraft(form)

// A form that is being sent cannot be sent twice.
document.addEventListener("submit", event => {
  const form = event.target as HTMLFormElement
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(form => delete form.dataset.sent))
