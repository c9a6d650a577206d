import { entered } from './entered.ts'
import type { EventFacts, Facts, HubFacts, JourneyFacts } from './facts.ts'
import type { PartnerFacts } from './partners.ts'
import type { Brings } from './patients.ts'

/** What is known of an intake from outside: who sent what, and whether the api said yes. */
export interface Sent extends Brings {
  intakeId: string
  accepted: boolean
}
export interface Unfinished {
  intakeId: string
  why: string[]
}
export interface Counted {
  /** Accepted, and something of it never happened, and no person was asked. */
  lost: number
  /** Done twice: at a partner, a row, an event. */
  duplicated: number
  /** Done for nobody who asked for it. */
  phantom: number
  /** A line for each, in a fixed order. */
  detail: string[]
  /** Intakes that wait for a person, and those whose payer is not believed and is asked again: neither is lost. */
  withPeople: number
  doubted: number
}

/** What is missing in this intake's journey; nothing: it is at its end. What a person has in hand is not missing. */
function missing(intake: Sent, journey: JourneyFacts | undefined): string[] {
  if (!journey?.submitted) return intake.accepted ? ['no submitted form'] : []
  const isHeld = (...flows: string[]) => journey.held.some((flow) => flows.includes(flow))
  const { clean, other } = journey.photos
  const isDoubted = journey.eligibility === 'provisional'
  const insurance = isHeld('eligibility', 'clearinghouse-batch', 'eligibility-case') || isDoubted
  const why: string[] = []
  if (!insurance && journey.eligibility !== (intake.covered ? 'confirmed' : 'inactive')) why.push(`insurance ${journey.eligibility}`)
  if (!isHeld('payment', 'payment-check') && journey.payment !== paymentOf[intake.card]) why.push(`card ${journey.payment}`)
  if (!insurance && !isHeld('ehr-writeback') && journey.writeback !== 'written') why.push(`chart ${journey.writeback}`)
  if (!isHeld('document-scan') && (clean !== intake.photos || other > 0)) why.push(`photos ${clean} clean, ${other} other`)
  return why
}
const paymentOf = { good: 'stored', declined: 'declined', none: null } as const

/** Those that have not come to their end. */
export function unfinished(journeys: readonly JourneyFacts[], intakes: readonly Sent[]): Unfinished[] {
  const journeyOf = new Map(journeys.map((journey) => [journey.intakeId, journey]))
  return intakes.map((intake) => ({ intakeId: intake.intakeId, why: missing(intake, journeyOf.get(intake.intakeId)) })).filter(({ why }) => why.length > 0)
}

/** Counted at the partners and in the database. Pure: what it is given is all that it knows. */
export function count({ hub, partners }: Facts, intakes: readonly Sent[]): Counted {
  const found = new Findings()
  lostOnes(found, hub, intakes)
  const known = knownOf(hub, intakes)
  neverThere(found, hub, partners, known)
  byWebhook(found, hub, partners, known)
  atPartners(found, partners, known)
  inDatabase(found, hub, known)
  const journeys = hub.journeys.filter(({ intakeId }) => known.intakes.has(intakeId))
  return {
    ...found.total(),
    withPeople: journeys.filter(({ held }) => held.length > 0).length,
    doubted: journeys.filter(({ eligibility }) => eligibility === 'provisional').length,
  }
}

