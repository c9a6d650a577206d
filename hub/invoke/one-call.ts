import { PartnerFault } from '@heliox/core/kit'

/** What an adapter gets, after its signal fired, to say itself what happened. Well under the lease's margin. */
export const abortGraceMs = 500

/**
 * One call with its own time limit. The adapter is told through its signal; one that does not listen is left behind after a
 * short grace, and the caller goes on with `timeout`: the outcome is unknown, and whatever comes later is dropped. `ending` cuts it short.
 */
export function callWithin<T>(timeoutMs: number, call: (signal: AbortSignal) => Promise<T>, graceMs: number = abortGraceMs, ending?: AbortSignal): Promise<T> {
  const timeUp = AbortSignal.timeout(timeoutMs)
  const signal = ending ? AbortSignal.any([timeUp, ending]) : timeUp
  return new Promise<T>((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined
    const noAnswer = (cause?: unknown): PartnerFault =>
      new PartnerFault('timeout', timeUp.aborted ? `No answer within ${timeoutMs / 1000} s.` : 'We had to end before there was an answer.', { cause })
    const onAbort = (): void => {
      grace = setTimeout(() => reject(noAnswer()), graceMs)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    const over = (): void => {
      signal.removeEventListener('abort', onAbort)
      clearTimeout(grace)
    }
    // `async` so that an adapter that throws before its first await is no different from one that rejects.
    const running = (async () => await call(signal))()
    running.then(
      (value) => {
        over()
        resolve(value)
      },
      (error: unknown) => {
        over()
        // An abort that the adapter passed on as it came: fetch and node:net throw their own kinds.
        reject(signal.aborted && !(error instanceof PartnerFault) ? noAnswer(error) : error)
      },
    )
  })
}
