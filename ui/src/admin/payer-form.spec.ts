import { expect } from 'chai'
import type { PayerDefaults } from '../client.gen.ts'
import { controlOf, draftOf, newKey, type PayerDraft, settingsOf } from './payer-form.ts'

const catalogue: PayerDefaults = {
  route: 'real-time',
  calendar: {
    timeZone: 'America/Chicago',
    closed: [{ day: 0, from: '22:00', to: '24:00' }],
    usFederalHolidays: true,
    holidays: ['2026-11-27'],
    downtimes: [{ from: '2026-03-08T07:30:00.000Z', to: '2026-03-08T09:30:00.000Z' }],
  },
  ages: { freshDays: 7, expireDays: 30, askAgainDaysBefore: 2 },
  canaries: [{ known: 'inactive', memberId: 'HX00000', givenName: 'Nobody', familyName: 'Here', birthDate: '1980-01-01', payerSex: 'U' }],
  canaryEveryMinutes: 60,
}
const draft = (change: (draft: PayerDraft) => void = () => undefined): PayerDraft => {
  const made = draftOf({ catalogue, settings: {} })
  change(made)
  return made
}
const problemsOf = (change: (draft: PayerDraft) => void): string[] => settingsOf(draft(change)).problems.map(({ id }) => id)

describe('the form of a payer', () => {
  it('sends nothing of what is the catalogue’s', () => {
    expect(settingsOf(draft())).to.deep.equal({ settings: {}, problems: [] })
  })

  it('sends the whole of a part that is the clinic’s own, and it is the same when it was not changed', () => {
    const { settings, problems } = settingsOf(draft((d) => Object.assign(d.own, { route: true, calendar: true, ages: true, canaries: true })))
    expect(problems).to.deep.equal([])
    expect(settings).to.deep.equal(catalogue)
    const again = draftOf({ catalogue, settings })
    expect(again.own).to.deep.equal({ route: true, calendar: true, ages: true, canaries: true })
    expect(settingsOf(again).settings).to.deep.equal(settings)
  })

  it('reads a downtime on the payer’s clock, also across a change of the clocks', () => {
    expect(draft().hours.downtimes[0]).to.include({ fromDay: '2026-03-08', fromTime: '01:30', toDay: '2026-03-08', toTime: '04:30' })
  })

  it('names the row that is wrong', () => {
    const own = (d: PayerDraft): void => {
      d.own.calendar = true
    }
    const windows = (from: string, to: string) => (d: PayerDraft) => {
      own(d)
      d.hours.windows.push({ key: newKey(), day: '1', from, to })
    }
    expect(problemsOf(windows('09:00', '08:00'))).to.deep.equal(['settings.calendar.closed.1.to'])
    expect(problemsOf(windows('', '08:00'))).to.deep.equal(['settings.calendar.closed.1.to'])
    expect(problemsOf(windows('09:00', '00:00'))).to.deep.equal([])
    expect(
      problemsOf((d) => {
        own(d)
        d.hours.timeZone = 'America/Lakeside'
        d.hours.holidays.push({ key: newKey(), date: '' })
      }),
    ).to.deep.equal(['settings.calendar.timeZone', 'settings.calendar.holidays.1'])
    expect(
      problemsOf((d) => {
        own(d)
        d.hours.downtimes.push({ key: newKey(), fromDay: '2026-05-02', fromTime: '10:00', toDay: '2026-05-01', toTime: '10:00' })
      }),
    ).to.deep.equal(['settings.calendar.downtimes.1.to'])
  })

  it('refuses numbers that are none, and ages that contradict each other', () => {
    expect(problemsOf((d) => Object.assign(d, { own: { ...d.own, canaries: true }, everyMinutes: '4' }))).to.deep.equal(['settings.canaryEveryMinutes'])
    expect(
      problemsOf((d) => {
        d.own.ages = true
        d.ages = { freshDays: '31', expireDays: '30', askAgainDaysBefore: 'two' }
      }),
    ).to.deep.equal(['settings.ages.askAgainDaysBefore', 'settings.ages.expireDays'])
  })

  it('asks for every field of a member that is used, and finds its control for what the api refuses', () => {
    const change = (d: PayerDraft): void => {
      d.own.canaries = true
      d.canaries.active.used = true
      d.canaries.active.memberId = ' HX1 '
    }
    expect(problemsOf(change)).to.deep.equal(['canary.active.givenName', 'canary.active.familyName', 'canary.active.birthDate'])
    const { settings } = settingsOf(draft(change))
    expect(settings.canaries?.map(({ memberId }) => memberId)).to.deep.equal(['HX00000', 'HX1'])
    expect(controlOf('settings.canaries.1.birthDate', settings)).to.equal('canary.active.birthDate')
    expect(controlOf('settings.calendar.closed.0.to', settings)).to.equal('settings.calendar.closed.0.to')
  })
})
