import { expect } from 'chai'
import { amountText, nextTryAt, planProblem, planTerms } from './index.ts'
import { type ChargeState, foldCharge, foldMethod, foldRefund, type Known, type MethodState, type RefundState } from './payment-facts.ts'

interface Fact {
  type: string
  status: string
  at: string
}
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 5, 12, 0, seconds)).toISOString()
const fact = (type: string, seconds: number, status = ''): Fact => ({ type, status, at: at(seconds) })

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}
/** Where every order of these facts ends, each told twice. */
function ends<S extends string>(start: S, facts: readonly Fact[], step: (known: Known<S>, fact: Fact) => Known<S> | undefined): S[] {
  const found = orders(facts).map((order) => {
    let known: Known<S> = { status: start, at: null }
    for (const one of [...order, ...order]) known = step(known, one) ?? known
    return known.status
  })
  return [...new Set(found)]
}

describe('core/billing, facts of payments', () => {
  const methods: [string, Fact[], MethodState][] = [
    ['confirmed after the bank asked', [fact('setup_intent.requires_action', 1), fact('setup_intent.succeeded', 9)], 'stored'],
    [
      'confirmed in the second try',
      [fact('setup_intent.requires_action', 1), fact('setup_intent.setup_failed', 5), fact('setup_intent.succeeded', 9)],
      'stored',
    ],
    ['not confirmed', [fact('setup_intent.requires_action', 1), fact('setup_intent.setup_failed', 5)], 'declined'],
    ['asked again after a failure', [fact('setup_intent.setup_failed', 3), fact('setup_intent.requires_action', 5)], 'needs-you'],
    ['given up', [fact('setup_intent.requires_action', 1), fact('setup_intent.canceled', 7)], 'declined'],
    ['held and given back', [fact('payment_intent.amount_capturable_updated', 2), fact('payment_intent.canceled', 2)], 'stored'],
    [
      'held, given back, and asked before',
      [fact('payment_intent.requires_action', 1), fact('payment_intent.amount_capturable_updated', 5), fact('payment_intent.canceled', 6)],
      'stored',
    ],
  ]
  for (const [what, facts, end] of methods) {
    it(`a method ${what} ends the same in any order, told twice`, () => {
      expect(ends<MethodState>('requested', facts, foldMethod)).to.deep.equal([end])
    })
  }

  const charges: [string, Fact[], ChargeState][] = [
    ['that settles days later', [fact('payment_intent.processing', 1), fact('payment_intent.succeeded', 50)], 'succeeded'],
    ['that is returned', [fact('payment_intent.processing', 1), fact('payment_intent.payment_failed', 50)], 'declined'],
    ['that failed first', [fact('payment_intent.payment_failed', 1), fact('payment_intent.processing', 3), fact('payment_intent.succeeded', 50)], 'succeeded'],
    ['that was given up', [fact('payment_intent.requires_action', 1), fact('payment_intent.canceled', 50)], 'canceled'],
  ]
  for (const [what, facts, end] of charges) {
    it(`a charge ${what} ends the same in any order, told twice`, () => {
      expect(ends<ChargeState>('requested', facts, foldCharge)).to.deep.equal([end])
    })
  }

  it('a charge that our own call saw declined is opened by nothing that was told of the way there, only by money or an end', () => {
    const declined = { status: 'declined', at: null } as const
    for (const type of ['payment_intent.requires_action', 'payment_intent.processing']) expect(foldCharge(declined, fact(type, 9)), type).to.equal(undefined)
    expect(foldCharge(declined, fact('payment_intent.succeeded', 9))?.status).to.equal('succeeded')
    expect(foldCharge(declined, fact('payment_intent.canceled', 9))?.status).to.equal('canceled')
  })
  it('a charge that waits for the patient at the bank ends by our own answer, whichever comes first', () => {
    const known: Known<ChargeState> = { status: 'needs-you', at: at(9) }
    expect(foldCharge(known, { type: 'payment_intent.payment_failed', at: new Date(0).toISOString() })?.status).to.equal('declined')
  })
  for (const [status, end] of [
    ['pending', 'pending'],
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
  ] as const) {
    it(`a refund that was called refused is ${end} by a fact that says so`, () => {
      expect(foldRefund({ status: 'refused', at: null }, fact('refund.updated', 1, status))?.status).to.equal(end)
    })
  }

  const refunds: [string, Fact[], RefundState][] = [
    ['that waits', [fact('refund.created', 1, 'pending'), fact('refund.updated', 9, 'succeeded')], 'succeeded'],
    ['that fails days later', [fact('refund.created', 1, 'pending'), fact('refund.updated', 9, 'succeeded'), fact('refund.failed', 90, 'failed')], 'failed'],
    ['that needs the patient', [fact('refund.created', 1, 'requires_action'), fact('refund.updated', 9, 'canceled')], 'canceled'],
  ]
  for (const [what, facts, end] of refunds) {
    it(`a refund ${what} ends the same in any order, told twice`, () => {
      expect(ends<RefundState>('requested', facts, foldRefund)).to.deep.equal([end])
    })
  }

  it('leaves what it has no word for as it is', () => {
    expect(foldMethod({ status: 'requested', at: null }, fact('setup_intent.created', 1))).to.equal(undefined)
    expect(foldCharge({ status: 'requested', at: null }, fact('payment_intent.created', 1))).to.equal(undefined)
    expect(foldRefund({ status: 'requested', at: null }, fact('refund.updated', 1, 'of-next-year'))).to.equal(undefined)
  })

  it('tries again on days 3 and 7 where there was no money, and at nothing else', () => {
    const first = new Date('2026-03-06T10:00:00Z')
    expect(nextTryAt('later', 1, first)?.toISOString()).to.equal('2026-03-09T10:00:00.000Z')
    expect(nextTryAt('later', 2, first)?.toISOString()).to.equal('2026-03-13T10:00:00.000Z')
    expect(nextTryAt('later', 3, first)).to.equal(null)
    for (const next of ['new-method', 'patient-confirms', 'stop'] as const) expect(nextTryAt(next, 1, first), next).to.equal(null)
  })
})

