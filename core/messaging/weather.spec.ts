import { expect } from 'chai'
import { type BreakerNow, type PayerNow, weatherOf } from './weather.ts'

const payer = (of: Partial<PayerNow> = {}): PayerNow => ({
  ...{ partner: 'clearinghouse', payerId: 'HELIO1', payerName: 'Helio Health Plan', open: true, nextOpenAt: null, doubtedSince: null, waiting: 0, held: 0 },
  ...of,
})
const breaker = (of: Partial<BreakerNow> = {}): BreakerNow => ({
  ...{ partner: 'clearinghouse', payerId: 'HELIO1', operation: 'checkEligibility', state: 'open', since: '2026-03-02T10:00:00.000Z' },
  ...{ next: '2026-03-02T10:05:00.000Z', cause: 'unavailable' },
  ...of,
})
const one = (of: Partial<PayerNow>, ...breakers: BreakerNow[]) => weatherOf([payer(of)], breakers)[0]

describe('the weather of payers', () => {
  it('is fine when nothing says otherwise, and a closed breaker says nothing', () => {
    expect(one({}, breaker({ state: 'closed' }))).to.include({ state: 'ok', since: null, next: null, cause: null })
  })

  it('tells an open breaker with since when, why and when it tries again', () => {
    expect(one({ waiting: 3, held: 1 }, breaker())).to.deep.include({
      ...{ state: 'open', since: '2026-03-02T10:00:00.000Z', next: '2026-03-02T10:05:00.000Z', cause: 'unavailable' },
      ...{ waiting: 3, held: 1 },
    })
    expect(one({}, breaker({ state: 'half-open' }))?.state).to.equal('probing')
  })

  it('does not take another payer’s or another partner’s breaker for its own', () => {
    expect(one({}, breaker({ payerId: 'NORTH2' }), breaker({ partner: 'fhir', payerId: null }))?.state).to.equal('ok')
  })

  it('tells the whole partner’s breaker to every payer, even to one that is closed by its hours', () => {
    const all = weatherOf([payer({ open: false }), payer({ payerId: 'NORTH2', payerName: 'Northwind Mutual' })], [breaker({ payerId: null })])
    expect(all.map((w) => w.state)).to.deep.equal(['open', 'open'])
  })

  it('tells its hours before its own breaker, and its breaker before a doubt', () => {
    const opens = '2026-03-03T13:00:00.000Z'
    expect(one({ open: false, nextOpenAt: opens, doubtedSince: opens }, breaker())).to.include({ state: 'closed', next: opens, cause: null })
    expect(one({ doubtedSince: opens }, breaker())?.state).to.equal('open')
    expect(one({ doubtedSince: opens })).to.include({ state: 'suspicious', since: opens })
  })

  it('takes the open one of two breakers', () => {
    expect(one({}, breaker({ operation: 'a', state: 'half-open' }), breaker({ operation: 'b' }))?.state).to.equal('open')
  })

  it('puts the worst first and sorts the others by name', () => {
    const payers = [
      payer({ payerId: 'C', payerName: 'Cobalt' }),
      payer({ payerId: 'B', payerName: 'Birch' }),
      payer({ payerId: 'D', payerName: 'Delta', doubtedSince: '2026-03-02T10:00:00.000Z' }),
      payer({ payerId: 'E', payerName: 'Echo' }),
      payer({ payerId: 'A', payerName: 'Amber', open: false }),
    ]
    expect(weatherOf(payers, [breaker({ payerId: 'E' })]).map((w) => w.payerId)).to.deep.equal(['E', 'A', 'D', 'B', 'C'])
  })
})
