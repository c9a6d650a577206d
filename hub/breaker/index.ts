export { type Admission, type BreakerState, type Breakers, type BreakersDeps, makeBreakers, type Outcome } from './breaker.ts'
export { type InFlight, makeInFlight } from './in-flight.ts'
