import type { BreakerCause, BreakerState } from './breakers.ts'

/** How a payer answers now, in one word. Worst first: of several that are true, the first is told. */
export const weatherStates = ['open', 'probing', 'closed', 'suspicious', 'ok'] as const
type WeatherState = (typeof weatherStates)[number]

/** A breaker as its row says it. */
export interface BreakerNow {
  partner: string
  /** Null: the partner as a whole. */
  payerId: string | null
  operation: string
  state: BreakerState
  since: string | null
  /** When an open one lets the next question through. */
  next: string | null
  cause: BreakerCause | null
}

/** What is known of one payer at this moment. */
export interface PayerNow {
  partner: string
  payerId: string
  payerName: string
  /** By its own hours. */
  open: boolean
  nextOpenAt: string | null
  /** Since when its answers are not believed; null when they are. */
  doubtedSince: string | null
  waiting: number
  held: number
}

export interface PayerWeather {
  partner: string
  payerId: string
  payerName: string
  state: WeatherState
  since: string | null
  next: string | null
  cause: BreakerCause | null
  waiting: number
  held: number
}
type Told = Pick<PayerWeather, 'state' | 'since' | 'next' | 'cause'>

/**
 * A breaker of the whole partner comes before everything: nobody is asked. A payer's own hours come before its own breaker, since a
 * payer that is shut is expected to fail, and is asked again when it opens and not when the breaker would try.
 */
function told(payer: PayerNow, breakers: readonly BreakerNow[]): Told {
  const tripped = breakers.filter((one) => one.partner === payer.partner && one.state !== 'closed').sort(openFirst)
  const whole = tripped.find((one) => one.payerId === null)
  if (whole) return ofBreaker(whole)
  if (!payer.open) return { state: 'closed', since: null, next: payer.nextOpenAt, cause: null }
  const own = tripped.find((one) => one.payerId === payer.payerId)
  if (own) return ofBreaker(own)
  if (payer.doubtedSince !== null) return { state: 'suspicious', since: payer.doubtedSince, next: null, cause: null }
  return { state: 'ok', since: null, next: null, cause: null }
}

const ofBreaker = ({ state, since, next, cause }: BreakerNow): Told => ({ state: state === 'open' ? 'open' : 'probing', since, next, cause })
const openFirst = (a: BreakerNow, b: BreakerNow): number => Number(b.state === 'open') - Number(a.state === 'open')

/** Worst first, then by name. */
export function weatherOf(payers: readonly PayerNow[], breakers: readonly BreakerNow[]): PayerWeather[] {
  const rank = (one: PayerWeather): number => weatherStates.indexOf(one.state)
  return payers
    .map((payer): PayerWeather => {
      const { partner, payerId, payerName, waiting, held } = payer
      return { partner, payerId, payerName, ...told(payer, breakers), waiting, held }
    })
    .sort((a, b) => rank(a) - rank(b) || a.payerName.localeCompare(b.payerName, 'en') || (a.payerId < b.payerId ? -1 : 1))
}