class Findings {
  readonly #lines: Record<'lost' | 'duplicated' | 'phantom', string[]> = { lost: [], duplicated: [], phantom: [] }
  lost(what: string): void {
    this.#lines.lost.push(what)
  }
  phantom(what: string): void {
    this.#lines.phantom.push(what)
  }
  /** More often than there is reason for. */
  atMost(times: number, allowed: number, what: string): void {
    if (times > allowed) this.#lines.duplicated.push(`${what}: ${times} times, not ${allowed}`)
  }
  total() {
    const { lost, duplicated, phantom } = this.#lines
    const detail = Object.entries(this.#lines).flatMap(([kind, lines]) => lines.sort().map((line) => `${kind}: ${line}`))
    return { lost: lost.length, duplicated: duplicated.length, phantom: phantom.length, detail }
  }
}

function lostOnes(found: Findings, hub: HubFacts, intakes: readonly Sent[]): void {
  for (const { intakeId, why } of unfinished(hub.journeys, intakes)) found.lost(`intake ${intakeId}: ${why.join(', ')}`)
  for (const event of hub.events) {
    if (event.pending) found.lost(`event ${nameOf(event)} never left its outbox`)
    else if (event.intakeId !== null && !event.recorded) found.lost(`event ${nameOf(event)} is not in the journey`)
    for (const flow of entered[event.type] ?? [])
      if (!['settled', 'held'].includes(event.pins[flow] ?? 'none')) found.lost(`event ${nameOf(event)} in flow ${flow}: ${event.pins[flow] ?? 'never came'}`)
  }
  for (const pin of hub.openPins) found.lost(`a delivery of ${pin.flow} about ${pin.intakeId ?? 'no intake'} is ${pin.state}`)
}
const nameOf = (event: EventFacts): string => `${event.type} ${event.id} of ${event.intakeId ?? 'no intake'}`

/** What the hub says was done, and the partner knows nothing of. */
function neverThere(found: Findings, hub: HubFacts, partners: PartnerFacts, known: Known): void {
  const [asked, kept, written] = [
    new Set(partners.clearinghouse.map((one) => one.trace)),
    new Set(partners.stripe.filter((one) => one.operation === 'storeCard').map((one) => one.payment)),
    new Set(partners.fhir.map((one) => one.key)),
  ]
  const journeyOf = new Map(hub.journeys.filter((journey) => known.intakes.has(journey.intakeId)).map((journey) => [journey.intakeId, journey]))
  for (const { requestId, intakeId } of hub.requests)
    if (['confirmed', 'inactive'].includes(journeyOf.get(intakeId)?.eligibility ?? '') && !asked.has(traceOf(requestId)))
      found.lost(`the payer knows no question about ${intakeId}`)
  for (const { paymentId, intakeId } of hub.payments)
    if (journeyOf.get(intakeId)?.payment === 'stored' && !kept.has(paymentId)) found.lost(`Stripe knows no card of ${intakeId}`)
  for (const { visitId, intakeId } of hub.visits)
    if (journeyOf.get(intakeId)?.writeback === 'written' && !written.has(visitId)) found.lost(`the EHR knows no visit of ${intakeId}`)
}
/** What the payment partner tells of a card by webhook, until we take it. */
const cardTold = /^setup_intent\.(requires_action|succeeded|setup_failed|canceled)$/

/** What was told counts once, and about something of ours; what counts was told. */
function byWebhook(found: Findings, { facts }: HubFacts, { webhooks }: PartnerFacts, known: Known): void {
  const factOf = new Map(facts.map((fact) => [fact.eventId, fact]))
  for (const { id, type } of webhooks) if (cardTold.test(type) && !factOf.has(id)) found.lost(`webhook ${type} ${id} never counted`)
  const told = new Set(webhooks.map(({ id }) => id))
  for (const { eventId, type, about } of facts) {
    if (!told.has(eventId)) found.phantom(`fact ${type} ${eventId}, of which Stripe told nothing`)
    else if (about === null || !known.payments.has(about)) found.phantom(`fact ${type} ${eventId} about ${about ?? 'nothing of ours'}`)
  }
}

/** As it stands in TRN02. */
const traceOf = (requestId: string): string => requestId.replaceAll('-', '').toUpperCase()

/** Whose something is, and how often there was reason for it. */
interface Known {
  intakes: ReadonlyMap<string, Sent>
  /** Trace at the clearinghouse -> how often the payer may have been asked. */
  traces: ReadonlyMap<string, number>
  payments: ReadonlySet<string>
  visits: ReadonlySet<string>
  patients: ReadonlySet<string>
}

function knownOf(hub: HubFacts, intakes: readonly Sent[]): Known {
  const sent = new Map(intakes.map((intake) => [intake.intakeId, intake]))
  const ours = hub.visits.filter((visit) => sent.has(visit.intakeId))
  return {
    intakes: sent,
    traces: new Map([
      ...hub.requests.filter((request) => sent.has(request.intakeId)).map((request) => [traceOf(request.requestId), request.asked] as const),
      ...hub.canaries.map((id) => [traceOf(id), 1] as const),
    ]),
    payments: new Set(hub.payments.filter((payment) => sent.has(payment.intakeId)).map((payment) => payment.paymentId)),
    visits: new Set(ours.map((visit) => visit.visitId)),
    patients: new Set(ours.flatMap((visit) => visit.patientId ?? [])),
  }
}

function atPartners(found: Findings, partners: PartnerFacts, known: Known): void {
  // An answer that was given again under the same key is work that was not done twice: it is no effect.
  const worked = partners.clearinghouse.filter(({ operation }) => operation === 'checkEligibility' || operation === 'batchInquiry')
  const asked = summed(worked.map((one) => [one.trace ?? one.key, one.times]))
  for (const [trace, times] of asked) {
    const allowed = known.traces.get(trace)
    if (allowed === undefined) found.phantom(`the payer was asked about ${trace}`)
    else found.atMost(times, allowed, `the payer was asked about ${trace}`)
  }
  for (const [number, times] of Object.entries(partners.interchanges)) found.atMost(times, 1, `interchange ${number} was worked on`)

  for (const operation of ['createCustomer', 'storeCard'] as const) {
    for (const [payment, times] of summed(partners.stripe.filter((one) => one.operation === operation).map((one) => [one.payment ?? one.key, one.times]))) {
      if (!known.payments.has(payment)) found.phantom(`${operation} for payment ${payment}`)
      else found.atMost(times, 1, `${operation} for payment ${payment}`)
    }
  }

  for (const [visit, times] of summed(partners.fhir.map((one) => [one.key, one.times]))) {
    if (!known.visits.has(visit)) found.phantom(`a chart entry for visit ${visit}`)
    else found.atMost(times, 1, `a chart entry for visit ${visit}`)
  }
  for (const [patient, chart] of Object.entries(partners.people)) {
    if (!known.patients.has(patient)) found.phantom(`a chart of patient ${patient}`)
    found.atMost(chart.patients, 1, `the chart of patient ${patient}`)
    found.atMost(chart.coverages.length, 1, `the cover in the chart of patient ${patient}`)
    found.atMost(chart.appointments, 1, `the visit in the chart of patient ${patient}`)
  }
}

const summed = (pairs: readonly (readonly [string, number])[]): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const [key, times] of pairs) sums.set(key, (sums.get(key) ?? 0) + times)
  return sums
}

