import { ConsentPublication, consentKinds, consentNeeds } from '@heliox/core/compliance'
import { LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const at = z.iso.datetime()
/** One version in one language. */
const Published = z.object({ language: LanguageTag, version: z.int(), title: z.string(), from: at, publishedBy: z.string().nullable() })
const Kind = z.object({
  kind: z.enum(consentKinds),
  need: z.enum(consentNeeds),
  inForce: z.array(Published),
  /** Languages of the clinic in which nothing is in force: who reads one of them cannot agree. */
  missing: z.array(LanguageTag),
  /** What the clinic says of what is in force, in every language. */
  coversBankAccounts: z.boolean(),
  /** The patient types a code that stands in the text. */
  asksForCode: z.boolean(),
})
const clinic = {
  languages: z.array(LanguageTag),
  /** The clinic takes bank accounts. */
  bankAccounts: z.boolean(),
}
const Version = z.object({
  version: z.int(),
  from: at,
  /** Null: in force, in one language at least. */
  until: at.nullable(),
  publishedBy: z.string().nullable(),
  coversBankAccounts: z.boolean(),
  texts: z.array(z.object({ language: LanguageTag, title: z.string(), body: z.string() })),
  /** `more`: it was not counted further. */
  signed: z.object({ count: z.int(), more: z.boolean() }),
})
const seen = z.object({ 'if-match': z.string().regex(/^"(0|[1-9]\d{0,8})"$/, 'must be the newest version that you saw, in quotes; "0" where there was none') })
const ofKind = z.object({ consentKind: z.enum(consentKinds) })

export const listConsentTexts = defineRoute({
  operationId: 'listConsentTexts',
  method: 'GET',
  url: '/api/admin/consents',
  tag: 'admin',
  summary: 'What this clinic’s patients agree to: each kind of text, and what of it is in force in which language.',
  access: { by: 'session', action: 'consent-text.read' },
  success: {
    status: 200,
    body: z.object({ items: z.array(Kind.meta({ id: 'ConsentKindItem' })), ...clinic }).meta({ id: 'ConsentKindList' }),
    description: 'Every kind, also those that the clinic has no text of.',
  },
})

export const getConsentTexts = defineRoute({
  operationId: 'getConsentTexts',
  method: 'GET',
  url: '/api/admin/consents/:consentKind',
  tag: 'admin',
  summary: 'The versions of one kind of text, each with its words and how often it was signed.',
  access: { by: 'session', action: 'consent-text.read' },
  params: ofKind,
  success: {
    status: 200,
    body: Kind.extend({ newest: z.int(), versions: z.array(Version.meta({ id: 'ConsentVersion' })), ...clinic }).meta({ id: 'ConsentKindDetail' }),
    description: 'The newest first, at most twenty. `newest`: 0 while there is none.',
  },
})

export const saveConsentTexts = defineRoute({
  operationId: 'saveConsentTexts',
  method: 'PUT',
  url: '/api/admin/consents/:consentKind',
  tag: 'admin',
  summary: 'Put the next version of one kind in force, in all languages of the clinic at once. Who signed an older one keeps it.',
  access: { by: 'session', action: 'consent-text.publish' },
  params: ofKind,
  headers: seen,
  body: ConsentPublication.meta({ id: 'ConsentTextsToSave' }),
  success: { status: 200, body: z.object({ version: z.int() }).meta({ id: 'ConsentTextsSaved' }), description: 'The version that is in force now.' },
  refusals: [409],
})

export const endConsentTexts = defineRoute({
  operationId: 'endConsentTexts',
  method: 'DELETE',
  url: '/api/admin/consents/:consentKind',
  tag: 'admin',
  summary: 'Ask nobody for one kind from now on. What was signed stays, and can be taken back; the kind can be published again.',
  access: { by: 'session', action: 'consent-text.publish' },
  params: ofKind,
  headers: seen,
  success: {
    status: 200,
    body: z.object({ version: z.int() }).meta({ id: 'ConsentTextsEnded' }),
    description: 'The newest version, which is not in force any more.',
  },
  refusals: [409],
})

export const consentTextRoutes = [listConsentTexts, getConsentTexts, saveConsentTexts, endConsentTexts] as const
