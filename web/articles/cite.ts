import { Controller } from "@hotwired/stimulus"

// A link to an article goes into the answer with three keys: one opens the list of what may answer the ticket, the arrow chooses, Enter
// takes it. The button beside it takes the whole text, to be changed before it is sent. What one writes chooses other words to look for.
export default class Cite extends Controller<HTMLElement> {
  static targets = ["list", "query"]
  static values = { url: String, none: String }
  declare listTarget: HTMLElement
  declare queryTarget: HTMLInputElement
  declare urlValue: string
  declare noneValue: string
  private timer = 0
  private asked = ""
  private found?: string // the words that the list answers

  disconnect() {
    clearTimeout(this.timer)
  }

  open(event: ToggleEvent) {
    if (event.newState !== "open") return
    this.queryTarget.focus()
    if (!this.listTarget.children.length) void this.ask()
  }

  typed() {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.ask(), 150)
  }

  key(event: KeyboardEvent) {
    const all = [this.queryTarget, ...this.listTarget.querySelectorAll<HTMLElement>("button")]
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === "Enter" && at === 0) {
      event.preventDefault()
      void this.first()
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      event.stopPropagation()
      all[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus()
    }
  }

  // first takes the first article that fits the words as they stand now. Whoever is quicker than the search has a list before them that
  // answers other words.
  private async first() {
    const words = this.queryTarget.value.trim()
    clearTimeout(this.timer)
    if (words !== this.found) await this.ask()
    if (words === this.found && this.element.querySelector(":popover-open")) this.listTarget.querySelector("button")?.click()
  }

  private async ask() {
    const words = this.queryTarget.value.trim()
    this.asked = words
    const answer = await fetch(`${this.urlValue}?q=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } })
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    if (!answer.ok || words !== this.asked) return
    this.found = words
    this.listTarget.replaceChildren(...[...page.body.childNodes].map(node => document.adoptNode(node)))
  }

  take(event: Event) {
    const { url, title, text } = (event.currentTarget as HTMLElement).dataset
    const composer = this.element.closest<HTMLElement>(".composer")!
    ;(this.element.querySelector("[popover]") as HTMLElement).hidePopover()
    composer.dispatchEvent(new CustomEvent("composer:cite", { detail: { url, title, text } }))
  }
}
