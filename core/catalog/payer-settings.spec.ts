import { expect } from 'chai'
import { AnswerAges, type Canary, PayerCalendar, PayerSettings, payerRules } from './index.ts'

const calendar = PayerCalendar.parse({ timeZone: 'America/New_York', usFederalHolidays: true })
const canary: Canary = { known: 'inactive', memberId: 'NOSUCH01', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }
const problem = (settings: unknown): string => PayerSettings.safeParse(settings).error?.issues[0]?.message ?? 'none'

describe('settings of a payer', () => {
  it('are the catalogue’s where the clinic says nothing, and the defaults where nobody does', () => {
    expect(payerRules({ route: 'batch', calendar }, {})).to.deep.equal({
      ...{ route: 'batch', calendar, canaries: [], canaryEveryMinutes: 60 },
      ages: { freshDays: 7, expireDays: 30, askAgainDaysBefore: 2 },
    })
  })

  it('take the clinic’s calendar as a whole, in place of the catalogue’s', () => {
    const own = PayerCalendar.parse({ timeZone: 'America/Denver' })
    expect(payerRules({ route: 'real-time', calendar }, { calendar: own }).calendar).to.deep.equal(own)
  })

  it('let a clinic take the catalogue’s canaries away', () => {
    expect(payerRules({ route: 'real-time', calendar, canaries: [canary] }, {}).canaries).to.deep.equal([canary])
    expect(payerRules({ route: 'real-time', calendar, canaries: [canary] }, { canaries: [] }).canaries).to.deep.equal([])
  })

  it('refuse two canaries of one kind, a canary asked about each minute, and what they do not know', () => {
    expect(problem({ canaries: [canary, canary] })).to.equal('one canary of each kind')
    expect(problem({ canaryEveryMinutes: 1 })).to.match(/>=5/)
    expect(problem({ rout: 'batch' })).to.match(/Unrecognized key/)
  })

  it('refuse an answer that is expired before it is stale', () => {
    expect(AnswerAges.safeParse({ freshDays: 20, expireDays: 10 }).error?.issues[0]?.message).to.equal('an answer is stale before it is expired')
  })
})
