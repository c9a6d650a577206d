import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Patient, type Staff } from './hub-client.ts'
import type { DemoPerson } from './people.ts'
import { cardPhoto } from './photo.ts'
import { confirmationToken } from './simulators.ts'

export interface Urls {
  public: string
  clearinghouse: string
  fhir: string
  stripe: string
  twilio: string
  mail: string
  scanner: string
}

export interface Walked {
  intakeId: string
  reference: string
  patient: Patient
  statusUrl: string
}

/** Tomorrow in the demo clinic's morning, twenty minutes apart, so that a demo reads like a clinic's day. */
export function visitAt(slot: number): string {
  // Chicago is six hours behind, or five: a day ahead of its today; 15:00 UTC is 9 or 10 there.
  const at = new Date(Date.now() + 18 * 3_600_000)
  at.setUTCHours(15, slot * 20, 0, 0)
  return at.toISOString()
}

/** What one patient does: opens the link, sends two photos, signs, leaves a card, submits. */
export async function walkIntake(urls: Urls, desk: Staff, person: DemoPerson, slot: number): Promise<Walked> {
  const visit = await desk.createVisit(visitAt(slot), 'Dr Okafor')
  const patient = new Patient(visit.patientUrl)
  const view = await patient.open()
  const uploadIds = [
    await patient.sendPhoto('card-front', await cardPhoto(`${view.reference} front`)),
    await patient.sendPhoto('card-back', await cardPhoto(`${view.reference} back`)),
  ]
  const accepted = await sendForm(urls, patient, person, uploadIds)
  return { intakeId: visit.intakeId, reference: accepted.reference, patient, statusUrl: accepted.statusUrl }
}

/** Agrees to everything, leaves a card, signs and sends. */
export async function sendForm(
  { stripe }: Pick<Urls, 'stripe'>,
  patient: Patient,
  { answers, card }: Pick<DemoPerson, 'answers' | 'card'>,
  uploadIds: string[],
) {
  const view = await patient.open()
  if (!view.card) throw new Error('the demo clinic takes cards')
  return patient.submit(
    {
      answers,
      consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
      signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
      uploadIds,
      confirmationTokenId: await confirmationToken(stripe, view.card.publishableKey, card),
    },
    randomUUID(),
  )
}

/** Polls until `done` says so; the message names what it waited for. */
export async function until<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + seconds * 1000
  for (;;) {
    const value = await probe()
    if (value !== undefined) return value
    if (performance.now() > deadlineMs) throw new Error(`waited ${seconds} s for: ${what}`)
    await sleep(100)
  }
}

/** Operations: waits for the item of this intake, reads why, and answers in the payer's place. */
export async function resolveByHand(ops: Staff, intakeId: string, seconds: number): Promise<void> {
  const item = await until('the override item', seconds, async () => (await ops.overrides()).find((o) => o.intakeId === intakeId && o.flow === 'eligibility'))
  await ops.openInput(item.id, 'call-partner')
  await ops.decide(item.id, {
    action: 'confirm',
    reason: 'confirmed-by-phone',
    note: 'The insurer confirmed coverage on the phone.',
  })
}

/** Operations: waits until the EHR has somebody who looks like this patient, compares, and chooses who is the same in all that names a person. */
export async function chooseChart(ops: Staff, intakeId: string, seconds: number): Promise<{ ref: string; differs: string[] }> {
  const item = await until('the charts to choose from', seconds, async () =>
    (await ops.overrides()).find((one) => one.intakeId === intakeId && one.cause === 'choice'),
  )
  const { rows, charts } = await ops.openChoice(item.id, 'compare-with-chart')
  const match = (field: string, n: number) => rows.find((row) => row.field === field)?.charts[n]?.match
  const option = charts.findIndex((_, n) => ['familyName', 'givenName', 'birthDate'].every((field) => match(field, n) === 'same'))
  const chosen = charts[option]
  if (!chosen) throw new Error('no chart is this patient’s')
  await ops.decide(item.id, { action: 'choose', option, reason: 'patient-confirmed', note: 'Has a new phone; confirmed at the desk.' })
  return { ref: chosen.ref, differs: rows.filter((row) => row.charts[option]?.match === 'different').map(({ field }) => field) }
}

/** Nothing more can change: every part of the journey has come to its end. */
export async function finished(ops: Staff, intakeId: string, photos: number, seconds: number) {
  return until(`intake ${intakeId} to finish`, seconds, async () => {
    const timeline = await ops.journey(intakeId).catch(() => undefined)
    if (!timeline) return undefined
    const { journey } = timeline
    const over =
      ['confirmed', 'corrected', 'inactive', 'needs-you'].includes(journey.eligibility ?? '') &&
      ['stored', 'declined', 'needs-you'].includes(journey.payment ?? '') &&
      ['written', 'refused'].includes(journey.writeback) &&
      journey.photosClean + journey.photosRejected === photos
    return over ? timeline : undefined
  })
}
