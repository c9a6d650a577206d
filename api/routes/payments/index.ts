import { planProblem } from '@heliox/core/billing'
import { localTime } from '@heliox/core/catalog'
import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal, type RefusalCode } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { signedFrom } from '../../kit/signed-from.ts'
import { askMethod, closePlan, createCharge, createPlan, createRefund, endCharge, getPayments, leaveMethod, signPlan } from './schemas.ts'

const refusalOf = {
  conflict: 'payment-conflict',
  'charged-already': 'charged-already',
  'no-method': 'no-method',
  'no-authorisation': 'no-authorisation',
  'not-found': 'not-found',
  'not-charged': 'not-charged',
  'too-much': 'refund-too-much',
  'changed-meanwhile': 'changed-meanwhile',
  'visit-cancelled': 'visit-off',
  'not-waiting': 'nothing-waiting',
  'not-asked': 'method-not-asked',
  'too-many': 'too-many-methods',
  expired: 'plan-expired',
} as const satisfies Record<string, RefusalCode>
/** The outcomes that change nothing are refusals; the rest is an answer. */
function refuse(outcome: string): void {
  if (Object.hasOwn(refusalOf, outcome)) throw new Refusal(refusalOf[outcome as keyof typeof refusalOf])
}
const planText = {
  dates: 'must be dates in order, the first after today, the last within about two years',
  amounts: 'must be amounts above nothing, in all at most what a plan may be',
  number: 'must be one at least, and not more than a plan may have',
} as const

/** Money at the front desk. Nothing is asked of the partner here: each click is a row and an event, and a flow does it. */
export function paymentHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { payments, clinic } = deps

  mount(app, deps, getPayments, async ({ caller: { user }, params, now }) => found(await payments.view(user.tenantId, params.intakeId, now)))

  mount(app, deps, createCharge, async ({ caller: { user, actor }, params: { intakeId }, body, now, request }) => {
    const wish = { id: body.chargeId, intakeId, amountMinor: body.amountMinor }
    refuse(await payments.charge(user.tenantId, wish, actorText(actor), now, request.traceparent))
    return { chargeId: body.chargeId }
  })

  mount(app, deps, endCharge, async ({ caller: { user, actor }, params, now }) => {
    refuse(await payments.stopCharge(user.tenantId, params.chargeId, actorText(actor), now))
    return undefined
  })

  mount(app, deps, askMethod, async ({ caller: { user, actor }, params: { intakeId }, body, now }) => {
    refuse(await payments.askForMethod(user.tenantId, { id: body.requestId, intakeId }, actorText(actor), now))
    return undefined
  })

  mount(app, deps, leaveMethod, async ({ caller: { link }, body, now, request }) => {
    const { methodId: id, confirmationTokenId, authorisation } = body
    const { textId, textSha256 } = authorisation
    const { timeZone } = await clinic.tenant(link.tenantId)
    const left = { id, confirmationTokenId, authorisation: { textId, textSha256, signedFrom: signedFrom(request), timeZone } }
    const outcome = await payments.leaveMethod(link, left, now, request.traceparent)
    if (outcome === 'not-shown') throw new Refusal('invalid', [{ path: 'authorisation', message: 'must be the text about keeping a card that is in force' }])
    refuse(outcome)
    return undefined
  })

  mount(app, deps, createRefund, async ({ caller: { user, actor }, params: { chargeId }, body, now, request }) => {
    const { refundId, ...wish } = body
    refuse(await payments.refund(user.tenantId, { id: refundId, chargeId, ...wish }, actorText(actor), now, request.traceparent))
    return { refundId }
  })

  mount(app, deps, createPlan, async ({ caller: { user, actor }, params: { intakeId }, body, now }) => {
    const { timeZone } = await clinic.tenant(user.tenantId)
    const problem = planProblem(body, localTime(now, timeZone).date)
    if (problem) throw new Refusal('invalid', [{ path: 'instalments', message: planText[problem] }])
    refuse(await payments.proposePlan(user.tenantId, { id: body.planId, intakeId, instalments: body.instalments }, timeZone, actorText(actor), now))
    return { planId: body.planId }
  })

  mount(app, deps, closePlan, async ({ caller: { user, actor }, params, now }) => {
    refuse(await payments.endPlan(user.tenantId, params.planId, actorText(actor), now))
    return undefined
  })

  mount(app, deps, signPlan, async ({ caller: { link }, body, now }) => {
    refuse(await payments.agreePlan(link, body, now))
    return undefined
  })
}
