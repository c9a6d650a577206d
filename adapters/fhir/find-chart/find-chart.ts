import type { ChartFound, ChartQuery } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { FhirContext, Refused } from '../types.ts'

export function findChart(_query: ValueOf<typeof ChartQuery>, _ctx: FhirContext): Promise<Answer<ValueOf<typeof ChartFound>, Refused>> {
  throw new PartnerFault('contract', 'Charts cannot be looked for yet.')
}
