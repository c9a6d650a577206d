import { type Adapter, operationsOf } from '@heliox/core/kit'
import { type PayerWeather, weatherOf } from '@heliox/core/messaging'
import type { LiveFigures, WeatherFacts } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { mount } from '../../kit/mount.ts'
import { getLive, getWeather } from './schemas.ts'

/** The figures of one clinic, for the strip of ops and for the live view. */
export function liveHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { live, adapters, clinic, deadLetters } = deps

  mount(app, deps, getWeather, async ({ caller: { user }, now }) => ({
    asOf: now.toISOString(),
    payers: weather(adapters, await live.weather(user.tenantId, now)),
  }))

  mount(app, deps, getLive, async ({ caller, now }) => {
    const { tenantId } = caller.actor
    const [{ name, timeZone }, figures, dead, released] = await Promise.all([
      clinic.tenant(tenantId),
      live.figures(tenantId, now),
      // The view must not go dark because the bus did: it is then what people look for.
      deadLetters.counts(tenantId).catch(() => undefined),
      deps.flows(),
    ])
    const names = new Map(figures.payers.map(({ payerId, payerName }) => [payerId, payerName]))
    return {
      clinic: name,
      timeZone,
      asOf: now.toISOString(),
      breakers: figures.breakers.map((one) => ({ ...one, payerName: one.payerId === null ? null : (names.get(one.payerId) ?? null) })),
      queues: queuesOf([...new Set(released.map((release) => release.name))], figures, dead),
      throughput: figures.throughput,
      partners: figures.partners.map((one) => ({ ...one, failedPercent: percent(one.failed, one.calls) })),
      weather: weather(adapters, figures),
    }
  })
}

/** Payers are reached through the partner whose operations name a payer. */
function weather(adapters: readonly Adapter[], { payers, breakers }: WeatherFacts): PayerWeather[] {
  const partner = adapters.find((adapter) => operationsOf(adapter).some(({ operation }) => operation.payerOf !== undefined))?.id
  return partner === undefined
    ? []
    : weatherOf(
        payers.map((payer) => ({ partner, ...payer })),
        breakers,
      )
}

/** Every flow, those that stand empty too: nothing waiting is what people want to see. */
function queuesOf(flows: readonly string[], figures: LiveFigures, dead: ReadonlyMap<string, number> | undefined) {
  const empty = { active: 0, retrying: 0, held: 0 }
  const depths = new Map(figures.flows.map(({ flow, ...depth }) => [flow, depth]))
  return [...new Set([...flows, ...depths.keys()])].sort().map((flow) => {
    const queue = `flow.${flow}`
    return { queue, ...(depths.get(flow) ?? empty), dead: dead ? (dead.get(queue) ?? 0) : null }
  })
}

/** With one digit after the point. */
const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10)
