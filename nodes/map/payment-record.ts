import { CardDeclined, CardStored, PaymentRecord, PaymentRequested } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const cardStoredRecord = defineMap({
  name: 'card-stored-record',
  version: 1,
  summary: 'The card is on file, or the patient must confirm it with the bank first.',
  root: PaymentRequested,
  input: CardStored,
  output: PaymentRecord,
  reads: null,
  map: (stored, { root }) => {
    const refs = { setupIntentId: stored.setupIntentId, customerId: stored.customerId, paymentMethodId: stored.paymentMethodId }
    if (stored.status === 'succeeded') return { paymentId: root.paymentId, outcome: 'stored' as const, ...refs, code: null }
    return { paymentId: root.paymentId, outcome: 'needs-you' as const, ...refs, code: stored.status }
  },
})

export const cardDeclinedRecord = defineMap({
  name: 'card-declined-record',
  version: 1,
  summary: 'The card was declined, with the most telling code.',
  root: PaymentRequested,
  input: CardDeclined,
  output: PaymentRecord,
  reads: null,
  map: (declined, { root }) => ({
    paymentId: root.paymentId,
    outcome: 'declined' as const,
    setupIntentId: null,
    customerId: null,
    paymentMethodId: null,
    code: declined.declineCode ?? declined.code,
  }),
})
