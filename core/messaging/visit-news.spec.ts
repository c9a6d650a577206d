import { expect } from 'chai'
import { cancelReasons } from '../clinical/visit-changes.ts'
import { type LeaveFacts, mayLeave, stops, visitNews } from './message-rules.ts'
import { messageChannels, messageKinds, optOutCauses } from './messages.ts'

const at = (iso: string): Date => new Date(iso)
const [ten, eleven] = [at('2026-02-09T16:00:00Z'), at('2026-02-09T17:00:00Z')]
const known = { status: 'booked', startsAt: ten } as const
const now = (more: Partial<Parameters<typeof visitNews>[0]>) => visitNews({ status: 'booked', startsAt: ten, cancelReason: null, ...more }, known)

describe('what a patient must be told of a visit', () => {
  it('is the difference to what they know, not each change', () => {
    expect(now({})).to.equal(null)
    expect(now({ startsAt: eleven })).to.equal('moved')
    expect(now({ status: 'proposed', startsAt: eleven })).to.equal('moved')
    expect(now({ status: 'cancelled' })).to.equal('cancelled')
    for (const status of ['noshow', 'fulfilled'] as const) expect(now({ status, startsAt: eleven })).to.equal(null)
  })

  it('is nothing where they know already', () => {
    const told = cancelReasons.filter((cancelReason) => now({ status: 'cancelled', cancelReason }) !== null)
    expect(told).to.deep.equal(['clinic-closed', 'clinician-away', 'other', 'elsewhere'])
    expect(visitNews({ status: 'cancelled', startsAt: ten, cancelReason: 'other' }, { ...known, status: 'cancelled' })).to.equal(null)
  })

  it('is the time that holds, where a visit that was said to be off takes place after all', () => {
    expect(visitNews({ status: 'booked', startsAt: ten, cancelReason: null }, { ...known, status: 'cancelled' })).to.equal('moved')
  })
})

const visit = { status: 'booked', startsAt: eleven, endsAt: at('2026-02-09T17:20:00Z'), revision: 2 } as const
const clinic = { timeZone: 'America/Chicago', quiet: { fromMinutes: 21 * 60, untilMinutes: 8 * 60 } }
const noon = at('2026-02-06T18:00:00Z')
const leave = (more: Partial<LeaveFacts>, when = noon) =>
  mayLeave(
    {
      ...{ kind: 'moved', channel: 'sms', address: true, optedOut: false, connected: true, textsWanted: true, atLimit: false },
      ...{
        earlier: 'none',
        wanted: true,
        intake: 'created',
        visit,
        knownStart: ten,
        plannedRevision: 2,
        link: true,
        linkRenewed: false,
        addressChanged: false,
        atOnce: false,
      },
      ...more,
    },
    clinic,
    when,
  )
const no = (reason: string) => ({ go: 'no', reason })

describe('news of a visit', () => {
  it('leave without a link too, but for one that was taken back', () => {
    for (const link of [true, false]) expect(leave({ link })).to.deep.equal({ go: 'sms' })
    expect(leave({ link: false, intake: 'revoked' })).to.deep.equal(no('no-link'))
    expect(leave({ intake: 'submitted' })).to.deep.equal({ go: 'sms' })
  })

  it('need the patient’s word as a text, like everything that they did not ask for', () => {
    expect(leave({ textsWanted: false })).to.deep.equal(no('no-consent'))
    expect(leave({ textsWanted: false, channel: 'mail' })).to.deep.equal({ go: 'mail' })
  })

  it('of an earlier change never leave: the newest takes their place', () => {
    expect(leave({ plannedRevision: 1 })).to.deep.equal(no('moved'))
    expect(leave({ wanted: false })).to.deep.equal(no('moved'))
  })

  it('of a visit that has begun never leave', () => {
    expect(leave({}, eleven)).to.deep.equal(no('over'))
    const off = { kind: 'cancelled', visit: { ...visit, status: 'cancelled' } } as const
    expect(leave(off)).to.deep.equal({ go: 'sms' })
    expect(leave(off, eleven)).to.deep.equal(no('over'))
    expect(leave({ visit: { ...visit, status: 'cancelled' } })).to.deep.equal(no('cancelled'))
  })

  it('wait for the morning, but not where the patient would set out before it', () => {
    const night = at('2026-02-09T05:00:00Z')
    expect(leave({}, night)).to.deep.equal({ go: 'later', until: at('2026-02-09T14:00:00Z') })
    expect(leave({ knownStart: at('2026-02-09T13:30:00Z') }, night)).to.deep.equal({ go: 'sms' })
    expect(leave({ knownStart: at('2026-02-08T13:30:00Z') }, night)).to.deep.equal({ go: 'later', until: at('2026-02-09T14:00:00Z') })
  })
})

describe('an opt-out', () => {
  it('ends everything there; a click in a mail and a consent taken back leave what was asked for, or what nobody can do without', () => {
    const left = optOutCauses.flatMap((cause) =>
      messageChannels.flatMap((channel) => messageKinds.filter((kind) => !stops(cause, channel, kind)).map((kind) => `${cause} ${channel} ${kind}`)),
    )
    expect(left).to.deep.equal(['patient sms code', 'patient mail code', 'patient mail moved', 'patient mail cancelled'])
  })
})
