import type pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { readPartners } from '../chaos/partners.ts'
import { Clearinghouse } from '../demo/clearinghouse.ts'
import { type Override, Staff } from '../demo/hub-client.ts'
import { somebody } from '../demo/people.ts'
import { until, walkIntake } from '../demo/walk.ts'
import { withStack } from './with-stack.ts'

const hours = 25
/**
 * Where an engine dies, one each: at the card, and at the second call about a chart, which writes it (the first one only looks). After
 * `partner-answered` the partner has done it and nobody was told; at `partner-call-sent` the call has begun, and nothing has left the machine.
 */
const deaths = [
  { engine: 'engine-1', barrier: 'partner-answered@payment' },
  { engine: 'engine-2', barrier: 'partner-call-sent@payment' },
  { engine: 'engine-3', barrier: 'partner-answered@ehr-writeback#2' },
  { engine: 'engine-4', barrier: 'partner-call-sent@ehr-writeback#2' },
] as const
type Death = (typeof deaths)[number]
/** One after another until each engine has had its turn: which of them gets what is the bus's to say. */
const patientsMax = 30

interface Effect {
  id: string
  intakeId: string
  partner: string
  state: string
  owner: string
  /** Why it waits for a person. */
  held: string | null
  /** Of the payment or the visit, as the partner knows it. */
  about: string
}

/**
 * Four engines die in the middle of a card and of a chart entry, and a day and an hour go by in which none runs: Stripe has forgotten the
 * key. What was done is found, and not sent again. What never arrived is not sent either: a person is asked.
 */
export const claimKey25h = (): Promise<ClaimLine> => withStack(played)

async function played(stack: Stack, behind: pg.Client): Promise<ClaimLine> {
  const clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
  await stack.child('engine').stop()
  // The hub's time goes slowly, so that no lease of the first dead engine runs out before the last one has died.
  await clearinghouse.speed(0.1)
  const victims = await dieInTurn(stack, behind)

  say(`${hours} hours go by, and nobody runs`)
  await clearinghouse.speed(1)
  await clearinghouse.pass(hours * 3600)
  await advance(stack.urls.stripe, hours * 3_600_000)
  await stack.start('engine-5', 'engine')
  const ended = await settled(behind, [...victims.values()], (one) => one.state !== 'started' && (one.state !== 'unknown' || one.held !== null))
  const at = (barrier: Death['barrier']): Effect => found(ended.get(victims.get(barrier) ?? ''))
  const answered = [at('partner-answered@payment'), at('partner-answered@ehr-writeback#2')]
  const unsent = [at('partner-call-sent@payment'), at('partner-call-sent@ehr-writeback#2')]
  const before = await readPartners(stack.urls)
  const arrived = [...before.stripe.map(({ payment }) => payment), ...before.fhir.map(({ key }) => key)]

  say('a person decides about what never arrived')
  const ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  const items = (await ops.overrides()).filter((item) => unsent.some((one) => one.intakeId === item.intakeId && one.held !== null && isOf(item, one)))
  for (const item of items) await ops.decide(item.id, { action: 'retry', reason: 'partner-is-back', note: 'Neither of them has it.' })
  const decided = await settled(
    behind,
    unsent.map(({ id }) => id),
    (one) => ['succeeded', 'rejected', 'reconciled'].includes(one.state),
  )
  const [card, chart] = unsent.map(({ id }) => decided.get(id)?.state)

  const after = await readPartners(stack.urls)
  const inEhr = Object.values(after.people)
  const times = [
    ...[...after.stripe, ...after.fhir].map((each) => each.times),
    ...inEhr.flatMap((one) => [one.patients, one.coverages.length, one.appointments]),
    ...perPayment(after.stripe),
  ]
  const figures = {
    hours,
    done: answered.filter(({ about }) => arrived.includes(about)).length,
    reconciled: answered.filter(({ state }) => state === 'reconciled').length,
    neverArrived: unsent.filter(({ about }) => !arrived.includes(about)).length,
    heldForPerson: items.length,
    causes: [...new Set(unsent.map(({ held }) => held ?? 'none'))].join('+'),
    cardAfterRetry: card ?? 'none',
    chartAfterRetry: chart ?? 'none',
    charts: inEhr.length,
    twice: times.filter((n) => n > 1).length,
  }
  // The browser's token for the card has run out by then: Stripe says no, and the patient is asked for another card.
  const ok =
    figures.done === 2 &&
    figures.reconciled === 2 &&
    figures.neverArrived === 2 &&
    items.length === 2 &&
    figures.causes === 'overdue' &&
    card === 'rejected' &&
    chart === 'succeeded' &&
    figures.twice === 0
  return { name: 'effects.key-25h', figures, ok }
}

