import { expect } from 'chai'
import { type Counted, count, type Sent, unfinished } from './count.ts'
import type { EventFacts, Facts, JourneyFacts } from './facts.ts'

/** Two patients to whom everything happened once: Ann leaves a card and a photo, Bo has a payer that answers by file, no cover, and no card. */
const ann: Sent = { ...{ intakeId: 'ann', accepted: true, memberId: 'CHAOS1', payerId: 'HELIO1', covered: true }, card: 'good', photos: 1 }
const bo: Sent = { ...{ intakeId: 'bo', accepted: true, memberId: 'INACT2', payerId: 'SLOWB4', covered: false }, card: 'none', photos: 0 }
const traceOf = (requestId: string): string => requestId.replaceAll('-', '').toUpperCase()

const event = (intakeId: string | null, type: string, ...flows: string[]): EventFacts => ({
  ...{ id: `${type}/${intakeId}`, intakeId, type, pending: false, recorded: intakeId !== null },
  pins: Object.fromEntries(flows.map((flow) => [flow, 'settled'])),
})
function whole(): Facts {
  const eventsOf = (intakeId: string): EventFacts[] => [
    event(intakeId, 'visit.created.v1'),
    event(intakeId, 'intake.submitted.v1', 'intake'),
    event(intakeId, 'eligibility.requested.v1', 'eligibility'),
    event(intakeId, 'eligibility.succeeded.v1', 'ehr-writeback', 'eligibility-case', 'notify'),
    event(intakeId, 'ehr.writeback.completed.v1'),
  ]
  const journey = (intakeId: string, more: Partial<JourneyFacts>): JourneyFacts => ({
    ...{ intakeId, submitted: true, eligibility: 'confirmed', payment: 'stored', writeback: 'written', photos: { clean: 0, other: 0 }, held: [] },
    ...more,
  })
  return {
    hub: {
      journeys: [journey('ann', { photos: { clean: 1, other: 0 } }), journey('bo', { eligibility: 'inactive', payment: null })],
      events: [
        ...eventsOf('ann'),
        ...eventsOf('bo'),
        ...[
          event('ann', 'payment.requested.v1', 'payment'),
          event('ann', 'payment.succeeded.v1', 'notify'),
          event('ann', 'upload.completed.v1', 'document-scan'),
          event(null, 'stripe.item-received.v1', 'payment-fact'),
        ],
        ...[event(null, 'eligibility.batch-closed.v1', 'clearinghouse-batch'), event(null, 'clearinghouse.item-received.v1', 'clearinghouse-batch')],
        // Somebody who opened the form and never sent it.
        ...[event('cy', 'visit.created.v1'), event('cy', 'intake.opened.v1')],
      ],
      visits: [
        { visitId: 'visit-ann', intakeId: 'ann', patientId: 'patient-ann' },
        { visitId: 'visit-bo', intakeId: 'bo', patientId: 'patient-bo' },
        { visitId: 'visit-cy', intakeId: 'cy', patientId: null },
      ],
      strayPatients: [],
      requests: [
        { requestId: 'request-ann', intakeId: 'ann', asked: 1, rounds: 0, answers: 1 },
        { requestId: 'request-bo', intakeId: 'bo', asked: 1, rounds: 1, answers: 1 },
      ],
      canaries: ['canary-1'],
      payments: [{ paymentId: 'payment-ann', intakeId: 'ann', methods: 1 }],
      facts: [{ eventId: 'evt-1', type: 'setup_intent.succeeded', about: 'payment-ann' }],
      notices: [{ intakeId: 'ann', template: 'eligibility-confirmed', times: 1 }],
      openPins: [],
    },
    partners: {
      clearinghouse: [
        { operation: 'checkEligibility', key: 'hx_1', trace: traceOf('request-ann'), times: 1 },
        { operation: 'checkEligibility', key: 'hx_2', trace: traceOf('canary-1'), times: 1 },
        { operation: 'batchInquiry', key: traceOf('request-bo'), trace: traceOf('request-bo'), times: 1 },
      ],
      stripe: [
        { operation: 'createCustomer', key: 'hx_3:customer', payment: 'payment-ann', times: 1 },
        { operation: 'storeCard', key: 'hx_3', payment: 'payment-ann', times: 1 },
      ],
      fhir: [
        { operation: 'writeVisit', key: 'visit-ann', times: 1 },
        { operation: 'writeVisit', key: 'visit-bo', times: 1 },
      ],
      people: {
        'patient-ann': { patients: 1, coverages: [{ status: 'active' }], appointments: 1 },
        'patient-bo': { patients: 1, coverages: [{ status: 'cancelled' }], appointments: 1 },
      },
      interchanges: { 'HELIOXHUB/000000001': 1 },
      webhooks: [
        { id: 'evt-1', type: 'setup_intent.succeeded' },
        { id: 'evt-2', type: 'payment_method.attached' },
      ],
    },
  }
}
type Kind = 'lost' | 'duplicated' | 'phantom'
const counts = ({ lost, duplicated, phantom }: Counted) => ({ lost, duplicated, phantom })
const first = <T>(of: T[]): T => {
  const [found] = of
  if (found === undefined) throw new Error('nothing there')
  return found
}
const eventOf = (facts: Facts, id: string): EventFacts => first(facts.hub.events.filter((one) => one.id === id))
const journeyOf = (facts: Facts, intakeId: string): JourneyFacts => first(facts.hub.journeys.filter((one) => one.intakeId === intakeId))

