import { randomUUID } from 'node:crypto'
import { canonicalJson } from '@heliox/core/kit'
import { withTenant } from '@heliox/db'
import { resolveOverride } from '@heliox/db/messaging/resolve-override'
import { demo } from '@heliox/db/seed/demo'
import type { Manner } from './partner.ts'
import { applyStep } from './site.ts'
import type { Step } from './steps.ts'
import type { Answer, World } from './world.ts'

type Person = Extract<Step, { is: 'person' }>
const healthy: Manner = { call: 'does', ask: 'truth', laterShare: 0 }
const by = `user:${demo.lakeside.users.find(({ roles }) => roles.includes('ops'))?.id}`

/** One step. What is not possible now does nothing: a sequence that lost some of its steps still means something. */
export async function play(world: World, step: Step): Promise<void> {
  switch (step.is) {
    case 'deliver': {
      const message = await world.due(step.pick)
      if (message) await world.deliver(message, step.engine, step)
      break
    }
    case 'deliver-at-once': {
      const message = await world.due(step.pick)
      if (message) await Promise.all([0, 1, 2].map((engine) => world.deliver(message, engine, { manner: step.manner })))
      break
    }
    case 'duplicate': {
      const message = world.queue[step.pick % world.queue.length]
      if (message) world.add(message.envelope, message.fromMs)
      break
    }
    case 'resume':
    case 'kill':
    case 'overdue':
      await withStanding(world, step)
      break
    case 'clock':
      world.pass(step.ms)
      break
    case 'clock-edge': {
      const toMs = world.edgeMs(step.edge) + step.plusMs
      if (toMs > world.nowMs && toMs < Number.MAX_SAFE_INTEGER - 10_000) world.nowMs = toMs
      break
    }
    case 'shut':
      world.shutUntilMs = world.nowMs + step.ms
      break
    case 'person':
      await decide(world, step)
      break
    case 'wish':
      await world.wish(step.wanted)
      break
    case 'activate':
      await world.site.owner.query(
        'UPDATE catalog.flow_activations SET percent = CASE WHEN version = $3 THEN 100 ELSE 0 END WHERE tenant_id = $1 AND flow = $2',
        [world.site.tenantId, world.site.flow, step.version],
      )
      break
  }
  world.throwIfBroken()
}

async function withStanding(world: World, step: Extract<Step, { is: 'resume' | 'kill' | 'overdue' }>): Promise<void> {
  const run = world.standing[step.pick % world.standing.length]
  if (!run) return
  world.note(`${run.engine.name} ${step.is}`)
  if (step.is === 'overdue') {
    await run.overdue()
    return
  }
  world.standing = world.standing.filter((one) => one !== run)
  if (step.is === 'kill') return run.kill()
  await run.resume(step.stop)
  if (run.is === 'standing') world.standing.push(run)
}

/** Somebody of ops decides about the open item, if there is one. */
async function decide(world: World, { action, port }: Pick<Person, 'action' | 'port'>): Promise<void> {
  const { site, rootId } = world
  const item = await openItem(world)
  // Only what a partner was asked can be answered or asked anew by hand: the api refuses it of any other step.
  if (!item || (item.step === applyStep && (action === 'answer' || action === 'correct'))) return
  // Nor does anybody correct what was agreed to be taken (`correctable` of its operations).
  if (world.charge && action === 'correct') return
  const { id } = item
  const value = port === 'ok' ? { ref: 'by hand' } : { code: 'by hand' }
  const how =
    action === 'answer'
      ? { resolution: action, port, value }
      : action === 'correct'
        ? { resolution: action, input: { member: 'M-9', amount: world.deliveries } }
        : { resolution: action }
  const at = { now: world.now(), process: 'engine-a', traceparent: null }
  const outcome = await withTenant(site.pool, site.tenantId, by, (tx) =>
    resolveOverride(tx, site.vault, id, { ...how, reason: 'other', noteDocumentId: randomUUID() }, at),
  )
  world.note(`a person: ${action} -> ${outcome} (${rootId})`)
  if (outcome !== 'resolved') return
  if (action === 'drop') world.dropped = true
  if (action !== 'answer') return
  world.endLeases()
  world.told(await world.newestAnswered(), { port, value })
}

async function openItem(world: World): Promise<{ id: string; step: string } | undefined> {
  const found = await world.site.owner.query<{ id: string; step: string }>(
    `SELECT id, step FROM messaging.overrides WHERE tenant_id = $1 AND root_id = $2 AND status = 'open'`,
    [world.site.tenantId, world.rootId],
  )
  return found.rows[0]
}

interface Row {
  id: string
  generation: number
  state: string
  port: 'ok' | 'rejected' | null
  manual: boolean
}
const deliveriesMax = 40

/** The partner is well again, whoever stood still is gone, and time goes on until nothing is left to be delivered. */
async function untilQuiet(world: World): Promise<void> {
  for (let n = 0; n < deliveriesMax; n += 1) {
    const message = await world.due(0)
    if (!message) return
    await world.deliver(message, n, { manner: healthy })
    world.throwIfBroken()
    // Handed back from minute to minute until a lease or a wait is over: to its end at once.
    if (world.queue.includes(message)) await world.skipWait()
  }
  world.broken('it never comes to rest')
}

