import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { MessageRefusal, MessageRefused, MessageSent, TextMessage } from '@heliox/core/messaging'
import { z } from 'zod'
import { refusalOf } from './codes.ts'
import type { TwilioContext } from './config.ts'
import { codeOf, openTwilio } from './transport/client.ts'

type Message = ValueOf<typeof TextMessage>
type MessageAnswer = Answer<ValueOf<typeof MessageSent>, ValueOf<typeof MessageRefused>>

/** Twilio takes up to ten hours. */
const validitySecondsMax = 36_000
/** Clocks differ, and Twilio's moments are whole seconds. */
const clockMarginMs = 60_000
/** To one number since our first try. */
const pageMax = 100

export async function sendMessage(message: Message, ctx: TwilioContext): Promise<MessageAnswer> {
  const leftMs = message.notAfter === null ? Number.POSITIVE_INFINITY : Date.parse(message.notAfter) - ctx.now().getTime()
  if (leftMs <= 0) return refused(message, 'too-late', 'too-late')
  // Remembers when this message was tried first, so that a lost answer is looked for from there on.
  await firstTry(message, ctx)
  const { sender } = ctx.config
  const statusCallback = ctx.config.webhooks && ctx.hookUrl !== undefined ? `${ctx.hookUrl}?m=${message.messageId}` : undefined
  try {
    const created = await openTwilio(ctx).messages.create({
      to: message.to,
      body: message.body,
      ...(sender.startsWith('MG') ? { messagingServiceSid: sender } : { from: sender }),
      ...(statusCallback !== undefined && { statusCallback }),
      // Else Twilio may write it anew, and what is looked for later is no longer there.
      smartEncoded: false,
      ...(leftMs !== Number.POSITIVE_INFINITY && { validityPeriod: Math.min(validitySecondsMax, Math.max(1, Math.floor(leftMs / 1000))) }),
    })
    return answerOf(message, created)
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    const code = codeOf(error)
    const reason = refusalOf(code)
    if (reason) return refused(message, reason, String(code))
    throw new PartnerFault('contract', 'Twilio does not understand our request.', { detail: `code ${code ?? '-'}` })
  }
}

/**
 * What became of an earlier send. Twilio takes no key of ours, so the message is known by whom it went to, what it says (its link is one
 * patient's) and when. The same text to the same number within the margin counts as sent: the patient has it.
 */
export async function findMessage(message: Message, ctx: TwilioContext): Promise<MessageAnswer | 'not-found' | 'cannot-tell'> {
  const sinceMs = (await firstTry(message, ctx)).getTime() - clockMarginMs
  const listed = await list(message, ctx)
  if (listed === 'cannot-tell') return listed
  const found = listed.filter((one) => one.direction.startsWith('outbound') && one.body.endsWith(message.body) && one.dateCreated.getTime() >= sinceMs)
  // Newest first. One that Twilio could not deliver does not hide one that it could.
  const best = found.find(({ status }) => !lost.has(status)) ?? found[0]
  if (best) return answerOf(message, best)
  const oldest = listed.at(-1)
  return listed.length === pageMax && oldest && oldest.dateCreated.getTime() >= sinceMs ? 'cannot-tell' : 'not-found'
}

const Listed = z.object({
  sid: z.string(),
  status: z.string(),
  errorCode: z.number().nullish(),
  direction: z.string(),
  body: z.string(),
  dateCreated: z.date(),
})

/** A fault here must not look like "nothing happened": it stays uncertain, or a person looks. */
async function list(message: Message, ctx: TwilioContext): Promise<z.output<typeof Listed>[] | 'cannot-tell'> {
  try {
    const { instances } = await openTwilio(ctx).messages.page({ to: message.to, pageSize: pageMax })
    const listed = z.array(Listed).safeParse(instances)
    return listed.success ? listed.data : 'cannot-tell'
  } catch (error) {
    if (!(error instanceof PartnerFault) || error.kind === 'credentials' || error.kind === 'contract') return 'cannot-tell'
    const { kind, detail, retryAfterMs } = error
    throw new PartnerFault(kind === 'timeout' ? 'timeout' : 'uncertain', 'Twilio could not be asked what became of the message.', { detail, retryAfterMs })
  }
}

const firstTry = async ({ messageId }: Message, ctx: TwilioContext): Promise<Date> => (await ctx.numbers.take('messages', messageId)).takenAt

const Created = z.object({ sid: z.string().regex(/^[A-Z]{2}[0-9a-fA-F]{32}$/), status: z.string(), errorCode: z.number().nullish() })
/** States that say that nobody got it. */
const lost: ReadonlySet<string> = new Set(['failed', 'undelivered', 'canceled'])

/** Parsed on the way in, whatever the SDK's types promise. What became of it after it was taken is told by receipts. */
function answerOf(message: Message, value: unknown): MessageAnswer {
  const created = Created.safeParse(value)
  if (!created.success) throw new PartnerFault('contract', 'Twilio answered with something that is no message.')
  const { sid, status, errorCode } = created.data
  if (lost.has(status)) return refused(message, refusalOf(errorCode) ?? 'number-unreachable', String(errorCode ?? status))
  return { is: 'ok', value: { messageId: message.messageId, providerId: sid, state: 'queued' } }
}

const refused = ({ messageId }: Message, reason: MessageRefusal, code: string): MessageAnswer => ({ is: 'rejected', value: { messageId, reason, code } })