describe('the count of effects', () => {
  it('finds nothing where everything happened once', () => {
    expect(count(whole(), [ann, bo])).to.deep.equal({ lost: 0, duplicated: 0, phantom: 0, detail: [], withPeople: 0, doubted: 0 })
  })

  /** What could go wrong, planted one at a time. */
  const planted: [Kind, string, (facts: Facts) => void][] = [
    ['lost', 'an accepted form that is not in the database', (f) => Object.assign(journeyOf(f, 'ann'), { submitted: false })],
    ['lost', 'a payer that was never asked', (f) => Object.assign(journeyOf(f, 'ann'), { eligibility: 'checking' })],
    ['lost', 'a wrong answer', (f) => Object.assign(journeyOf(f, 'bo'), { eligibility: 'confirmed' })],
    ['lost', 'a card that was never kept', (f) => Object.assign(journeyOf(f, 'ann'), { payment: 'requested' })],
    ['lost', 'a chart that was never written', (f) => Object.assign(journeyOf(f, 'bo'), { writeback: 'none' })],
    ['lost', 'a photo that was never scanned', (f) => Object.assign(journeyOf(f, 'ann'), { photos: { clean: 0, other: 1 } })],
    ['lost', 'an event that stayed in its outbox', (f) => Object.assign(eventOf(f, 'visit.created.v1/cy'), { pending: true })],
    ['lost', 'an event that the journey does not know', (f) => Object.assign(eventOf(f, 'visit.created.v1/bo'), { recorded: false })],
    ['lost', 'an event that never came to its flow', (f) => Object.assign(eventOf(f, 'payment.succeeded.v1/ann'), { pins: {} })],
    ['lost', 'a delivery that is not over', (f) => Object.assign(eventOf(f, 'payment.succeeded.v1/ann').pins, { notify: 'open' })],
    ['lost', 'a delivery under way about no intake', (f) => f.hub.openPins.push({ flow: 'clearinghouse-batch', state: 'retrying', intakeId: null })],
    ['lost', 'an answer to a question that the payer never had', (f) => void f.partners.clearinghouse.shift()],
    ['lost', 'a kept card that Stripe never had', (f) => void f.partners.stripe.pop()],
    ['lost', 'a written visit that the EHR never had', (f) => void f.partners.fhir.pop()],
    ['lost', 'a webhook that came to no flow', (f) => Object.assign(eventOf(f, 'stripe.item-received.v1/null'), { pins: {} })],
    ['lost', 'a webhook that never counted', (f) => void f.hub.facts.pop()],
    ['lost', 'a write-back that was to be made again, and was not', (f) => f.hub.events.push(event('ann', 'ehr.writeback-again.v1'))],
    ['lost', 'a question about a method that was never put', (f) => f.hub.events.push(event('ann', 'payment.check-due.v1'))],
    ['duplicated', 'a payer asked twice under one key', (f) => Object.assign(first(f.partners.clearinghouse), { times: 2 })],
    [
      'duplicated',
      'a payer asked again under another key',
      (f) => f.partners.clearinghouse.push({ operation: 'checkEligibility', key: 'hx_9', trace: traceOf('request-ann'), times: 1 }),
    ],
    ['duplicated', 'an interchange that was worked on twice', (f) => Object.assign(f.partners.interchanges, { 'HELIOXHUB/000000001': 2 })],
    ['duplicated', 'a card kept under two keys', (f) => f.partners.stripe.push({ operation: 'storeCard', key: 'hx_8', payment: 'payment-ann', times: 1 })],
    ['duplicated', 'a second customer', (f) => f.partners.stripe.push({ operation: 'createCustomer', key: 'hx_8:customer', payment: 'payment-ann', times: 1 })],
    ['duplicated', 'a visit written twice', (f) => Object.assign(first(f.partners.fhir), { times: 2 })],
    ['duplicated', 'a second chart', (f) => Object.assign(first(Object.values(f.partners.people)), { patients: 2 })],
    ['duplicated', 'a second cover in the chart', (f) => first(Object.values(f.partners.people)).coverages.push({ status: 'active' })],
    ['duplicated', 'a second visit in the chart', (f) => Object.assign(first(Object.values(f.partners.people)), { appointments: 2 })],
    ['duplicated', 'an event told twice', (f) => f.hub.events.push({ ...eventOf(f, 'payment.succeeded.v1/ann'), id: 'again' })],
    ['duplicated', 'a chart told of once more than it was written', (f) => f.hub.events.push({ ...eventOf(f, 'ehr.writeback.completed.v1/ann'), id: 'again' })],
    ['duplicated', 'an answer recorded twice', (f) => Object.assign(first(f.hub.requests), { answers: 2 })],
    ['duplicated', 'a question in two batches', (f) => Object.assign(first(f.hub.requests), { rounds: 2 })],
    ['duplicated', 'a card recorded twice', (f) => Object.assign(first(f.hub.payments), { methods: 2 })],
    ['duplicated', 'a patient told twice', (f) => Object.assign(first(f.hub.notices), { times: 2 })],
    ['phantom', 'a payer asked about nobody', (f) => f.partners.clearinghouse.push({ operation: 'checkEligibility', key: 'hx_7', trace: 'NOBODY', times: 1 })],
    ['phantom', 'a card of nobody', (f) => f.partners.stripe.push({ operation: 'storeCard', key: 'hx_7', payment: 'payment-cy', times: 1 })],
    ['phantom', 'a fact that Stripe never told', (f) => f.hub.facts.push({ eventId: 'evt-9', type: 'setup_intent.succeeded', about: 'payment-ann' })],
    ['phantom', 'a fact about nothing of ours', (f) => Object.assign(first(f.hub.facts), { about: null })],
    ['phantom', 'a visit of nobody in the chart', (f) => f.partners.fhir.push({ operation: 'writeVisit', key: 'visit-cy-2', times: 1 })],
    ['phantom', 'a chart of nobody', (f) => Object.assign(f.partners.people, { 'patient-cy': { patients: 1, coverages: [], appointments: 0 } })],
    ['phantom', 'a form that nobody sent', (f) => f.hub.journeys.push({ ...journeyOf(f, 'bo'), intakeId: 'cy' })],
    ['phantom', 'an event about a form that nobody sent', (f) => f.hub.events.push(event('cy', 'intake.submitted.v1', 'intake'))],
    ['phantom', 'a request of nobody', (f) => f.hub.requests.push({ requestId: 'request-cy', intakeId: 'cy', asked: 1, rounds: 0, answers: 0 })],
    ['phantom', 'a payment of nobody', (f) => f.hub.payments.push({ paymentId: 'payment-cy', intakeId: 'cy', methods: 0 })],
    ['phantom', 'a notice to nobody', (f) => f.hub.notices.push({ intakeId: 'cy', template: 'payment-stored', times: 1 })],
    ['phantom', 'a patient at a visit whose form nobody sent', (f) => Object.assign(first(f.hub.visits.slice(2)), { patientId: 'patient-cy' })],
    ['phantom', 'a patient without a form', (f) => f.hub.strayPatients.push('patient-dee')],
  ]
  for (const [kind, what, plant] of planted) {
    it(`finds ${what}`, () => {
      const facts = whole()
      plant(facts)
      const counted = count(facts, [ann, bo])
      expect(counts(counted), counted.detail.join('\n')).to.deep.equal({ lost: 0, duplicated: 0, phantom: 0, [kind]: 1 })
      expect(first(counted.detail)).to.match(new RegExp(`^${kind}: `))
    })
  }

  it('does not miss what a person has in hand, and says how many that are', () => {
    const facts = whole()
    Object.assign(journeyOf(facts, 'ann'), { payment: 'requested', held: ['payment'] })
    Object.assign(eventOf(facts, 'payment.requested.v1/ann').pins, { payment: 'held' })
    expect(count(facts, [ann, bo])).to.deep.include({ lost: 0, withPeople: 1 })
    // Of another part than the one that is missing.
    Object.assign(journeyOf(facts, 'ann'), { held: ['document-scan'] })
    expect(count(facts, [ann, bo])).to.include({ lost: 1 })
  })

  it('counts a doubted answer apart, and asks about it as often as there was reason to', () => {
    const facts = whole()
    Object.assign(journeyOf(facts, 'ann'), { eligibility: 'provisional', writeback: 'none' })
    Object.assign(first(facts.hub.requests), { asked: 2, answers: 2 })
    Object.assign(first(facts.partners.clearinghouse), { times: 2 })
    facts.hub.events.push({ ...event('ann', 'eligibility.recheck.v1', 'eligibility'), id: 'recheck' })
    expect(count(facts, [ann, bo])).to.deep.include({ lost: 0, duplicated: 0, doubted: 1 })
  })

  it('misses nothing of a form that the api has not accepted yet, and calls what came of it no phantom', () => {
    const facts = whole()
    expect(count(facts, [ann, { ...bo, accepted: false }])).to.include({ lost: 0, phantom: 0 })
    facts.hub.journeys.pop()
    expect(unfinished(facts.hub.journeys, [ann, { ...bo, accepted: false }])).to.deep.equal([])
    expect(unfinished(facts.hub.journeys, [ann, bo])).to.deep.equal([{ intakeId: 'bo', why: ['no submitted form'] }])
  })

  it('takes a chart that is written again, a method that is asked about and a webhook that says nothing of a card for what they are', () => {
    const facts = whole()
    facts.hub.events.push(
      event('ann', 'ehr.writeback-again.v1', 'ehr-writeback'),
      { ...eventOf(facts, 'ehr.writeback.completed.v1/ann'), id: 'again' },
      { ...event('ann', 'payment.check-due.v1', 'payment-check'), id: 'check-1' },
      { ...event('ann', 'payment.check-due.v1', 'payment-check'), id: 'check-2' },
    )
    facts.partners.stripe.push({ operation: 'checkMethod', key: 'seti_1', payment: 'payment-ann', times: 1 })
    facts.partners.webhooks.push({ id: 'evt-3', type: 'setup_intent.created' })
    expect(count(facts, [ann, bo])).to.include({ lost: 0, duplicated: 0, phantom: 0 })
  })

  it('takes an answer that the payer gave again, and a file that it has, for no effects', () => {
    const facts = whole()
    facts.partners.clearinghouse.push(
      { operation: 'repeatedInquiry', key: 'hx_1', times: 2 },
      { operation: 'submitBatch', key: 'HELIOXHUB/000000001', times: 1 },
    )
    expect(count(facts, [ann, bo])).to.include({ lost: 0, duplicated: 0, phantom: 0 })
  })
})
