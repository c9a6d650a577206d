import { type Answer, type Health, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { MailMessage, MessageRefused, MessageSent } from '@heliox/core/messaging'
import type { MailContext } from './config.ts'
import { letterOf, messageIdOf } from './letter.ts'
import { greet, handIn } from './smtp/hand-in.ts'

type Message = ValueOf<typeof MailMessage>
type MailAnswer = Answer<ValueOf<typeof MessageSent>, ValueOf<typeof MessageRefused>>

export async function sendMail(message: Message, ctx: MailContext): Promise<MailAnswer> {
  const { messageId, notAfter } = message
  if (notAfter !== null && Date.parse(notAfter) <= ctx.now().getTime()) return { is: 'rejected', value: { messageId, reason: 'too-late', code: 'too-late' } }
  const handed = await handIn(ctx, { from: ctx.config.fromAddress, to: message.to }, await letterOf(message, ctx))
  if (handed !== 'accepted') return { is: 'rejected', value: { messageId, ...handed } }
  return { is: 'ok', value: { messageId, providerId: messageIdOf(message, ctx).slice(1, -1), state: 'sent' } }
}

/** SMTP answers no questions about yesterday. */
export const findMail = async (): Promise<'cannot-tell'> => 'cannot-tell'

const healthTimeoutMs = 8_000

/** Up to the point where a mail would begin. */
export async function checkHealth(ctx: MailContext): Promise<Health> {
  try {
    const greeted = await greet({ ...ctx, signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(healthTimeoutMs)]) })
    return greeted === 'accepted' ? { ok: true, text: 'The mail server lets us in.' } : { ok: false, text: 'The mail server does not let us in.' }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}
