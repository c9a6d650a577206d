import { answerRules, type CorrectionView, type PatientCorrection } from '../../client.gen.ts'
import type { PatientMessages } from '../../shared/messages/index.ts'
import { birthDateOf } from '../birth-date.ts'
import { notListed } from '../covers.ts'
import { badText, type Problem } from '../validate.ts'

/** What the patient has typed; an empty field keeps what is there. It stays in the memory of this page: it is short, and sent at once. */
export const typedNames = ['memberId', 'givenName', 'familyName', 'birthMonth', 'birthDay', 'birthYear', 'payerId', 'payerText', 'payerSex'] as const
export type Typed = Record<(typeof typedNames)[number], string>
export const nothingTyped = (view: CorrectionView): Typed => ({
  ...(Object.fromEntries(typedNames.map((name) => [name, ''])) as Typed),
  payerId: view.hints.payerId ?? '',
})

export type CorrectionProblem = Omit<Problem, 'step'>
type Say = (text: PatientMessages) => string
const rules = answerRules as Record<string, { maxLength?: number; pattern?: string }>

const texts = [
  ['memberId', (t: PatientMessages) => t.wrong.memberIdForm],
  ['givenName', (t: PatientMessages) => t.wrong.characters],
  ['familyName', (t: PatientMessages) => t.wrong.characters],
] as const
const tidied = (typed: Typed, name: 'memberId' | 'givenName' | 'familyName'): string =>
  name === 'memberId' ? typed.memberId.replace(/\s+/g, '') : typed[name].trim()

/** The new values, or what is wrong with them. Only what is asked for is looked at. */
export function correctionOf(view: CorrectionView, typed: Typed, today: string): { fields: PatientCorrection } | { problems: CorrectionProblem[] } {
  const asked = new Set<string>(view.fields)
  const fields: PatientCorrection = {}
  const problems: CorrectionProblem[] = []
  for (const [name, form] of texts) {
    const value = asked.has(name) ? tidied(typed, name) : ''
    const say = value === '' ? null : badText(value, rules[name], form)
    if (say) problems.push({ id: name, say })
    else if (value !== '') fields[name] = value
  }
  if (asked.has('birthDate') && (typed.birthMonth + typed.birthDay + typed.birthYear).trim() !== '') {
    const birth = birthDateOf(typed, today)
    if ('date' in birth) fields.birthDate = birth.date
    else problems.push(birth)
  }
  if (asked.has('payerSex') && (typed.payerSex === 'F' || typed.payerSex === 'M' || typed.payerSex === 'U')) fields.payerSex = typed.payerSex
  if (asked.has('payerId')) problems.push(...payerProblems(view, typed, fields))
  if (problems.length > 0) return { problems }
  return Object.keys(fields).length > 0 ? { fields } : { problems: [{ id: firstControl(view), say: (t) => t.correction.nothing }] }
}

/** Another insurer of the list, or the name of one that it does not have; the same as before, and nothing at all, changes nothing. */
function payerProblems({ payers, hints }: CorrectionView, typed: Typed, fields: PatientCorrection): CorrectionProblem[] {
  const { payerId } = typed
  const payerText = typed.payerText.trim()
  if (payerId === '') return payerText === '' ? [] : [{ id: 'payerId', say: (t) => t.problems.payerUnchosen }]
  if (payerId === notListed) {
    if (payerText === '') return hints.payerId === notListed ? [] : [{ id: 'payerText', say: (t) => t.problems.payerText }]
    const say = badText(payerText, rules.payerText, (t) => t.wrong.characters)
    if (say) return [{ id: 'payerText', say }]
    Object.assign(fields, { payerId, payerText })
  } else if (payerId !== hints.payerId) {
    if (!payers.some((payer) => payer.id === payerId)) return [{ id: 'payerId', say: (t) => t.wrong.payer }]
    fields.payerId = payerId
  }
  return []
}

/** Where an error that is about no field in particular leads. */
export function firstControl(view: CorrectionView): string {
  const [first = 'memberId'] = view.fields
  return controlOf(first)
}
export const controlOf = (field: string): string => (field === 'birthDate' ? 'birthMonth' : field)

/** A problem that the api names, in the patient's words. */
export function problemOfPath(path: string, cardNumber: boolean): CorrectionProblem | null {
  const name = path.split(/[./]/).at(-1) ?? ''
  if (![...typedNames, 'birthDate'].includes(name as 'memberId')) return null
  const say: Say = cardNumber
    ? (t) => t.wrong.cardNumber(name === 'memberId' ? t.insurance.memberId : t.correction.title)
    : name === 'payerId'
      ? (t) => t.wrong.payerGone
      : (t) => t.wrong.answer
  return { id: controlOf(name), say }
}
