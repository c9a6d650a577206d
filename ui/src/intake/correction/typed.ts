import { answerRules, type CorrectionView, type PatientCorrection } from '../../client.gen.ts'
import type { PatientMessages } from '../../shared/messages/index.ts'
import { birthDateOf } from '../birth-date.ts'
import { noNumber, notListed } from '../covers.ts'
import { badText, type Problem } from '../validate.ts'

/** What the patient has typed; an empty field keeps what is there. It stays in the memory of this page: it is short, and sent at once. */
export const typedNames = [
  ...(['memberId', 'givenName', 'familyName', 'birthMonth', 'birthDay', 'birthYear', 'payerId', 'payerText', 'payerSex'] as const),
  ...(['secondPayerId', 'secondPayerText', 'secondMemberId'] as const),
] as const
export type Typed = Record<(typeof typedNames)[number], string>
export const nothingTyped = (view: CorrectionView): Typed => ({
  ...(Object.fromEntries(typedNames.map((name) => [name, ''])) as Typed),
  payerId: view.hints.payerId ?? '',
  secondPayerId: view.hints.secondPayerId ?? '',
})
/** Asked about a second insurance where the clinic has none of theirs. */
export const lacksSecond = ({ fields, hints }: CorrectionView): boolean => fields.includes('secondPayerId') && hints.secondPayerId === undefined

export type CorrectionProblem = Omit<Problem, 'step'>
type Say = (text: PatientMessages) => string
const rules = answerRules as Record<string, { maxLength?: number; pattern?: string }>

const texts = [
  ['memberId', (t: PatientMessages) => t.wrong.memberIdForm],
  ['givenName', (t: PatientMessages) => t.wrong.characters],
  ['familyName', (t: PatientMessages) => t.wrong.characters],
  ['secondMemberId', (t: PatientMessages) => t.wrong.memberIdForm],
] as const
const isNumber = (name: string): boolean => name === 'memberId' || name === 'secondMemberId'
const tidied = (typed: Typed, name: (typeof texts)[number][0]): string => (isNumber(name) ? typed[name].replace(/\s+/g, '') : typed[name].trim())
/** A problem of the second insurance says so: its words are those of the first. */
const placed = ({ id, say }: CorrectionProblem): CorrectionProblem => ({ id, say: id.startsWith('second') ? (t) => t.correction.ofSecond(say(t)) : say })

/** The new values, or what is wrong with them. Only what is asked for is looked at. */
export function correctionOf(view: CorrectionView, typed: Typed, today: string): { fields: PatientCorrection } | { problems: CorrectionProblem[] } {
  const asked = new Set<string>(view.fields)
  const fields: PatientCorrection = {}
  const problems: CorrectionProblem[] = []
  for (const [name, form] of texts) {
    const value = asked.has(name) ? tidied(typed, name) : ''
    const say = value === '' ? null : badText(value, rules[isNumber(name) ? 'memberId' : name], form)
    if (say) problems.push({ id: name, say })
    else if (value !== '') fields[name] = value
  }
  if (asked.has('birthDate') && (typed.birthMonth + typed.birthDay + typed.birthYear).trim() !== '') {
    const birth = birthDateOf(typed, today)
    if ('date' in birth) fields.birthDate = birth.date
    else problems.push(birth)
  }
  if (asked.has('payerSex') && (typed.payerSex === 'F' || typed.payerSex === 'M' || typed.payerSex === 'U')) fields.payerSex = typed.payerSex
  for (const names of payers) if (asked.has(names[0])) problems.push(...payerProblems(view, typed, fields, names))
  if (lacksSecond(view)) problems.push(...wholeSecond(fields, problems))
  if (problems.length > 0) return { problems: problems.map(placed) }
  return Object.keys(fields).length > 0 ? { fields } : { problems: [{ id: firstControl(view), say: (t) => t.correction.nothing }] }
}

const payers = [
  ['payerId', 'payerText'],
  ['secondPayerId', 'secondPayerText'],
] as const
/** Another insurer of the list, or the name of one that it does not have; the same as before, and nothing at all, changes nothing. */
function payerProblems(view: CorrectionView, typed: Typed, fields: PatientCorrection, [idName, textName]: (typeof payers)[number]): CorrectionProblem[] {
  const payerId = typed[idName]
  const payerText = typed[textName].trim()
  const before = view.hints[idName]
  if (payerId === '') return payerText === '' ? [] : [{ id: idName, say: (t) => t.problems.payerUnchosen }]
  if (payerId === notListed) {
    if (payerText === '') return before === notListed ? [] : [{ id: textName, say: (t) => t.problems.payerText }]
    const say = badText(payerText, rules.payerText, (t) => t.wrong.characters)
    if (say) return [{ id: textName, say }]
    Object.assign(fields, { [idName]: payerId, [textName]: payerText })
  } else if (payerId !== before) {
    if (!view.payers.some((payer) => payer.id === payerId)) return [{ id: idName, say: (t) => t.wrong.payer }]
    fields[idName] = payerId
  }
  return []
}

/** Where there was none, an insurer and a number belong together; an insurer that is not on the list may have none. */
function wholeSecond(fields: PatientCorrection, found: readonly CorrectionProblem[]): CorrectionProblem[] {
  if (found.some(({ id }) => id.startsWith('second'))) return []
  const { secondPayerId, secondMemberId } = fields
  if (secondPayerId === undefined) return secondMemberId === undefined ? [] : [{ id: 'secondPayerId', say: (t) => t.wrong.payer }]
  if (secondMemberId !== undefined) return []
  if (secondPayerId !== notListed) return [{ id: 'secondMemberId', say: (t) => t.wrong.memberId }]
  fields.secondMemberId = noNumber
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
    ? (t) => t.wrong.cardNumber(isNumber(name) ? t.insurance.memberId : t.correction.title)
    : name === 'payerId' || name === 'secondPayerId'
      ? (t) => t.wrong.payerGone
      : (t) => t.wrong.answer
  return placed({ id: controlOf(name), say })
}
