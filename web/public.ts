// The public pages' script: a few small kindnesses, nothing a page depends on.
import { keepDrafts } from "./portal/draft"
import { sendByKey, takeFiles } from "./portal/files"
import { tellClock } from "./portal/clock"

keepDrafts()
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
  takeFiles(form)
  sendByKey(form)
}

// A form that is being sent cannot be sent twice.
document.addEventListener("submit", event => {
  const form = event.target as HTMLFormElement
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(form => delete form.dataset.sent))

// In a frame on another page, Escape closes the frame; only that page can do it.
if (document.body.hasAttribute("data-framed") && parent !== window) {
  document.addEventListener("keydown", event => event.key === "Escape" && parent.postMessage("hark:close", "*"))
}

// What may answer a question already is looked for while it is typed.
if (document.querySelector("[data-seek], [data-suggest]")) void import("./help/seek").then(({ seek }) => seek())

void tellClock()
