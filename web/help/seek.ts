// The help answers while one types. A moment after the last key the search is asked for as a page, and its results are put below the
// field; a request form gets the few known problems and articles that may answer it already. Whoever writes is never kept from going on.
const pause = 180
const settled = 2500 // after which a search that found nothing counts as one

export function seek() {
  for (const part of document.querySelectorAll<HTMLElement>("[data-seek]")) answer(part)
  for (const part of document.querySelectorAll<HTMLElement>("[data-suggest]")) suggest(part)
}

// answer replaces what was found, and remembers in the address what was asked, so that going back comes back to it.
function answer(part: HTMLElement) {
  const field = part.querySelector<HTMLInputElement>("input[type=search]")!
  const found = part.querySelector<HTMLElement>("[data-found]")!
  let counts = 0
  typed(field, part.dataset.seek!, (page, asked) => {
    clearTimeout(counts)
    const fresh = page.querySelector("[data-found]")
    found.replaceChildren(...(fresh ? [...fresh.childNodes].map(node => document.adoptNode(node)) : []))
    const url = new URL(location.href)
    if (asked) url.searchParams.set("q", asked)
    else url.searchParams.delete("q")
    history.replaceState(null, "", url)
    document.querySelector(".help-shelves")?.toggleAttribute("hidden", asked !== "")
    const missed = found.querySelector<HTMLElement>("[data-missed]")?.dataset.missed
    if (missed) counts = window.setTimeout(() => miss(missed), settled)
  })
  document.addEventListener("keydown", event => {
    const busy = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]")
    if (event.key !== "/" || busy || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    field.focus()
  })
  const missed = found.querySelector<HTMLElement>("[data-missed]")?.dataset.missed
  if (missed) miss(missed)
  walk(field, found)
}

// miss tells those who write what somebody looked for in vain.
function miss(words: string) {
  const form = new FormData()
  form.set("q", words)
  form.set("csrf", document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "")
  navigator.sendBeacon("/help/missed", form)
}

// walk lets the arrows go from the field into what was found, and back.
function walk(field: HTMLInputElement, found: HTMLElement) {
  field.form!.parentElement!.addEventListener("keydown", event => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    const all = [field, ...found.querySelectorAll<HTMLElement>(".help-hit a, .thread > a")]
    const next = all[all.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)]
    if (!next) return
    event.preventDefault()
    next.focus()
  })
}

function suggest(part: HTMLElement) {
  const field = document.querySelector<HTMLInputElement>(`[name="${part.dataset.for}"]`)
  if (!field) return
  const chosen = () => part.querySelector<HTMLInputElement>("input:checked")?.value ?? "" // what was recognised stays
  typed(field, part.dataset.suggest!, page => {
    if (part.contains(document.activeElement)) return // somebody has their hand on it, or has just chosen
    const fresh = page.querySelector(".suggested")
    part.replaceChildren(...(fresh ? [document.adoptNode(fresh)] : []))
  }, () => `&problem=${chosen()}`)
}

// typed asks an address for what stands in a field, and with what it is told besides, a moment after the last key; an answer that came too
// late is not shown.
function typed(field: HTMLInputElement, url: string, show: (page: Document, asked: string) => void, besides = () => "") {
  let timer = 0
  let last = field.value.trim()
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = window.setTimeout(async () => {
      const asked = field.value.trim()
      if (asked === last) return
      last = asked
      try {
        const answer = await fetch(`${url}?q=${encodeURIComponent(asked)}${besides()}`, { headers: { Accept: "text/html" } })
        const page = new DOMParser().parseFromString(await answer.text(), "text/html")
        if (answer.ok && last === asked) show(page, asked)
      } catch {
        if (last === asked) last = "" // without a connection nothing is found, and the next key asks again
      }
    }, pause)
  })
}
