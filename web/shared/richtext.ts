// Trix, dressed in our own toolbar. It is a part of its own, so that a page which is only read does not load it.
import { nonce } from "./nonce"

export type TrixEditor = HTMLElement & {
  editor: { setSelectedRange(at: number): void; getDocument(): { getLength(): number }; insertString(words: string): void; insertHTML(html: string): void }
  editorController: { render(): void }
}

const meta = document.createElement("meta")
meta.name = "trix-csp-nonce"
meta.content = nonce
document.head.append(meta)

const trix = import("trix")

const tools: [attribute: string, key: string, icon: string][] = [
  ["bold", "b", "bold"],
  ["italic", "i", "italic"],
  ["href", "", "link"],
  ["bullet", "", "list"],
  ["number", "", "list-ordered"],
  ["quote", "", "text-quote"],
  ["code", "", "code"],
]

// grow puts a rich text field in place of the plain one, which goes on holding the same words as plain text.
export async function grow(form: HTMLFormElement, plain: HTMLTextAreaElement, names: Record<string, string>) {
  await trix
  await customElements.whenDefined("trix-editor") // it defines them a moment after it is loaded
  const html = form.elements.namedItem("body_html") as HTMLInputElement
  html.id ||= `${form.id}-html`
  if (!html.value) html.value = paragraphs(plain.value)

  const editor = document.createElement("trix-editor")
  const toolbar = document.createElement("trix-toolbar")
  toolbar.id = `${form.id}-tools`
  toolbar.innerHTML = drawToolbar(names)
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
  editor.addEventListener("trix-initialize", () => writeOn(editor as TrixEditor), { once: true })
}

// writeOn puts the caret behind what stands there already.
function writeOn(field: TrixEditor) {
  field.focus()
  field.editor.setSelectedRange(field.editor.getDocument().getLength() - 1)
}

function paragraphs(text: string): string {
  const holder = document.createElement("div")
  return text.trim().split(/\n{2,}/).filter(Boolean).map(words => {
    holder.textContent = words
    return `<div>${holder.innerHTML.replace(/\n/g, "<br>")}</div>`
  }).join("<div><br></div>")
}

function drawToolbar(names: Record<string, string>): string {
  const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0] || ""
  const buttons = tools.map(([attribute, key, icon]) =>
    `<button type="button" class="trix-tool" data-trix-attribute="${attribute}" ${key ? `data-trix-key="${key}"` : ""} title="${safe(names[attribute])}" tabindex="-1">` +
    `<svg class="icon" aria-hidden="true"><use href="${sprite}#${icon}"></use></svg><span class="unseen">${safe(names[attribute])}</span></button>`)
  return `<div class="trix-button-row">${buttons.join("")}</div>
    <div class="trix-dialogs" data-trix-dialogs><div class="trix-dialog" data-trix-dialog="href" data-trix-dialog-attribute="href">
      <input type="url" name="href" placeholder="https://" aria-label="${safe(names.address)}" required data-trix-input disabled>
      <button type="button" data-trix-method="setAttribute">${safe(names.href)}</button><button type="button" data-trix-method="removeAttribute">${safe(names.remove)}</button>
    </div></div>`
}

function safe(words: string): string {
  return words.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
}
