// A half-written request survives a closed tab for a day, in the reader's own browser and nowhere else.
const day = 24 * 3600 * 1000

export function keepDraft(form: HTMLFormElement) {
  const key = `draft:${form.dataset.keep}`
  restore(form, key)
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), words: words(form) })))
  form.addEventListener("submit", () => localStorage.removeItem(key))
}

function kept(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  return [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input[type=text], input[type=email]")].filter(field => field.name !== "website")
}

function words(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(kept(form).map(field => [field.name, field.value]))
}

function restore(form: HTMLFormElement, key: string) {
  const stored = JSON.parse(localStorage.getItem(key) || "null")
  if (!stored || Date.now() - stored.at > day) return localStorage.removeItem(key)
  for (const field of kept(form)) if (!field.value && stored.words[field.name]) field.value = stored.words[field.name]
}
