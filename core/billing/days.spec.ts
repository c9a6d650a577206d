import { expect } from 'chai'
import { type AnswerDays, verdictOn } from './days.ts'
import { rejectionRule } from './rejection-rule.ts'

describe('An answer for the day of the visit', () => {
  const days: AnswerDays[] = [
    { from: null, to: '2025-12-31', verdict: 'unknown', rule: 'dates-exclude-day' },
    { from: '2026-01-01', to: '2026-12-31', verdict: 'active', rule: 'plan-active' },
    { from: '2027-01-01', to: null, verdict: 'inactive', rule: 'plan-inactive' },
  ]
  for (const [day, verdict] of [
    ['2025-12-31', 'unknown'],
    ['2026-01-01', 'active'],
    ['2026-12-31', 'active'],
    ['2027-01-01', 'inactive'],
    ['2099-01-01', 'inactive'],
  ] as const)
    it(`${day}: ${verdict}`, () => expect(verdictOn(days, day).verdict).to.equal(verdict))
  it('is not known where no span holds the day, nor where there is none', () => {
    for (const none of [[], days.slice(1, 2)]) expect(verdictOn(none, '2030-01-01')).to.deep.equal({ verdict: 'unknown', rule: 'dates-exclude-day' })
  })
})

describe('The rule of a rejected check', () => {
  for (const [whos, rule] of [
    [['payer', 'us', 'clinic', 'patient'], 'rejected-patient'],
    [['payer', 'us', 'clinic'], 'rejected-clinic'],
    [['payer', 'us'], 'rejected-us'],
    [['payer'], 'rejected-payer'],
    [[], 'rejected-us'],
  ] as const)
    it(`${whos.join(', ') || 'nobody'}: ${rule}`, () => expect(rejectionRule(whos.map((who) => ({ who })))).to.equal(rule))
})
