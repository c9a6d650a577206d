import { z } from 'zod'
import { LanguageTag } from '../kit/index.ts'

export const consentKinds = ['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature'] as const
/** One consent text in one language; its hash is what a signature binds to. */
export const ConsentText = z.object({
  id: z.uuid(),
  kind: z.enum(consentKinds),
  language: LanguageTag,
  title: z.string().max(120),
  body: z.string().max(8000),
  sha256: z.string().length(64),
})
export type ConsentText = z.output<typeof ConsentText>
