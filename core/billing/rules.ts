import type { CorrectableField } from '../identity/corrections.ts'

const person = ['givenName', 'familyName', 'birthDate'] as const
const everything = ['memberId', ...person, 'payerId'] as const

/**
 * Reject reasons (AAA03, X12 element 901) that only the patient can put right, who they are and what is on the card, each with what is
 * asked of them then. Everything else is the clinic's, ours or the payer's to solve. Screens, notices and the form that asks all look
 * here, so that they never say different things.
 */
const patientReasons: ReadonlyMap<string, readonly CorrectableField[]> = new Map<string, readonly CorrectableField[]>([
  ['58', ['birthDate']],
  ['64', ['memberId', 'payerId']],
  ['65', ['givenName', 'familyName']],
  ['66', ['payerSex']],
  ['67', everything],
  // The payer found somebody: under the right number with another date, or under a wrong number.
  ['71', ['memberId', 'birthDate']],
  ['72', ['memberId', 'payerId']],
  ['73', ['givenName', 'familyName']],
  ['74', ['payerSex']],
  ['75', everything],
  ['77', person],
  ['78', ['memberId', 'payerId']],
])
/** Reasons that the clinic puts right with the payer: its own registration, the visit, a leave that is missing. */
const clinicReasons: ReadonlySet<string> = new Set('41 43 44 45 46 47 48 49 50 51 52 60 61 62 63 68 69 70 76 97 AA AE AO CI E8 MA'.split(' '))

/** One such reason is enough: without it put right the payer will not answer, whatever else is wrong. */
export const patientCanPutRight = (reasonCodes: readonly string[]): boolean => reasonCodes.some((code) => patientReasons.has(code))
export const clinicCanPutRight = (reasonCodes: readonly string[]): boolean => reasonCodes.some((code) => clinicReasons.has(code))

/** What the patient is asked for after these reasons, in the order of the form; empty where nothing is theirs to put right. */
export function fieldsToCorrect(reasonCodes: readonly string[]): CorrectableField[] {
  const asked = new Set(reasonCodes.flatMap((code) => patientReasons.get(code) ?? []))
  return (['memberId', 'givenName', 'familyName', 'birthDate', 'payerSex', 'payerId'] as const).filter((field) => asked.has(field))
}
