import type { IntakeSubmission } from '../client.gen.ts'
import { birthDateOf, cardIsWanted, type Filled, signedConsents, tidied } from './validate.ts'

/** The draft as the api takes it. Call it only when nothing is missing any more; undefined otherwise. */
export function submissionOf(form: Filled): IntakeSubmission | undefined {
  const { draft, intake, today } = form
  const birth = birthDateOf(draft.fields, today)
  if (!('date' in birth)) return undefined
  const value = (name: Parameters<typeof tidied>[1]): string => tidied(draft, name)
  const orNull = (text: string): string | null => (text === '' ? null : text)
  const sex = value('payerSex')
  if (sex !== 'F' && sex !== 'M' && sex !== 'U') return undefined
  // Without a card there is nothing to authorise: that tick is not sent.
  const withCard = draft.card !== null && cardIsWanted(form)
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
      address: { line1: value('line1'), line2: orNull(value('line2')), city: value('city'), state: value('state'), postalCode: value('postalCode') },
      payerId: value('payerId'),
      memberId: value('memberId'),
      groupNumber: orNull(value('groupNumber')),
    },
    consents,
    signature: { typedName: value('typedName'), language, drawing: draft.drawing, accessCode: orNull(value('accessCode')) },
    uploadIds: draft.noPhotos ? [] : Object.values(draft.photos).map((photo) => photo.uploadId),
    confirmationTokenId: withCard ? (draft.card?.tokenId ?? null) : null,
  }
}
