import { expect } from 'chai'
import { eligibilityStates, paymentStates } from '../billing/model.ts'
import { LanguageTag } from '../kit/index.ts'
import { type Journey, nothingYet } from '../reporting/model.ts'
import { ageOf, fill, messageKeys, moneyLines, statusHeading, statusLines } from './index.ts'

const nowMs = Date.parse('2026-03-01T00:00:00Z')
const values = {
  square: 'SQUARE',
  version: 'VERSION',
  language: 'LANGUAGE',
  page: 'PAGE',
  pages: 'SHEETS',
  visit: 'VISIT',
  clinic: 'CLINIC',
  phone: 'PHONE',
  until: 'UNTIL',
  correlationId: 'ID',
  when: 'WHEN',
  amount: 'AMOUNT',
}
const journey = (of: Partial<Journey>): Journey => ({
  ...nothingYet,
  intakeId: '00000000-0000-4000-8000-000000000001',
  visitId: null,
  reference: 'HX-2222-222',
  startsAt: null,
  practitioner: null,
  visitStatus: 'booked',
  intake: 'submitted',
  eligibility: 'confirmed',
  updatedAt: '2026-03-01T00:00:00Z',
  ...of,
})

describe('messages', () => {
  it('fills every text in every language, with the same values in each', () => {
    for (const key of messageKeys) {
      const used = LanguageTag.options.map((language) => {
        const text = fill(key, language, values)
        expect(text, `${key} ${language}`).to.not.match(/[{}]/).and.to.not.equal('')
        return Object.values(values)
          .filter((value) => text.includes(value))
          .join()
      })
      expect(new Set(used).size, `${key}: the languages use different values`).to.equal(1)
    }
  })

  it('ends a sentence once, also in Spanish after a time', () => {
    const whole = messageKeys.filter((key) => /\{when\}\./.test(fill(key, 'es', { ...values, when: '{when}' })))
    expect(whole).not.to.deep.equal([])
    for (const key of whole)
      expect(fill(key, 'es', { ...values, when: 'el lunes, 9:20 a.m.' }), key)
        .to.contain('9:20 a.m.')
        .and.not.contain('..')
  })

  it('does not print a hole where a value is missing', () => {
    expect(() => fill('intake.open.todo', 'en')).to.throw('message intake.open.todo needs {visit}')
  })
})

describe('how old an answer is', () => {
  const [staleAt, expiresAt] = ['2026-03-08T00:00:00Z', '2026-03-31T00:00:00Z']
  const answer = { at: '2026-03-01T00:00:00Z', staleAt, expiresAt }
  const of = (iso: string, less = 0) => ageOf({ answer }, Date.parse(iso) - less)

  it('is fresh, then stale, then expired, each from its very moment on', () => {
    expect([of(answer.at), of(staleAt, 1), of(staleAt), of(expiresAt, 1), of(expiresAt)]).to.deep.equal(['fresh', 'fresh', 'stale', 'stale', 'expired'])
    expect(ageOf({ answer: null }, nowMs)).to.equal('fresh')
  })

  it('takes the word "covered" from what a patient reads once it has expired, and not while it is stale', () => {
    const said = (iso: string) => statusLines(journey({ answer }), Date.parse(iso)).find((l) => l.subject === 'insurance')?.what
    expect([said(staleAt), said(expiresAt)]).to.deep.equal(['insurance.confirmed.what', 'insurance.expired.what'])
  })
})

describe('what a patient reads of an answer that is not believed yet', () => {
  const line = (of: Partial<Journey>) => statusLines(journey(of), nowMs).find((l) => l.subject === 'insurance')
  const provisional = (verdict: 'active' | 'inactive' | 'unknown') =>
    line({ eligibility: 'provisional', provisional: { verdict, doubts: ['closed-calendar'], recheckAt: '2026-03-02T13:00:00Z' } })

  it('says what the insurer said only where it said yes, and when we ask again', () => {
    expect(provisional('active')).to.include({ tone: 'provisional', what: 'insurance.provisional.what', when: '2026-03-02T13:00:00Z' })
    expect(provisional('inactive')).to.include({ tone: 'provisional', what: 'insurance.doubtful.what', when: '2026-03-02T13:00:00Z' })
    expect(provisional('unknown')?.what).to.equal('insurance.doubtful.what')
  })

  it('says when an insurer that does not answer is asked again, once that is farther off than a moment', () => {
    const trying = (at: string) => line({ eligibility: 'checking', nextTry: { at, why: 'unavailable' } })
    expect(trying('2026-03-01T00:00:40Z')?.what).to.equal('insurance.checking.what')
    expect(trying('2026-03-01T08:00:00Z')).to.include({ what: 'insurance.later.what', when: '2026-03-01T08:00:00Z' })
  })

  it('does not go on saying "covered" of an answer past its time', () => {
    const answer = (expiresAt: string) => line({ eligibility: 'confirmed', answer: { at: '2026-02-01T00:00:00Z', staleAt: null, expiresAt } })
    expect(answer('2026-03-01T00:00:01Z')?.tone).to.equal('confirmed')
    expect(answer('2026-03-01T00:00:00Z')).to.include({ tone: 'provisional', what: 'insurance.expired.what' })
  })

  it('says that something changed, whichever way', () => {
    const changed = { at: '2026-02-28T00:00:00Z', from: 'active' as const }
    expect(line({ eligibility: 'inactive', changed })).to.include({ tone: 'failed', meaning: 'insurance.changed-inactive.meaning' })
    expect(line({ eligibility: 'confirmed', changed })).to.include({ tone: 'confirmed', meaning: 'insurance.changed.meaning' })
  })
})