const say = (text: string): void => void process.stderr.write(`key of 25 hours: ${text}\n`)
const found = (one: Effect | undefined): Effect => {
  if (!one) throw new Error('an effect is gone')
  return one
}
const isOf = (item: Override, one: Effect): boolean => (item.flow === 'payment' ? 'stripe' : 'fhir') === one.partner

/** Patients come one by one until every engine has died; the effect that each of them held. */
async function dieInTurn(stack: Stack, behind: pg.Client): Promise<Map<Death['barrier'], string>> {
  say('four engines, each with a place to die at')
  const dead = new Set<string>()
  await Promise.all(
    deaths.map(async ({ engine, barrier }) => {
      const child = await stack.start(engine, 'engine', { HUB_BARRIER: barrier })
      void child.ended.then(() => dead.add(engine))
    }),
  )
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  for (let n = 0; dead.size < deaths.length; n += 1) {
    if (n === patientsMax) throw new Error(`${patientsMax} patients, and only these have died: ${[...dead].join(', ')}`)
    const { intakeId } = await walkIntake(stack.urls, desk, somebody({ memberId: `DAY${1000 + n}` }), n % 40)
    // Until its card and its chart are done, or in the hands of a dead engine.
    await until(`the card and the chart of patient ${n}`, 90, async () => {
      const own = (await effectsOf(behind)).filter((one) => one.intakeId === intakeId)
      const isOver = own.every((one) => one.state !== 'started' || dead.has(one.owner))
      return dead.size === deaths.length || (own.length === 2 && isOver) ? true : undefined
    })
  }
  const held = (await effectsOf(behind)).filter(({ state }) => state === 'started')
  return new Map(
    deaths.map(({ engine, barrier }) => {
      const own = held.find(({ owner }) => owner === engine)
      if (!own) throw new Error(`${engine} died and holds nothing`)
      return [barrier, own.id]
    }),
  )
}

/** What leaves something at a partner, one of each for an intake. */
const writes = ['keep method', 'write chart']
async function effectsOf(behind: pg.Client): Promise<Effect[]> {
  const { rows } = await behind.query<Effect>(
    `SELECT e.id, e.intake_id AS "intakeId", e.partner, e.state::text AS state, e.owner,
       (SELECT o.cause::text FROM messaging.overrides o WHERE o.tenant_id = e.tenant_id AND o.effect_id = e.id AND o.status = 'open') AS held,
       CASE e.partner WHEN 'stripe' THEN (SELECT p.id FROM billing.payments p WHERE p.tenant_id = e.tenant_id AND p.intake_id = e.intake_id)
         ELSE (SELECT a.id FROM clinical.appointments a WHERE a.tenant_id = e.tenant_id AND a.intake_id = e.intake_id) END AS about
     FROM messaging.effects e WHERE e.partner IN ('stripe', 'fhir') AND e.step = ANY ($1)`,
    [writes],
  )
  return rows
}

/** Until all of these are as they should be, by id. */
function settled(behind: pg.Client, ids: readonly string[], isSo: (one: Effect) => boolean): Promise<Map<string, Effect>> {
  return until('the effects of dead engines', 180, async () => {
    const all = (await effectsOf(behind)).filter(({ id }) => ids.includes(id))
    return all.length === ids.length && all.every(isSo) ? new Map(all.map((one) => [one.id, one])) : undefined
  })
}

/** How often each payment has a customer, and a card. */
function perPayment(all: readonly { operation: string; payment?: string; times: number }[]): number[] {
  const sums = new Map<string, number>()
  for (const { operation, payment, times } of all) sums.set(`${operation} ${payment}`, (sums.get(`${operation} ${payment}`) ?? 0) + times)
  return [...sums.values()]
}

async function advance(simulator: string, ms: number): Promise<void> {
  const answer = await fetch(`${simulator}/_sim/clock/advance`, { method: 'POST', body: JSON.stringify({ ms }), signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`${simulator} answered ${answer.status}`)
}
