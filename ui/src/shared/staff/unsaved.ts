import { useEffect } from 'react'
import { staff } from '../messages/staff.ts'

/** Editors on this page with words that are kept nowhere else yet, and where they stand. */
const unsaved = new Map<symbol, { href: string; pathname: string }>()
/** True where nothing would be lost, or the person says that it may be. */
const mayLeave = (): boolean => unsaved.size === 0 || window.confirm(staff.leaveUnsaved)

/** Published: what stands in the editor is kept, though it is still on the screen. */
export const wordsAreKept = (): void => unsaved.clear()

/** For the router: a link of this app leaves an editor only when the person agrees. Another query of the same page leaves nothing. */
export function askFirst(navigate: (to: string, options?: object) => void, to: string, options?: object): void {
  if (new URL(to, window.location.href).pathname === window.location.pathname || mayLeave()) navigate(to, options)
}

/**
 * Asks before words are lost where the router is not asked: when the page itself goes (a link of the menu, a reload, a closed tab), by the browser's own
 * question, and at "back". Called before the page is drawn: listeners of the window are called in the order in which they came, and the router, once
 * told, has taken the editor away. By then the address has changed; it is put back, and the router hears nothing of it.
 */
export function watchLeaving(): void {
  window.addEventListener('beforeunload', (event) => {
    if (unsaved.size > 0) event.preventDefault()
  })
  window.addEventListener('popstate', (event) => {
    const [at] = unsaved.values()
    // A jump within the page is no leaving.
    if (!at || window.location.pathname === at.pathname || mayLeave()) return
    event.stopImmediatePropagation()
    window.history.pushState(null, '', at.href)
  })
}

export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return
    const editor = Symbol('editor')
    const { href, pathname } = window.location
    unsaved.set(editor, { href, pathname })
    return () => {
      unsaved.delete(editor)
    }
  }, [isUnsaved])
}
