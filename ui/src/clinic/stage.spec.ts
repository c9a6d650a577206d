import { expect } from 'chai'
import type { DeskVisit, Journey, PatientMessage } from '../client.gen.ts'
import { groupOfVisit, type Standing, stageOf } from './stage.ts'

const nowMs = Date.parse('2027-03-04T12:00:00.000Z')
const hoursAway = (hours: number): string => new Date(nowMs + hours * 3_600_000).toISOString()
type Answer = NonNullable<Journey['answer']>
const ages = {
  fresh: { at: hoursAway(-2), staleAt: hoursAway(1), expiresAt: hoursAway(2) },
  stale: { at: hoursAway(-2), staleAt: hoursAway(-1), expiresAt: hoursAway(2) },
  expired: { at: hoursAway(-3), staleAt: hoursAway(-2), expiresAt: hoursAway(-1) },
} satisfies Record<string, Answer>

const well: Journey = {
  ...{ intakeId: 'a', visitId: 'b', reference: 'HX-1', startsAt: hoursAway(20), practitioner: 'Dr Okafor', visitStatus: 'booked', visitChange: null },
  ...{ intake: 'submitted', eligibility: 'confirmed', askedByFile: false, provisional: null, answer: ages.fresh, changed: null, nextTry: null },
  ...{
    payment: 'stored',
    paymentMethod: 'card',
    writeback: 'written',
    photosExpected: 2,
    photosClean: 2,
    photosRejected: 0,
    held: 0,
    updatedAt: hoursAway(-1),
  },
}
const standing = (change: Partial<Journey> = {}, withdrawn: Standing['withdrawn'] = []): Standing => ({
  journey: { ...well, ...change },
  message: null,
  withdrawn,
  ofAnother: false,
  linkEnded: false,
})
const stage = (change: Partial<Journey> = {}, withdrawn: Standing['withdrawn'] = []) => stageOf(standing(change, withdrawn), nowMs)

const answers = [
  null,
  'checking',
  'provisional',
  'confirmed',
  'inactive',
  'needs-you',
  'with-our-team',
  'corrected',
] as const satisfies Journey['eligibility'][]
const kinds = ['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature', 'sms', 'telehealth'] as const satisfies DeskVisit['withdrawn']

