import type { LanguageTag } from '@heliox/core/kit'
import { addressFieldsOf, addressProblems, postalCodeFacts } from '@heliox/core/messages'
import { answerRules, type IntakeForm, type IntakeView } from '../client.gen.ts'
import type { PatientMessages } from '../shared/messages/index.ts'
import { addressOf } from './address.ts'
import { birthDateOf } from './birth-date.ts'
import { notListed } from './covers.ts'
import type { ConsentKind, ConsentTicks, Draft, TextFieldName } from './draft.ts'
import { askedAnew, formProblems, typedOf } from './own-forms.ts'
import { type FixedStep, isFormStep, type StepId, stepsFor } from './steps.ts'

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
  if (name === 'memberId' || name === 'secondMemberId') return value.replace(/\s+/g, '')
  if (name === 'email') return value.toLowerCase()
  return value
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

/** What the api calls a field whose control has a name of its own. */
const ruleNames: Partial<Record<TextFieldName, string>> = {
  guardianGivenName: 'givenName',
  guardianFamilyName: 'familyName',
  cardGivenName: 'givenName',
  cardFamilyName: 'familyName',
  secondCardGivenName: 'givenName',
  secondCardFamilyName: 'familyName',
  secondPayerText: 'payerText',
  secondMemberId: 'memberId',
  secondGroupNumber: 'groupNumber',
}
const ruleOf = (name: TextFieldName): Rule | undefined => rules[ruleNames[name] ?? name]

function required(draft: Draft, name: TextFieldName, empty: Say, form: Say = (t) => t.wrong.characters): Omit<Problem, 'step'>[] {
  const value = tidied(draft, name)
  const say = value === '' ? empty : badText(value, ruleOf(name), form)
  return say ? [{ id: name, say }] : []
}
function allowed(draft: Draft, name: TextFieldName, form: Say = (t) => t.wrong.characters): Omit<Problem, 'step'>[] {
  const value = tidied(draft, name)
  const say = value === '' ? null : badText(value, ruleOf(name), form)
  return say ? [{ id: name, say }] : []
}

/** As the api takes it; null: empty, or not right yet. */
export function fitting(draft: Draft, name: TextFieldName): string | null {
  const value = tidied(draft, name)
  return value === '' || badText(value, ruleOf(name), (t) => t.wrong.characters) ? null : value
}

/** One insurance: an insurer of the list with a member ID, or the name of one that the list does not have. */
function cover({ draft, intake }: Filled, names: Record<'payerId' | 'payerText' | 'memberId' | 'groupNumber', TextFieldName>): Omit<Problem, 'step'>[] {
  const payerId = draft.fields[names.payerId]
  const other = payerId === notListed
  const typedOnly = payerId === '' && draft.fields[names.payerText].trim() !== ''
  const say: Say = typedOnly ? (t) => t.problems.payerUnchosen : (t) => t.wrong.payer
  return [
    ...(other || intake.payers.some((payer) => payer.id === payerId) ? [] : [{ id: names.payerId, say }]),
    ...(other ? required(draft, names.payerText, (t) => t.problems.payerText) : []),
    ...(other
      ? allowed(draft, names.memberId, (t) => t.wrong.memberIdForm)
      : required(
          draft,
          names.memberId,
          (t) => t.wrong.memberId,
          (t) => t.wrong.memberIdForm,
        )),
    ...allowed(draft, names.groupNumber, (t) => t.wrong.groupForm),
  ]
}

/** As one card has it. */
const cardName = (draft: Draft, givenName: TextFieldName, familyName: TextFieldName): Omit<Problem, 'step'>[] => [
  ...required(draft, givenName, (t) => t.problems.cardGivenName),
  ...required(draft, familyName, (t) => t.problems.cardFamilyName),
]

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

/** In the order of the page. */
function addressChecks({ draft, intake }: Filled): Omit<Problem, 'step'>[] {
  const address = addressOf({ draft, intake })
  const { country } = address
  const found = addressProblems(address)
  const wrong = (field: (typeof found)[number]['field']) => found.find((problem) => problem.field === field)?.problem
  const postalCode = (t: PatientMessages): string => {
    const missing = wrong('postalCode') === 'missing'
    if (country === 'US') return missing ? t.wrong.zip : t.wrong.zipForm
    return missing ? t.wrong.postalCode : t.wrong.postalCodeForm(postalCodeFacts(country).example)
  }
  const under = {
    city: () => required(draft, 'city', (t) => t.wrong.city),
    state: () => (wrong('state') ? [{ id: 'state', say: (t: PatientMessages) => t.wrong.state }] : []),
    region: () => allowed(draft, 'state'),
    postalCode: () => (wrong('postalCode') ? [{ id: 'postalCode', say: postalCode }] : allowed(draft, 'postalCode')),
  }
  return [
    ...(wrong('country') ? [{ id: 'country', say: (t: PatientMessages) => t.wrong.country }] : []),
    ...required(draft, 'line1', (t) => t.wrong.line1),
    ...allowed(draft, 'line2'),
    ...addressFieldsOf(country).flatMap((field) => under[field]()),
  ]
}

