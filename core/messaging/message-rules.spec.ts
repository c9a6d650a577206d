import { expect } from 'chai'
import { linkEnd } from '../identity/link-end.ts'
import {
  channelState,
  chooseChannel,
  defaultQuietHours,
  foldMessage,
  type LeaveFacts,
  mayLeave,
  messageOfNotice,
  needsTextConsent,
  notAfterOf,
  quietFrom,
  quietUntil,
  reminderSpan,
} from './message-rules.ts'
import { type MessageState, messageKinds, messageStates } from './messages.ts'
import { templates } from './model.ts'

const newYork = 'America/New_York'
const berlin = 'Europe/Berlin'
const at = (iso: string): Date => new Date(iso)
const until = (iso: string, zone = newYork, quiet = defaultQuietHours): string | undefined => quietUntil(at(iso), zone, quiet)?.toISOString()

describe('quiet hours', () => {
  it('last from nine in the evening to eight in the morning of the clinic', () => {
    expect(until('2026-02-02T01:59:59Z')).to.equal(undefined)
    expect(until('2026-02-02T02:00:00Z')).to.equal('2026-02-02T13:00:00.000Z')
    expect(until('2026-02-02T12:59:59Z')).to.equal('2026-02-02T13:00:00.000Z')
    expect(until('2026-02-02T13:00:00Z')).to.equal(undefined)
    expect(until('2026-02-02T20:00:00Z', berlin)).to.equal('2026-02-03T07:00:00.000Z')
  })

  it('end at eight by the wall in the short night and in the long one', () => {
    // 8 March: the clock skips from two to three; 1 November: it has one o'clock twice.
    for (const [from, end, hours] of [
      ['2026-03-08T02:00:00Z', '2026-03-08T12:00:00.000Z', 10],
      ['2026-11-01T01:00:00Z', '2026-11-01T13:00:00.000Z', 12],
    ] as const) {
      expect(until(from)).to.equal(end)
      expect((Date.parse(end) - Date.parse(from)) / 3_600_000).to.equal(hours)
    }
    expect(until('2026-03-28T20:00:00Z', berlin)).to.equal('2026-03-29T06:00:00.000Z')
    expect(until('2026-10-24T19:00:00Z', berlin)).to.equal('2026-10-25T07:00:00.000Z')
  })

  it('that end in the hour which autumn doubles last through both of it, and in the one that spring skips end behind the gap', () => {
    const late = { fromMinutes: 23 * 60, untilMinutes: 90 }
    for (const inside of ['2026-11-01T03:00:00Z', '2026-11-01T05:29:00Z', '2026-11-01T06:15:00Z'])
      expect(until(inside, newYork, late), inside).to.equal('2026-11-01T06:30:00.000Z')
    expect(until('2026-11-01T06:30:00Z', newYork, late)).to.equal(undefined)
    expect(until('2026-03-08T06:59:00Z', newYork, { fromMinutes: 23 * 60, untilMinutes: 150 })).to.equal('2026-03-08T07:30:00.000Z')
  })

  it('is never left in the middle of a night, whatever minute of the year one asks', () => {
    const step = 7 * 60_000
    for (const zone of [newYork, berlin, 'Pacific/Auckland'])
      for (let ms = Date.parse('2026-03-01T00:00:00Z'); ms < Date.parse('2026-04-10T00:00:00Z'); ms += step) {
        const end = quietUntil(new Date(ms), zone, defaultQuietHours)
        if (end === undefined) continue
        expect(end.getTime()).to.be.above(ms)
        expect(end.getTime() - ms).to.be.at.most(12 * 3_600_000)
        expect(quietUntil(end, zone, defaultQuietHours), end.toISOString()).to.equal(undefined)
      }
  })

  it('may lie within a day, or nowhere', () => {
    const noon = { fromMinutes: 12 * 60, untilMinutes: 13 * 60 }
    expect(until('2026-02-02T17:30:00Z', newYork, noon)).to.equal('2026-02-02T18:00:00.000Z')
    expect(until('2026-02-02T18:00:00Z', newYork, noon)).to.equal(undefined)
    for (const hour of ['00', '06', '12', '18']) expect(until(`2026-02-02T${hour}:00:00Z`, newYork, { fromMinutes: 0, untilMinutes: 0 })).to.equal(undefined)
    expect(quietFrom(at('2026-02-02T12:00:00Z'), newYork, { fromMinutes: 0, untilMinutes: 0 })).to.equal(undefined)
  })
})

