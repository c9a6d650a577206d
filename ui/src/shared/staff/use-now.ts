import { useEffect, useState } from 'react'
import { nowMs } from '../time.ts'

/** The time, looked at again every `everyMs`: for what counts down or grows old on the screen. */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(nowMs)
  useEffect(() => {
    if (!running) return
    setNow(nowMs())
    const timer = setInterval(() => setNow(nowMs()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, running])
  return now
}
