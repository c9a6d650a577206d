import type { EhrVisitV2, EhrWrittenV2 } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { FhirContext, Refused } from '../types.ts'

type WriteAnswerV2 = Answer<ValueOf<typeof EhrWrittenV2>, Refused>

export function writeVisitV2(_visit: ValueOf<typeof EhrVisitV2>, _ctx: FhirContext): Promise<WriteAnswerV2> {
  throw new PartnerFault('contract', 'Visits cannot be updated yet.')
}
export async function findVisitV2(_visit: ValueOf<typeof EhrVisitV2>, _ctx: FhirContext): Promise<WriteAnswerV2 | 'not-found' | 'cannot-tell'> {
  return 'cannot-tell'
}
