import { Controller } from "@hotwired/stimulus"
import * as Turbo from "@hotwired/turbo"
import { Action, all } from "./actions"
import { key } from "./keys"

// The palette finds an action by its words and teaches its key. What is not an action is a search.
export default class Palette extends Controller<HTMLDialogElement> {
  static targets = ["input", "list", "foot"]
  declare inputTarget: HTMLInputElement
  declare listTarget: HTMLElement
  declare footTarget: HTMLElement
  private found: Action[] = []
  private at = 0

  connect() {
    this.element.addEventListener("toggle", this.open)
  }
  disconnect() {
    this.element.removeEventListener("toggle", this.open)
  }

  private open = (event: Event) => {
    if ((event as ToggleEvent).newState === "closed") return
    this.inputTarget.value = ""
    this.find()
    this.inputTarget.focus()
  }

  find() {
    const words = this.inputTarget.value.toLowerCase().split(/\s+/).filter(Boolean)
    this.found = all().filter(action => words.every(word => `${action.group} ${action.name}`.toLowerCase().includes(word)))
    this.at = 0
    this.draw()
  }

  move(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      this.at = (this.at + step + this.found.length) % Math.max(this.found.length, 1)
      this.draw()
    }
    if (event.key === "Enter") {
      event.preventDefault()
      this.run(this.found[this.at])
    }
  }

  choose(event: MouseEvent) {
    const item = (event.target as HTMLElement).closest("li")
    if (item) this.run(this.found[[...this.listTarget.children].indexOf(item)])
  }

  private run(action: Action | undefined) {
    const words = this.inputTarget.value.trim()
    this.element.close()
    if (action) requestAnimationFrame(action.run)
    else if (words) Turbo.visit(`/search?q=${encodeURIComponent(words)}`)
  }

  private draw() {
    this.listTarget.replaceChildren(...this.found.map((action, index) => this.item(action, index)))
    this.inputTarget.setAttribute("aria-activedescendant", this.found.length ? `palette-${this.at}` : "")
    this.footTarget.textContent = this.found.length ? "" : this.footTarget.dataset.nothing!
    this.listTarget.children[this.at]?.scrollIntoView({ block: "nearest" })
  }

  private item(action: Action, index: number): HTMLElement {
    const item = document.createElement("li")
    item.id = `palette-${index}`
    item.setAttribute("role", "option")
    item.setAttribute("aria-selected", String(index === this.at))
    const group = document.createElement("small")
    group.textContent = action.group
    item.append(action.name, group, key(action.key))
    return item
  }
}