/** What happens at most once to an intake, whatever is repeated. */
const onceOnly = [
  ...['visit.created.v1', 'intake.created.v1', 'intake.opened.v1', 'intake.submitted.v1', 'visit.prepared.v1'],
  ...['payment.requested.v1', 'payment.succeeded.v1', 'payment.failed.v1', 'eligibility.requested.v1'],
]
/** Each of these has the chart written, or written again: the chart follows the answers. */
const writesChart = ['eligibility.succeeded.v1', 'eligibility.failed.v1', 'ehr.writeback-again.v1']
const writtenChart = ['ehr.writeback.completed.v1', 'ehr.writeback.failed.v1']
/** What the hub writes about an intake before anybody submits it. */
const beforeSubmit = new Set(['visit.created.v1', 'intake.created.v1', 'intake.opened.v1', 'upload.completed.v1', 'upload.cleared.v1', 'step.finished.v1'])

function inDatabase(found: Findings, hub: HubFacts, known: Known): void {
  const happened = summed(hub.events.flatMap((event) => (event.intakeId === null ? [] : [[`${event.type} of ${event.intakeId}`, 1] as const])))
  for (const type of onceOnly) for (const { intakeId } of hub.journeys) found.atMost(happened.get(`${type} of ${intakeId}`) ?? 0, 1, `${type} of ${intakeId}`)
  for (const { intakeId } of hub.journeys) {
    const times = (types: readonly string[]): number => types.reduce((sum, type) => sum + (happened.get(`${type} of ${intakeId}`) ?? 0), 0)
    found.atMost(times(writtenChart), times(writesChart), `${writtenChart[0]} of ${intakeId}`)
  }
  const askedOf = new Map(hub.requests.map((request) => [request.intakeId, request.asked]))
  for (const request of hub.requests) {
    found.atMost(request.rounds, request.asked, `the question of ${request.intakeId} in a batch`)
    found.atMost(request.answers, request.asked, `an answer about ${request.intakeId}`)
  }
  for (const { intakeId, template, times } of hub.notices) found.atMost(times, Math.max(1, askedOf.get(intakeId) ?? 0), `notice ${template} to ${intakeId}`)
  for (const payment of hub.payments) found.atMost(payment.methods, 1, `a kept card of payment ${payment.paymentId}`)

  const stranger = (intakeId: string): boolean => !known.intakes.has(intakeId)
  for (const { intakeId } of hub.journeys.filter((journey) => journey.submitted && stranger(journey.intakeId))) found.phantom(`a submitted form of ${intakeId}`)
  for (const event of hub.events)
    if (event.intakeId !== null && stranger(event.intakeId) && !beforeSubmit.has(event.type)) found.phantom(`event ${nameOf(event)}`)
  for (const { intakeId } of hub.requests.filter((request) => stranger(request.intakeId))) found.phantom(`an eligibility request of ${intakeId}`)
  for (const { intakeId } of hub.payments.filter((payment) => stranger(payment.intakeId))) found.phantom(`a payment of ${intakeId}`)
  for (const { intakeId } of hub.notices.filter((notice) => stranger(notice.intakeId))) found.phantom(`a notice to ${intakeId}`)
  for (const { visitId } of hub.visits.filter((visit) => visit.patientId !== null && stranger(visit.intakeId))) found.phantom(`a patient at visit ${visitId}`)
  for (const id of hub.strayPatients) found.phantom(`patient ${id} without a form`)
}
