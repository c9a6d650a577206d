import { useEffect, useRef, useSyncExternalStore } from 'react'

const storageKey = 'heliox.letter-keys'
const listeners = new Set<() => void>()
const subscribe = (changed: () => void): (() => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}
function letterKeys(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

/** Single letters disturb who dictates or types with help, so a person may turn them off (WCAG 2.1.4). Kept in this browser. */
export function useLetterKeys(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, letterKeys)
  const set = (next: boolean): void => {
    try {
      localStorage.setItem(storageKey, next ? 'on' : 'off')
    } catch {
      // A browser that keeps nothing keeps the keys on.
    }
    for (const changed of listeners) changed()
  }
  return [on, set]
}

/** Where a letter is text, or belongs to what is open over the page. */
const taken = 'input:not([type=checkbox]):not([type=radio]), select, textarea, [role=menu]'
const mayRepeat = new Set(['j', 'k'])

/** True when the key belongs to the page: no modifier, no field, no menu, no dialog. */
function isPageKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  if (event.repeat && !mayRepeat.has(event.key)) return false
  if (document.querySelector('[role=dialog], [role=alertdialog]')) return false
  return !(event.target instanceof Element && event.target.closest(taken))
}

/** One letter, one action, for the whole page. A handler that is undefined leaves its key alone. */
export function useKeys(handlers: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(handlers)
  latest.current = handlers
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const handler = letterKeys() ? latest.current[event.key] : undefined
      if (!handler || !isPageKey(event)) return
      event.preventDefault()
      handler()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
