import type { CallContext } from '@heliox/core/kit'
import type { ClearinghouseConfig } from './config.ts'

/**
 * ISA13 and GS06 of one effect, and the moment that its envelope says. One counter for both doors: a number is unique per sender and
 * receiver, whichever way it goes. The same effect keeps its number, so a resend of unknown outcome is known by it (TA1 025).
 */
export function takeControlNumber(
  ctx: Pick<CallContext<ClearinghouseConfig, unknown>, 'config' | 'numbers' | 'idempotencyKey'>,
): Promise<{ number: number; takenAt: Date }> {
  const { submitterId, receiverId, usage } = ctx.config
  return ctx.numbers.take(`${submitterId}/${receiverId}/${usage}`, ctx.idempotencyKey)
}
