import { Controller } from "@hotwired/stimulus"
import * as Turbo from "@hotwired/turbo"

// Live listens to the desk's events. News never moves what is under the hand: a list that somebody has a hand on says
// "2 new" and waits to be asked; a ticket grows at its end and keeps the half-typed reply, which is permanent.
//
// The stream carries: list {"view","count"}, ticket {"id","audit","says"}, presence {"id"}, counts {"inbox","phone"}, clock {"says"},
// wall {}, call {"id"}, ring {"id","says"}, quiet {"id"}.
//
// Only a page that is seen listens. A browser keeps six connections to a host over HTTP/1.1, and every stream holds one of them: pages
// that lie behind others give theirs back, and ask for what they missed when they are seen again.
export default class Live extends Controller<HTMLElement> {
  static targets = ["page"]
  static values = { url: String, subject: String, since: String }
  declare urlValue: string
  declare subjectValue: string
  declare sinceValue: string
  private stream?: EventSource
  private waiting = 0
  private missed = false // something may have happened while the page did not listen
  private patience = 2000 // milliseconds until it asks again after an error
  private asked = false // for the page anew, and it has not come yet

  connect() {
    document.addEventListener("turbo:submit-start", this.overtaken)
    document.addEventListener("turbo:before-render", this.spare)
    document.addEventListener("visibilitychange", this.turn)
    window.addEventListener("pagehide", this.rest)
    window.addEventListener("pageshow", this.turn)
    this.turn()
  }
  disconnect() {
    document.removeEventListener("visibilitychange", this.turn)
    window.removeEventListener("pagehide", this.rest)
    window.removeEventListener("pageshow", this.turn)
    document.removeEventListener("turbo:submit-start", this.overtaken)
    document.removeEventListener("turbo:before-render", this.spare)
    window.clearTimeout(this.waiting)
    this.rest()
  }

  private turn = () => (document.hidden ? this.rest() : this.wake())

  // The back/forward cache takes only pages that have no stream.
  private rest = () => {
    this.stream?.close()
    this.stream = undefined
    this.missed = true
  }

  // The stream tells what is newer than the page. A page that does not say how old it is asks for itself anew.
  private wake() {
    if (this.stream) return
    const missed = this.missed
    this.missed = false
    document.querySelectorAll("[id^=ring-]").forEach(toast => toast.remove()) // those that still ring are told of again
    this.listen(missed)
    if (missed && this.urlValue) void this.askWhoElse()
  }

  // A page that was refreshed in place shows newer things: what counts as news begins anew.
  sinceValueChanged(_now: string, before: string | undefined) {
    if (before !== undefined && this.stream) this.listen()
  }

  private listen(missed = false) {
    if (!this.urlValue) return
    this.stream?.close()
    this.stream = new EventSource(`${this.urlValue}?subject=${encodeURIComponent(this.subjectValue)}&since=${encodeURIComponent(this.sinceValue)}${missed ? "&missed=yes" : ""}`)
    this.stream.addEventListener("open", () => (this.patience = 2000))
    this.stream.addEventListener("error", this.refused)
    this.on("list", news => this.announceRows(news))
    this.on("ticket", news => this.refreshTicket(news))
    this.on("presence", () => this.askWhoElse())
    this.on("counts", news => this.count(news))
    this.on("call", news => this.refreshCall(news))
    this.on("ring", news => this.ring(news))
    this.on("quiet", news => document.getElementById(`ring-${news.id}`)?.remove())
    this.on("wall", () => Turbo.session.refresh(location.href))
    this.on("clock", news => this.tell("[data-live-clock]", news.says))
  }

  // A browser asks again by itself when a connection breaks, and gives up for good when it is answered with an error, as while the
  // database is away. A page in use does not give up. It asks at moments of its own, so that not all pages of a desk come back at once.
  private refused = () => {
    const stream = this.stream
    if (stream?.readyState !== EventSource.CLOSED) return
    window.setTimeout(() => stream === this.stream && this.listen(true), this.patience * (0.5 + Math.random()))
    this.patience = Math.min(2 * this.patience, 60000)
  }

  private on(name: string, then: (news: any) => void) {
    this.stream!.addEventListener(name, event => then(JSON.parse((event as MessageEvent).data)))
  }

  private announceRows(news: { view: string; count: number }) {
    const bar = document.getElementById("new-rows")
    if (!bar || this.subjectValue !== `list:${news.view}`) return
    bar.querySelector("[data-count]")!.textContent = String(news.count)
    bar.hidden = news.count === 0
    this.say(bar.textContent!.trim())
    if (news.count > 0 && untouched() && !onItsWay()) Turbo.session.refresh(location.href)
  }

  private refreshTicket(news: { id: string; says: string }) {
    if (this.subjectValue !== `ticket:${news.id}`) return
    window.dispatchEvent(new CustomEvent("live:ticket", { detail: news }))
    this.say(news.says)
    this.refreshWhenFree()
  }

