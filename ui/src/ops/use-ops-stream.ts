import { useEffect, useRef } from 'react'
import { streamOpsPath } from '../client.gen.ts'

type OpsEvent = 'item' | 'incident' | 'breaker'
const kinds: readonly OpsEvent[] = ['item', 'incident', 'breaker']
/** A burst of changes is one look. */
const quietMs = 700

type Listener = (event: OpsEvent) => void
const listeners = new Set<Listener>()
let source: EventSource | undefined

function tell(kind: OpsEvent): void {
  for (const listener of listeners) listener(kind)
}
function connect(): void {
  source = new EventSource(streamOpsPath)
  for (const kind of kinds) source.addEventListener(kind, () => tell(kind))
  // What changed between a part's first look and this connection, or while it was lost, was told to nobody.
  source.addEventListener('open', () => {
    for (const kind of kinds) tell(kind)
  })
}

/**
 * Calls back soon after something of this clinic's operations changed. One connection a page, however many parts listen: a
 * browser grants six to one host. It reconnects by itself; each part also looks by itself every now and then.
 */
export function useOpsStream(onChange: (event: OpsEvent) => void): void {
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    const waiting = new Map<OpsEvent, ReturnType<typeof setTimeout>>()
    const listener: Listener = (event) => {
      clearTimeout(waiting.get(event))
      waiting.set(
        event,
        setTimeout(() => latest.current(event), quietMs),
      )
    }
    listeners.add(listener)
    if (listeners.size === 1) connect()
    return () => {
      listeners.delete(listener)
      for (const timer of waiting.values()) clearTimeout(timer)
      if (listeners.size === 0) source?.close()
    }
  }, [])
}