describe('statusLines', () => {
  it('tells of a visit that was called off, and of nothing else: nobody fills in a form for it', () => {
    for (const intake of ['created', 'submitted'] as const) {
      const lines = statusLines(journey({ intake, visitStatus: 'cancelled', eligibility: 'needs-you' }), nowMs)
      expect(lines.map((line) => line.what)).to.deep.equal(['visit.cancelled.what'])
      expect(statusHeading(lines)).to.equal('heading.cancelled')
    }
  })
  it('tells of a visit that was moved beside everything else, and of one that was missed', () => {
    const change = { change: 'moved' as const, by: 'clinic' as const, at: '2026-02-28T10:00:00Z' }
    const moved = statusLines(journey({ visitChange: change }), nowMs)
    expect(moved[0]?.what).to.equal('visit.moved.what')
    expect(moved).to.have.length(statusLines(journey({}), nowMs).length + 1)
    expect(statusHeading(moved)).to.equal('heading.done')
    expect(statusHeading(statusLines(journey({ visitStatus: 'noshow' }), nowMs))).to.equal('heading.needs-you')
    expect(fill('visit.moved.what', 'es', values)).to.include('VISIT')
  })

  it('is done where nothing is left but a payment plan that ran out', () => {
    const over = moneyLines({ charge: null, asked: null, planExpired: true })
    expect(statusHeading([...statusLines(journey({}), nowMs), ...over])).to.equal('heading.done')
    expect(statusHeading([...statusLines(journey({ eligibility: 'checking' }), nowMs), ...over])).to.equal('heading.working')
  })

  it('tells someone who has not sent the form only that', () => {
    const lines = statusLines(journey({ intake: 'opened' }), nowMs)
    expect(lines.map((l) => l.subject)).to.deep.equal(['intake'])
    expect(statusHeading(lines)).to.equal('heading.not-sent')
  })

  it('never says done while anything is open, and asks for something exactly where the patient must act', () => {
    for (const eligibility of [null, ...eligibilityStates]) {
      for (const payment of [null, ...paymentStates]) {
        const lines = statusLines(journey({ eligibility, payment }), nowMs)
        const must = ['needs-you', 'inactive'].includes(eligibility ?? '') || ['needs-you', 'declined'].includes(payment ?? '')
        const done = ['confirmed', 'corrected'].includes(eligibility ?? '') && [null, 'stored'].includes(payment)
        expect(statusHeading(lines), `${eligibility} ${payment}`).to.equal(must ? 'heading.needs-you' : done ? 'heading.done' : 'heading.working')
      }
    }
  })

  it('names the card or the bank account once it is known which was left, and never a card before that or in place of an account', () => {
    const said = (of: Partial<Journey>, language: 'en' | 'es') => {
      const line = statusLines(journey(of), nowMs).find((l) => l.subject === 'card')
      return line ? [line.what, line.meaning].map((key) => fill(key, language, values)).join(' ') : ''
    }
    for (const payment of paymentStates) {
      for (const paymentMethod of [null, 'us-bank-account', 'other'] as const) {
        expect(said({ payment, paymentMethod }, 'en'), `${payment} ${paymentMethod}`).to.not.match(/card/i)
        expect(said({ payment, paymentMethod }, 'es'), `${payment} ${paymentMethod}`).to.not.match(/tarjeta/i)
      }
    }
    expect(said({ payment: 'stored', paymentMethod: 'us-bank-account' }, 'en')).to.contain('Your bank account is on file.')
    expect(said({ payment: 'stored', paymentMethod: 'card' }, 'en')).to.contain('Your card is on file.')
  })

  it('says that an insurer who is asked by file takes until the next morning, as long as it has not answered', () => {
    const insurance = (of: Partial<Journey>) => statusLines(journey(of), nowMs).find((l) => l.subject === 'insurance')?.what
    expect(insurance({ eligibility: 'checking', askedByFile: true })).to.equal('insurance.by-file.what')
    expect(insurance({ eligibility: 'checking', askedByFile: false })).to.equal('insurance.checking.what')
    expect(insurance({ eligibility: 'confirmed', askedByFile: true })).to.equal('insurance.confirmed.what')
    expect(insurance({ eligibility: 'with-our-team', askedByFile: true })).to.equal('insurance.with-our-team.what')
  })

  it('counts photos: none, some, all, one refused', () => {
    const tone = (of: Partial<Journey>) => statusLines(journey(of), nowMs).find((l) => l.subject === 'photos')?.tone
    expect(tone({})).to.equal(undefined)
    expect(tone({ photosExpected: 2, photosClean: 1 })).to.equal('checking')
    expect(tone({ photosExpected: 2, photosClean: 2 })).to.equal('confirmed')
    expect(tone({ photosExpected: 2, photosClean: 1, photosRejected: 1 })).to.equal('failed')
  })

  it('promises a scan in a minute for three, and then says that it takes longer', () => {
    const meaning = (waitedMs: number | null, of: Partial<Journey> = {}) => {
      const photosSince = waitedMs === null ? null : new Date(nowMs - waitedMs).toISOString()
      return statusLines({ ...journey({ photosExpected: 2, photosClean: 1, ...of }), photosSince }, nowMs).find((l) => l.subject === 'photos')?.meaning
    }
    expect([null, 0, 180_000].map((ms) => meaning(ms))).to.deep.equal(Array(3).fill('photos.checking.meaning'))
    expect([180_001, 30 * 24 * 3_600_000].map((ms) => meaning(ms))).to.deep.equal(Array(2).fill('photos.slow.meaning'))
    expect(meaning(600_000, { photosClean: 2 })).to.equal('photos.clean.meaning')
  })
})
