import { type Delivery, delayMsMax, type Handler, messageBytesMax, type Verdict } from './bus.ts'

/** What a handler answered, or that it threw. */
export type Outcome = Verdict | { readonly is: 'failed'; readonly error: unknown }

/** Runs a handler so that nothing it does can reach the driver's loop. */
export async function judge(handler: Handler, delivery: Delivery): Promise<Outcome> {
  try {
    const verdict = await handler(delivery)
    return verdict.is === 'later' ? { is: 'later', delayMs: boundedDelayMs(verdict.delayMs) } : verdict
  } catch (error) {
    return { is: 'failed', error }
  }
}

/** Cut, not refused: coming back early is harmless, being lost is not. */
const boundedDelayMs = (delayMs: number): number => (Number.isFinite(delayMs) ? Math.min(Math.max(Math.ceil(delayMs), 0), delayMsMax) : delayMsMax)

const reasonCharsMax = 300
export const shortReason = (reason: string): string => reason.slice(0, reasonCharsMax)
export const overLimitReason = (deliveriesMax: number | undefined): string =>
  deliveriesMax === undefined ? 'handed out too often without an answer' : `handed out ${deliveriesMax} times without an answer`

/** As it goes onto the bus. */
export function correctedContent(corrected: object): Buffer {
  const content = Buffer.from(JSON.stringify(corrected), 'utf8')
  if (content.byteLength > messageBytesMax) throw new Error(`a corrected message may have ${messageBytesMax} bytes at most`)
  return content
}