  // News never takes an open menu away, nor what was chosen beside the conversation and not sent: it waits for them, and for a page or
  // an answer that is on its way.
  private refreshWhenFree = () => {
    window.clearTimeout(this.waiting)
    if (underWay() || onItsWay()) {
      this.waiting = window.setTimeout(this.refreshWhenFree, 500)
      return
    }
    this.asked = true
    Turbo.session.refresh(location.href)
  }

  // What somebody sends brings a page by itself.
  private overtaken = () => (this.asked = false)

  // A menu that was opened while the page was asked for is spared as well: this page is not shown, another is asked for later.
  private spare = (event: Event) => {
    if (this.asked && underWay()) {
      ;(event as CustomEvent).detail.render = async () => {}
      this.refreshWhenFree()
    }
    this.asked = false
  }

  // A call's screen grows in place. While somebody types in it, or has left words in a field, only what was sent is news.
  private refreshCall(news: { id: string }) {
    if (this.subjectValue !== `call:${news.id}` && this.subjectValue !== "calls") return
    const field = typing()
    if (!field && !written() && !onItsWay()) return Turbo.session.refresh(location.href)
    window.dispatchEvent(new CustomEvent("live:call", { detail: news }))
    field?.addEventListener("focusout", this.later)
  }

  // The rest comes when the field is left empty. A form that is under way brings a new page by itself.
  private later = (event: Event) => {
    event.currentTarget!.removeEventListener("focusout", this.later)
    window.setTimeout(() => {
      const field = typing()
      if (field) return field.addEventListener("focusout", this.later)
      if (!written() && !onItsWay()) Turbo.session.refresh(location.href)
    }, 400)
  }

  // A call that rings offers itself and takes nothing away. Whoever sits before the list of calls and does nothing else waits for it: it
  // opens by itself.
  private ring(news: { id: string; says: string }) {
    if (this.subjectValue === "calls" && !typing() && !document.querySelector("dialog[open], :popover-open")) return Turbo.visit(`/phone/${news.id}`)
    const toasts = document.getElementById("toasts")
    if (!toasts || document.getElementById(`ring-${news.id}`)) return
    const toast = document.createElement("div")
    toast.className = "toast"
    toast.id = `ring-${news.id}`
    const says = document.createElement("span")
    says.textContent = news.says
    const link = document.createElement("a")
    link.href = `/phone/${news.id}`
    link.className = "toast-undo"
    link.textContent = "Open"
    toast.append(says, link)
    toasts.append(toast)
  }

  // Who came or went is not in the news; the page asks, as its reader.
  private async askWhoElse() {
    const place = document.querySelector<HTMLElement>("[data-presence]")
    const answer = place && (await fetch(place.dataset.presence!))
    if (place && answer?.ok) place.textContent = await answer.text()
  }

  private count(news: Record<string, string>) {
    for (const [place, count] of Object.entries(news)) this.tell(`[data-live-count="${place}"]`, count)
  }

  private tell(selector: string, words: string) {
    document.querySelectorAll(selector).forEach(element => (element.textContent = words))
  }

  private say(words: string) {
    const region = document.getElementById("news")
    if (region && words) region.textContent = words
  }
}

// untouched says that no row has the focus, the pointer or a tick, and that the list stands at its top.
function untouched(): boolean {
  return window.scrollY < 40 && !document.querySelector(".rows:hover, .rows :focus, .row-box:checked, dialog[open], :popover-open")
}

// underWay says that a menu is open, or that a choice beside the conversation has been made and not sent.
function underWay(): boolean {
  const fields = document.querySelectorAll<Field>(".ticket-side :is(input:not([type=hidden]), textarea, select)")
  return Boolean(document.querySelector(":popover-open")) || [...fields].some(changed)
}

// onItsWay says that a page is asked for or a form is sent. It brings a page by itself, and asking for another would end it.
function onItsWay(): boolean {
  return Boolean(Turbo.navigator.currentVisit || document.querySelector("form[aria-busy], html[aria-busy]"))
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

// changed says that a field does not hold what the page came with.
function changed(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return field.selectedIndex !== Math.max(0, [...field.options].findIndex(option => option.defaultSelected))
  return field.value !== field.defaultValue || (field instanceof HTMLInputElement && field.checked !== field.defaultChecked)
}

// typing is the field of a call's page that has the focus.
function typing(): HTMLElement | null {
  const field = document.activeElement
  return field instanceof HTMLElement && field.matches("input:not([type=hidden]), textarea, select") && field.closest(".phone, .phones") ? field : null
}

// written says that a field of the page holds words that nobody has sent.
function written(): boolean {
  const fields = document.querySelectorAll<Field>(".phone textarea, .phone input:not([type=hidden])")
  return [...fields].some(changed)
}
