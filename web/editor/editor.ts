import { Controller } from "@hotwired/stimulus"
import { add } from "../shared/actions"

// The editor saves and looks again a moment after the last key; what it shows is the same page the server would draw after
// Check. Nothing typed is ever replaced: only what stands beside it. Form and text are two views of one document: what is
// typed into one is drawn into the other.
export default class Editor extends Controller<HTMLFormElement> {
  static targets = ["source", "lines", "text", "sections", "results", "trial", "saved", "clock", "hand", "now", "drawn", "apart"]
  declare sourceTarget: HTMLTextAreaElement
  declare linesTarget: HTMLElement
  declare textTarget: HTMLElement
  declare sectionsTarget: HTMLElement
  declare resultsTarget: HTMLElement
  declare trialTarget: HTMLElement
  declare savedTarget: HTMLElement
  declare drawnTarget: HTMLInputElement
  declare apartTarget: HTMLElement
  declare handTarget: HTMLInputElement
  declare nowTarget: HTMLOutputElement
  declare clockTarget: HTMLElement
  declare hasClockTarget: boolean
  private timer = 0
  private asking: Promise<void> | null = null // one question at a time, because each says which draft it is about
  private waiting: [Asked, string][] = [] // what was asked for meanwhile
  private touched = new Set<string>() // boxes typed into since the last answer
  private removeKeys = () => {}

  connect() {
    this.number()
    this.showClock()
    this.arrive()
    this.removeKeys = add(...this.columns(), { key: "F8", name: this.element.dataset.next!, group: this.group, run: () => this.nextFinding() })
    document.addEventListener("selectionchange", this.caret)
    this.element.addEventListener("focusin", this.inBox)
  }
  disconnect() {
    clearTimeout(this.timer)
    this.removeKeys()
    document.removeEventListener("selectionchange", this.caret)
    this.element.removeEventListener("focusin", this.inBox)
  }

