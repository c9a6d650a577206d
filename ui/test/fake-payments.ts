import type { MethodAsked, NewCharge, NewPlan, NewRefund, PaymentsView } from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { soon, uuid } from './fake-kit.ts'

/** Money of one visit as the API would tell it: a card, a copay that the insurer names, an instalment that was declined. */
export const freshPayments = (): PaymentsView => ({
  method: { status: 'stored', kind: 'card', code: null },
  unauthorised: null,
  copayMinor: 2500,
  currency: 'USD',
  charges: [
    {
      ...{ id: uuid(91), purpose: 'instalment', amountMinor: 5000, currency: 'USD', status: 'scheduled', next: null, code: null, attempt: 2 },
      ...{ withPatient: false, stopping: false, dueAt: soon(60), at: soon(-10), refundableMinor: 0, refunds: [] },
    },
    {
      ...{ id: uuid(90), purpose: 'instalment', amountMinor: 5000, currency: 'USD', status: 'declined', next: 'later', code: 'insufficient_funds' },
      ...{ withPatient: false, stopping: false, attempt: 1, dueAt: null, at: soon(-12), refundableMinor: 0, refunds: [] },
    },
  ],
  askedAt: null,
  offer: null,
  plans: [
    {
      ...{ id: uuid(95), status: 'agreed', totalMinor: 10_000, currency: 'USD', proposedAt: soon(-200), agreedAt: soon(-190) },
      instalments: [
        { number: 1, dueOn: '2027-03-02', amountMinor: 5000, status: 'scheduled' },
        { number: 2, dueOn: '2027-04-02', amountMinor: 5000, status: 'waiting' },
      ],
    },
  ],
})

export function answerPayments(data: PaymentsView, method: string, path: string, body: unknown): Answer {
  if (method === 'GET') return { status: 200, body: data }
  if (path.endsWith('/charges')) {
    const { chargeId, amountMinor } = body as NewCharge
    if (data.charges.some(({ id }) => id === chargeId)) return { status: 202, body: { chargeId } }
    data.charges.unshift({
      ...{ id: chargeId, purpose: 'copay', amountMinor, currency: data.currency, status: 'succeeded', next: null, code: null, attempt: 1 },
      ...{ withPatient: false, stopping: false, dueAt: null, at: soon(0), refundableMinor: amountMinor, refunds: [] },
    })
    return { status: 202, body: { chargeId } }
  }
  if (path.endsWith('/stop')) {
    const charge = data.charges.find(({ id }) => path.includes(id))
    if (!charge) return { status: 404, code: 'not-found' }
    // One that waits for the patient ends at the partner first.
    if (charge.status === 'needs-you') charge.stopping = true
    else Object.assign(charge, { status: 'canceled', dueAt: null })
    return { status: 204, body: undefined }
  }
  if (path.endsWith('/method-requests')) {
    if ((body as MethodAsked).requestId) data.askedAt = soon(0)
    return { status: 204, body: undefined }
  }
  if (path.endsWith('/refunds')) {
    const { refundId, amountMinor, reason } = body as NewRefund
    const charge = data.charges.find(({ id }) => path.includes(id))
    if (!charge) return { status: 404, code: 'not-found' }
    charge.refundableMinor -= amountMinor
    charge.refunds.push({ id: refundId, amountMinor, status: 'pending', code: null, reason, at: soon(0) })
    return { status: 202, body: { refundId } }
  }
  if (path.endsWith('/plans')) {
    const { planId, instalments } = body as NewPlan
    const totalMinor = instalments.reduce((sum, one) => sum + one.amountMinor, 0)
    const parts = instalments.map((one, i) => ({ ...one, number: i + 1, status: 'waiting' as const }))
    data.plans.unshift({ id: planId, status: 'proposed', totalMinor, currency: data.currency, proposedAt: soon(0), agreedAt: null, instalments: parts })
    return { status: 201, body: { planId } }
  }
  for (const plan of data.plans) if (path.includes(plan.id)) plan.status = 'ended'
  return { status: 204, body: undefined }
}
