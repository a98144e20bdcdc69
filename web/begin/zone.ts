import { Controller } from "@hotwired/stimulus"

// Fills in the time zone the browser is in, as long as nobody has said another.
export default class extends Controller<HTMLElement> {
  static values = { says: String }
  declare readonly saysValue: string

  connect() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const field = this.element.querySelector("input")
    const hint = this.element.querySelector(".field-hint")
    if (!zone || !field || field.value !== field.defaultValue) return
    field.value = zone
    if (hint) hint.textContent = this.saysValue.replace("…", zone)
  }
}
