// Trix, dressed in our own toolbar. It is a part of its own, so that a page which is only read does not load it.
import { nonce } from "./nonce"

const meta = document.createElement("meta")
meta.name = "trix-csp-nonce"
meta.content = nonce
document.head.append(meta)

const trix = import("trix")

const tools: [attribute: string, key: string, icon: string, label: string][] = [
  ["bold", "b", "bold", "Bold"],
  ["italic", "i", "italic", "Italic"],
  ["href", "k", "link", "Link"],
  ["bullet", "", "list", "Bullets"],
  ["number", "", "list-ordered", "Numbers"],
  ["quote", "", "text-quote", "Quote"],
  ["code", "", "code", "Code"],
]

export async function grow(form: HTMLFormElement, field: HTMLElement, plain: HTMLTextAreaElement) {
  const { default: Trix } = (await trix) as any
  Trix.config.blockAttributes.heading1.tagName = "p"
  const html = form.elements.namedItem("body_html") as HTMLInputElement
  html.id ||= `${form.id}-html`
  if (!html.value) html.value = paragraphs(plain.value)

  const editor = document.createElement("trix-editor")
  const toolbar = document.createElement("trix-toolbar")
  toolbar.id = `${form.id}-tools`
  toolbar.innerHTML = drawToolbar()
  editor.setAttribute("toolbar", toolbar.id)
  editor.setAttribute("input", html.id)
  editor.setAttribute("aria-label", plain.getAttribute("aria-label")!)
  editor.setAttribute("role", "textbox")
  editor.setAttribute("aria-multiline", "true")
  editor.dir = "auto"
  editor.addEventListener("trix-file-accept", event => event.preventDefault())
  editor.addEventListener("trix-change", () => (plain.value = editor.innerText.trim()))
  plain.hidden = true
  plain.required = false
  plain.after(editor, toolbar)
  editor.addEventListener("trix-initialize", () => editor.focus(), { once: true })
}

function paragraphs(text: string): string {
  const holder = document.createElement("div")
  return text.trim().split(/\n{2,}/).filter(Boolean).map(words => {
    holder.textContent = words
    return `<div>${holder.innerHTML.replace(/\n/g, "<br>")}</div>`
  }).join("<div><br></div>")
}

function drawToolbar(): string {
  const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0] || ""
  const buttons = tools.map(([attribute, key, icon, label]) =>
    `<button type="button" class="trix-tool" data-trix-attribute="${attribute}" ${key ? `data-trix-key="${key}"` : ""} title="${label}" tabindex="-1">` +
    `<svg class="icon" aria-hidden="true"><use href="${sprite}#${icon}"></use></svg><span class="unseen">${label}</span></button>`)
  return `<div class="trix-button-row">${buttons.join("")}</div>
    <div class="trix-dialogs" data-trix-dialogs><div class="trix-dialog" data-trix-dialog="href" data-trix-dialog-attribute="href">
      <input type="url" name="href" placeholder="https://" aria-label="Address" required data-trix-input disabled>
      <button type="button" data-trix-method="setAttribute">Link</button><button type="button" data-trix-method="removeAttribute">Remove</button>
    </div></div>`
}
