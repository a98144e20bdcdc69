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
      all[1]?.click()
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      event.stopPropagation()
      all[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus()
    }
  }

  private async ask() {
    const words = this.queryTarget.value.trim()
    this.asked = words
    const answer = await fetch(`${this.urlValue}?q=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } })
    if (!answer.ok || words !== this.asked) return
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    this.listTarget.replaceChildren(...[...page.body.childNodes].map(node => document.adoptNode(node)))
  }

  take(event: Event) {
    const { url, title, text } = (event.currentTarget as HTMLElement).dataset
    const composer = this.element.closest<HTMLElement>(".composer")!
    ;(this.element.querySelector("[popover]") as HTMLElement).hidePopover()
    composer.dispatchEvent(new CustomEvent("composer:cite", { detail: { url, title, text } }))
  }
}