const visit = { status: 'booked', startsAt: at('2026-02-09T16:00:00Z'), endsAt: at('2026-02-09T16:20:00Z'), revision: 1 } as const
const facts = (more: Partial<LeaveFacts> = {}): LeaveFacts => ({
  ...{ kind: 'invitation', channel: 'sms', address: true, optedOut: false, connected: true, textsWanted: true, atLimit: false },
  ...{
    earlier: 'none',
    wanted: true,
    intake: 'created',
    visit,
    plannedRevision: 1,
    link: true,
    linkRenewed: false,
    addressChanged: false,
    atOnce: false,
    knownStart: null,
  },
  ...more,
})
const clinic = { timeZone: newYork, quiet: defaultQuietHours }
const noon = at('2026-02-06T17:00:00Z')
const night = at('2026-02-07T04:00:00Z')
const leave = (more: Partial<LeaveFacts>, now = noon) => mayLeave(facts(more), clinic, now)
const no = (reason: string) => ({ go: 'no', reason })

describe('whether a message may leave', () => {
  it('by day, of a form that is asked for', () => {
    expect(leave({})).to.deep.equal({ go: 'sms' })
    expect(leave({ channel: 'mail' })).to.deep.equal({ go: 'mail' })
  })

  it('not where the visit or the form is over, was moved, or has no link', () => {
    expect(leave({ visit: { ...visit, status: 'cancelled' } })).to.deep.equal(no('cancelled'))
    expect(leave({ visit: { ...visit, status: 'noshow' } })).to.deep.equal(no('cancelled'))
    expect(leave({ visit: { ...visit, status: 'fulfilled' } })).to.deep.equal(no('over'))
    expect(leave({ kind: 'correction-asked' }, visit.endsAt)).to.deep.equal(no('over'))
    expect(leave({}, visit.endsAt), 'whom the clinic sees late').to.deep.equal({ go: 'sms' })
    expect(leave({}, linkEnd(visit.endsAt, noon))).to.deep.equal(no('over'))
    const thatNight = at('2026-02-10T03:00:00Z')
    expect(leave({}, thatNight)).to.deep.equal(no('over'))
    expect(leave({ atOnce: true }, thatNight)).to.deep.equal({ go: 'sms' })
    for (const kind of ['invitation', 'reminder-72h', 'reminder-24h'] as const) expect(leave({ kind, intake: 'submitted' })).to.deep.equal(no('finished'))
    expect(leave({ kind: 'news', intake: 'submitted' })).to.deep.equal({ go: 'sms' })
    expect(leave({ kind: 'reminder-72h', visit: { ...visit, revision: 2 } })).to.deep.equal(no('moved'))
    expect(leave({ link: false })).to.deep.equal(no('no-link'))
    expect(leave({ addressChanged: true })).to.deep.equal(no('address-changed'))
    expect(leave({ kind: 'confirm-asked', wanted: false })).to.deep.equal(no('answered'))
  })

  it('an invitation says the time of a visit that was moved, but not bytes that were made before', () => {
    const moved = { visit: { ...visit, revision: 2 } }
    expect(leave(moved)).to.deep.equal({ go: 'sms' })
    expect(leave({ ...moved, earlier: 'failed' })).to.deep.equal(no('moved'))
  })

  it('nor bytes whose link was renewed since; a code has none', () => {
    for (const kind of ['invitation', 'reminder-72h', 'news', 'correction-asked'] as const) {
      expect(leave({ kind, linkRenewed: true })).to.deep.equal({ go: 'sms' })
      for (const earlier of ['failed', 'unknown'] as const) expect(leave({ kind, linkRenewed: true, earlier })).to.deep.equal(no('link-ended'))
      expect(leave({ kind, linkRenewed: true, earlier: 'answered' })).to.deep.equal({ go: 'sms' })
    }
    expect(leave({ kind: 'code', linkRenewed: true, earlier: 'failed' })).to.deep.equal({ go: 'sms' })
  })

  it('waits for the end of quiet hours, but for a code, for what a person wants out at once, and for what could be told no more', () => {
    expect(leave({}, night)).to.deep.equal({ go: 'later', until: at('2026-02-07T13:00:00Z') })
    expect(leave({ channel: 'mail' }, night)).to.deep.equal({ go: 'later', until: at('2026-02-07T13:00:00Z') })
    expect(leave({ kind: 'code' }, night)).to.deep.equal({ go: 'sms' })
    expect(leave({ atOnce: true }, night)).to.deep.equal({ go: 'sms' })
    expect(leave({ visit: { ...visit, startsAt: at('2026-02-07T12:30:00Z'), endsAt: at('2026-02-07T13:30:00Z') } }, night)).to.deep.equal({ go: 'sms' })
  })

  it('not as a reminder that comes late by more than half its lead, by the time at which it would leave', () => {
    const { from, until: end } = reminderSpan('reminder-24h', visit.startsAt)
    expect([from, end]).to.deep.equal([at('2026-02-08T16:00:00Z'), at('2026-02-09T04:00:00Z')])
    expect(leave({ kind: 'reminder-24h' }, at('2026-02-09T01:59:00Z'))).to.deep.equal({ go: 'sms' })
    // Nine in the evening by now, and eight in the morning is too late: dropped here, and not kept until then.
    expect(leave({ kind: 'reminder-24h' }, at('2026-02-09T02:00:00Z'))).to.deep.equal(no('too-late'))
    expect(leave({ kind: 'reminder-24h', atOnce: true }, end)).to.deep.equal({ go: 'sms' })
    expect(leave({ kind: 'reminder-24h', atOnce: true }, new Date(end.getTime() + 1))).to.deep.equal(no('too-late'))
    expect(leave({ kind: 'reminder-72h' }, at('2026-02-08T04:00:00Z'))).to.deep.equal(no('too-late'))
    expect(leave({ kind: 'reminder-72h' }, at('2026-02-07T04:00:00Z'))).to.deep.equal({ go: 'later', until: at('2026-02-07T13:00:00Z') })
  })

  it('never as a text to somebody who said STOP, whatever is known of an earlier send', () => {
    for (const kind of messageKinds)
      for (const earlier of ['none', 'failed', 'unknown'] as const)
        for (const now of [noon, night]) {
          const said = leave({ kind, earlier, optedOut: true }, now)
          expect(said, `${kind} ${earlier}`).to.deep.equal(no(kind === 'code' && earlier === 'unknown' ? 'outcome-unknown' : 'opted-out'))
        }
  })

  it('never as a code once more, when nobody knows whether it left', () => {
    expect(leave({ kind: 'code', earlier: 'unknown' })).to.deep.equal(no('outcome-unknown'))
    expect(leave({ kind: 'code', earlier: 'failed' })).to.deep.equal({ go: 'sms' })
    expect(leave({ kind: 'code', wanted: false })).to.deep.equal(no('too-late'))
  })

  it('to the ledger’s answer where there is one, whatever holds by now: nothing leaves for it', () => {
    for (const more of [{ optedOut: true }, { intake: 'submitted' as const }, { kind: 'code' as const, wanted: false }])
      expect(leave({ ...more, earlier: 'answered' })).to.deep.equal({ go: 'sms' })
  })

  it('asks about what is unknown in quiet hours too: asking wakes nobody', () => {
    expect(leave({ earlier: 'unknown' }, night)).to.deep.equal({ go: 'sms' })
  })
})

