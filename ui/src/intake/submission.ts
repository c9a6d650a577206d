import type { IntakeSubmission } from '../client.gen.ts'
import { addressOf } from './address.ts'
import { birthDateOf } from './birth-date.ts'
import { type Cover, coversOf, noNumber, notListed } from './covers.ts'
import { answersOf, typedOf } from './own-forms.ts'
import { needsGuardian } from './steps.ts'
import { cardIsWanted, type Filled, signedConsents, tidied } from './validate.ts'

type Answers = IntakeSubmission['answers']
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
const oneOf = <const Of extends string>(known: readonly Of[], text: string): Of | null => known.find((value) => value === text) ?? null
const memberIdOf = ({ payerId, memberId }: Cover): string => memberId.replace(/\s+/g, '') || (payerId === notListed ? noNumber : '')

function guardianOf(form: Filled): Answers['guardian'] {
  const { fields } = form.draft
  const relationship = oneOf(['parent', 'guardian', 'other'], fields.guardianRelationship)
  return needsGuardian(form) && relationship ? { givenName: fields.guardianGivenName.trim(), familyName: fields.guardianFamilyName.trim(), relationship } : null
}

function coverAnswers({ draft }: Filled): Pick<Answers, 'payerId' | 'payerText' | 'memberId' | 'groupNumber' | 'nameOnCard' | 'secondary'> {
  const { first, second } = coversOf(draft)
  const inWords = (cover: Cover): string | null => (cover.payerId === notListed ? orNull(cover.payerText) : null)
  return {
    payerId: first.payerId,
    payerText: inWords(first),
    memberId: memberIdOf(first),
    groupNumber: orNull(first.groupNumber),
    nameOnCard: first.nameOnCard,
    secondary: second && {
      payerId: second.payerId === notListed ? null : second.payerId,
      payerText: inWords(second),
      memberId: memberIdOf(second),
      groupNumber: orNull(second.groupNumber),
      nameOnCard: second.nameOnCard,
    },
  }
}

/** The draft as the api takes it. Call it only when nothing is missing any more; undefined otherwise. */
export function submissionOf(form: Filled): IntakeSubmission | undefined {
  const { draft, intake, today } = form
  const birth = birthDateOf(draft.fields, today)
  if (!('date' in birth)) return undefined
  const value = (name: Parameters<typeof tidied>[1]): string => tidied(draft, name)
  const sex = value('payerSex')
  if (sex !== 'F' && sex !== 'M' && sex !== 'U') return undefined
  // Without a card there is nothing to authorise: that tick is not sent.
  const withCard = draft.card !== null && cardIsWanted(form)
  const withoutPhotos = draft.noCard || draft.noPhotos
  const { language, ticks } = signedConsents(form)
  const consents = intake.consentTexts[language]
    .filter(({ kind }) => withCard || kind !== 'card-authorisation')
    .flatMap(({ kind }) => {
      const given = ticks[kind]
      return given ? [{ ...given, granted: true as const }] : []
    })
  return {
    answers: {
      givenName: value('givenName'),
      familyName: value('familyName'),
      birthDate: birth.date,
      payerSex: sex,
      phone: value('phone'),
      email: orNull(value('email')),
      address: addressOf(form),
      ...coverAnswers(form),
      gender: oneOf(['female', 'male', 'other', 'unknown'], draft.fields.gender),
      guardian: guardianOf(form),
      noCard: withoutPhotos,
      forms: Object.fromEntries(intake.forms.map((own) => [own.id, answersOf(own, typedOf(own, draft.forms))])),
      formVersions: Object.fromEntries(intake.forms.map(({ id, version }) => [id, version])),
    },
    consents,
    signature: { typedName: value('typedName'), language, drawing: draft.drawing, accessCode: orNull(value('accessCode')) },
    uploadIds: withoutPhotos ? [] : Object.values(draft.photos).map((photo) => photo.uploadId),
    confirmationTokenId: withCard ? (draft.card?.tokenId ?? null) : null,
  }
}
