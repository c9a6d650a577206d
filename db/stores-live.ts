import { isOpen, nextOpen } from '@heliox/core/catalog'
import type { LiveStore, WeatherFacts } from '@heliox/core/ports'
import { payerHours, payerNames } from './catalog/payers.ts'
import { callsByMinute, callsByPartner, flowDepths, type PayerBacklog, payerBacklog, unsettled, unsettledOne } from './messaging/figures.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

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
  const backlog = new Map((await payerBacklog(tx)).map((one): [string, PayerBacklog] => [one.payerId, one]))
  const ids = [...backlog.keys()]
  const [names, hours] = [await payerNames(tx, ids), await payerHours(tx, ids)]
  const payers = ids.map((payerId) => {
    const calendar = hours.get(payerId)?.calendar
    const open = calendar === undefined || isOpen(calendar, now)
    return {
      payerId,
      payerName: names.get(payerId) ?? payerId,
      open,
      nextOpenAt: open || !calendar ? null : nextOpen(calendar, now).toISOString(),
      doubtedSince: null,
      waiting: backlog.get(payerId)?.waiting ?? 0,
      held: backlog.get(payerId)?.held ?? 0,
    }
  })
  return { payers, breakers: [] }
}
