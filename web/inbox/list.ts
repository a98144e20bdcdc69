import { Controller } from "@hotwired/stimulus"
import { add } from "../shared/actions"

// A list moves with j and k; x selects, Enter opens. The row one stands on is the row that has the focus, so that
// a screen reader, a mouse and the keys never disagree.
export default class List extends Controller<HTMLElement> {
  static targets = ["row"]
  declare rowTargets: HTMLElement[]
  private remove = () => {}
  private last = -1

  connect() {
    this.remove = add(
      { key: "j", name: "Next row", group: "List", run: () => this.step(1) },
      { key: "k", name: "Row before", group: "List", run: () => this.step(-1) },
      { key: "x", name: "Select", group: "List", run: () => this.select(false) },
      { key: "Shift+x", name: "Select from the last one to here", group: "List", run: () => this.select(true) },
      { key: "e", name: "Solve", group: "List", run: () => this.act("solved", "status") },
      { key: "Shift+a", name: "Assign to me", group: "List", run: () => this.act("me", "assign") },
    )
  }
  disconnect() {
    this.remove()
  }

  private get here(): number {
    return this.rowTargets.findIndex(row => row.contains(document.activeElement))
  }

  private step(by: number) {
    const next = Math.min(Math.max(this.here + by, 0), this.rowTargets.length - 1)
    const link = this.rowTargets[next]?.querySelector<HTMLElement>(".row-link")
    link?.focus()
    this.rowTargets[next]?.scrollIntoView({ block: "nearest" })
  }

  private box(index: number): HTMLInputElement | null {
    return this.rowTargets[index]?.querySelector(".row-box") ?? null
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
  private act(value: string, name: string) {
    const form = document.getElementById("bulk") as HTMLFormElement | null
    if (!form) return
    if (!this.rowTargets.some((_, i) => this.box(i)?.checked)) {
      const box = this.box(this.here)
      if (!box) return
      box.checked = true
    }
    form.querySelector<HTMLButtonElement>(`button[name="${name}"][value="${value}"]`)?.click()
  }

  count() {
    const chosen = this.rowTargets.filter((_, i) => this.box(i)?.checked).length
    document.querySelectorAll("[data-chosen]").forEach(element => (element.textContent = String(chosen)))
  }
}
