import { doubtAgainAt, nextAskAt, saysCover, type Verdict } from '@heliox/core/billing'
import { knownPayerOf } from '../catalog/payers.ts'
import { tenantFacts } from '../identity/tenants.ts'
import type { Tx } from '../tenancy.ts'
import type { RequestRow } from './requests.ts'

/** Turned down because the day is too far ahead (AAA 62, 63): nearer the visit the payer can say. */
const nearerTheVisit: readonly string[] = ['62', '63']

/** When the payer is asked again by itself, by its hours at this clinic and how old its answers may be. Null: not by itself. */
export async function nextAsking(
  tx: Tx,
  request: RequestRow,
  answer: { verdict: Verdict; reasonCodes: readonly string[]; receivedAt: Date; doubts?: number },
  now: Date,
): Promise<Date | null> {
  const { rules, supported } = await knownPayerOf(tx, request.payerId)
  // What a person found out stands until a person finds out anew: asking by ourselves would only say that nobody was asked.
  if (!supported) return null
  const { calendar, ages } = rules
  const { timeZone: clinicTimeZone } = await tenantFacts(tx)
  const about = { requestId: request.id, recordedAt: answer.receivedAt, serviceDate: request.serviceDate, calendar, clinicTimeZone, rules: ages }
  if (answer.doubts !== undefined) return doubtAgainAt(answer.doubts, about, now)
  const mayChange = saysCover(answer.verdict) || answer.reasonCodes.some((code) => nearerTheVisit.includes(code))
  return mayChange ? nextAskAt({ ...about, suspicious: false }, now) : null
}
