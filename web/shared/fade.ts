// Turbo fades from page to page. A fade that is cut short, because somebody was quicker, is no error that anybody needs to hear of.
export function fadeQuietly() {
  const fade = document.startViewTransition?.bind(document)
  if (!fade) return
  document.startViewTransition = (...given: Parameters<typeof fade>) => {
    const transition = fade(...given)
    transition.ready.catch(() => {})
    return transition
  }
}
