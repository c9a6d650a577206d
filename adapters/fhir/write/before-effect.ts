import { PartnerFault } from '@heliox/core/kit'
import type { FhirContext } from '../types.ts'

/**
 * Looks, locks, tokens and checks come before the first write, and most faults come there. Such a fault says that nothing of the visit is
 * in the chart, whatever its kind leaves open; one that comes after a write, also of a look then, stays what it is.
 */
export async function faultsSayWhatWasSent<T>(ctx: FhirContext, work: (ctx: FhirContext) => Promise<T>): Promise<T> {
  let wrote = false
  const onWrite = (): void => {
    wrote = true
  }
  try {
    return await work({ ...ctx, onWrite })
  } catch (error) {
    throw wrote || !(error instanceof PartnerFault) ? error : beforeEffect(error)
  }
}

function beforeEffect(fault: PartnerFault): PartnerFault {
  const { kind, message, detail, retryAfterMs, scope } = fault
  return new PartnerFault(kind, message, { detail, retryAfterMs, scope, beforeEffect: true, cause: fault })
}
