import type { LanguageTag } from '@heliox/core/kit'
import { answerRules, type IntakeView } from '../client.gen.ts'
import type { PatientMessages } from '../shared/messages/index.ts'
import type { ConsentKind, ConsentTicks, Draft, TextFieldName } from './draft.ts'
import { type StepId, stepsFor } from './steps.ts'

/** Said in the language of the moment it is shown: a language switch translates the error too. */
export interface Problem {
  step: StepId
  /** The control it belongs to. */
  id: string
  say(text: PatientMessages): string
}
type Say = Problem['say']
type Rule = { maxLength?: number; pattern?: string }

const rules = answerRules as Record<string, Rule>

/** Against what the api checks, from the same document (`answerRules`). */
export function badText(value: string, rule: Rule | undefined, form: Say): Say | null {
  const max = rule?.maxLength
  if (max !== undefined && value.length > max) return (text) => text.wrong.tooLong(max)
  if (rule?.pattern && !new RegExp(rule.pattern, 'u').test(value)) return form
  return null
}

/** How people type, made into what the api takes: no spaces around, ids without inner spaces, states in capitals. */
export function tidied(draft: Draft, name: TextFieldName): string {
  const value = draft.fields[name].trim()
  if (name === 'memberId') return value.replace(/\s+/g, '')
  if (name === 'postalCode') return value.replace(/\s+/g, '')
  if (name === 'email') return value.toLowerCase()
  return value
}

/** `1985-03-27`, or what is wrong with it. Today comes in from outside. */
export function birthDateOf(
  fields: Pick<Draft['fields'], 'birthMonth' | 'birthDay' | 'birthYear'>,
  today: string,
): { date: string } | { id: string; say: Say } {
  const [month, day, year] = [fields.birthMonth.trim(), fields.birthDay.trim(), fields.birthYear.trim()]
  if (!month && !day && !year) return { id: 'birthMonth', say: (t) => t.wrong.birthDate }
  const missing = !month ? 'birthMonth' : !day ? 'birthDay' : !year ? 'birthYear' : null
  if (missing) return { id: missing, say: (t) => t.wrong.birthDateParts }
  if (!/^\d{4}$/.test(year)) return { id: 'birthYear', say: (t) => t.wrong.birthDateYear }
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : null
  if (!parsed || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date || year < '1880')
    return { id: 'birthMonth', say: (t) => t.wrong.birthDateReal }
  if (date > today) return { id: 'birthYear', say: (t) => t.wrong.birthDatePast }
  return { date }
}

/** What the rules look at. */
export interface Filled {
  draft: Draft
  intake: IntakeView
  language: LanguageTag
  /** Today in the clinic's zone. */
  today: string
}
type Check = (form: Filled) => Omit<Problem, 'step'>[]

function required(draft: Draft, name: TextFieldName, empty: Say, form: Say = (t) => t.wrong.characters): Omit<Problem, 'step'>[] {
  const value = tidied(draft, name)
  const say = value === '' ? empty : badText(value, rules[name], form)
  return say ? [{ id: name, say }] : []
}
function allowed(draft: Draft, name: TextFieldName, form: Say = (t) => t.wrong.characters): Omit<Problem, 'step'>[] {
  const value = tidied(draft, name)
  const say = value === '' ? null : badText(value, rules[name], form)
  return say ? [{ id: name, say }] : []
}

/** The tick under a text, if it was given to these very words: the clinic may have changed them while the form was open. */
export function tickOf({ draft, intake }: Pick<Filled, 'draft' | 'intake'>, tag: LanguageTag, kind: ConsentKind): ConsentTicks[ConsentKind] {
  const given = draft.consents[tag][kind]
  const text = intake.consentTexts[tag].find((shown) => shown.kind === kind)
  return given && text && given.textId === text.id && given.textSha256 === text.sha256 ? given : undefined
}

/** The card authorisation is the patient's choice; every other text must be agreed to. */
export const consentIsOptional = (kind: string): boolean => optionalConsents.has(kind)
const optionalConsents: ReadonlySet<string> = new Set<ConsentKind>(['card-authorisation', 'sms', 'telehealth'])

/** Where a text shows a code, the patient types it: they could read it on this device. */
export const codeMark = '{code}'
export const codeIsMissing = ({ intake, draft, language }: Omit<Filled, 'today'>): boolean =>
  intake.consentTexts[language].some(({ body }) => body.includes(codeMark)) && draft.fields.accessCode.trim() !== intake.accessCode

