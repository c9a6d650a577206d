import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Stack } from '../../docker/local/stack.ts'
import { Patient, Staff } from '../demo/hub-client.ts'
import { somebody } from '../demo/people.ts'
import { until, visitAt } from '../demo/walk.ts'

/** Patients who look like somebody whom the EHR knows, and the person of ops who says whose chart each is. */

type Answers = ReturnType<typeof somebody>['answers']

const waitSeconds = 240
const handsOfOps = 4
const minuteMs = 60_000

/** Every fifth has no cover any more, as with a real payer: one that says yes to everybody is not believed. */
export const anybody = (n: number, person: Record<string, unknown> = {}): Answers =>
  somebody({ ...person, memberId: `${n % 5 === 0 ? 'INACT' : 'ALIKE'}${1000 + n}`, email: null }).answers

/** Forms as short as may be, filled in one by one and sent together. */
export async function submitTogether(stack: Stack, people: readonly Answers[]): Promise<string[]> {
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const forms = []
  for (const [n, answers] of people.entries()) {
    const visit = await desk.createVisit(new Date(Date.parse(visitAt(0)) + n * minuteMs).toISOString(), 'Dr Okafor')
    const patient = new Patient(visit.patientUrl)
    const { consentTexts, accessCode } = await patient.open()
    const consents = consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true }))
    const signature = { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode }
    forms.push({ patient, intakeId: visit.intakeId, body: { answers, consents, signature, uploadIds: [], confirmationTokenId: null } })
  }
  await Promise.all(forms.map(({ patient, body }) => patient.submit(body, randomUUID())))
  return forms.map(({ intakeId }) => intakeId)
}

/** Deliveries that wait for a person to choose, ever; waited for until there are so many. */
export const waitingForChoice = (behind: pg.Client, count: number): Promise<number> =>
  until(`${count} charts to choose`, waitSeconds, async () => {
    const { rows } = await behind.query<{ n: number }>(`SELECT count(*)::int AS n FROM messaging.overrides WHERE cause::text = 'choice'`)
    return (rows[0]?.n ?? 0) >= count ? rows[0]?.n : undefined
  })

/** Says of every one that the first chart is theirs, several at a time. */
export async function chooseFirst(stack: Stack, count: number): Promise<void> {
  const ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  const chosen = new Set<string>()
  await until(`${count} choices`, waitSeconds, async () => {
    const left = (await ops.overrides()).filter(({ id, cause }) => cause === 'choice' && !chosen.has(id))
    for (let at = 0; at < left.length; at += handsOfOps)
      await Promise.all(
        left.slice(at, at + handsOfOps).map(async ({ id }) => {
          await ops.decide(id, { action: 'choose', option: 0, reason: 'patient-confirmed', note: 'Compared at the desk.' })
          chosen.add(id)
        }),
      )
    return chosen.size >= count ? true : undefined
  })
}

/** Every write-back has come to its end. */
export async function written(behind: pg.Client, intakeIds: readonly string[]): Promise<{ written: number; refused: number }> {
  return until('every visit is in its chart', waitSeconds, async () => {
    const { rows } = await behind.query<{ outcome: string; n: number }>(
      `SELECT writeback::text AS outcome, count(*)::int AS n FROM reporting.journeys WHERE intake_id = ANY($1) AND writeback::text IN ('written', 'refused') GROUP BY 1`,
      [intakeIds],
    )
    const of = (outcome: string): number => rows.find((row) => row.outcome === outcome)?.n ?? 0
    return of('written') + of('refused') === intakeIds.length ? { written: of('written'), refused: of('refused') } : undefined
  })
}

/** One request to the control port of the simulated EHR. */
export async function ehr<T>(stack: Stack, method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${stack.urls.fhir}${path}`, { method, ...init, signal: AbortSignal.timeout(20_000) })
  if (!response.ok) throw new Error(`the EHR's control port answered ${response.status}`)
  return (await response.json()) as T
}
export const resources = async (stack: Stack, type: string): Promise<Record<string, unknown>[]> =>
  (await ehr<{ resources: Record<string, unknown>[] }>(stack, 'GET', `/_sim/resources?type=${type}`)).resources
