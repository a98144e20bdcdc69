import { Controller } from "@hotwired/stimulus"
import { Kept, together } from "./kept"
import type { TrixEditor } from "./richtext"

// The composer saves what is written two seconds after the last key, and grows into a rich text field (Trix, fetched
// only then) when somebody begins to write a reply.
export default class Composer extends Controller<HTMLElement> {
  static targets = ["tab", "text", "noteText", "field", "reply", "state", "news", "files"]
  static values = { tools: Object, draft: String, saved: String, unsaved: String, back: String, person: String }
  declare tabTargets: HTMLInputElement[]
  declare textTarget: HTMLTextAreaElement
  declare noteTextTarget: HTMLTextAreaElement
  declare fieldTarget: HTMLElement
  declare replyTarget: HTMLFormElement
  declare hasReplyTarget: boolean
  declare stateTarget: HTMLElement
  declare newsTarget: HTMLElement
  declare toolsValue: Record<string, string>
  declare draftValue: string
  declare savedValue: string
  declare unsavedValue: string
  declare backValue: string
  declare personValue: string
  private timer = 0
  private dirty = false
  private growing?: Promise<void>
  private kept!: Kept
  private had = { body: "", note: "" } // what the desk knows of the words

  connect() {
    this.kept = new Kept(this.personValue, this.draftValue)
    this.had = this.has()
    if (!this.editor) this.putBack()
    this.element.addEventListener("turbo:submit-end", this.answered)
    this.element.addEventListener("actions:reach", this.reach)
    this.element.addEventListener("trix-change", this.changed)
    this.element.addEventListener("submit", this.sent)
    this.element.addEventListener("composer:cite", this.cite)
    window.addEventListener("pagehide", this.leave)
    document.addEventListener("turbo:before-fetch-request", this.keepFirst)
    document.addEventListener("turbo:before-render", this.makeWay)
    document.addEventListener("click", this.insert)
    if (document.activeElement === this.textTarget) this.grow() // somebody was quicker than the script
  }
  disconnect() {
    this.element.removeEventListener("submit", this.sent)
    this.element.removeEventListener("turbo:submit-end", this.answered)
    this.element.removeEventListener("composer:cite", this.cite)
    this.element.removeEventListener("actions:reach", this.reach)
    this.element.removeEventListener("trix-change", this.changed)
    window.removeEventListener("pagehide", this.leave)
    document.removeEventListener("turbo:before-fetch-request", this.keepFirst)
    document.removeEventListener("turbo:before-render", this.makeWay)
    document.removeEventListener("click", this.insert)
    this.leave()
  }

  // A key reaches for a field behind the other tab: turn to it first.
  private reach = (event: Event) => {
    const wanted = event.target === this.noteTextTarget ? "note" : "reply"
    const tab = this.tabTargets.find(tab => tab.value === wanted)
    if (tab) tab.checked = true
    this.element.scrollIntoView({ block: "nearest" })
    if (wanted === "reply") requestAnimationFrame(() => this.editor?.focus())
  }

  // Words that stand ready beside the conversation are put at the end of the reply.
  private insert = async (event: Event) => {
    const words = (event.target as HTMLElement).closest<HTMLElement>("[data-insert]")?.dataset.insert
    if (!words || !this.hasReplyTarget) return
    this.textTarget.dispatchEvent(new CustomEvent("actions:reach", { bubbles: true }))
    await this.grow()
    const written = this.textTarget.value.trim()
    const rich = this.editor?.editor
    if (rich) {
      rich.setSelectedRange(rich.getDocument().getLength() - 1)
      rich.insertString(written ? `\n\n${words}` : words)
    } else this.textTarget.value = written ? `${written}\n\n${words}` : words
    this.changed()
  }

  turn(event: Event) {
    const note = (event.target as HTMLInputElement).value === "note"
    ;(note ? this.noteTextTarget : this.editor || this.textTarget).focus()
  }

  private get editor(): TrixEditor | null {
    return this.fieldTarget.querySelector<TrixEditor>("trix-editor")
  }

  // settle gives the form the last letters at once: Trix gives them with the next picture it draws, which is too late for whoever
  // sends with the key after the last letter.
  private settle() {
    this.editor?.editorController?.render()
  }

  async grow() {
    if (!this.editor && !this.fieldTarget.dataset.grown) {
      this.fieldTarget.dataset.grown = "yes"
      this.growing = import("./richtext").then(({ grow }) => grow(this.replyTarget, this.textTarget, this.toolsValue))
    }
    await this.growing
  }

