import { PaymentRequested, StoreCard } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const storeCard = defineMap({
  name: 'store-card',
  version: 1,
  summary: 'Keep the card behind the confirmation token that the browser got.',
  root: PaymentRequested,
  input: PaymentRequested,
  output: StoreCard,
  reads: null,
  map: ({ paymentId, patientId, confirmationTokenId, currency }) => ({ paymentId, patientId, confirmationTokenId, currency }),
})
