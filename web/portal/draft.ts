// A half-written request survives a closed tab for a day, in the reader's own browser and nowhere else. It survives being sent as well, until
// the desk has taken it: whoever loses the connection at that moment, or is asked for something more, has their words still.
const day = 24 * 3600 * 1000
const sent = "sent" // the draft that this tab has sent and does not know to be taken yet

export function keepDrafts() {
  if (!remembers()) return
  forgetTaken()
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) keepDraft(form)
}

function keepDraft(form: HTMLFormElement) {
  const key = `draft:${form.dataset.keep}`
  restore(form, key)
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), words: words(form) })))
  form.addEventListener("submit", () => sessionStorage.setItem(sent, JSON.stringify({ key, action: form.action })))
}

// What was taken is answered with another page, in place or where the desk led on to. What was not taken is answered with an error, and
// without a connection there is no answer: whoever comes back finds the form.
function forgetTaken() {
  const { key, action } = JSON.parse(sessionStorage.getItem(sent) || "{}")
  sessionStorage.removeItem(sent)
  const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[]
  const asksAgain = [...document.forms].some(form => `draft:${form.dataset.keep}` === key)
  const answered = arrival?.redirectCount > 0 || (location.href === action && !asksAgain)
  if (key && answered && arrival.responseStatus < 400) localStorage.removeItem(key)
}

// A browser may keep nothing for a page that is shown inside of another site's.
function remembers(): boolean {
  try {
    return localStorage !== null
  } catch {
    return false
  }
}

function kept(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  return [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input[type=text], input[type=email]")].filter(field => field.name !== "website")
}

// What a choice says is kept with the words: which kind it is, and what it is about.
function choices(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=radio]")]
}

function words(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...kept(form), ...choices(form).filter(choice => choice.checked)].map(field => [field.name, field.value]))
}

function restore(form: HTMLFormElement, key: string) {
  const stored = JSON.parse(localStorage.getItem(key) || "null")
  if (!stored || Date.now() - stored.at > day) return localStorage.removeItem(key)
  for (const field of kept(form)) if (!field.value && stored.words[field.name]) field.value = stored.words[field.name]
  if (location.search === "") for (const choice of choices(form)) if (stored.words[choice.name] === choice.value) choice.checked = true
}
