// A "?" in the lower left of a page. It opens the desk's request form in a frame; the page around it is not read and not changed.
// data-user holds who is signed in there, as the page's own server has signed it; data-label is what the button is called.
(() => {
  const tag = document.currentScript
  const home = new URL(tag.src).origin
  const label = tag.dataset.label || "Help"
  const root = document.createElement("div").attachShadow({ mode: "open" })
  const make = (name, attributes, parent) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    return parent.appendChild(element)
  }

  const look = new CSSStyleSheet()
  look.replaceSync(`
    button { font: 600 20px/1 system-ui, sans-serif; cursor: pointer; border: 0; color: #fff; background: #1f5f5b; }
    button:focus-visible { outline: 3px solid #1f5f5b; outline-offset: 3px; }
    .ask { position: fixed; left: max(20px, env(safe-area-inset-left)); bottom: max(20px, env(safe-area-inset-bottom)); z-index: 2147483000; width: 48px; height: 48px; border-radius: 50%; box-shadow: 0 2px 10px rgb(0 0 0 / .25); }
    dialog { position: fixed; inset: auto auto 20px 20px; margin: 0; padding: 0; border: 0; width: min(440px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 40px)); border-radius: 12px; overflow: hidden; background: #fff; box-shadow: 0 12px 48px rgb(0 0 0 / .3); }
    dialog::backdrop { background: rgb(0 0 0 / .2); }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .close { position: absolute; top: 10px; right: 10px; width: 36px; height: 36px; border-radius: 50%; color: #333; background: #eee; }
    @media (width < 520px) { dialog { inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; border-radius: 0; } }
    @media print { :host { display: none; } }`)
  root.adoptedStyleSheets = [look]

  const ask = make("button", { type: "button", class: "ask", "aria-haspopup": "dialog", "aria-label": label, title: label }, root)
  ask.textContent = "?"
  const dialog = make("dialog", { "aria-label": label }, root)
  const close = make("button", { type: "button", class: "close", "aria-label": "Close" }, dialog)
  close.textContent = "×"
  let frame

  ask.addEventListener("click", () => {
    const user = tag.dataset.user
    const address = home + "/widget" + (user ? "?user=" + encodeURIComponent(user) : "")
    if (!frame) frame = make("iframe", { title: label, src: address }, dialog)
    dialog.showModal()
  })
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", event => event.target === dialog && dialog.close())
  dialog.addEventListener("close", () => ask.focus())
  addEventListener("message", event => {
    if (frame && event.source === frame.contentWindow && event.origin === home && event.data === "hark:close") dialog.close()
  })

  const show = () => document.body.append(root.host)
  document.body ? show() : addEventListener("DOMContentLoaded", show)
})()
