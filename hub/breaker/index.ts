export { type Admission, type BreakerState, type Breakers, makeBreakers, type Outcome } from './breaker.ts'
export { type InFlight, makeInFlight } from './in-flight.ts'
