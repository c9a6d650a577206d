import type { PayerNow } from '@heliox/core/messaging'
import type { LiveStore, WeatherFacts } from '@heliox/core/ports'
import { listPayersForAdmin } from './catalog/payer-admin.ts'
import { callsByMinute, callsByPartner, flowDepths, unsettled, unsettledOne } from './messaging/figures.ts'
import { listBreakers, waitingGroups } from './messaging/list-breakers.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** A payer that answered this clinic so long ago, and has nothing standing, is none of its weather. */
const seenForMs = 30 * 24 * 3_600_000

/** The live view's counts; one transaction, so that they are of one moment. */
export function makeLive({ pool, process }: Deps): LiveStore {
  const reader = `service:${process}`
  return {
    weather: (tenantId, now) => withTenant(pool, tenantId, reader, (tx) => weatherFacts(tx, now)),
    figures: (tenantId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => ({
        ...(await weatherFacts(tx, now)),
        flows: await flowDepths(tx),
        throughput: await callsByMinute(tx, now),
        partners: await callsByPartner(tx, now),
      })),
    depths: (tenantId) => withTenant(pool, tenantId, reader, flowDepths),
    deliveries: (tenantId, flow, state, page) => withTenant(pool, tenantId, reader, (tx) => unsettled(tx, flow, state, page)),
    delivery: (tenantId, flow, rootId) => withTenant(pool, tenantId, reader, (tx) => unsettledOne(tx, flow, rootId)),
  }
}

async function weatherFacts(tx: Tx, now: Date): Promise<WeatherFacts> {
  const known = await listPayersForAdmin(tx, now)
  const tripped = (await listBreakers(tx)).filter((one) => one.state !== 'closed')
  const standing = new Map((await waitingGroups(tx)).map((one) => [one.payerId, one]))
  const inTrouble = new Set([...tripped.map((one) => one.payerId), ...standing.keys()])
  const payers = known
    .filter(
      (one) => inTrouble.has(one.id) || one.suspiciousSince !== null || (one.lastSeenAt !== null && Date.parse(one.lastSeenAt) > now.getTime() - seenForMs),
    )
    .map((one): Omit<PayerNow, 'partner'> => {
      const { retrying: waiting = 0, held = 0 } = standing.get(one.id) ?? {}
      return { payerId: one.id, payerName: one.name, open: one.open, nextOpenAt: one.nextOpenAt, doubtedSince: one.suspiciousSince, waiting, held }
    })
  return {
    payers,
    breakers: tripped.map(({ partner, payerId, operation, state, since, nextProbeAt, cause }) => ({
      partner,
      payerId,
      operation,
      state,
      since,
      next: nextProbeAt,
      cause,
    })),
  }
}