/** As people write one where the clinic is; of numbers that belong to nobody. */
const phoneExamples: Readonly<Record<string, string>> = { US: '512 555 0100', DE: '030 23125 012', FR: '01 99 00 12 34', GB: '020 7946 0123' }

const checks: Record<FixedStep, Check> = {
  previous: () => [],
  about: ({ draft, today }) => {
    const birth = birthDateOf(draft.fields, today)
    return [
      ...required(draft, 'givenName', (t) => t.wrong.givenName),
      ...required(draft, 'familyName', (t) => t.wrong.familyName),
      ...('date' in birth ? [] : [birth]),
    ]
  },
  guardian: ({ draft }) => [
    ...required(draft, 'guardianGivenName', (t) => t.problems.guardianGivenName),
    ...required(draft, 'guardianFamilyName', (t) => t.problems.guardianFamilyName),
    ...(draft.fields.guardianRelationship === '' ? [{ id: 'guardianRelationship', say: (t: PatientMessages) => t.problems.relationship }] : []),
  ],
  person: ({ draft }) => required(draft, 'payerSex', (t) => t.wrong.sex),
  contact: ({ draft, intake }) => [
    ...required(
      draft,
      'phone',
      (t) => t.wrong.phone,
      (t) => t.wrong.phoneForm(phoneExamples[intake.clinic.country ?? ''] ?? null),
    ),
    ...allowed(draft, 'email', (t) => t.wrong.email),
  ],
  address: addressChecks,
  insurance: (form) => [
    ...cover(form, { payerId: 'payerId', payerText: 'payerText', memberId: 'memberId', groupNumber: 'groupNumber' }),
    ...(form.draft.otherName ? cardName(form.draft, 'cardGivenName', 'cardFamilyName') : []),
  ],
  second: (form) => {
    const { hasSecond } = form.draft.fields
    if (hasSecond === 'no') return []
    if (hasSecond !== 'yes') return [{ id: 'hasSecond', say: (t) => t.problems.second }]
    return [
      ...cover(form, { payerId: 'secondPayerId', payerText: 'secondPayerText', memberId: 'secondMemberId', groupNumber: 'secondGroupNumber' }),
      ...(form.draft.secondOtherName ? cardName(form.draft, 'secondCardGivenName', 'secondCardFamilyName') : []),
    ]
  },
  'card-front': ({ draft }) => (draft.noPhotos || draft.photos['card-front'] ? [] : [{ id: 'photo-file', say: (t) => t.wrong.photo }]),
  'card-back': ({ draft }) => (draft.noPhotos || draft.photos['card-back'] ? [] : [{ id: 'photo-file', say: (t) => t.wrong.photoBack }]),
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

const ownProblems = (own: IntakeForm, { forms }: Draft): Omit<Problem, 'step'>[] =>
  askedAnew(own, forms) ? [{ id: `form-${own.id}`, say: (t) => t.wrong.formChanged }] : formProblems(own, typedOf(own, forms))

export function problemsOf(step: StepId, form: Filled): Problem[] {
  const own = form.intake.forms.find(({ id }) => step === `form-${id}`)
  const found = own ? ownProblems(own, form.draft) : isFormStep(step) ? [] : checks[step](form)
  return found.map((problem) => ({ ...problem, step }))
}

/** Everything that stands between this draft and "Send". */
export const allProblems = (form: Filled): Problem[] => stepsFor(form).flatMap((step) => problemsOf(step, form))

/** Which page asks for the field that the api names (`answers.address.city`, `/body/answers/memberId`); none for a form that has ended. */
export function problemFromApi(path: string): Problem | null {
  const inside = /(?:^|[./])(guardian|secondary|nameOnCard|forms)(?:[./]([a-z][a-z0-9-]*))?/.exec(path)
  if (inside) {
    const [, group = '', formId] = inside
    // What this page sent fits what it was asked: the clinic asks something else by now.
    if (group === 'forms') return formId ? { step: `form-${formId}`, id: group, say: (t) => t.wrong.formChanged } : null
    if (group === 'secondary' && path.endsWith('payerId')) return { step: 'second', id: 'payerId', say: (t) => t.wrong.payerGone }
    return { step: group === 'guardian' ? 'guardian' : group === 'secondary' ? 'second' : 'insurance', id: group, say: (t) => t.wrong.answer }
  }
  const name = path.split(/[./]/).findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
  const id = name === 'birthDate' ? 'birthMonth' : name
  const step = fieldSteps[id]
  const say: Say =
    id === 'accessCode'
      ? (t) => t.wrong.accessCode
      : id === 'phone'
        ? (t) => t.wrong.phoneWrong
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
  payerSex: 'person',
  gender: 'person',
  phone: 'contact',
  email: 'contact',
  country: 'address',
  line1: 'address',
  line2: 'address',
  city: 'address',
  state: 'address',
  postalCode: 'address',
  payerId: 'insurance',
  payerText: 'insurance',
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
  (step === 'card' || step === 'previous' || isFormStep(step) ? form.draft.seen.includes(step) : true) && problemsOf(step, form).length === 0
