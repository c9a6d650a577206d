import type pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { localSecrets } from '../../docker/local/secrets.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { Staff } from '../demo/hub-client.ts'
import { somebody } from '../demo/people.ts'
import { until, walkIntake } from '../demo/walk.ts'
import { withStack } from './with-stack.ts'

const patients = 4
const [copayMinor, partMinor, restMinor] = [2500, 900, 1600]
/** Each call so many times more. */
const duplicates = 4
const otherSecret = 'whsec_of_the_rotation_that_is_under_way'

/** Of what the partner tells, what says something about money of ours. */
const isFact =
  /^(setup_intent\.(requires_action|succeeded|setup_failed|canceled)|payment_intent\.(processing|succeeded|payment_failed|canceled)|refund\.(created|updated|failed)|charge\.(refunded|expired|failed))$/

interface Attempt {
  id: string
  type: string
  status: number | string
}

/**
 * Cards are kept, copays charged and given back in parts, while the partner's webhooks come badly: signed by somebody else, signed ten minutes ago,
 * then genuine but five times and in any order, half of them while the secret is being rotated, and once more at the end. Everything counts once.
 */
export const claimWebhookReplay = (): Promise<ClaimLine> => withStack(played)

async function played(stack: Stack, behind: pg.Client): Promise<ClaimLine> {
  const secret = localSecrets(stack.folder).webhooks.stripe
  const { url } = await sim<{ url: string }>(stack, 'GET', '/_sim/webhooks')
  const play = (how: Record<string, unknown>) => sim(stack, 'PUT', '/_sim/webhooks', { url, secret, retryMs: 500, ...how })
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const kept = async (): Promise<number> => count(behind, 'messaging.received_files', `receiver = 'stripe.events'`)
  const attempts = async (): Promise<Attempt[]> => (await sim<{ attempts: Attempt[] }>(stack, 'GET', '/_sim/webhooks')).attempts

  await play({ wrongSecret: true })
  const intakes: string[] = []
  for (let n = 0; n < patients; n += 1) intakes.push((await walkIntake(stack.urls, desk, somebody({ memberId: `HOOK${1000 + n}` }), n)).intakeId)
  await each(intakes, 'cards on file', async (id) => (await desk.payments(id)).method?.status === 'stored')
  await until('a call that was refused', 30, async () => ((await attempts()).length > 0 ? true : undefined))
  const forgedKept = await kept()

  await play({ oldSeconds: 600 })
  const charges = await Promise.all(intakes.map((id) => desk.charge(id, copayMinor)))
  await each(intakes, 'charges', async (id) => (await desk.payments(id)).charges[0]?.status === 'succeeded')
  await until('a call that was too old', 30, async () => ((await attempts()).some(({ status }) => status === 410) ? true : undefined))
  const oldKept = await kept()

  await play({ secret: otherSecret, secretBefore: secret, duplicates, order: 'shuffled', delayMs: 500 })
  for (const { chargeId } of charges) await desk.refund(chargeId, partMinor)
  await play({ duplicates, order: 'reversed', delayMs: 500 })
  for (const { chargeId } of charges) await desk.refund(chargeId, restMinor)
  await each(intakes, 'refunds', async (id) => {
    const [charge] = (await desk.payments(id)).charges
    return charge?.refunds.length === 2 && charge.refunds.every(({ status }) => status === 'succeeded')
  })
  const events = await until('every event', 120, async () => {
    const report = await sim<{ waiting: number; events: { id: string; type: string }[] }>(stack, 'GET', '/_sim/webhooks')
    return report.waiting === 0 ? report.events : undefined
  })
  for (const { id } of events) await sim(stack, 'POST', '/_sim/webhooks/again', { id })
  await until('every file read', 60, async () =>
    (await count(behind, 'messaging.received_files', `receiver = 'stripe.events' AND status = 'kept'`)) === 0 ? true : undefined,
  )
  const factsExpected = events.filter(({ type }) => isFact.test(type)).length
  await until('every fact folded', 90, async () => ((await count(behind, 'billing.payment_facts', 'true')) >= factsExpected ? true : undefined)).catch(
    () => undefined,
  )
  await quiet(behind)

  const all = await attempts()
  const effects = await sim<Record<string, { count: number; byKey: Record<string, number> }>>(stack, 'GET', '/_sim/effects')
  const views = await Promise.all(intakes.map((id) => desk.payments(id)))
  const [charged, given] = ['charge', 'refund'].map((name) => Object.values(effects[name]?.byKey ?? {}))
  const facts = await count(behind, 'billing.payment_facts', 'true')
  const doubled = await count(behind, '(SELECT event_id FROM billing.payment_facts GROUP BY event_id HAVING count(*) > 1) AS twice', 'true')
  const figures = {
    patients,
    events: events.length,
    calls: all.length,
    forged: all.filter(({ status }) => status === 400).length,
    old: all.filter(({ status }) => status === 410).length,
    forgedOrOldKept: oldKept + forgedKept,
    kept: await kept(),
    facts,
    factsExpected,
    doubled,
    charges: charged?.length ?? 0,
    refunds: given?.length ?? 0,
    effectsTwice: [...(charged ?? []), ...(given ?? [])].filter((n) => n > 1).length,
    wrong: views.filter(({ charges: [charge, ...more] }) => more.length > 0 || charge?.status !== 'succeeded' || charge.refundableMinor !== 0).length,
  }
  const ok =
    figures.forged > 0 &&
    figures.old > 0 &&
    figures.forgedOrOldKept === 0 &&
    figures.kept === figures.events &&
    factsExpected > 0 &&
    facts === factsExpected &&
    figures.doubled === 0 &&
    figures.charges === patients &&
    figures.refunds === 2 * patients &&
    figures.effectsTwice === 0 &&
    figures.wrong === 0
  return { name: 'partners.webhook-replay', figures, ok }
}

async function sim<T>(stack: Stack, method: string, path: string, body?: unknown): Promise<T> {
  const init = {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }
  const answer = await fetch(`${stack.urls.stripe}${path}`, init)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return (await answer.json()) as T
}
async function count(behind: pg.Client, from: string, where: string): Promise<number> {
  const { rows } = await behind.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from} WHERE ${where}`)
  return rows[0]?.n ?? 0
}
const each = (intakes: readonly string[], what: string, isSo: (id: string) => Promise<boolean>): Promise<true> =>
  until(what, 120, async () => ((await Promise.all(intakes.map(isSo))).every(Boolean) ? true : undefined))
/** Until the facts have stopped growing for three seconds. */
async function quiet(behind: pg.Client): Promise<void> {
  for (let before = -1, now = await count(behind, 'billing.payment_facts', 'true'); now !== before; ) {
    before = now
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    now = await count(behind, 'billing.payment_facts', 'true')
  }
}
