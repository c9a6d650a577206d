import { type FaultKind, faultKinds } from '../kit/fault.ts'

/** `half-open`: single questions find out whether whoever is asked is back. */
export const breakerStates = ['closed', 'open', 'half-open'] as const
export type BreakerState = (typeof breakerStates)[number]

/** Why a breaker opened: the last fault, or answers that the rules did not believe. */
export const breakerCauses = [...faultKinds, 'implausible'] as const
export type BreakerCause = FaultKind | 'implausible'
