// The public pages' script: four small kindnesses, nothing a page depends on.
import { keepDraft } from "./portal/draft"
import { tellClock } from "./portal/clock"

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) keepDraft(form)

// A form that is being sent cannot be sent twice.
document.addEventListener("submit", event => {
  const form = event.target as HTMLFormElement
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(form => delete form.dataset.sent))

// What may answer a question already is looked for while it is typed.
if (document.querySelector("[data-seek], [data-suggest]")) void import("./help/seek").then(({ seek }) => seek())

void tellClock()
