import { Controller } from "@hotwired/stimulus"

// The bar after sending counts its seconds down and leaves; without script it says until when the message can be kept.
export default class Undo extends Controller<HTMLElement> {
  static targets = ["left"]
  static values = { seconds: Number }
  declare leftTarget: HTMLElement
  declare secondsValue: number
  private timer = 0
  private ends = 0

  connect() {
    this.ends = Date.now() + this.secondsValue * 1000
    this.timer = window.setInterval(() => this.tick(), 250)
    this.tick()
  }
  disconnect() {
    clearInterval(this.timer)
  }
  private tick() {
    const left = Math.ceil((this.ends - Date.now()) / 1000)
    this.leftTarget.textContent = `${Math.max(left, 0)} s`
    if (left <= 0) this.element.remove()
  }
}
