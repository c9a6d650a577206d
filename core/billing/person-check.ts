import { createHash } from 'node:crypto'
import { baseLetters } from './latin-letters.ts'
import { requestOfTrace } from './matching.ts'

/** Whom we asked about. */
interface AskedPerson {
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
type PersonDifference = 'birth-date-differs' | 'member-differs'

/** What is left of a name or an id when everyone's way of writing it is taken away: capitals without accents, letters and digits. */
export const plain = (text: string): string =>
  baseLetters(text)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')

/**
 * Gateways mix up answers under load, and the trace is what they copy. A birth date that differs is enough. An id that differs is
 * not (payers write it their own way, and move people to new numbers) unless nothing else told speaks for our patient.
 */
export function personDiffers(told: ToldPerson, asked: AskedPerson): PersonDifference | null {
  if (told.corrected) return correctedDiffers(told, asked)
  if (told.birthDate !== null) return told.birthDate === asked.birthDate ? null : 'birth-date-differs'
  const sameFamily = told.familyName !== null && plain(told.familyName) === plain(asked.familyName)
  const [theirs, ours] = [plain(told.givenName ?? ''), plain(asked.givenName)]
  // ROSA for ROSALIE is one person; ROSA and JUAN of one family are two.
  const sameName = sameFamily && (theirs.startsWith(ours) || ours.startsWith(theirs))
  const sameId = told.memberId === null ? told.familyName === null : asked.memberId !== null && plain(told.memberId) === plain(asked.memberId)
  return sameId || sameName ? null : 'member-differs'
}

/**
 * What was corrected differs, so one thing that agrees is enough: birth date, id or family name. Nothing told stays nothing. Gateways copy
 * the flag along with another patient's answer, so it cannot stand for everything.
 */
function correctedDiffers(told: ToldPerson, asked: AskedPerson): PersonDifference | null {
  const same = (theirs: string | null, ours: string | null): boolean => theirs !== null && ours !== null && plain(theirs) === plain(ours)
  const agrees = told.birthDate === asked.birthDate || same(told.memberId, asked.memberId) || same(told.familyName, asked.familyName)
  const nothingTold = told.birthDate === null && told.memberId === null && told.familyName === null
  return agrees || nothingTold ? null : 'member-differs'
}

/**
 * The same question for an answer that comes by file, where the patient is known only after matching and names may not travel: eight
 * bits of each value, bound to the reference that it came with. Too few to tell who it is, enough to catch 255 of 256 mix-ups.
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
const eightBits = (reference: string, field: string, value: string): number => createHash('sha256').update(`${reference}|${field}|${value}`).digest()[0] ?? 0

/**
 * What binds the bits of an answer: its first reference in our form, TRN02 before BHT03 before REF EJ. Undefined: none is ours, so it can
 * be nobody's answer.
 */
export const personCheckReference = (item: {
  readonly traces: readonly string[]
  readonly bht03: string | null
  readonly patientAccount: string | null
}): string | undefined =>
  [...item.traces, item.bht03, item.patientAccount].find((reference) => reference !== null && requestOfTrace(reference) !== undefined) ?? undefined

/** `reference`: see `personCheckReference`. */
export function personCheckOf(reference: string, told: ToldPerson): PersonCheck {
  const bits = (field: string, value: string | null) => (value === null ? null : eightBits(reference, field, value))
  const letters = (value: string | null) => (value === null ? null : plain(value))
  return {
    corrected: told.corrected,
    birthDate: bits('birthDate', told.birthDate),
    memberId: bits('memberId', letters(told.memberId)),
    familyName: bits('familyName', letters(told.familyName)),
    givenName: bits('givenName', letters(told.givenName)?.slice(0, givenLetters) ?? null),
  }
}

/** `personDiffers` on check bits. `reference` is the one that they are bound to. */
export function checkDiffers(check: PersonCheck, reference: string, asked: AskedPerson): PersonDifference | null {
  const ours = personCheckOf(reference, { ...asked, corrected: false })
  const sameId = check.memberId !== null && check.memberId === ours.memberId
  const sameFamily = check.familyName !== null && check.familyName === ours.familyName
  const sameName = sameFamily && (check.givenName === null || check.givenName === ours.givenName)
  const nothingTold = check.memberId === null && check.familyName === null
  if (check.corrected) return sameId || sameFamily || check.birthDate === ours.birthDate || (nothingTold && check.birthDate === null) ? null : 'member-differs'
  if (check.birthDate !== null && check.birthDate !== ours.birthDate) return 'birth-date-differs'
  // Eight bits of a birth date may agree by chance; where a number and a name are told too, one of them must be ours as well.
  if (check.birthDate !== null) return check.memberId === null || check.familyName === null || sameId || sameFamily ? null : 'member-differs'
  return nothingTold || sameId || sameName ? null : 'member-differs'
}
