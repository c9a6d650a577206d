import { createHash } from 'node:crypto'

/** Whom we asked about. */
export interface AskedPerson {
  /** Null where a dependent has no number of their own. */
  memberId: string | null
  givenName: string
  familyName: string
  birthDate: string
}
/** Whom the payer answered about; null is not told. `corrected`: the payer says that it changed who it is (INS 001/25). */
export interface ToldPerson {
  memberId: string | null
  givenName: string | null
  familyName: string | null
  birthDate: string | null
  corrected: boolean
}
export type PersonDifference = 'birth-date-differs' | 'member-differs'

/** What is left of a name or an id when everyone's way of writing it is taken away: capitals without accents, letters and digits. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')

/**
 * Gateways mix up answers under load, and the trace is what they copy. A birth date that differs is enough. An id that differs is
 * not (payers write it their own way, and move people to new numbers) unless nothing else told speaks for our patient.
 */
export function personDiffers(told: ToldPerson, asked: AskedPerson): PersonDifference | null {
  if (told.corrected) return null
  if (told.birthDate !== null) return told.birthDate === asked.birthDate ? null : 'birth-date-differs'
  const sameFamily = told.familyName !== null && plain(told.familyName) === plain(asked.familyName)
  const [theirs, ours] = [plain(told.givenName ?? ''), plain(asked.givenName)]
  // ROSA for ROSALIE is one person; ROSA and JUAN of one family are two.
  const sameName = sameFamily && (theirs.startsWith(ours) || ours.startsWith(theirs))
  const sameId = told.memberId === null ? told.familyName === null : asked.memberId !== null && plain(told.memberId) === plain(asked.memberId)
  return sameId || sameName ? null : 'member-differs'
}

/**
 * The same question for an answer that comes by file, where the patient is known only after matching and names may not travel: eight
 * bits of each value, bound to the trace. Too few to tell who it is, enough to catch 255 of 256 mix-ups.
 */
export interface PersonCheck {
  corrected: boolean
  birthDate: number | null
  memberId: number | null
  familyName: number | null
  /** Of the first three letters: ROSA and ROSALIE agree. */
  givenName: number | null
}
const givenLetters = 3
const eightBits = (trace: string, field: string, value: string): number => createHash('sha256').update(`${trace}|${field}|${value}`).digest()[0] ?? 0

export function personCheckOf(trace: string, told: ToldPerson): PersonCheck {
  const bits = (field: string, value: string | null) => (value === null ? null : eightBits(trace, field, value))
  const letters = (value: string | null) => (value === null ? null : plain(value))
  return {
    corrected: told.corrected,
    birthDate: bits('birthDate', told.birthDate),
    memberId: bits('memberId', letters(told.memberId)),
    familyName: bits('familyName', letters(told.familyName)),
    givenName: bits('givenName', letters(told.givenName)?.slice(0, givenLetters) ?? null),
  }
}

/** `personDiffers` on check bits. `trace` is the TRN02 that the answer was matched by. */
export function checkDiffers(check: PersonCheck, trace: string, asked: AskedPerson): PersonDifference | null {
  if (check.corrected) return null
  const ours = personCheckOf(trace, { ...asked, corrected: false })
  const sameId = check.memberId !== null && check.memberId === ours.memberId
  const sameFamily = check.familyName !== null && check.familyName === ours.familyName
  const sameName = sameFamily && (check.givenName === null || check.givenName === ours.givenName)
  if (check.birthDate !== null && check.birthDate !== ours.birthDate) return 'birth-date-differs'
  // Eight bits of a birth date may agree by chance; where a number and a name are told too, one of them must be ours as well.
  if (check.birthDate !== null) return check.memberId === null || check.familyName === null || sameId || sameFamily ? null : 'member-differs'
  const nothingTold = check.memberId === null && check.familyName === null
  return nothingTold || sameId || sameName ? null : 'member-differs'
}