describe('core/billing, payment plans', () => {
  const plan = {
    currency: 'USD',
    instalments: [
      { dueOn: '2026-03-02', amountMinor: 5000 },
      { dueOn: '2026-04-02', amountMinor: 2550 },
    ],
  }
  it('says every amount and date, the sum, and that it is never more, in both languages', () => {
    for (const language of ['en', 'es'] as const) {
      const text = planTerms(plan, 'Lakeside Clinic', language).join('\n')
      for (const amount of [5000, 2550, 7550]) expect(text).to.include(amountText(amount, 'USD', language))
      expect(text).to.include('Lakeside Clinic').and.include('2026')
    }
    expect(planTerms(plan, 'Lakeside Clinic', 'en').at(-1)).to.include('never more')
  })
  it('has other words for every other plan', () => {
    const words = (over: object): string => planTerms({ ...plan, ...over }, 'Lakeside Clinic', 'en').join('\n')
    const others = [{ currency: 'CAD' }, { instalments: plan.instalments.slice(0, 1) }, { instalments: [{ dueOn: '2026-03-03', amountMinor: 5000 }] }]
    expect(new Set([words({}), ...others.map(words)]).size).to.equal(4)
  })
  it('knows currencies without a smaller unit, and with a thousand', () => {
    expect(amountText(500, 'JPY', 'en')).to.equal('¥500')
    expect(amountText(500, 'USD', 'en')).to.equal('$5.00')
    expect(amountText(500, 'KWD', 'en').replace(/\s/g, ' ')).to.equal('KWD 0.500')
  })
  const today = '2026-02-02'
  const bad: [string, { dueOn: string; amountMinor: number }[], string][] = [
    ['no instalment', [], 'number'],
    ['one that is due today', [{ dueOn: today, amountMinor: 100 }], 'dates'],
    ['two on one day', plan.instalments.map((one) => ({ ...one, dueOn: '2026-03-02' })), 'dates'],
    ['one in three years', [{ dueOn: '2029-02-02', amountMinor: 100 }], 'dates'],
    ['an amount of nothing', [{ dueOn: '2026-03-02', amountMinor: 0 }], 'amounts'],
    ['more than a plan may be', [{ dueOn: '2026-03-02', amountMinor: 5_000_001 }], 'amounts'],
  ]
  for (const [what, instalments, problem] of bad) {
    it(`refuses ${what}`, () => expect(planProblem({ instalments }, today)).to.equal(problem))
  }
  it('takes a plan that is right', () => expect(planProblem(plan, today)).to.equal(undefined))
})
