import { actorText } from '@heliox/core/identity'
import type { MessageReason } from '@heliox/core/messaging'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal, type RefusalCode } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { getMessageRules, listMessages, saveMessageRules, sendMessage, setOptOut } from './schemas.ts'

/** Why an invitation cannot be sent; the other reasons are of what was sent. */
const refusalOf: Partial<Record<MessageReason, RefusalCode>> = {
  'opted-out': 'message-stopped',
  'no-address': 'message-no-address',
  'no-channel': 'message-not-set-up',
  'no-link': 'message-no-link',
  'visit-limit': 'message-limit',
  finished: 'intake-closed',
  cancelled: 'visit-not-possible',
  over: 'visit-over',
}

/** Messages at the front desk. Nothing is sent here: a click is a row and an event, and a flow asks once more whether it may leave. */
export function messageHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { messages } = deps

  mount(app, deps, sendMessage, async ({ caller: { user, actor }, params, body, now, request }) => {
    const sent = await messages.send(user.tenantId, params.intakeId, body, actorText(actor), now, request.traceparent)
    if (sent.is === 'sent') return sent.message
    if (sent.is === 'not-possible') throw new Refusal(refusalOf[sent.reason] ?? 'visit-not-possible')
    throw new Refusal(sent.is === 'too-many' ? 'too-many-messages' : 'not-found')
  })

  mount(app, deps, listMessages, async ({ caller: { user }, params, now }) => {
    const { messages: rows, ...rest } = found(await messages.ofVisit(user.tenantId, params.intakeId, now))
    return { ...rest, messages: [...rows] }
  })

  mount(app, deps, setOptOut, async ({ caller: { user, actor }, params: { intakeId, channel }, body, now }) => {
    const outcome = await messages.setOptOut(user.tenantId, intakeId, { channel, out: body.out }, actorText(actor), now)
    if (outcome === 'set') return undefined
    if (outcome === 'patients-word') throw new Refusal(channel === 'sms' ? 'texts-stopped-by-patient' : 'mails-stopped-by-patient')
    throw new Refusal(outcome === 'not-found' ? 'not-found' : 'message-no-address')
  })

  mount(app, deps, getMessageRules, ({ caller: { user } }) => messages.rules(user.tenantId))

  mount(app, deps, saveMessageRules, async ({ caller: { user, actor }, body, now }) => {
    await messages.saveRules(user.tenantId, body, actorText(actor), now)
    return undefined
  })
}
