import type { CorrectableField } from '../identity/corrections.ts'

/** What a person may put right, as staff reads it in the middle of a sentence. */
export const fieldWords = {
  memberId: 'member ID',
  givenName: 'given name',
  familyName: 'family name',
  birthDate: 'date of birth',
  payerId: 'insurer',
  payerSex: 'sex on the insurer’s records',
  secondPayerId: 'insurer of the second insurance',
  secondMemberId: 'member ID of the second insurance',
} as const satisfies Record<CorrectableField, string>
