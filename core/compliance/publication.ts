import { z } from 'zod'
import { LanguageTag } from '../kit/index.ts'
import { asksForCode } from './access-code.ts'
import type { ConsentKind } from './model.ts'

/** A text as it is typed has lines; nothing else that cannot be seen. */
const body = z
  .string()
  .transform((text) => text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(8000)
      .regex(/^[^\p{Cc}]*(\n[^\p{Cc}]*)*$/u, 'must not hold control characters'),
  )

/** What a clinic puts in force: one kind in all of its languages at once, so that a version means the same to whoever reads it. The hub numbers it. */
export const ConsentPublication = z.strictObject({
  texts: z.partialRecord(
    LanguageTag,
    z.strictObject({
      title: z
        .string()
        .trim()
        .min(1)
        .max(120)
        .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters'),
      body,
    }),
  ),
  /** Said by the clinic about these very words, and kept with them: nobody reads a law's requirement out of a text. */
  coversBankAccounts: z.boolean().default(false),
})
export type ConsentPublication = z.output<typeof ConsentPublication>

/** By path, from the publication on. `codeByLaw`: signing on a screen needs the demonstration of access (ESIGN). */
export function publicationProblems(
  kind: ConsentKind,
  { texts, coversBankAccounts }: ConsentPublication,
  { languages, codeByLaw }: { languages: readonly LanguageTag[]; codeByLaw: boolean },
): { path: string; message: string }[] {
  const given = Object.entries(texts)
  const marked = given.filter(([, text]) => asksForCode(text)).length
  return [
    ...languages
      .filter((language) => !texts[language])
      .map((language) => ({ path: `texts.${language}`, message: 'must be there: the clinic offers this language' })),
    ...given
      .filter(([language]) => !(languages as readonly string[]).includes(language))
      .map(([language]) => ({ path: `texts.${language}`, message: 'must not be there: the clinic does not offer this language' })),
    ...given.flatMap(([language, text]) => {
      const path = `texts.${language}.body`
      if (kind !== 'electronic-signature') return asksForCode(text) ? [{ path, message: 'must not have {code}: only signing on a screen asks for it' }] : []
      if (asksForCode(text)) return []
      if (codeByLaw) return [{ path, message: 'must have {code}: here a patient shows that they can read what they sign' }]
      return marked > 0 ? [{ path, message: 'must have {code}, as the text of another language has' }] : []
    }),
    ...(coversBankAccounts && kind !== 'card-authorisation' ? [{ path: 'coversBankAccounts', message: 'must be false: this text authorises no payment' }] : []),
  ]
}
