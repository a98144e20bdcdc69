// Files are chosen in the field, and where there is script they can also be pasted and dropped anywhere on their form. The field holds
// them either way, so that the form is sent as it always was.
export function takeFiles(form: HTMLFormElement) {
  const field = form.querySelector<HTMLInputElement>("input[type=file]")
  if (!field) return
  const hint = form.querySelector(`#${field.id}-hint`)
  if (hint && form.dataset.drop) hint.append(` ${form.dataset.drop}`)
  form.addEventListener("paste", event => add(field, event.clipboardData, event))
  form.addEventListener("dragover", event => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
  })
  form.addEventListener("drop", event => add(field, event.dataTransfer, event))
}

function add(field: HTMLInputElement, from: DataTransfer | null, event: Event) {
  if (!from || from.files.length === 0) return
  event.preventDefault()
  const all = new DataTransfer()
  for (const file of [...field.files!, ...from.files]) all.items.add(file)
  field.files = all.files
  field.focus()
}

// Ctrl+Enter in a field sends its form.
export function sendByKey(form: HTMLFormElement) {
  form.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
}
