import type { EhrRefused, EhrVisit, EhrWritten } from '@heliox/core/clinical'
import type { Answer, CallContext, ValueOf } from '@heliox/core/kit'
import type { z } from 'zod'
import type { FhirConnection } from './config.ts'

export type FhirConfig = z.output<typeof FhirConnection>
interface FhirSecrets {
  token?: string | undefined
  signingKeys?: string | undefined
}
export type FhirContext = CallContext<FhirConfig, FhirSecrets> & {
  /** Called before a request leaves that writes. */
  onWrite?: () => void
}
export type Visit = ValueOf<typeof EhrVisit>
export type Written = ValueOf<typeof EhrWritten>
export type Refused = ValueOf<typeof EhrRefused>
export type WriteAnswer = Answer<Written, Refused>

/** What one visit becomes, in the order in which it is sent and answered. */
export const writtenTypes = ['Patient', 'Coverage', 'Appointment'] as const
export type WrittenType = (typeof writtenTypes)[number]