describe('the moment after which nothing is sent', () => {
  const end = (kind: LeaveFacts['kind'], now = noon, atOnce = false) =>
    notAfterOf(
      { kind, startsAt: visit.startsAt, endsAt: visit.endsAt, atOnce, codeEndsAt: kind === 'code' ? at('2026-02-06T17:10:00Z') : null },
      clinic,
      now,
    )?.toISOString()
  it('is the evening, the end of the reminder’s time, of the code or of the visit, whichever is first', () => {
    expect(end('invitation')).to.equal('2026-02-07T02:00:00.000Z')
    expect(end('invitation', noon, true)).to.equal('2026-02-10T04:20:00.000Z')
    expect(end('reminder-72h', noon, true)).to.equal('2026-02-08T04:00:00.000Z')
    expect(end('correction-asked', noon, true)).to.equal('2026-02-09T16:20:00.000Z')
    expect(end('moved', noon, true)).to.equal('2026-02-09T16:00:00.000Z')
    expect(end('code')).to.equal('2026-02-06T17:10:00.000Z')
    // It was let go at night because the visit begins before the day does: the coming evening is the next that counts.
    expect(end('invitation', night)).to.equal('2026-02-10T04:20:00.000Z')
  })
})

describe('the channel', () => {
  const ready = { address: true, optedOut: false, connected: true, textsWanted: true, atLimit: false }
  it('is a text where it can be one, else a mail', () => {
    expect(chooseChannel('invitation', { sms: ready, mail: ready }, 'auto')).to.deep.equal({ channel: 'sms' })
    for (const sms of [
      { ...ready, address: false },
      { ...ready, optedOut: true },
      { ...ready, connected: false },
    ])
      expect(chooseChannel('invitation', { sms, mail: ready }, 'auto')).to.deep.equal({ channel: 'mail' })
    expect(chooseChannel('invitation', { sms: { ...ready, optedOut: true }, mail: ready }, 'sms')).to.deep.equal({ reason: 'opted-out' })
    expect(chooseChannel('code', { sms: { ...ready, address: false }, mail: { ...ready, address: false } }, 'auto')).to.deep.equal({ reason: 'no-address' })
  })
  it('is a mail, or none, where as many texts as were promised have left; but a code is still texted', () => {
    const full = { ...ready, atLimit: true }
    for (const kind of messageKinds) {
      expect(chooseChannel(kind, { sms: full, mail: full }, 'auto'), kind).to.deep.equal({ channel: kind === 'code' ? 'sms' : 'mail' })
      const alone = chooseChannel(kind, { sms: full, mail: { ...full, address: false } }, 'auto')
      expect(alone, kind).to.deep.equal(kind === 'code' ? { channel: 'sms' } : { reason: 'visit-limit' })
    }
  })
  it('is a text without the patient’s word for an invitation and a code alone', () => {
    expect(messageKinds.filter((kind) => !needsTextConsent(kind))).to.deep.equal(['invitation', 'code'])
    for (const kind of messageKinds)
      expect(channelState('sms', kind, { ...ready, textsWanted: false }), kind).to.equal(kind === 'invitation' || kind === 'code' ? 'ready' : 'no-consent')
    expect(channelState('mail', 'reminder-72h', { ...ready, textsWanted: false })).to.equal('ready')
  })
})

