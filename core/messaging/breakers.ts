import { type FaultKind, faultKinds } from '../kit/fault.ts'

/** Why a breaker opened: the last fault, or answers that the rules did not believe. */
export const breakerCauses = [...faultKinds, 'implausible'] as const
export type BreakerCause = FaultKind | 'implausible'
