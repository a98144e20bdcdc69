import { Controller } from "@hotwired/stimulus"
import { add, all, find } from "./actions"

// Keys listens once for the whole page. Single letters count only while no field has the focus, and not at all when
// the person has switched them off; Ctrl and Cmd combinations always count.
export default class Keys extends Controller<HTMLElement> {
  static targets = ["help", "why"]
  static values = { off: Boolean, whyName: String, group: String }
  declare offValue: boolean
  declare whyNameValue: string
  declare groupValue: string
  declare helpTarget: HTMLElement
  declare whyTarget: HTMLElement
  private before = ""
  private beforeAt = 0
  private asked = ""
  private remove = () => {}

  connect() {
    this.remove = add({ key: "w", name: this.whyNameValue, group: this.groupValue, run: () => this.why() })
    document.addEventListener("toggle", this.opened, true)
    document.addEventListener("submit", this.chosen, true)
    document.addEventListener("keydown", this.press)
    document.addEventListener("click", this.click)
    document.getElementById("keys-help")?.addEventListener("toggle", this.list)
  }
  disconnect() {
    this.asked = ""
    this.remove()
    document.removeEventListener("toggle", this.opened, true)
    document.removeEventListener("submit", this.chosen, true)
    document.removeEventListener("keydown", this.press)
    document.removeEventListener("click", this.click)
    document.getElementById("keys-help")?.removeEventListener("toggle", this.list)
  }

  private press = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const key = named(event)
    if (key === "Ctrl+k") return this.take(event, () => show("palette"))
    if (key === "Ctrl+Enter") return this.send(event)
    const always = combined(event) && key !== "Ctrl+Enter" && find(key)
    if (always) return this.take(event, always.run)
    if (key === "ArrowDown" || key === "ArrowUp") return this.step(event, key === "ArrowDown" ? 1 : -1)
    if (key === "Escape") return this.leave(event)
    if (this.jump(event, key)) return
    if (this.offValue || inField(event.target) || document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return
    const sequence = Date.now() - this.beforeAt < 1200 ? `${this.before} ${key}` : key
    const action = find(sequence) || find(key)
    this.before = key
    this.beforeAt = Date.now()
    if (action) this.take(event, action.run)
  }

  private take(event: Event, run: () => void) {
    event.preventDefault()
    run()
  }

  // Ctrl+Enter sends the form one writes in; with Shift it asks for the next ticket afterwards.
  private send(event: KeyboardEvent) {
    const form = (event.target as HTMLElement).closest("form")
    const button = form?.querySelector<HTMLElement>('[data-key="Ctrl+Enter"]')
    if (!form || !button) return
    if (event.shiftKey) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: "next" }))
    this.take(event, () => button.click())
  }

  // A menu that opens takes the focus to what holds now, else to its first entry; the arrows move in it.
  private opened = (event: Event) => {
    const menu = event.target as HTMLElement
    if (!menu.matches?.(".menu-list:popover-open")) return
    const entries = focusable(menu)
    ;(entries.find(entry => entry.matches("[aria-current]")) || entries[0])?.focus()
  }

  // A menu from which something was chosen closes: it would stay over the page that comes, and keep it from hearing news.
  private chosen = (event: SubmitEvent) => event.submitter?.closest<HTMLElement>(".menu-list:popover-open")?.hidePopover()

  private step(event: KeyboardEvent, by: number) {
    const menu = (event.target as HTMLElement).closest<HTMLElement>(".menu-list:popover-open")
    if (!menu) return
    const entries = focusable(menu)
    this.take(event, () => entries[(entries.indexOf(document.activeElement as HTMLElement) + by + entries.length) % entries.length]?.focus())
  }

  // In an open menu a letter goes to the next entry that begins with it, where the entries have no keys of their own: a policy can have
  // dozens of topics.
  private jump(event: KeyboardEvent, letter: string): boolean {
    const menu = (event.target as HTMLElement).closest<HTMLElement>(".menu-list:popover-open")
    if (!menu || letter.length > 1 || letter === " " || inField(event.target) || menu.querySelector(".key, [data-key]")) return false
    const entries = focusable(menu)
    const here = entries.indexOf(document.activeElement as HTMLElement) + 1
    const next = [...entries.slice(here), ...entries.slice(0, here)].find(entry => entry.textContent!.trim().toLowerCase().startsWith(letter))
    if (next) this.take(event, () => next.focus())
    return !!next
  }

  // Escape leaves a field and gives the letters back.
  private leave(event: KeyboardEvent) {
    if (inField(event.target) && !document.querySelector("dialog[open], :popover-open")) (event.target as HTMLElement).blur()
  }

  // w opens why: of the row one stands on, else of the page's first due time.
  private why() {
    const here = document.activeElement?.closest(".row")?.querySelector<HTMLElement>("[data-why]")
    ;(here || document.querySelector<HTMLElement>("main [data-why]"))?.click()
  }

  private click = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    const opener = target.closest<HTMLElement>("[commandfor]")
    if (opener && !("command" in HTMLButtonElement.prototype)) show(opener.getAttribute("commandfor")!)
    const link = target.closest<HTMLAnchorElement>("a[data-why]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.fetchWhy(link.href)
  }

  // What was asked for last is shown, however slow its answer is and whatever comes after it. Without an answer the page itself is opened.
  private async fetchWhy(url: string) {
    this.asked = url
    const why = await whyAt(url).catch(() => null)
    if (this.asked !== url) return
    if (!why) return location.assign(url)
    this.whyTarget.replaceChildren(document.adoptNode(why))
    show("why")
  }

  private list = (event: Event) => {
    if ((event as ToggleEvent).newState === "closed") return
    const groups = Object.groupBy(all(), action => action.group)
    this.helpTarget.replaceChildren(...Object.entries(groups).map(([name, actions]) => group(name, actions!)))
  }
}

async function whyAt(url: string): Promise<Element | null> {
  const answer = await fetch(url, { headers: { Accept: "text/html" } })
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  return answer.ok ? page.querySelector("[data-why-content]") : null
}

function group(name: string, actions: { key: string; name: string }[]): HTMLElement {
  const section = document.createElement("section")
  section.className = "keys-group"
  const head = document.createElement("h3")
  head.textContent = name
  const list = document.createElement("ul")
  for (const action of actions) list.append(line(action))
  section.append(head, list)
  return section
}

function line(action: { key: string; name: string }): HTMLElement {
  const item = document.createElement("li")
  item.append(action.name, key(action.key))
  return item
}

export function key(name: string): HTMLElement {
  const element = document.createElement("kbd")
  element.className = "key"
  element.textContent = name.replace(/\+[a-z]$/, letter => letter.toUpperCase())
  return element
}

function focusable(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("button, a, input:not([type=hidden])")]
}

// combined reports a key that counts in fields too: one with Ctrl, Cmd or Alt, and F1 to F12.
function combined(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key)
}

// named is the key as actions know it. With Alt a digit may write another sign, so the key itself counts.
function named(event: KeyboardEvent): string {
  const digit = event.altKey && /^Digit(\d)$/.exec(event.code)
  if (digit) return `Alt+${digit[1]}`
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : ""
  const shift = event.shiftKey && event.key.length === 1 && event.key.toUpperCase() !== event.key.toLowerCase() ? "Shift+" : ""
  return control + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key)
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, trix-editor"))
}

export function show(id: string) {
  const dialog = document.getElementById(id)
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal()
}
