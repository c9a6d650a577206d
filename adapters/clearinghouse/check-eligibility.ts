import type { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { ClearinghouseConfig, ClearinghouseSecrets } from './adapter.ts'
export async function checkEligibility(
  _inquiry: ValueOf<typeof EligibilityInquiry>,
  _ctx: CallContext<ClearinghouseConfig, ClearinghouseSecrets>,
): Promise<Answer<ValueOf<typeof EligibilityAnswer>, ValueOf<typeof EligibilityRejection>>> {
  throw new PartnerFault('unavailable', 'The clearinghouse transport is being built.')
}
