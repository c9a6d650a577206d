import { z } from 'zod'
import { LanguageTag } from '../kit/index.ts'

export const consentKinds = ['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature', 'sms', 'telehealth'] as const
export type ConsentKind = (typeof consentKinds)[number]
/** One consent text in one language; its hash is what a signature binds to. A change is a new version: what was signed stays readable as it was. */
export const ConsentText = z.object({
  id: z.uuid(),
  kind: z.enum(consentKinds),
  language: LanguageTag,
  version: z.int().min(1),
  title: z.string().max(120),
  body: z.string().max(8000),
  sha256: z.string().length(64),
})
export type ConsentText = z.output<typeof ConsentText>

/** How a patient told the clinic that they take a consent back. */
export const withdrawalWays = ['phone', 'counter', 'letter'] as const
export type WithdrawalWay = (typeof withdrawalWays)[number]

/** One consent that a patient gave, and whether they took it back. Neither is ever changed. */
export interface GivenConsent {
  id: string
  text: ConsentText
  signedAt: string
  withdrawnAt: string | null
  /** Only where the clinic recorded it for the patient. `name`: whose hand it was; null: they are known no more. */
  recorded?: { name: string | null; cameBy: WithdrawalWay }
}

/** Who signed what, for whom, when and where: the sealed record beside the texts. PHI. */
export const SignatureRecord = z.object({
  signature: z.object({
    typedName: z.string(),
    language: LanguageTag,
    drawing: z.string().nullable().default(null),
    accessCode: z.string().nullable().default(null),
  }),
  consents: z.array(z.object({ textId: z.uuid(), textSha256: z.string() })),
  from: z.object({ userAgent: z.string(), ip: z.string() }),
  at: z.iso.datetime(),
  /** Records of before have none of what follows. */
  timeZone: z.string().nullable().default(null),
  /** `method.leave`: a card or account that was left after the form, by ticking; no name was typed for it. */
  action: z.enum(['intake.submit', 'method.leave']).default('intake.submit'),
  patient: z.object({ givenName: z.string(), familyName: z.string() }).nullable().default(null),
  /** Null: the patient, for themselves; of what was left after the form, as the form says. */
  signedAs: z.enum(['parent', 'guardian', 'other']).nullable().default(null),
})
export type SignatureRecord = z.output<typeof SignatureRecord>
