import { Controller } from "@hotwired/stimulus"

// Results while one types: a moment after the last key the form is sent into the frame below it. Arrows walk from the field
// into the hits and back. Without this the form answers to Enter.
export default class Find extends Controller<HTMLElement> {
  static targets = ["form", "hit"]
  declare formTarget: HTMLFormElement
  declare hitTargets: HTMLElement[]
  private timer = 0

  soon() {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.formTarget.requestSubmit(), 120)
  }
  disconnect() {
    clearTimeout(this.timer)
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
