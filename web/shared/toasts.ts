import { Controller } from "@hotwired/stimulus"

// Toasts leave after a while, but never while somebody reads or reaches for them.
export default class Toasts extends Controller<HTMLElement> {
  private timer = 0

  connect() {
    if (this.element.children.length > 0) this.wait()
  }
  disconnect() {
    clearTimeout(this.timer)
  }
  private wait() {
    this.timer = window.setTimeout(() => (this.element.matches(":hover, :focus-within") ? this.wait() : this.element.replaceChildren()), 10_000)
  }
}
