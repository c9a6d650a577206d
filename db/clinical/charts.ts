import type { ChartFacts } from '@heliox/core/kit'
import type { Deps } from '../store-deps.ts'

/** Which chart in the EHR is this patient's, as far as it is known. Audited. */
export async function readChart(_deps: Deps, _tenantId: string, _patientId: string, _purpose: string, _actor: string, _now: Date): Promise<ChartFacts> {
  return { patientRef: null }
}
