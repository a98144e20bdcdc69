import { Controller } from "@hotwired/stimulus"

// An article saves itself while it is written, and shows beside the text how it reads. One question is asked at a time; of several keys
// meanwhile the last one counts, because it sends everything. A page that has become old stops saving and keeps what is typed.
export default class Article extends Controller<HTMLFormElement> {
  static targets = ["drawn", "saved", "apart"]
  static values = { unsaved: String, saving: String }
  declare drawnTarget: HTMLInputElement
  declare savedTarget: HTMLElement
  declare apartTarget: HTMLElement
  declare unsavedValue: string
  declare savingValue: string
  private timer = 0
  private dirty = false
  private asking: Promise<void> | null = null
  private pressed = false

  connect() {
    window.addEventListener("beforeunload", this.warn)
    document.addEventListener("click", this.put)
  }
  disconnect() {
    window.removeEventListener("beforeunload", this.warn)
    document.removeEventListener("click", this.put)
    clearTimeout(this.timer)
  }

  typed() {
    this.dirty = true
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.save(), 900)
  }

  // put writes a picture into the text, where one writes.
  private put = (event: Event) => {
    const picture = (event.target as HTMLElement).closest<HTMLElement>("[data-picture]")?.dataset.picture
    const body = this.element.querySelector<HTMLTextAreaElement>("textarea[name=body]")
    if (!picture || !body) return
    body.setRangeText(`\n\n${picture}\n\n`, body.selectionStart, body.selectionEnd, "end")
    body.focus()
    this.typed()
  }

  // leave waits for what is being saved, so that the page that is sent is not older than what it saved itself.
  leave(event: SubmitEvent) {
    clearTimeout(this.timer)
    if (this.asking && !this.pressed) {
      event.preventDefault()
      const button = event.submitter as HTMLElement | null
      this.asking.then(() => this.element.requestSubmit(button))
      return
    }
    this.pressed = true
  }

  // warn keeps a tab from closing over words that nobody has.
  private warn = (event: BeforeUnloadEvent) => {
    if (this.dirty && !this.pressed) event.preventDefault()
  }

  private save() {
    if (!this.apartTarget.hidden || this.asking) return
    this.asking = this.ask().finally(() => {
      this.asking = null
      if (this.dirty && this.apartTarget.hidden) this.timer = window.setTimeout(() => this.save(), 900)
    })
  }

  private async ask() {
    this.dirty = false
    this.savedTarget.textContent = this.savingValue
    const body = new URLSearchParams()
    new FormData(this.element).forEach((value, name) => body.append(name, String(value)))
    body.set("do", "save")
    try {
      const answer = await fetch(this.element.action, { method: "POST", body, signal: AbortSignal.timeout(20_000) })
      if (answer.status === 409) return this.stepAside()
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const fresh = page.querySelector<HTMLInputElement>('[data-article-target="drawn"]')
      if (!answer.ok || !fresh) throw new Error(answer.statusText)
      this.drawnTarget.value = fresh.value
      for (const drawn of document.querySelectorAll<HTMLInputElement>(".article-under [name=drawn]")) drawn.value = fresh.value
      this.show(page)
    } catch {
      this.dirty = true
      this.savedTarget.textContent = this.unsavedValue
    }
  }

  // show brings what stands beside the text up to date; the text itself is what somebody types in.
  private show(page: Document) {
    this.savedTarget.textContent = page.querySelector('[data-article-target="saved"]')?.textContent ?? ""
    for (const part of this.element.querySelectorAll<HTMLElement>("[data-article-part]")) {
      const fresh = page.querySelector(`[data-article-part="${part.dataset.articlePart}"]`)
      if (fresh) part.replaceChildren(...[...fresh.childNodes].map(node => document.adoptNode(node)))
    }
  }

  private stepAside() {
    this.dirty = true
    this.apartTarget.hidden = false
    this.savedTarget.textContent = ""
  }
}
