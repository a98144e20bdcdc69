// A half-written request survives a closed tab for a day, in the reader's own browser and nowhere else.
const day = 24 * 3600 * 1000

export function keepDraft(form: HTMLFormElement) {
  if (!remembers()) return
  const key = `draft:${form.dataset.keep}`
  restore(form, key)
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), words: words(form) })))
  form.addEventListener("submit", () => localStorage.removeItem(key))
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
