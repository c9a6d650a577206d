import type { PatientMessages } from '../shared/messages/index.ts'
import type { KeptMethod } from './draft.ts'

/** How a patient recognises what they chose. */
export function keptWords({ card: t }: PatientMessages, { kind, brand, last4 }: KeptMethod): string {
  if (kind === 'us-bank-account') return last4 ? t.keptAccount(last4) : t.keptAccountPlain
  return last4 ? t.kept(brand, last4) : t.keptPlain
}