  // cite puts a link to an article where one writes: as a link in the rich text field, as words in the plain one.
  private cite = (event: Event) => {
    const { url, title } = (event as CustomEvent<{ url: string; title: string }>).detail
    const rich = this.editor
    if (rich) {
      const link = Object.assign(document.createElement("a"), { href: url, textContent: title })
      rich.focus()
      rich.editor.insertHTML(link.outerHTML)
    } else {
      const at = this.textTarget.selectionStart
      this.textTarget.setRangeText(`${title}: ${url}`, at, this.textTarget.selectionEnd, "end")
      this.textTarget.focus()
    }
    this.changed()
  }

  list(event: Event) {
    const input = event.target as HTMLInputElement
    const names = [...input.files!].map(file => file.name).join(", ")
    if (names) input.previousElementSibling!.textContent = names
  }

  news() {
    this.newsTarget.hidden = this.textTarget.value.trim() === "" && !this.editor?.textContent?.trim()
  }

  changed = () => {
    this.dirty = true
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.save(), 2000)
  }

  private async save() {
    this.dirty = false
    const has = this.has()
    try {
      const answer = await fetch(this.draftValue, { method: "POST", body: this.words(), redirect: "manual" })
      if (!answer.ok) throw answer.status
      this.had = has
      this.kept.forget()
      this.stateTarget.textContent = `${this.savedValue} ${new Date().toTimeString().slice(0, 5)}`
    } catch {
      this.dirty = true
      this.keep()
      this.stateTarget.textContent = this.unsavedValue
    }
  }

  // What is being sent is no draft any more, and this composer need not outlive it. Its words are kept until they have arrived.
  private sent = () => {
    this.settle()
    this.keep()
    this.element.removeAttribute("data-turbo-permanent")
    clearTimeout(this.timer)
    this.dirty = false
  }

  // Words that could not leave are a draft again. They are kept on where the desk asked who is there; where it answered with what
  // stands in the way, they stand on its page.
  private answered = (event: Event) => {
    const answer = (event as CustomEvent).detail.fetchResponse
    if (!answer) {
      this.element.setAttribute("data-turbo-permanent", "")
      this.changed()
    } else if (answer.succeeded ? answer.location.pathname !== "/sign-in" : [409, 422].includes(answer.statusCode)) {
      this.kept.forget()
    }
  }

  private has() {
    return { body: this.hasReplyTarget ? this.textTarget.value : "", note: this.noteTextTarget.value }
  }

  private keep() {
    const words = Object.fromEntries(this.words()) as Record<string, string>
    this.kept.put({ draft: this.element.id, html: words.body_html, writing: words.writing, had: this.had, ...this.has() })
  }

  private putBack() {
    const words = this.kept.take()
    if (!words || words.draft !== this.element.id) return
    const before = this.has()
    const body = together(before.body, words.body, words.had.body)
    const note = together(before.note, words.note, words.had.note)
    if (body === before.body && note === before.note) return
    if (this.hasReplyTarget && body !== before.body) {
      this.textTarget.value = body
      ;(this.replyTarget.elements.namedItem("body_html") as HTMLInputElement).value = body === words.body ? words.html : ""
    }
    this.noteTextTarget.value = note
    for (const tab of this.tabTargets) tab.checked = tab.value === words.writing
    this.stateTarget.textContent = this.backValue
    this.changed()
  }

  // Whoever changes something beside what they write gets a composer that knows of it, with their words in it: they are kept before
  // the change is made, and this composer makes way for the new one.
  private keepFirst = async (event: Event) => {
    const { fetchOptions, resume } = (event as CustomEvent).detail
    if (!this.dirty || !fetchOptions.method || fetchOptions.method.toUpperCase() === "GET") return
    event.preventDefault()
    clearTimeout(this.timer)
    await this.save()
    resume()
  }
  private makeWay = (event: Event) => {
    const next = (event as CustomEvent).detail.newBody.querySelector(".composer")
    if (next && next.id !== this.element.id) this.element.removeAttribute("data-turbo-permanent")
  }

  private leave = () => {
    this.settle()
    clearTimeout(this.timer)
    if (this.dirty) {
      this.keep()
      navigator.sendBeacon(this.draftValue, this.words())
    }
    this.dirty = false
  }

  private words(): FormData {
    const reply = this.hasReplyTarget ? new FormData(this.replyTarget) : new FormData()
    const words = new FormData()
    for (const name of ["csrf", "base", "draft", "body", "body_html"]) words.set(name, reply.get(name) || "")
    words.set("note", this.noteTextTarget.value)
    words.set("writing", this.tabTargets.find(tab => tab.checked)?.value || "reply")
    return words
  }
}
