import { Controller } from "@hotwired/stimulus"
import { add } from "../shared/actions"

// A list moves with j and k; x selects, Enter opens. The row one stands on is the row that has the focus, so that
// a screen reader, a mouse and the keys never disagree.
export default class List extends Controller<HTMLElement> {
  static values = { names: Object, group: String }
  declare namesValue: Record<string, string>
  declare groupValue: string
  private remove = () => {}
  private last = -1

  connect() {
    const run: Record<string, () => void> = {
      j: () => this.step(1),
      k: () => this.step(-1),
      x: () => this.select(false),
      "Shift+x": () => this.select(true),
      e: () => this.press("#bulk-solve"),
      "Shift+a": () => this.press('#bulk button[name="assign"][value="me"]'),
      l: () => this.press('#bulk button[name="later"]'),
      s: () => this.menu("bulk-status"),
      a: () => this.menu("bulk-assign"),
      p: () => this.menu("bulk-priority"),
      t: () => this.menu("bulk-tag"),
    }
    this.remove = add(...Object.entries(this.namesValue).map(([key, name]) => ({ key, name, group: this.groupValue, run: run[key] })))
  }
  disconnect() {
    this.remove()
  }

  private get rows(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>(".row")]
  }

  private get here(): number {
    return this.rows.findIndex(row => row.contains(document.activeElement))
  }

  private step(by: number) {
    const next = Math.min(Math.max(this.here + by, 0), this.rows.length - 1)
    const link = this.rows[next]?.querySelector<HTMLElement>(".row-link")
    link?.focus()
    this.rows[next]?.scrollIntoView({ block: "nearest" })
  }

  private box(index: number): HTMLInputElement | null {
    return this.rows[index]?.querySelector(".row-box") ?? null
  }

  private select(range: boolean) {
    const here = this.here
    if (here < 0) return
    const from = range && this.last >= 0 ? Math.min(this.last, here) : here
    const to = range && this.last >= 0 ? Math.max(this.last, here) : here
    for (let i = from; i <= to; i++) {
      const box = this.box(i)
      if (box) box.checked = range ? true : !box.checked
    }
    this.last = here
    this.count()
  }

  // An act on nothing selected is an act on the row one stands on.
  private get chosen(): boolean {
    if (this.rows.some((_, i) => this.box(i)?.checked)) return true
    const box = this.box(this.here)
    if (box) box.checked = true
    this.count()
    return box !== null
  }

  private press(button: string) {
    if (this.chosen) document.querySelector<HTMLElement>(button)?.click()
  }

  private menu(id: string) {
    this.press(`[popovertarget="${id}"]`)
  }

  count() {
    const chosen = this.rows.filter((_, i) => this.box(i)?.checked).length
    document.querySelectorAll("[data-chosen]").forEach(element => (element.textContent = String(chosen)))
  }
}
