import { Controller } from "@hotwired/stimulus"

// Results while one types: a moment after the last key the form is sent into the frame below it. Arrows walk from the field
// into the hits and back. Without this the form answers to Enter.
//
// The results also go into the page's address, which to Turbo is a visit, and a visit ends the one before it. Results that come late
// must not take away the page that somebody went to meanwhile, nor the form that they sent.
export default class Find extends Controller<HTMLElement> {
  static targets = ["form", "hit"]
  declare formTarget: HTMLFormElement
  declare hitTargets: HTMLElement[]
  private timer = 0
  private left = false // for another page, or with a form that is on its way

  connect() {
    document.addEventListener("turbo:before-visit", this.visited)
    document.addEventListener("submit", this.sent, true)
  }
  disconnect() {
    document.removeEventListener("turbo:before-visit", this.visited)
    document.removeEventListener("submit", this.sent, true)
    clearTimeout(this.timer)
  }

  soon() {
    clearTimeout(this.timer)
    this.left = false
    this.timer = window.setTimeout(() => this.formTarget.requestSubmit(), 120)
  }

  private visited = (event: Event) => {
    const results = new URL((event as CustomEvent).detail.url).pathname === new URL(this.formTarget.action).pathname
    if (!results) this.leave()
    else if (this.left) event.preventDefault()
  }
  private sent = (event: Event) => {
    if (event.target !== this.formTarget) this.leave()
  }
  private leave() {
    clearTimeout(this.timer)
    this.left = true
  }

  key(event: KeyboardEvent) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    const all = [this.formTarget.querySelector<HTMLElement>("input[name=q]")!, ...this.hitTargets]
    const next = all[all.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
}
