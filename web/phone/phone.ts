import { Controller } from "@hotwired/stimulus"

// Phone looks for the caller while somebody types, shows what became of a mail meanwhile, and lets the length of the call go on. All of
// it comes with the page as well.
export default class Phone extends Controller<HTMLElement> {
  static targets = ["found", "length", "mails"]
  static values = { url: String }
  declare foundTargets: HTMLElement[]
  declare lengthTargets: HTMLElement[]
  declare mailsTarget: HTMLElement
  declare urlValue: string
  private timer = 0
  private asked = 0
  private began = Date.now()
  private spoken?: string

  connect() {
    this.began = Date.now()
    this.timer = window.setInterval(() => this.tick(), 1000)
    window.addEventListener("live:call", this.sent)
  }
  disconnect() {
    window.removeEventListener("live:call", this.sent)
    clearInterval(this.timer)
    clearTimeout(this.asked)
  }

  find(event: Event) {
    const field = event.target as HTMLInputElement
    if (!field.matches("[name=q], [name=said]")) return
    clearTimeout(this.asked)
    this.asked = window.setTimeout(() => this.look(field), 120)
  }

  private async look(field: HTMLInputElement) {
    const place = this.foundTargets[0]
    if (!place) return
    const words = field.value
    const answer = await fetch(`${this.urlValue}?q=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } })
    if (!answer.ok || field.value !== words) return // somebody has typed on, and asks again
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    place.replaceChildren(...(page.getElementById("found")?.childNodes || []))
  }

  // How the mails stand now. The one in which somebody writes another address keeps its field and changes only what it says.
  private sent = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } })
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const fresh = page.querySelector<HTMLElement>("[data-phone-target=mails]")
    if (!fresh) return
    const hand = this.mailsTarget.contains(document.activeElement) && document.activeElement!.closest(".phone-mail")
    if (!hand) return this.mailsTarget.replaceChildren(...fresh.childNodes)
    for (const mail of fresh.querySelectorAll(".phone-mail")) {
      const shown = document.getElementById(mail.id)
      if (!shown) hand.parentElement!.append(mail)
      else if (shown !== hand) shown.replaceWith(mail)
      else hand.querySelector(".phone-mail-state")!.replaceWith(mail.querySelector(".phone-mail-state")!)
    }
  }

  private tick() {
    for (const place of this.lengthTargets) {
      if (place.dataset.spoken !== this.spoken) {
        this.spoken = place.dataset.spoken // the page was refreshed, and has counted up to here itself
        this.began = Date.now()
      }
      const seconds = Number(place.dataset.spoken) + Math.round((Date.now() - this.began) / 1000)
      place.textContent = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    }
  }
}