const checks: Record<StepId, Check> = {
  about: ({ draft, today }) => {
    const birth = birthDateOf(draft.fields, today)
    return [
      ...required(draft, 'givenName', (t) => t.wrong.givenName),
      ...required(draft, 'familyName', (t) => t.wrong.familyName),
      ...('date' in birth ? [] : [birth]),
      ...required(draft, 'payerSex', (t) => t.wrong.sex),
    ]
  },
  contact: ({ draft }) => [
    ...required(
      draft,
      'phone',
      (t) => t.wrong.phone,
      (t) => t.wrong.phoneForm,
    ),
    ...allowed(draft, 'email', (t) => t.wrong.email),
  ],
  address: ({ draft }) => [
    ...required(draft, 'line1', (t) => t.wrong.line1),
    ...allowed(draft, 'line2'),
    ...required(draft, 'city', (t) => t.wrong.city),
    ...required(draft, 'state', (t) => t.wrong.state),
    ...required(
      draft,
      'postalCode',
      (t) => t.wrong.postalCode,
      (t) => t.wrong.postalCodeForm,
    ),
  ],
  insurance: ({ draft, intake }) => [
    ...(intake.payers.some((payer) => payer.id === draft.fields.payerId) ? [] : [{ id: 'payerId', say: (t: PatientMessages) => t.wrong.payer }]),
    ...required(
      draft,
      'memberId',
      (t) => t.wrong.memberId,
      (t) => t.wrong.memberIdForm,
    ),
    ...allowed(draft, 'groupNumber', (t) => t.wrong.groupForm),
  ],
  'card-front': ({ draft }) => (draft.noPhotos || draft.photos['card-front'] ? [] : [{ id: 'photo-file', say: (t) => t.wrong.photo }]),
  'card-back': ({ draft }) => (draft.noPhotos || draft.photos['card-back'] ? [] : [{ id: 'photo-file', say: (t) => t.wrong.photo }]),
  consents: (form) => {
    const { ticks } = signedConsents(form)
    const code = codeIsMissing(form) ? [{ id: 'accessCode', say: (t: PatientMessages) => t.wrong.accessCode }] : []
    return form.intake.consentTexts[form.language].flatMap(({ kind, title, body }) => [
      ...(body.includes(codeMark) ? code : []),
      ...(consentIsOptional(kind) || ticks[kind]
        ? []
        : [
            {
              id: `consent-${kind}`,
              say: (t: PatientMessages) => t.wrong.consent(form.intake.consentTexts[t.tag].find((text) => text.kind === kind)?.title ?? title),
            },
          ]),
    ])
  },
  sign: ({ draft }) => required(draft, 'typedName', (t) => t.wrong.typedName),
  card: (form) => (cardIsSettled(form) ? [] : [{ id: 'card-form', say: (t) => t.wrong.card }]),
  check: () => [],
}

/**
 * The consents that are signed, all in one language, because a signature has one: the language on the screen, unless the
 * set is complete only in another one (the patient agreed, then switched).
 */
export function signedConsents(form: Omit<Filled, 'today'>): { language: LanguageTag; ticks: ConsentTicks } {
  const texts = form.intake.consentTexts
  const complete = (tag: LanguageTag): boolean => texts[tag].every(({ kind }) => consentIsOptional(kind) || tickOf(form, tag, kind))
  const signed = [form.language, ...form.intake.clinic.languages].find(complete) ?? form.language
  return { language: signed, ticks: Object.fromEntries(texts[signed].map(({ kind }) => [kind, tickOf(form, signed, kind)])) }
}

/** The clinic keeps cards, and the patient agreed to it. */
export const cardIsWanted = (form: Omit<Filled, 'today'>): boolean =>
  form.intake.card !== null && signedConsents(form).ticks['card-authorisation'] !== undefined

/** A card was given, or none is wanted, or none can be taken. */
export const cardIsSettled = (form: Filled): boolean => !cardIsWanted(form) || form.draft.card !== null || form.draft.cardSkipped

export const problemsOf = (step: StepId, form: Filled): Problem[] => checks[step](form).map((problem) => ({ ...problem, step }))

/** Everything that stands between this draft and "Send". */
export const allProblems = (form: Filled): Problem[] => stepsFor(form.draft).flatMap((step) => problemsOf(step, form))

/** Which page asks for the field that the api names (`answers.address.city`, `/body/answers/memberId`). */
export function problemFromApi(path: string): Problem | null {
  const name = path.split(/[./]/).findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
  const id = name === 'birthDate' ? 'birthMonth' : name
  const step = fieldSteps[id]
  const say: Say =
    id === 'accessCode'
      ? (t) => t.wrong.accessCode
      : step === 'consents'
        ? (t) => t.wrong.consentsChanged
        : id === 'payerId'
          ? (t) => t.wrong.payerGone
          : (t) => t.wrong.answer
  return step ? { step, id, say } : null
}
const fieldSteps: Partial<Record<string, StepId>> = {
  givenName: 'about',
  familyName: 'about',
  birthMonth: 'about',
  payerSex: 'about',
  phone: 'contact',
  email: 'contact',
  line1: 'address',
  line2: 'address',
  city: 'address',
  state: 'address',
  postalCode: 'address',
  payerId: 'insurance',
  memberId: 'insurance',
  groupNumber: 'insurance',
  uploadIds: 'card-front',
  consents: 'consents',
  textId: 'consents',
  textSha256: 'consents',
  accessCode: 'consents',
  typedName: 'sign',
  drawing: 'sign',
  signature: 'sign',
  confirmationTokenId: 'card',
}

export const isComplete = (step: StepId, form: Filled): boolean =>
  (step === 'card' ? form.draft.seen.includes('card') : true) && problemsOf(step, form).length === 0
