// The policy of the first page stays in force while Turbo changes pages, and so does its nonce: keep it before the
// head is merged with the next page's.
const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')
export const nonce = meta?.nonce || meta?.content || ""
