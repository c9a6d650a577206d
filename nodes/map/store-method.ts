import { MethodCheck, MethodCheckDue, MethodDeclined, MethodRecord, MethodStored, PaymentRequested, StoreMethod } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { defineMap } from '@heliox/core/kit'

export const storeMethod = defineMap({
  name: 'store-method',
  version: 1,
  summary: 'Keep the method behind the confirmation token that the browser got.',
  root: PaymentRequested,
  input: PaymentRequested,
  output: StoreMethod,
  reads: null,
  map: ({ paymentId, patientId, confirmationTokenId, currency }) => ({ paymentId, patientId, confirmationTokenId, currency }),
})

const statusOf = { succeeded: 'stored', 'requires-action': 'needs-you', processing: 'processing' } as const

function stored(paymentId: string, answer: ValueOf<typeof MethodStored>): ValueOf<typeof MethodRecord> {
  const { status, intent, customerId, paymentMethodId, method, actionUrl, heldUntil } = answer
  return { paymentId, status: statusOf[status], intent, customerId, paymentMethodId, method, actionUrl, heldUntil, code: null }
}
function declined(paymentId: string, { code, declineCode }: ValueOf<typeof MethodDeclined>): ValueOf<typeof MethodRecord> {
  const nothing = { intent: null, customerId: null, paymentMethodId: null, method: null, actionUrl: null, heldUntil: null }
  return { paymentId, status: 'declined', ...nothing, code: declineCode ?? code }
}

export const methodStoredRecord = defineMap({
  name: 'method-stored-record',
  version: 1,
  summary: 'The method is on file, or the patient must confirm it, or the bank has not said yet.',
  root: PaymentRequested,
  input: MethodStored,
  output: MethodRecord,
  reads: null,
  map: (answer, { root }) => stored(root.paymentId, answer),
})
export const methodDeclinedRecord = defineMap({
  name: 'method-declined-record',
  version: 1,
  summary: 'The method was declined, with the most telling code.',
  root: PaymentRequested,
  input: MethodDeclined,
  output: MethodRecord,
  reads: null,
  map: (answer, { root }) => declined(root.paymentId, answer),
})

export const methodCheck = defineMap({
  name: 'method-check',
  version: 1,
  summary: 'Ask what became of a method that the patient had to confirm.',
  root: MethodCheckDue,
  input: MethodCheckDue,
  output: MethodCheck,
  reads: null,
  map: ({ paymentId, intent }) => ({ paymentId, intent }),
})
export const checkedStoredRecord = defineMap({
  name: 'method-checked-record',
  version: 1,
  summary: 'What became of a method, asked for because no webhook told it.',
  root: MethodCheckDue,
  input: MethodStored,
  output: MethodRecord,
  reads: null,
  map: (answer, { root }) => stored(root.paymentId, answer),
})
export const checkedDeclinedRecord = defineMap({
  name: 'method-checked-declined-record',
  version: 1,
  summary: 'The method was declined after all, asked for because no webhook told it.',
  root: MethodCheckDue,
  input: MethodDeclined,
  output: MethodRecord,
  reads: null,
  map: (answer, { root }) => declined(root.paymentId, answer),
})
