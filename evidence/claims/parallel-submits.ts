import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { freePort } from '../../docker/local/ports.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { Patient, Staff } from '../demo/hub-client.ts'
import { somebody } from '../demo/people.ts'
import { cardPhoto } from '../demo/photo.ts'
import { beyondOne, confirmationToken, effects, peopleInEhr } from '../demo/simulators.ts'
import { finished, visitAt } from '../demo/walk.ts'
import { atOnce, type Reply } from './at-once.ts'
import { withStack } from './with-stack.ts'

const parallel = 200
/** For so long who found no answer asks again, as a browser does: a busy machine takes its time to start an api. */
const patienceMs = 90_000

interface Form {
  intakeId: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/**
 * Two hundred equal submits under one key, together, in three ways: at one api; two bodies at two apis; while the api is killed after
 * the commit and before the answer. Each time one intake, with one effect at each partner.
 */
export const claimParallelSubmits = (): Promise<ClaimLine> => withStack(played)

async function played(stack: Stack, behind: pg.Client): Promise<ClaimLine> {
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const [one, two, three] = [await fill(stack, desk, 0), await fill(stack, desk, 1), await fill(stack, desk, 2)]
  const many = Array.from({ length: parallel }, (_, n) => n)

  say(`${parallel} equal submits at one api`)
  const equal = await send(
    stack.urls.public,
    many.map(() => one),
  )
  const refused = await send(
    stack.urls.public,
    many.map(() => another(one)),
  )

  say('two bodies under one key at two apis')
  const second = `http://127.0.0.1:${await freePort()}`
  await stack.start('api-2', 'api', { HUB_PORT: new URL(second).port })
  const halves = await Promise.all([
    send(
      stack.urls.public,
      many.slice(0, parallel / 2).map((n) => (n % 2 === 0 ? two : another(two))),
    ),
    send(
      second,
      many.slice(parallel / 2).map((n) => (n % 2 === 0 ? two : another(two))),
    ),
  ])
  const contest = halves.flat()

  say('the api is killed between the commit and the answer')
  const killed = await throughDeath(
    stack,
    many.map(() => three),
  )

  const forms = [one, two, three]
  const taken = [equal, contest.filter(({ status }) => status === 202), killed]
  const wrong = [
    ...taken.flatMap((replies) => replies.filter((reply) => reply.status !== 202 || reply.body !== replies[0]?.body)),
    ...refused.filter((reply) => !isConflict(reply)),
    ...contest.filter((reply) => reply.status !== 202 && !isConflict(reply)),
  ]
  const submitted = await submits(
    behind,
    forms.map(({ intakeId }) => intakeId),
  )

  say('each goes on to its end')
  const ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  for (const { intakeId } of forms) await finished(ops, intakeId, 2, 120)
  const inEhr = Object.values(await peopleInEhr(stack.urls.fhir))
  const partners = await Promise.all([effects(stack.urls.clearinghouse), effects(stack.urls.stripe)])
  const inCharts = inEhr.flatMap(({ patients, coverages, appointments }) => [patients, coverages.length, appointments])
  const beyond = (one: number, times: number): number => Math.max(0, times - one)
  const twice =
    partners.reduce((sum, all) => sum + beyondOne(all), 0) + inCharts.reduce((sum, times) => sum + beyond(1, times), 0) + beyond(forms.length, inEhr.length)

  const figures = {
    parallel,
    intakes: submitted[0] ?? 0,
    replays: equal.filter(({ status, body }) => status === 202 && body === equal[0]?.body).length - (submitted[0] ?? 0),
    otherBodyRefused: refused.filter(isConflict).length,
    contestedTaken: taken[1]?.length ?? 0,
    contestedRefused: contest.filter(isConflict).length,
    takenAfterKill: killed.filter(({ status }) => status === 202).length,
    wrong: wrong.length,
    charts: inEhr.length,
    twice,
  }
  const isOnce = submitted.every((n) => n === 1) && inEhr.length === forms.length && inCharts.every((times) => times === 1) && twice === 0
  const ok = wrong.length === 0 && isOnce && figures.contestedTaken === parallel / 2
  return { name: 'effects.parallel-submits', figures, ok }
}

const say = (text: string): void => void process.stderr.write(`parallel submits: ${text}\n`)

/** A form with two photos and a card, filled in and not sent. */
async function fill(stack: Stack, desk: Staff, n: number): Promise<Form> {
  const { answers, card } = somebody({ memberId: `ONCE${n}` })
  const visit = await desk.createVisit(visitAt(n), 'Dr Okafor')
  const patient = new Patient(visit.patientUrl)
  const view = await patient.open()
  if (!view.card) throw new Error('the demo clinic takes cards')
  const body = {
    answers,
    consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
    signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
    uploadIds: [await patient.sendPhoto('card-front', await cardPhoto(`${n} front`)), await patient.sendPhoto('card-back', await cardPhoto(`${n} back`))],
    confirmationTokenId: await confirmationToken(stack.urls.stripe, view.card.publishableKey, card),
  }
  const token = new URL(visit.patientUrl).pathname.split('/').at(-1)
  const headers = { authorization: `Intake ${token}`, 'idempotency-key': randomUUID(), 'content-type': 'application/json' }
  return { intakeId: visit.intakeId, headers, body }
}

/** The same key, another number of the insured. */
const another = (form: Form): Form => ({ ...form, body: { ...form.body, answers: { ...(form.body.answers as object), memberId: 'OTHER9' } } })

async function send(url: string, forms: readonly Form[]): Promise<Reply[]> {
  const replies = await atOnce(forms.map((form) => postOf(url, form)))
  return replies.map((reply) => reply ?? { status: 0, body: '' })
}
const postOf = (url: string, { headers, body }: Form) => ({ url: `${url}/api/intake/submit`, headers, body: JSON.stringify(body) })

/** The api dies with all of them open; each is repeated until it is answered. */
async function throughDeath(stack: Stack, forms: readonly Form[]): Promise<Reply[]> {
  const dying = await stack.restart('api', { HUB_BARRIER: 'commit' })
  const first = await atOnce(forms.map((form) => postOf(stack.urls.public, form)))
  const { signal } = await dying.ended
  if (signal !== 'SIGKILL') throw new Error('the api did not meet its barrier')
  const deadlineMs = performance.now() + patienceMs
  const back = stack.restart('api')
  const replies = await Promise.all(
    forms.map(async (form, n) => {
      let reply = first[n]
      while (reply === undefined && performance.now() < deadlineMs) {
        await sleep(250)
        reply = (await atOnce([postOf(stack.urls.public, form)]))[0]
      }
      return reply ?? { status: 0, body: '' }
    }),
  )
  await back
  return replies
}

function isConflict({ status, body }: Reply): boolean {
  return status === 409 && (JSON.parse(body) as { error: { code: string } }).error.code === 'idempotency-conflict'
}

/** How often each intake was submitted, by the event that all else follows from. */
async function submits(behind: pg.Client, intakeIds: readonly string[]): Promise<number[]> {
  const found = await behind.query<{ intakeId: string }>(
    `SELECT intake_id AS "intakeId" FROM identity.outbox WHERE intake_id = ANY ($1) AND event_type = 'intake.submitted.v1'`,
    [intakeIds],
  )
  return intakeIds.map((id) => found.rows.filter(({ intakeId }) => intakeId === id).length)
}
