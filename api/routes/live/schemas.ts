import { breakerCauses, breakerStates, weatherStates } from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const cause = z.enum(breakerCauses).nullable()
const when = z.iso.datetime().nullable()

export const PayerWeather = z
  .object({
    partner: z.string(),
    payerId: z.string(),
    payerName: z.string(),
    /**
     * `open`: not asked now, its breaker or the whole partner's is open. `probing`: single questions find out whether it is back.
     * `closed`: its own hours. `suspicious`: its answers are not believed now. `ok`: none of these.
     */
    state: z.enum(weatherStates),
    /** When that began; null where nobody recorded it. */
    since: when,
    /** When it may change by itself: the next question to an open breaker, the next opening of a closed payer. */
    next: when,
    /** Why its breaker is open. */
    cause,
    /** Deliveries about this payer that go on by themselves. */
    waiting: z.int(),
    /** Items about this payer that wait for a person. */
    held: z.int(),
  })
  .meta({ id: 'PayerWeather' })

export const getWeather = defineRoute({
  operationId: 'getWeather',
  method: 'GET',
  url: '/api/ops/weather',
  tag: 'ops',
  summary: 'How each payer answers now, worst first.',
  access: { by: 'session', action: 'live.read' },
  success: {
    status: 200,
    body: z.object({ asOf: z.iso.datetime(), payers: z.array(PayerWeather) }).meta({ id: 'Weather' }),
    description: 'Every payer that this clinic asks.',
  },
})

const LiveBreaker = z
  .object({
    partner: z.string(),
    /** Null: the partner as a whole. */
    payerId: z.string().nullable(),
    payerName: z.string().nullable(),
    operation: z.string(),
    state: z.enum(breakerStates),
    since: when,
    next: when,
    cause,
  })
  .meta({ id: 'LiveBreaker' })

const LiveQueue = z
  .object({
    /** As the bus names it: `flow.eligibility`. */
    queue: z.string(),
    /** Deliveries of this clinic under way, waiting for their next try, waiting for a person. */
    active: z.int(),
    retrying: z.int(),
    held: z.int(),
    /** Given up by the bus; null while the bus does not answer. */
    dead: z.int().nullable(),
  })
  .meta({ id: 'LiveQueue' })

const LiveMinute = z.object({ minute: z.iso.datetime(), answered: z.int(), failed: z.int() }).meta({ id: 'LiveMinute' })

const LivePartner = z.object({ partner: z.string(), calls: z.int(), failed: z.int(), failedPercent: z.number() }).meta({ id: 'LivePartner' })

export const OpsLive = z
  .object({
    clinic: z.string(),
    /** In which the clinic reads times. */
    timeZone: z.string(),
    asOf: z.iso.datetime(),
    breakers: z.array(LiveBreaker),
    queues: z.array(LiveQueue),
    /** Calls to partners in each of the last 60 minutes, oldest first. */
    throughput: z.array(LiveMinute),
    /** The last 15 minutes by partner. */
    partners: z.array(LivePartner),
    weather: z.array(PayerWeather),
  })
  .meta({ id: 'OpsLive' })

export const getLive = defineRoute({
  operationId: 'getLive',
  method: 'GET',
  url: '/api/ops/live',
  tag: 'ops',
  summary: 'What moves and what stands, in numbers: for the live view.',
  access: { by: 'session-or-service', action: 'live.read' },
  success: { status: 200, body: OpsLive, description: 'The figures of this moment. They name nobody.' },
})

export const liveRoutes = [getWeather, getLive] as const