/** How it ended, for the counts of what a run has met. */
export type Ending = 'answered' | 'by-hand' | 'dropped' | 'unsent'
/**
 * After the sequence: each effect is answered, dropped by a person, or held with an open item; and what is held is answered once a person
 * says "retry" to a partner that is well. Then everything that was kept is compared with what the partner did.
 */
export async function finish(world: World): Promise<{ ending: Ending; held: boolean }> {
  for (const run of world.standing) run.kill()
  world.standing = []
  world.shutUntilMs = 0
  await untilQuiet(world)
  const held = (await openItem(world)) !== undefined
  for (let tries = 0; tries < 3 && (await openItem(world)) !== undefined; tries += 1) {
    await decide(world, { action: 'retry', port: 'ok' })
    await untilQuiet(world)
  }
  world.pass(3_600_000)
  const rows = await effectsOf(world)
  const newest = rows.at(-1)
  const unsent = await world.unsent()
  if ((await openItem(world)) !== undefined) world.broken('it waits for a person again and again, though the partner is well')
  else if (unsent) await neverSent(world, rows)
  else if (!world.dropped) await answeredOnce(world, newest)
  else if (world.applied.length > 1) world.broken('an answer was applied twice')
  for (const row of rows) compare(world, row, row === newest)
  await lateAnswersKept(world)
  world.throwIfBroken()
  return { ending: unsent ? 'unsent' : world.dropped ? 'dropped' : newest?.manual ? 'by-hand' : 'answered', held }
}

async function effectsOf({ site, rootId }: World): Promise<Row[]> {
  const found = await site.owner.query<Row>(
    'SELECT id, generation, state::text AS state, port::text AS port, manual FROM messaging.effects WHERE tenant_id = $1 AND root_id = $2 ORDER BY generation',
    [site.tenantId, rootId],
  )
  return found.rows
}

/** What ended as unsent is told so to the patient: the partner has nothing of it, and will not have. */
async function neverSent(world: World, rows: readonly Row[]): Promise<void> {
  const done = [...world.keys.values()].reduce((sum, key) => sum + world.partner.effectsOf(key).length, 0)
  if (done > 0) world.broken(`it ended as one that was never sent, and the partner did it ${done} times`)
  if (world.applied.length > 0 || rows.some(({ port }) => port !== null)) world.broken('it ended as one that was never sent, and has an answer')
}

async function answeredOnce(world: World, newest: Row | undefined): Promise<void> {
  const { site, rootId } = world
  if (!newest?.port) return world.broken('it is lost: no answer, no open item, not dropped')
  const pin = await site.owner.query<{ state: string }>('SELECT state::text AS state FROM messaging.pins WHERE tenant_id = $1 AND root_id = $2 AND flow = $3', [
    site.tenantId,
    rootId,
    site.flow,
  ])
  if (pin.rows[0]?.state !== 'settled') world.broken(`the delivery is over and its pin is ${pin.rows[0]?.state}`)
  const [applied, ...more] = world.applied
  if (!applied || more.length > 0) return world.broken(`the answer was applied ${world.applied.length} times`)
  const told = world.answers.get(newest.generation)
  if (told !== canonicalJson(applied satisfies Answer)) world.broken(`applied was ${canonicalJson(applied)}, and the ledger says ${told}`)
}

/** The ledger's word against what the partner has done by now. */
function compare(world: World, { generation, state, manual }: Row, isNewest: boolean): void {
  const key = world.keys.get(generation)
  const done = key === undefined ? 0 : world.partner.effectsOf(key).length
  if (key !== undefined && (world.partner.bodies.get(key)?.size ?? 0) > 1) world.broken(`generation ${generation} was sent with different bytes`)
  if (world.replay !== 'safe' && done > 1) world.broken(`generation ${generation} has ${done} effects`)
  if (manual) return
  const said = `generation ${generation} is ${state} in the ledger and has ${done} effects at the partner`
  if ((state === 'succeeded' || state === 'reconciled') && done === 0) world.broken(said)
  if (world.replay === 'safe') return
  if (state === 'rejected' && done > 0) world.broken(said)
  // Replaced by a corrected one: only ever after it was known that nothing came of it, or what.
  if (!isNewest && state === 'failed' && done > 0) world.broken(said)
  if (!isNewest && (state === 'unknown' || state === 'started')) world.broken(`generation ${generation} was replaced while it was ${state}`)
}

async function lateAnswersKept(world: World): Promise<void> {
  for (const { effectId, fencing, answered } of world.late) {
    const found = await world.site.owner.query<{ kept: boolean }>(
      'SELECT late_at IS NOT NULL AND (late_document_id IS NOT NULL OR NOT $4) AS kept FROM messaging.effect_attempts WHERE tenant_id = $1 AND effect_id = $2 AND fencing = $3',
      [world.site.tenantId, effectId, fencing, answered],
    )
    if (!found.rows[0]?.kept) world.broken(`what came late of attempt ${fencing} was not kept`)
  }
}