describe('receipts', () => {
  const fold = (said: readonly MessageState[]): MessageState => said.reduce((known, next) => foldMessage(known, next) ?? known, 'requested' as MessageState)
  it('end in the same state in whatever order they come, and twice', () => {
    const all: MessageState[] = ['sent', 'failed', 'undelivered', 'delivered', 'suppressed']
    for (const some of subsets(all)) {
      const ends = new Set(permutations([...some, ...some.slice(0, 1)]).map(fold))
      expect([...ends], some.join()).to.have.length(1)
    }
  })
  it('never go back', () => {
    for (const known of messageStates)
      for (const said of messageStates) {
        const to = foldMessage(known, said)
        if (to !== undefined) expect(foldMessage(to, known), `${known} ${said}`).to.equal(undefined)
      }
    expect(foldMessage('delivered', 'sent')).to.equal(undefined)
    expect(foldMessage('suppressed', 'delivered')).to.equal('delivered')
  })
})

it('a notice is worth a message where it asks for something or takes back what was told', () => {
  expect(templates.map((template) => [template, messageOfNotice(template)]).filter(([, kind]) => kind !== null)).to.deep.equal([
    ['eligibility-inactive', 'news'],
    ['payment-needs-you', 'confirm-asked'],
    ['photo-rejected', 'news'],
    ['eligibility-changed', 'news'],
  ])
})

const subsets = <T>(all: readonly T[]): T[][] => Array.from({ length: 2 ** all.length - 1 }, (_, bits) => all.filter((_one, at) => ((bits + 1) >> at) & 1))
function permutations<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]]
  return all.flatMap((one, at) => permutations(all.filter((_, other) => other !== at)).map((rest) => [one, ...rest]))
}
