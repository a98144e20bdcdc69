// Kept are the words that somebody sends or leaves behind, from that moment until the desk has them. They stay in this tab, under the
// ticket and whoever wrote them. As soon as another person signs in here, they are forgotten.
export interface Words {
  draft: string // the composer they stood in; another one means that they were sent
  body: string
  html: string
  note: string
  writing: string
  had: { body: string; note: string } // what the desk knew of them
}

const mark = "unsent:"

export class Kept {
  private key: string

  constructor(person: string, ticket: string) {
    this.key = `${mark}${person} ${ticket}`
    for (const key of keys()) if (!key.startsWith(`${mark}${person} `)) sessionStorage.removeItem(key)
  }

  put(words: Words) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(words))
    } catch {
      // a tab without room keeps what stands in the page
    }
  }

  take(): Words | null {
    try {
      const words = JSON.parse(sessionStorage.getItem(this.key) || "null")
      this.forget()
      return words
    } catch {
      return null
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.key)
    } catch {
      // nothing was kept
    }
  }
}

function keys(): string[] {
  try {
    return Object.keys(sessionStorage).filter(key => key.startsWith(mark))
  } catch {
    return []
  }
}

// together are the words for a field: those kept, in place of what the desk knew of them. What was written meanwhile stays above.
export function together(now: string, kept: string, had: string): string {
  if (!letters(kept) || letters(now) === letters(kept)) return now
  return !letters(now) || letters(now) === letters(had) ? kept : `${now.trim()}\n\n${kept}`
}

// Plain text and rich text differ in spaces, bullets and the like.
function letters(words: string): string {
  return words.replace(/[^\p{L}\p{N}]/gu, "")
}
