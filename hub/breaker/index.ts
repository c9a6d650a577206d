export { type Admission, type Breakers, type BreakersDeps, makeBreakers, type Outcome } from './breaker.ts'
export { type InFlight, makeInFlight } from './in-flight.ts'
