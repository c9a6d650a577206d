import { PartnerFault } from '@heliox/core/kit'
import type { FhirContext } from '../types.ts'
import { checkOutgoing } from '../validation/index.ts'
import { bundleOf, type Step } from './plan.ts'

/** More than that a person does not read in one line. */
const pathsMax = 5

/**
 * Nothing goes to an EHR that is not valid FHIR: it is held, with the paths that fail and no values. What was wrong with the chart before
 * is not ours, and does not hold it. One resource after the other is checked as the one bundle that it would be elsewhere.
 */
export async function expectValid(steps: readonly Step[], { config, log }: Pick<FhirContext, 'config' | 'log'>): Promise<void> {
  const existing = Object.fromEntries(steps.flatMap(({ fullUrl, before }) => (before ? [[fullUrl, before.resource]] : [])))
  const findings = await checkOutgoing(bundleOf(steps), { usCore: config.usCore, existing })
  if (findings.length === 0) return
  const told = findings.slice(0, pathsMax).map(({ path, code }) => `${path} (${code})`)
  log.error({ findings: findings.length, paths: told }, 'what would be written is not valid FHIR')
  throw new PartnerFault('contract', `What the hub would write into the EHR is not valid FHIR: ${told.join(', ')}.`, { detail: 'not sent' })
}
