import type { BreakerCause, BreakerState } from '@heliox/core/messaging'
import type { Figures } from './pull.ts'

/** One message per widget, in the order of the node's outputs. */
export interface Shown {
  status: string
  breakers: Record<string, string>[]
  queues: Record<string, string | number>[]
  throughput: { x: number; y: number; series: string }[]
  errors: { x: string; y: number; series: string }[]
  weather: Record<string, string | number>[]
}

/** A cause that a newer hub knows and this view does not is shown as its code. */
const causeWords: Readonly<Record<string, string>> = {
  unavailable: 'does not answer',
  throttled: 'asks us to slow down',
  timeout: 'too slow',
  uncertain: 'answered unclearly',
  credentials: 'does not accept our credentials',
  contract: 'answers in an unknown form',
  implausible: 'answers are not believed',
} satisfies Record<BreakerCause, string>
/** “Closed” would read as the opposite of what it means. */
const stateWords: Readonly<Record<string, string>> = { closed: 'lets everything through', open: 'shut', 'half-open': 'being tried' } satisfies Record<
  BreakerState,
  string
>
const why = (cause: string | null): string => (cause === null ? '' : (causeWords[cause] ?? cause))

/** Clock time of the clinic, with the day when it is another one than `asOf`'s. */
export function clockIn(timeZone: string, asOf: string): (at: string | null) => string {
  const day = (at: string): string => new Date(at).toLocaleDateString('en-US', { timeZone })
  const today = day(asOf)
  return (at) => {
    if (at === null) return ''
    const time = new Date(at).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
    if (day(at) === today) return time
    return `${new Date(at).toLocaleDateString('en-US', { timeZone, weekday: 'short', month: 'short', day: 'numeric' })} ${time}`
  }
}

/** State in words: a colour alone says nothing to many people, and nothing on a photograph of the screen. */
function weatherWords(state: string, next: string, cause: string | null): string {
  switch (state) {
    case 'open':
      return `not asked now: ${why(cause) || 'does not answer'}${next ? `; tried again at ${next}` : ''}`
    case 'probing':
      return 'being tried with single questions'
    case 'closed':
      return next ? `closed by its own hours until ${next}` : 'closed by its own hours'
    case 'suspicious':
      return 'answers are not believed and asked again'
    default:
      return 'answers'
  }
}

const rowsMax = 100

/** What each widget gets of the clinic’s figures. A queue in which nothing stands is left out of none: that nothing waits is what people want to see. */
export function shown(figures: Figures): Shown {
  const at = clockIn(figures.timeZone, figures.asOf)
  const dark = figures.weather.filter((one) => one.state !== 'ok').length
  const held = figures.queues.reduce((sum, one) => sum + one.held, 0)
  return {
    status: `${figures.clinic}, ${at(figures.asOf)}: ${dark === 0 ? 'every payer answers' : `${dark} of ${figures.weather.length} payers not as usual`}, ${held} waiting for a person`,
    breakers: figures.breakers.slice(0, rowsMax).map((one) => ({
      'Partner or payer': one.payerId === null ? `${one.partner} (all)` : (one.payerName ?? one.payerId),
      Operation: one.operation,
      State: stateWords[one.state] ?? one.state,
      Since: at(one.since),
      'Next try': at(one.next),
      Why: why(one.cause),
    })),
    queues: figures.queues.slice(0, rowsMax).map((one) => ({
      Queue: one.queue,
      'Under way': one.active,
      'Tries again': one.retrying,
      'For a person': one.held,
      'Given up': one.dead ?? 'bus away',
    })),
    throughput: figures.throughput.flatMap(({ minute, answered, failed }) => {
      const x = Date.parse(minute)
      return [
        { x, y: answered, series: 'answered' },
        { x, y: failed, series: 'failed' },
      ]
    }),
    errors: figures.partners.map((one) => ({ x: one.partner, y: one.failedPercent, series: 'failed, %' })),
    weather: figures.weather.slice(0, rowsMax).map((one) => ({
      Payer: one.payerName,
      State: weatherWords(one.state, at(one.next), one.cause),
      Since: at(one.since),
      'Tries again': one.waiting,
      'For a person': one.held,
    })),
  }
}
