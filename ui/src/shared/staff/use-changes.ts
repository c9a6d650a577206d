import { useEffect, useRef } from 'react'
import { streamJourneysPath } from '../../client.gen.ts'

const quietMs = 700

/** Calls back soon after an intake of this clinic changed. The browser reconnects by itself; polling is the safety net. */
export function useChanges(onChange: () => void): void {
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const source = new EventSource(streamJourneysPath)
    const told = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => latest.current(), quietMs)
    }
    source.addEventListener('change', told)
    // What changed between the first look and this connection, or while it was lost, was told to nobody.
    source.addEventListener('open', told)
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [])
}
