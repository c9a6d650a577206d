import { expect } from 'chai'
import fc from 'fast-check'
import { ehrAppointmentStatuses } from './ehr.ts'
import { type Heard, heard } from './heard.ts'
import { appointmentStatuses } from './model.ts'
import { afterRefusal, isOutdated, searchesMax } from './writeback.ts'

const at = (iso: string): Date => new Date(iso)
const booked = { status: 'booked' as const, startsAt: at('2026-11-01T06:30:00Z'), endsAt: at('2026-11-01T06:50:00Z') }
const agreed = { status: 'booked' as const, startsAt: '2026-11-01T06:30:00.000Z', endsAt: '2026-11-01T06:50:00.000Z' }
const visit = { ...booked, agreed, changed: false, ehrVersion: '3', ehrUpdatedAt: at('2026-10-20T10:00:00Z') }
const seen = (more: object) => ({
  ...{ is: 'appointment' as const, visitId: '00000000-0000-4000-8000-000000000001', status: 'booked' as const, startsAt: null, endsAt: null },
  ...{ versionId: '4', updatedAt: '2026-10-21T10:00:00Z' },
  ...more,
})
const is = (heardOf: Heard): string => heardOf.is

describe('what the chart says of a visit', () => {
  it('is old news by its version, or by the clock of the EHR where versions do not count', () => {
    expect(is(heard(visit, seen({ versionId: '3', status: 'cancelled' })))).to.equal('old')
    expect(is(heard(visit, seen({ versionId: 'abc', updatedAt: '2026-10-19T10:00:00Z', status: 'cancelled' })))).to.equal('old')
    expect(is(heard(visit, seen({ versionId: '2', updatedAt: '2026-10-20T10:00:00Z', status: 'cancelled' })))).to.equal('old')
    expect(is(heard(visit, seen({ versionId: '10', updatedAt: '2026-10-20T10:00:00Z', status: 'cancelled' })))).to.equal('take')
  })
  it('tells the two half past ones of the night when clocks go back apart: they are an hour from each other', () => {
    // 01:30 in Chicago, before and after: one instant each, whatever the zone that they are written in.
    expect(is(heard(visit, seen({ startsAt: '2026-11-01T06:30:00Z', endsAt: '2026-11-01T06:50:00Z' })))).to.equal('agrees')
    const later = heard(visit, seen({ startsAt: '2026-11-01T07:30:00Z', endsAt: '2026-11-01T07:50:00Z' }))
    expect(later).to.deep.equal({ is: 'take', to: { status: 'booked', startsAt: at('2026-11-01T07:30:00Z'), endsAt: at('2026-11-01T07:50:00Z') } })
  })
  it('keeps the length of a visit of which the chart tells the beginning only', () => {
    const moved = heard(visit, seen({ startsAt: '2026-11-02T15:00:00Z' }))
    expect(moved).to.deep.include({ to: { status: 'booked', startsAt: at('2026-11-02T15:00:00Z'), endsAt: at('2026-11-02T15:20:00Z') } })
  })
  it('is behind while it says what both said before the visit was moved here', () => {
    const moved = { ...visit, startsAt: at('2026-11-03T15:00:00Z'), endsAt: at('2026-11-03T15:20:00Z'), changed: true }
    expect(is(heard(moved, seen({ startsAt: agreed.startsAt, endsAt: agreed.endsAt })))).to.equal('behind')
    expect(is(heard(moved, seen({ status: 'cancelled', startsAt: agreed.startsAt, endsAt: agreed.endsAt })))).to.equal('conflict')
  })
  it('never brings back what is over, and asks a person about an appointment that was entered in error', () => {
    const cancelled = { ...visit, status: 'cancelled' as const, agreed: { ...agreed, status: 'cancelled' as const } }
    expect(is(heard(cancelled, seen({ status: 'booked' })))).to.equal('conflict')
    expect(is(heard(visit, seen({ status: 'entered-in-error' })))).to.equal('conflict')
    expect(is(heard(cancelled, seen({ status: 'entered-in-error' })))).to.equal('agrees')
  })
  it('leaves a visit that waits in the clinic booked', () => {
    for (const status of ['arrived', 'checked-in', 'pending'] as const) expect(is(heard(visit, seen({ status })))).to.equal('agrees')
  })
  it('settles: what was taken, or agreed, is no news the second time, whatever both sides were', () => {
    const time = fc.integer({ min: 0, max: 1_000 }).map((minutes) => new Date(Date.parse('2026-03-08T06:00:00Z') + minutes * 60_000))
    fc.assert(
      fc.property(
        fc.constantFrom(...appointmentStatuses),
        time,
        fc.constantFrom(...ehrAppointmentStatuses),
        time,
        fc.boolean(),
        (status, starts, theirs, from, here) => {
          const ours = { status, startsAt: starts, endsAt: new Date(starts.getTime() + 20 * 60_000) }
          const same = { status, startsAt: ours.startsAt.toISOString(), endsAt: ours.endsAt.toISOString() }
          const news = seen({ status: theirs, startsAt: from.toISOString(), endsAt: new Date(from.getTime() + 20 * 60_000).toISOString() })
          const first = heard({ ...ours, agreed: here ? agreed : same, changed: here, ehrVersion: null, ehrUpdatedAt: null }, news)
          if (first.is !== 'take') return
          expect(here, 'what was changed here is never taken over').to.equal(false)
          const now = { status: first.to.status, startsAt: first.to.startsAt.toISOString(), endsAt: first.to.endsAt.toISOString() }
          const next = { ...first.to, agreed: now, changed: true, ehrVersion: null, ehrUpdatedAt: null }
          expect(heard(next, news).is).to.equal('agrees')
        },
      ),
    )
  })
})

describe('after a write-back', () => {
  it('is looked for again a limited number of times, and then a person is told', () => {
    expect(afterRefusal(['chart-appeared'], 0)).to.equal('search-again')
    expect(afterRefusal(['chart-gone'], searchesMax - 1)).to.equal('search-again')
    expect(afterRefusal(['chart-appeared'], searchesMax)).to.equal('tell-somebody')
    expect(afterRefusal(['duplicate-created', 'chart-appeared'], 0)).to.equal('tell-somebody')
    expect(afterRefusal(['appointment-of-another'], 0)).to.equal('tell-whose')
    expect(afterRefusal(['business-rule'], 0)).to.equal('nothing')
  })
  it('is outdated by a newer answer, and by a visit that was changed since and is said otherwise', () => {
    const asked = { coverVersion: 3, askedAt: at('2026-11-01T10:00:00Z') }
    const changedAt = at('2026-11-01T11:00:00Z')
    expect(isOutdated(asked, { coverVersion: 4, changedAt: null, agreesNow: true })).to.equal(true)
    expect(isOutdated(asked, { coverVersion: 3, changedAt, agreesNow: false })).to.equal(true)
    expect(isOutdated(asked, { coverVersion: 3, changedAt, agreesNow: true })).to.equal(false)
    expect(isOutdated(asked, { coverVersion: 3, changedAt: at('2026-11-01T09:00:00Z'), agreesNow: false })).to.equal(false)
  })
})
