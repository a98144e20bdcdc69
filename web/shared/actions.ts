// The registry of actions. What a page offers is what stands on it: every element with data-key is an action, and
// controllers add the few that have no element (moving in a list). Palette and key help read the same registry.
export interface Action {
  key: string
  name: string
  group: string
  run: () => void
}

const added = new Map<string, Action>()

export function add(...actions: Action[]): () => void {
  for (const action of actions) added.set(action.key, action)
  return () => actions.forEach(action => added.get(action.key) === action && added.delete(action.key))
}

export function all(): Action[] {
  const offers = [...document.querySelectorAll<HTMLElement>("[data-key]")].filter(offered)
  const onPage = [...offers.filter(own), ...offers.filter(element => !own(element))].map(fromElement)
  const keys = new Set<string>()
  return [...onPage, ...added.values()].filter(action => !keys.has(action.key) && keys.add(action.key))
}

export function find(key: string): Action | undefined {
  return all().find(action => action.key === key)
}

// What a page offers itself comes before what every page has around it, where both have one key.
function own(element: HTMLElement): boolean {
  return element.closest("main") !== null
}

// An element counts when it could be used: not disabled, not inside something that is switched off. Entries of a
// closed menu count, because the key is the quicker way to them.
function offered(element: HTMLElement): boolean {
  if (element.matches(":disabled, [hidden], [hidden] *")) return false
  return element.getClientRects().length > 0 || element.closest("[popover]") !== null || element.matches("textarea")
}

function fromElement(element: HTMLElement): Action {
  return {
    key: element.dataset.key!,
    name: element.dataset.name || element.title || element.textContent!.trim().replace(/\s+/g, " "),
    group: element.dataset.group || "",
    run: () => use(element),
  }
}

function use(element: HTMLElement) {
  if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, trix-editor")) {
    element.dispatchEvent(new CustomEvent("actions:reach", { bubbles: true }))
    element.focus()
  } else {
    element.click()
  }
}
