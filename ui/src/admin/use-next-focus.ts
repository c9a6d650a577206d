import { useEffect, useRef } from 'react'

/** Where the focus goes once what was pressed has changed the page: to what came, or to what stands where something went. */
export function useNextFocus(): (id: string) => void {
  const next = useRef<string | null>(null)
  useEffect(() => {
    const id = next.current
    next.current = null
    if (id) document.getElementById(id)?.focus()
  })
  return (id) => {
    next.current = id
  }
}
