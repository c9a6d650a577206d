import { z } from 'zod'
import { notListedPayerId } from '../catalog/model.ts'
import { PatientAnswers, type PatientField, PayerText } from './model.ts'
import { correctedSecond, secondFields, secondOf } from './second-insurance.ts'

const ofThePatient = ['memberId', 'givenName', 'familyName', 'birthDate', 'payerId', 'payerSex'] as const satisfies readonly PatientField[]
/** What of the answers decides whether a payer finds the patient, and which second insurance the chart names; nothing else is put right this way. */
export const correctableFields = [...ofThePatient, ...secondFields] as const
export type CorrectableField = (typeof correctableFields)[number]
/** What staff may open beside it, to find out whom to ask: an insurer that is not on the list has its name in the patient's own words alone. */
export const openableFields = [...correctableFields, 'payerText', 'phone'] as const
export type OpenableField = (typeof openableFields)[number]

export const correctionLimits = {
  /** A person who guesses at a member id is stopped here, and calls the clinic. */
  byPatientMax: 5,
  byStaffMax: 20,
} as const

const { memberId: MemberId, payerId: PayerId } = PatientAnswers.schema.shape
/** New values, each under the rules of the form. What is left out stays as it was. PHI. */
const newValues = PatientAnswers.schema
  .pick({ memberId: true, givenName: true, familyName: true, birthDate: true, payerId: true, payerSex: true })
  .extend({ secondPayerId: PayerId, secondMemberId: MemberId })
  .partial()
  .strict()
const holdsOne = (fields: object): boolean => Object.values(fields).some((value) => value !== undefined)
const empty = { error: 'must hold at least one new value' }
const inWords = { error: 'must name the insurer if, and only if, it is not on the list' }
export const CorrectionFields = newValues.refine(holdsOne, empty)
export type CorrectionFields = z.output<typeof CorrectionFields>

/** What the patient sends: an insurer that is not on the list comes with its name in their own words, as in the form. */
export const PatientCorrection = newValues
  .extend({ payerText: PayerText.optional(), secondPayerText: PayerText.optional() })
  .refine(holdsOne, empty)
  .refine(({ payerId, payerText }) => (payerId === notListedPayerId) === (payerText !== undefined), { ...inWords, path: ['payerText'] })
  .refine(({ secondPayerId, secondPayerText }) => (secondPayerId === notListedPayerId) === (secondPayerText !== undefined), {
    ...inWords,
    path: ['secondPayerText'],
  })
export type PatientCorrection = z.output<typeof PatientCorrection>

/** As the payer is asked: a name on the card, where there is one, stands for the patient's own. */
export const asAsked = (answers: PatientAnswers): PatientAnswers => ({ ...answers, ...answers.nameOnCard })
/** What stands under each name now; nothing of a second insurance where there is none. */
export const presentValues = (answers: PatientAnswers) => ({ ...asAsked(answers), ...secondOf(answers.secondary) })

/** What a patient is shown of what was asked for: who has no second insurance can only name a whole one. */
export const fieldsToShow = (fields: readonly CorrectableField[], { secondary }: PatientAnswers): CorrectableField[] =>
  secondary === null && secondFields.some((name) => fields.includes(name)) ? [...new Set([...fields, ...secondFields])] : [...fields]

/** Which of the new values differ from what is there. Capitals count: some payers compare them. */
export function changedFields(answers: PatientAnswers, fields: PatientCorrection): CorrectableField[] {
  const now: Partial<Record<CorrectableField, string>> = presentValues(answers)
  const differs = (text: string | undefined, before: string | null | undefined): boolean => text !== undefined && text !== before
  const renamed: Partial<Record<CorrectableField, boolean>> = {
    payerId: differs(fields.payerText, answers.payerText),
    secondPayerId: differs(fields.secondPayerText, answers.secondary?.payerText),
  }
  return correctableFields.filter((name) => fields[name] !== undefined && (fields[name] !== now[name] || renamed[name]))
}

/**
 * The answers with the new values in them. Another insurer has another group, and other words: the old ones would speak for the wrong one. A new name is
 * put where the payer's question takes it from: beside a name on the card the patient's own, which their chart is found and kept by, stays.
 */
export function correctedAnswers(answers: PatientAnswers, fields: PatientCorrection): PatientAnswers {
  const group = fields.payerId !== undefined && fields.payerId !== answers.payerId ? { groupNumber: null, payerText: fields.payerText ?? null } : {}
  const { givenName, familyName, secondPayerId, secondPayerText, secondMemberId, ...rest } = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as PatientCorrection
  const name = { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) }
  const named = answers.nameOnCard === null ? name : { nameOnCard: { ...answers.nameOnCard, ...name } }
  const secondary = correctedSecond(answers.secondary, { secondPayerId, secondPayerText, secondMemberId })
  return PatientAnswers.schema.parse({ ...answers, ...rest, ...named, ...group, secondary })
}

/**
 * What the form says of what is there, so that the patient sees what was wrong with it: no more than a stranger with the link could make
 * nothing of. A birth date and a sex have no harmless part.
 */
export const CorrectionHints = z.object({
  /** The last three characters. */
  memberId: z.string().max(3).optional(),
  /** First letters. */
  givenName: z.string().max(2).optional(),
  familyName: z.string().max(2).optional(),
  /** The insurer is a choice from a list, and named by the clinic anyway. */
  payerId: z.string().max(40).optional(),
  secondPayerId: z.string().max(40).optional(),
  secondMemberId: z.string().max(3).optional(),
})
export type CorrectionHints = z.output<typeof CorrectionHints>

export function hintsOf(answers: PatientAnswers, fields: readonly CorrectableField[]): CorrectionHints {
  const asked = asAsked(answers)
  const first = (name: string): string => [...name][0] ?? ''
  // Of a short number the half: what is left must not be easy to guess.
  const end = (memberId: string): string => memberId.slice(-Math.min(3, Math.floor(memberId.length / 2)))
  const second = secondOf(answers.secondary)
  const all: CorrectionHints = {
    memberId: end(answers.memberId),
    givenName: first(asked.givenName),
    familyName: first(asked.familyName),
    payerId: answers.payerId,
    ...(second && { secondPayerId: second.secondPayerId, secondMemberId: end(second.secondMemberId) }),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => (fields as readonly string[]).includes(name)))
}

/** Of the answers, as much as the front desk reads. */
export const deskFields = [
  'payerSex',
  'gender',
  'guardian',
  'payerId',
  'payerText',
  'memberId',
  'groupNumber',
  'secondary',
  'nameOnCard',
  'noCard',
] as const satisfies readonly (keyof PatientAnswers)[]
export type DeskAnswers = Pick<PatientAnswers, (typeof deskFields)[number]>
