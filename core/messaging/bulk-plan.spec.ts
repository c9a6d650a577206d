import { expect } from 'chai'
import { lastTurnAt, noSkips, planOf, sortOut, turnsDue } from './bulk-plan.ts'

const chicago = 'America/Chicago'
let ids = 0
const item = (of: Partial<{ visitAt: string | null; claimed: boolean; decided: boolean; allowed: boolean }> = {}) => {
  ids += 1
  return { overrideId: `o${ids}`, visitAt: '2026-02-09T16:00:00Z', claimed: false, decided: false, allowed: true, ...of }
}
const may = ({ allowed }: { allowed: boolean }): boolean => allowed

describe('a bulk release: who is taken', () => {
  it('leaves out what somebody works at, what is decided and what may not be done, each counted once', () => {
    const free = item()
    const all = [free, item({ claimed: true }), item({ decided: true }), item({ allowed: false, claimed: true, decided: true })]
    expect(sortOut(all, 'retry', may)).to.deep.equal({ taken: [free], skipped: { claimed: 1, decided: 1, resolved: 0, 'not-allowed': 1 } })
  })

  it('counts visits by the clinic’s day, soonest first, and those without a visit last', () => {
    const taken = [item({ visitAt: null }), item({ visitAt: '2026-02-10T05:59:00Z' }), item({ visitAt: '2026-02-10T06:00:00Z' }), item()]
    expect(planOf(taken, noSkips(), false, chicago)).to.deep.equal({
      items: 4,
      skipped: noSkips(),
      more: false,
      soonestVisitAt: '2026-02-09T16:00:00Z',
      visitsByDay: [
        { day: '2026-02-09', items: 2 },
        { day: '2026-02-10', items: 1 },
        { day: null, items: 1 },
      ],
    })
  })

  it('loses no item of a year of visits: days past the limit count in the last row', () => {
    const start = Date.parse('2026-01-01T12:00:00Z')
    const taken = Array.from({ length: 365 }, (_, day) => item({ visitAt: new Date(start + day * 86_400_000).toISOString() }))
    const { visitsByDay } = planOf(taken, noSkips(), false, chicago)
    expect(visitsByDay).to.have.length(60)
    expect(visitsByDay.reduce((sum, { items }) => sum + items, 0)).to.equal(365)
  })
})

describe('a bulk release: the rate', () => {
  const t0 = new Date('2026-02-02T15:00:00Z')
  const later = (ms: number): Date => new Date(t0.getTime() + ms)

  it('has no turn before its time', () => {
    expect(turnsDue(later(1), 60, t0)).to.deep.equal({ turns: 0, nextAt: later(1) })
  })

  it('does not send in one go what an engine missed while it was away', () => {
    expect(turnsDue(t0, 60, later(600_000))).to.deep.equal({ turns: 2, nextAt: later(601_000) })
    expect(turnsDue(t0, 1, later(600_000))).to.deep.equal({ turns: 1, nextAt: later(660_000) })
  })

  for (const rate of [1, 7, 60, 599, 600]) {
    it(`keeps ${rate} a minute however unevenly it is asked, and makes up no more than two seconds`, () => {
      let next = t0
      let seed = rate
      const turnsAtMs: number[] = []
      for (let atMs = 0; atMs < 5 * 60_000; ) {
        const due = turnsDue(next, rate, later(atMs))
        next = due.nextAt
        for (let i = 0; i < due.turns; i += 1) turnsAtMs.push(atMs)
        seed = (seed * 48_271) % 2_147_483_647
        atMs += 200 + (seed % 1_800)
      }
      const most = rate + Math.ceil(rate / 30) + 1
      for (const from of turnsAtMs) {
        const inMinute = turnsAtMs.filter((atMs) => atMs >= from && atMs < from + 60_000).length
        expect(inMinute).to.be.at.most(most)
      }
      expect(turnsAtMs.length).to.be.closeTo(rate * 5, Math.max(2, rate * 0.02))
    })
  }

  it('says when the last item has its turn', () => {
    expect(lastTurnAt(t0, 60, 1, t0)).to.deep.equal(t0)
    expect(lastTurnAt(t0, 60, 241, later(5_000))).to.deep.equal(later(245_000))
  })
})
