import { expect } from 'chai'
import { appointmentStatuses } from './model.ts'
import { canChange, changeBetween, isTooEarly, statusAfter, visitChangeKinds } from './visit-changes.ts'

const at = (iso: string): Date => new Date(iso)
const times = { startsAt: at('2026-03-09T15:00:00Z'), endsAt: at('2026-03-09T15:20:00Z') }

describe('changing a visit', () => {
  it('lets nothing happen to a visit that took place, and brings back what was called off or missed', () => {
    for (const change of visitChangeKinds) expect(canChange('fulfilled', change), change).to.equal(false)
    expect(['cancelled', 'noshow'].map((status) => canChange(status as 'cancelled', 'reopened'))).to.deep.equal([true, true])
    expect(canChange('cancelled', 'moved')).to.equal(false)
    expect(canChange('booked', 'reopened')).to.equal(false)
  })
  it('names the change between any two states so that it leads to the second', () => {
    for (const from of appointmentStatuses) {
      for (const to of ['booked', 'cancelled', 'noshow', 'fulfilled'] as const) {
        const change = changeBetween({ status: from, ...times }, { status: to, ...times })
        if (from === to) expect(change, `${from} ${to}`).to.equal(null)
        else expect(change && statusAfter(change), `${from} ${to}`).to.equal(to)
      }
    }
    expect(changeBetween({ status: 'booked', ...times }, { status: 'booked', ...times, endsAt: at('2026-03-09T15:40:00Z') })).to.equal('moved')
  })
  it('tells of no one who did not come before they could', () => {
    expect(isTooEarly('no-show', times.startsAt, at('2026-03-09T14:59:59Z'))).to.equal(true)
    expect(isTooEarly('no-show', times.startsAt, times.startsAt)).to.equal(false)
    expect(isTooEarly('cancelled', times.startsAt, at('2026-03-01T00:00:00Z'))).to.equal(false)
  })
})