  typed(event: Event) {
    const field = event.target as HTMLInputElement
    if (field === this.handOrNull || field.name.startsWith("new:")) return
    if (field.name.startsWith("set:")) this.touched.add(field.name)
    if (field === this.sourceTarget) this.touched.clear()
    this.number()
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.look(field === this.sourceTarget ? "text" : "form", "check"), 60)
  }

  // leave waits for the answer that is under way: the page that leaves says which draft it was drawn from.
  leave(event: SubmitEvent) {
    clearTimeout(this.timer)
    this.waiting = []
    if (!this.asking) return
    event.preventDefault()
    const act = (event.submitter as HTMLButtonElement | null)?.value ?? "check"
    this.asking.then(() => this.element.requestSubmit(this.part(`button[name=do][value="${CSS.escape(act)}"]`)))
  }
  scroll() {
    this.linesTarget.scrollTop = this.sourceTarget.scrollTop
  }

  // pressed takes the buttons that only lead somewhere or change the text, so that the page stays where it is.
  pressed(event: Event) {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[name=do]")
    if (!button || event.defaultPrevented || !this.apartTarget.hidden) return
    const [what] = button.value.split(":")
    if (["plan", "discard", "keep", "take", "fresh"].includes(what)) return // these change what stands everywhere
    event.preventDefault()
    if (["line", "rule", "text"].includes(what) && this.here(what, button)) return
    clearTimeout(this.timer)
    this.look("button", button.value)
  }

  // sentence leads from a sentence of the page to its rule; what can be pressed or marked in it stays itself.
  sentence(event: Event) {
    const target = event.target as HTMLElement
    if (target.closest("button, a, [popover], summary") || String(getSelection())) return
    const block = event.currentTarget as HTMLElement
    const rule = target.closest<HTMLElement>("[data-rule]")?.dataset.rule
    const named = [...block.querySelectorAll<HTMLButtonElement>(".rules-bind")]
    const button = rule ? named.find(one => one.value === `rule:${rule}`) : named[0]
    if (button) button.click()
    else if (rule) this.lead(rule)
  }

  // lead goes to a rule that the block does not name, such as one row of a list.
  private lead(rule: string) {
    const there = document.getElementById(`at-${rule}`)
    if (!this.inText && there) this.reach(there)
    else this.look("button", `rule:${rule}`)
  }

  // turn moves the clock over the ticket: what has not happened yet fades.
  turn() {
    const at = Number(this.handTarget.value)
    const end = Number(this.handTarget.max)
    let now = ""
    this.element.querySelectorAll<HTMLElement>(".trial-line").forEach(line => {
      const later = Number(line.dataset.minute) > at
      line.classList.toggle("trial-later", later && at < end)
      if (!later) now = line.querySelector(".trial-at")!.textContent ?? now
    })
    this.nowTarget.textContent = now
    this.handTarget.setAttribute("aria-valuetext", now)
  }

  private get group() {
    return this.element.dataset.group!
  }

  private get handOrNull() {
    return this.hasClockTarget ? this.handTarget : null
  }

  private get inText() {
    return !this.textTarget.hidden
  }

  private showClock() {
    if (!this.hasClockTarget) return
    this.clockTarget.hidden = false
    this.turn()
  }

  private columns() {
    const names = this.element.dataset.columns!.split("|")
    const column = (n: number) => [this.sectionsTarget, this.inText ? this.sourceTarget : this.part("[data-sheet]"), this.resultsTarget, this.trialTarget][n]
    return names.map((name, n) => ({ key: `Alt+${n + 1}`, name, group: this.group, run: () => column(n).focus() }))
  }

  private part(selector: string) {
    return this.element.querySelector<HTMLElement>(selector)!
  }

  // here goes where a button leads without asking, when that is on the page already.
  private here(what: string, button: HTMLElement): boolean {
    const there = document.getElementById(`at-${(button as HTMLButtonElement).value.slice(5)}`)
    if (what === "rule" && !this.inText && there) return this.reach(there)
    if (!this.inText) return false
    this.select(...range(button.dataset.lines!))
    return true
  }

  // reach shows a rule's form and gives its first box the focus.
  private reach(rule: HTMLElement): boolean {
    for (let fold = rule.closest("details"); fold; fold = fold.parentElement!.closest("details")) fold.open = true
    rule.scrollIntoView({ block: "nearest" })
    this.part("[data-sheet]").querySelectorAll(".sheet-here").forEach(one => one.classList.remove("sheet-here"))
    rule.classList.add("sheet-here")
    rule.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true })
    return true
  }

  // select puts the caret on lines of the text.
  private select(first: number, last: number) {
    const lines = this.sourceTarget.value.split("\n")
    const from = lines.slice(0, first - 1).join("\n").length + (first > 1 ? 1 : 0)
    const to = lines.slice(0, last).join("\n").length
    this.sourceTarget.focus()
    this.sourceTarget.setSelectionRange(from, Math.max(from, to))
    const height = parseFloat(getComputedStyle(this.sourceTarget).lineHeight)
    this.sourceTarget.scrollTop = Math.max(0, (first - 6) * height)
    this.scroll()
  }

  // arrive goes where the address points.
  private arrive() {
    this.sectionsTarget.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
    const place = this.element.querySelector<HTMLElement>("[data-place]")
    if (place && this.inText) this.select(...range(place.dataset.lines!))
    place?.remove()
    const rule = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (rule && !this.inText && this.element.contains(rule)) this.reach(rule)
  }

  private nextFinding() {
    const all = [...this.element.querySelectorAll<HTMLElement>(".rules-findings > ol .finding-line")]
    if (!all.length) return
    const line = (finding: HTMLElement) => Number(finding.dataset.line)
    const next = all.find(finding => line(finding) > this.line()) ?? all[0]
    next.click()
  }

  // line is the one the caret is on.
  private line() {
    return this.inText ? this.sourceTarget.value.slice(0, this.sourceTarget.selectionStart).split("\n").length : 0
  }

  private caret = () => {
    if (document.activeElement === this.sourceTarget) this.mark(this.line(), this.line())
  }

  private inBox = () => {
    const field = document.activeElement?.closest<HTMLElement>("[data-sheet] [data-lines]:not(button)")
    if (field && !field.dataset.lines!.startsWith("0-")) this.mark(...range(field.dataset.lines!))
  }

  // mark shows which sentences of the page say what stands in these lines; the first of them is brought into view.
  private mark(first: number, last: number) {
    let seen = false
    this.resultsTarget.querySelectorAll<HTMLElement>(".rules-block").forEach(block => {
      const says = block.dataset.lines!.split(" ").filter(Boolean).some(lines => overlap(range(lines), [first, last]))
      block.classList.toggle("rules-said", says)
      if (says && !seen) show(block, this.resultsTarget)
      seen ||= says
    })
  }

  private number() {
    const wrong = new Set([...this.element.querySelectorAll<HTMLElement>(".finding-error .finding-line")].map(e => Number(e.dataset.line)))
    const lines = this.sourceTarget.value.split("\n").length
    this.linesTarget.replaceChildren(
      ...Array.from({ length: lines }, (_, i) => {
        const line = document.createElement("div")
        line.textContent = String(i + 1)
        if (wrong.has(i + 1)) line.className = "marked"
        return line
      }),
    )
    this.scroll()
  }

  // moreSteps adds the empty step that follows the last one that is filled in; those that stand there are being typed in.
  private moreSteps(page: Document) {
    for (const part of [".trial-ask", ".trial-facts"]) {
      const shown = this.element.querySelectorAll(`${part} .trial-step`)
      page.querySelectorAll(`${part} .trial-step`).forEach((step, i) => {
        if (i >= shown.length && shown.length > 0) shown[shown.length - 1].after(step)
      })
    }
  }

  // posted is the form with only those boxes that were typed into: the others say what the text said before its last key. The
  // name of something new waits for its button.
  private posted(act: string, pressed: boolean, touched: string[]) {
    const body = new URLSearchParams()
    new FormData(this.element).forEach((value, name) => {
      if (name.startsWith("set:") ? touched.includes(name) : pressed || !name.startsWith("new:")) body.append(name, String(value))
    })
    body.set("do", act)
    return body
  }

  // look asks when the answer before is there. Of several keys meanwhile the last one counts, because it sends all of them.
  private look(from: Asked, act: string) {
    if (!this.apartTarget.hidden) return
    if (this.asking) {
      if (from !== "button") this.waiting = this.waiting.filter(([before]) => before === "button")
      this.waiting.push([from, act])
      return
    }
    this.asking = this.ask(from, act).finally(() => {
      this.asking = null
      const next = this.waiting.shift()
      if (next) this.look(...next)
    })
  }

  private async ask(from: Asked, act: string) {
    const sent = [...this.touched]
    sent.forEach(name => this.touched.delete(name)) // what is typed into again meanwhile is touched again
    const text = this.sourceTarget.value
    try {
      const answer = await fetch(this.element.action, { method: "POST", body: this.posted(act, from === "button", sent), signal: AbortSignal.timeout(20_000) })
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const fresh = page.querySelector<HTMLInputElement>('[data-editor-target="drawn"]')
      if (answer.status === 409) return this.stepAside(sent)
      if (!fresh && answer.status === 413) {
        this.savedTarget.textContent = this.element.dataset.large!
        return sent.forEach(name => this.touched.add(name))
      }
      if (!fresh) throw new Error(answer.statusText) // some other page: the desk is busy, or nobody is signed in any more
      this.drawnTarget.value = fresh.value
      this.replace(page, from, this.sourceTarget.value !== text)
      if (from === "button") this.moved(answer.url)
    } catch {
      sent.forEach(name => this.touched.add(name))
      this.savedTarget.textContent = this.element.dataset.unsaved!
    }
  }

  // stepAside stops saving from a page that has become old. What is typed stays; its button shows both texts.
  private stepAside(sent: string[]) {
    sent.forEach(name => this.touched.add(name))
    this.waiting = []
    this.apartTarget.hidden = false
    this.savedTarget.textContent = ""
  }

  // moved keeps the address true and goes where a button has led. Fragments are lost on the way and are said by the query.
  private moved(url: string) {
    const address = new URL(url)
    const at = address.searchParams.get("at")
    if (address.pathname === location.pathname) history.replaceState(history.state, "", address)
    const rule = at && document.getElementById(`at-${at}`)
    if (rule && !this.inText) this.reach(rule)
    else this.arrive()
  }

  private replace(page: Document, from: Asked, typing: boolean) {
    const open = new Set([...this.element.querySelectorAll(".trial-mail[open] summary")].map(mail => mail.textContent))
    for (const part of ["[data-said]", "[data-sections]", "[data-trial]"]) this.exchange(page, part)
    if (from === "form") this.says(page)
    else this.typedBack(() => this.draw(page))
    if (from === "button") this.exchangePlace(page)
    if (from !== "text" && !typing) this.write(page.querySelector<HTMLTextAreaElement>("textarea[name=source]")!.value)
    this.results(page)
    this.element.querySelectorAll<HTMLDetailsElement>(".trial-mail").forEach(mail => (mail.open = open.has(mail.querySelector("summary")!.textContent)))
    this.moreSteps(page)
    this.savedTarget.textContent = page.querySelector('[data-editor-target="saved"]')?.textContent ?? ""
    this.number()
    this.showClock()
  }

  private exchange(page: Document, part: string) {
    const fresh = page.querySelector<HTMLElement>(part)
    const shown = this.element.querySelector<HTMLElement>(part)
    if (!fresh || !shown) return
    shown.replaceChildren(...fresh.childNodes)
    shown.hidden = fresh.hidden
  }

  // typedBack keeps what is typed into boxes while they are drawn anew.
  private typedBack(draw: () => void) {
    const boxes = () => [...this.element.querySelectorAll<HTMLInputElement>("[data-sheet] [name]")].filter(box => this.touched.has(box.name))
    const typed = boxes().map(({ name, value, checked }) => ({ name, value, checked }))
    draw()
    const fresh = boxes()
    if (fresh.length === typed.length) fresh.forEach((box, i) => ((box.value = typed[i].value), (box.checked = typed[i].checked)))
  }

  // draw draws the form anew; another section begins at its top.
  private draw(page: Document) {
    const section = () => this.part("[data-sheet]").querySelector<HTMLInputElement>("[name=section]")?.value
    const before = section()
    this.exchange(page, "[data-sheet]")
    if (section() !== before) this.part("[data-sheet]").scrollTop = 0
  }

  // exchangePlace shows the text or hides it, and says which lines are meant.
  private exchangePlace(page: Document) {
    const fresh = page.querySelector<HTMLElement>(".rules-text")!
    this.textTarget.hidden = fresh.hidden
    this.textTarget.querySelector("[data-place]")?.remove()
    const place = fresh.querySelector("[data-place]")
    if (place) this.textTarget.querySelector("h2")!.after(place)
  }

  // says renews the sentences of a form that is being typed in, and the lines its rules stand on; the boxes stay.
  private says(page: Document) {
    for (const fresh of page.querySelectorAll<HTMLElement>("[data-sheet] [data-says]")) {
      const shown = this.element.querySelector(`[data-sheet] [data-says="${CSS.escape(fresh.dataset.says!)}"]`)
      if (shown) shown.textContent = fresh.textContent
    }
    for (const fresh of page.querySelectorAll<HTMLElement>("[data-sheet] [id][data-lines]")) {
      const shown = document.getElementById(fresh.id)
      if (shown) shown.dataset.lines = fresh.dataset.lines
    }
  }

  // write brings the text up to date where it differs, so that the caret stays.
  private write(text: string) {
    const shown = this.sourceTarget.value
    if (shown === text) return
    let from = 0
    while (from < shown.length && shown[from] === text[from]) from++
    let end = 0
    while (end < Math.min(shown.length, text.length) - from && shown[shown.length - 1 - end] === text[text.length - 1 - end]) end++
    this.sourceTarget.setRangeText(text.slice(from, text.length - end), from, shown.length - end, "preserve")
  }

  // results shows what there is to mend and the page. While a mistake is being typed there is no page; the last one stays, faded.
  private results(page: Document) {
    const before = this.resultsTarget.querySelector(".rules-page")
    const at = this.resultsTarget.scrollTop
    this.exchange(page, "[data-results]")
    if (before && !this.resultsTarget.querySelector(".rules-page")) {
      before.classList.add("rules-old")
      this.resultsTarget.append(before)
    }
    this.resultsTarget.scrollTop = at
    this.caret()
    this.inBox()
  }
}

// Asked is what made the editor look again.
type Asked = "text" | "form" | "button"

function range(lines: string): [number, number] {
  const [first, last] = lines.split("-").map(Number)
  return [first, last]
}

function overlap(a: [number, number], b: [number, number]): boolean {
  return a[0] <= b[1] && b[0] <= a[1]
}

// show scrolls a column, and only it, so that something in it can be seen.
function show(element: HTMLElement, column: HTMLElement) {
  const place = element.getBoundingClientRect()
  const seen = column.getBoundingClientRect()
  if (place.top < seen.top || place.bottom > seen.bottom) column.scrollTop += place.top - seen.top - 80
}
