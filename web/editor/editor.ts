import { Controller } from "@hotwired/stimulus"

// The editor saves and looks again a moment after the last key; what it shows is the same page the server would draw after
// Check. Nothing typed is ever replaced: only what stands beside it.
export default class Editor extends Controller<HTMLFormElement> {
  static targets = ["source", "lines", "results", "saved", "clock", "hand", "now"]
  declare sourceTarget: HTMLTextAreaElement
  declare linesTarget: HTMLElement
  declare resultsTarget: HTMLElement
  declare savedTarget: HTMLElement
  declare handTarget: HTMLInputElement
  declare nowTarget: HTMLOutputElement
  declare clockTarget: HTMLElement
  declare hasClockTarget: boolean
  private timer = 0
  private asking: AbortController | null = null

  connect() {
    this.number()
    this.showClock()
  }
  disconnect() {
    clearTimeout(this.timer)
  }

  typed(event: Event) {
    if (event.target === this.handOrNull) return
    this.number()
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.look(), 60)
  }
  leave() {
    clearTimeout(this.timer)
    this.asking?.abort()
  }
  scroll() {
    this.linesTarget.scrollTop = this.sourceTarget.scrollTop
  }

  // go puts the caret on the line a finding is about.
  go(event: Event) {
    const line = Number((event.currentTarget as HTMLElement).dataset.line)
    const before = this.sourceTarget.value.split("\n").slice(0, line - 1).join("\n")
    const from = before.length + (line > 1 ? 1 : 0)
    const to = this.sourceTarget.value.indexOf("\n", from)
    this.sourceTarget.focus()
    this.sourceTarget.setSelectionRange(from, to < 0 ? this.sourceTarget.value.length : to)
    const height = parseFloat(getComputedStyle(this.sourceTarget).lineHeight)
    this.sourceTarget.scrollTop = Math.max(0, (line - 6) * height)
    this.scroll()
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

  private get handOrNull() {
    return this.hasClockTarget ? this.handTarget : null
  }

  private showClock() {
    if (!this.hasClockTarget) return
    this.clockTarget.hidden = false
    this.turn()
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

  private async look() {
    this.asking?.abort()
    this.asking = new AbortController()
    const body = new URLSearchParams()
    new FormData(this.element).forEach((value, name) => body.append(name, String(value)))
    body.set("do", "check")
    try {
      const answer = await fetch(this.element.action, { method: "POST", body, signal: this.asking.signal })
      if (!answer.ok) throw new Error(answer.statusText)
      this.replace(new DOMParser().parseFromString(await answer.text(), "text/html"))
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.savedTarget.textContent = this.element.dataset.unsaved ?? "Not saved: the desk does not answer"
    }
  }

  private replace(page: Document) {
    const open = new Set([...this.element.querySelectorAll(".trial-mail[open] summary")].map(mail => mail.textContent))
    for (const part of ["[data-results]", "[data-trial]"]) {
      const fresh = page.querySelector(part)
      const shown = this.element.querySelector(part)
      if (fresh && shown) shown.replaceChildren(...fresh.childNodes)
    }
    this.element.querySelectorAll<HTMLDetailsElement>(".trial-mail").forEach(mail => (mail.open = open.has(mail.querySelector("summary")!.textContent)))
    this.moreSteps(page)
    this.savedTarget.textContent = page.querySelector('[data-editor-target="saved"]')?.textContent ?? ""
    this.number()
    this.showClock()
  }
}