describe('the word that a patient is treated on', () => {
  it('is "ready" for a fresh yes with nothing taken back, and for nothing else', () => {
    const ready: string[] = []
    for (const eligibility of answers)
      for (const [age, answer] of Object.entries(ages))
        for (const withdrawn of [[], ...kinds.map((kind) => [kind]), [...kinds], null])
          if (stage({ eligibility, answer }, withdrawn) === 'ready') ready.push(`${eligibility} ${age} ${withdrawn?.join('+') || 'nothing'}`)
    const yes = ['nothing', 'sms', 'telehealth']
    expect(ready).to.deep.equal([...yes.map((taken) => `confirmed fresh ${taken}`), ...yes.map((taken) => `corrected fresh ${taken}`)])
  })

  it('waits for an answer where the one that is there grew old', () => {
    for (const eligibility of ['confirmed', 'corrected'] as const)
      for (const age of ['stale', 'expired'] as const) expect(stage({ eligibility, answer: ages[age] }), `${eligibility} ${age}`).to.equal('checking')
  })

  it('is ours to act on where treatment, privacy, signing or the card was taken back, whatever the answer is', () => {
    for (const eligibility of answers)
      for (const kind of ['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature'] as const)
        expect(stage({ eligibility }, [kind]), `${eligibility} ${kind}`).to.equal('needs-us')
  })

  it('is never "ready" while what was taken back could not be asked', () => {
    expect(stage({}, null)).to.equal('checking')
  })

  it('is never "ready" of an appointment that names another patient, or while that could not be asked', () => {
    for (const eligibility of answers)
      for (const intake of ['created', 'opened', 'submitted'] as const)
        expect(stageOf({ ...standing({ eligibility, intake }), ofAnother: true }, nowMs), `${eligibility} ${intake}`).to.equal('needs-us')
    expect(stageOf({ ...standing(), ofAnother: null }, nowMs)).to.equal('checking')
    expect(stageOf({ ...standing({ visitStatus: 'cancelled' }), ofAnother: true }, nowMs), 'called off, it is nobody’s').to.equal('off')
  })

  it('says not covered of a patient without cover', () => {
    for (const answer of Object.values(ages)) expect(stage({ eligibility: 'inactive', answer })).to.equal('inactive')
  })

  it('is not "ready" while anything else is open', () => {
    const open: readonly (readonly [Partial<Journey>, ReturnType<typeof stageOf>])[] = [
      [{ held: 1 }, 'needs-us'],
      [{ writeback: 'none' }, 'checking'],
      [{ writeback: 'refused' }, 'needs-us'],
      [{ payment: 'requested' }, 'checking'],
      [{ payment: 'declined' }, 'needs-patient'],
      [{ payment: 'needs-you' }, 'needs-patient'],
      [{ photosClean: 1 }, 'checking'],
      [{ photosRejected: 1 }, 'needs-patient'],
      [{ intake: 'opened' }, 'opened'],
      [{ intake: 'created' }, 'not-sent'],
      [{ visitStatus: 'cancelled' }, 'off'],
      [{ visitStatus: 'noshow' }, 'off'],
      [{ visitStatus: 'fulfilled' }, 'over'],
    ]
    for (const [change, is] of open) expect(stage(change), JSON.stringify(change)).to.equal(is)
    expect(stage({ payment: null, photosExpected: 0, photosClean: 0 }), 'what was not asked for keeps nobody').to.equal('ready')
  })

  it('is "sent" once the link left, whatever became of news after it, and not while it waits', () => {
    const of = (kind: PatientMessage['kind'], status: PatientMessage['status']) =>
      stageOf({ ...standing({ intake: 'created' }), message: { kind, status } as PatientMessage }, nowMs)
    for (const status of ['requested', 'sent', 'delivered'] as const) expect(of('invitation', status), status).to.equal('sent')
    for (const status of ['planned', 'suppressed', 'failed', 'undelivered'] as const) expect(of('invitation', status), status).to.equal('not-sent')
    expect([of('reminder-72h', 'delivered'), of('reminder-24h', 'undelivered')]).to.deep.equal(['sent', 'not-sent'])
    expect([of('moved', 'delivered'), of('moved', 'undelivered')], 'told only to who has the link').to.deep.equal(['sent', 'sent'])
  })

  it('says that a link has ended, whatever was sent of it, until the form is there', () => {
    const ended = (change: Partial<Journey>, message: Standing['message'] = null) => stageOf({ ...standing(change), message, linkEnded: true }, nowMs)
    const sent = { kind: 'invitation', status: 'delivered' } as PatientMessage
    expect([ended({ intake: 'created' }), ended({ intake: 'created' }, sent), ended({ intake: 'opened' }, sent)]).to.deep.equal(Array(3).fill('link-ended'))
    expect(ended({ intake: 'created', held: 1 }), 'ours first').to.equal('needs-us')
    expect([ended({}), ended({ intake: 'created', visitStatus: 'cancelled' })], 'the form came, or nobody is waited for').to.deep.equal(['ready', 'off'])
  })

  it('counts as it says', () => {
    const counted = (change: Partial<Journey>, withdrawn: DeskVisit['withdrawn'] = []) =>
      groupOfVisit({ journey: { ...well, ...change }, message: null, contactRevision: 1, withdrawn, ofAnother: false, linkEnded: false }, nowMs)
    expect(counted({})).to.equal('ready')
    expect(counted({ answer: ages.stale })).to.equal('with-us')
    expect(counted({ answer: ages.expired })).to.equal('with-us')
    expect(counted({}, ['treatment'])).to.equal('with-us')
    expect(counted({ eligibility: 'inactive' })).to.equal('inactive')
  })
})
