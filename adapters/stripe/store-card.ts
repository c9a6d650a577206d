import type { CardDeclined, CardStored, StoreCard } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { StripeConfig, StripeSecrets } from './adapter.ts'

type CardAnswer = Answer<ValueOf<typeof CardStored>, ValueOf<typeof CardDeclined>>
export async function storeCard(_input: ValueOf<typeof StoreCard>, _ctx: CallContext<StripeConfig, StripeSecrets>): Promise<CardAnswer> {
  throw new PartnerFault('unavailable', 'The Stripe transport is being built.')
}
export async function findStoredCard(
  _input: ValueOf<typeof StoreCard>,
  _ctx: CallContext<StripeConfig, StripeSecrets>,
): Promise<CardAnswer | 'not-found' | 'cannot-tell'> {
  return 'cannot-tell'
}
