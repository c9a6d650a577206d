import { expect } from 'chai'
import { appointmentStatuses, chartStatusOf, ehrAppointmentStatuses, visitStatusOf } from './index.ts'

describe('the status of an appointment, both ways', () => {
  for (const ours of appointmentStatuses)
    it(`brings ${ours} back from the chart as it was sent`, () => {
      expect(visitStatusOf[chartStatusOf(ours)]).to.equal(ours)
      for (const theirs of ehrAppointmentStatuses) expect(visitStatusOf[chartStatusOf(ours, theirs)], theirs).to.equal(ours)
    })

  it('takes nobody back out of the waiting room, and nobody off the waiting list', () => {
    expect(chartStatusOf('booked', 'arrived')).to.equal('arrived')
    expect(chartStatusOf('booked', 'checked-in')).to.equal('checked-in')
    expect(chartStatusOf('proposed', 'waitlist')).to.equal('waitlist')
  })
  it('books again what was cancelled, and cancels what waits', () => {
    expect(chartStatusOf('booked', 'cancelled')).to.equal('booked')
    expect(chartStatusOf('cancelled', 'arrived')).to.equal('cancelled')
  })
  it('takes no status that R4 does not know for an agreement', () => expect(chartStatusOf('booked', 'toString')).to.equal('booked'))
  it('knows every status of R4', () => expect(Object.keys(visitStatusOf).sort()).to.deep.equal([...ehrAppointmentStatuses].sort()))
})
