import { billingFunctions } from './billing.ts'
import { clinicalFunctions } from './clinical.ts'
import { schedulerFunctions } from './clinical-scheduler.ts'
import { complianceFunctions } from './compliance.ts'
import type { ApplyFunction } from './context.ts'
import { identityFunctions } from './identity.ts'
import { mediaFunctions } from './media.ts'
import { messagingFunctions } from './messaging.ts'

/** By name; a test compares the names with core/registry, both directions. */
export const applyFunctions: Readonly<Record<string, ApplyFunction>> = {
  ...identityFunctions,
  ...clinicalFunctions,
  ...schedulerFunctions,
  ...billingFunctions,
  ...complianceFunctions,
  ...mediaFunctions,
  ...messagingFunctions,
}
