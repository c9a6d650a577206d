import { useSyncExternalStore } from 'react'

const query = '(min-width: 800px)'
const subscribe = (changed: () => void): (() => void) => {
  const list = window.matchMedia(query)
  list.addEventListener('change', changed)
  return () => list.removeEventListener('change', changed)
}
/** Room for a table; on a phone the same rows are a list of cards. */
export const useWide = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
