import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import type { ConsentKindDetail, ConsentTextsToSave, ConsentVersion } from '../client.gen.ts'
import { codeMark } from '../intake/validate.ts'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { consentsWords as t } from '../shared/messages/consents-words.ts'

/** The next version of one kind of text, as it is typed: begun with what is in force. */
interface Words {
  title: string
  body: string
}
export interface ConsentDraft {
  texts: Partial<Record<LanguageTag, Words>>
  coversBankAccounts: boolean
}

/** What patients of this language sign now: versions of before the clinic published whole ones may differ by language. */
export const inForceIn = ({ versions, inForce }: ConsentKindDetail, language: LanguageTag): ConsentVersion['texts'][number] | undefined => {
  const number = inForce.find((text) => text.language === language)?.version
  return versions.find(({ version }) => version === number)?.texts.find((text) => text.language === language)
}

/** Where nothing is in force any more, with what was last. */
export const consentDraftOf = (detail: ConsentKindDetail): ConsentDraft => ({
  texts: Object.fromEntries(
    detail.languages.map((language) => {
      const last = detail.inForce.length === 0 ? detail.versions[0]?.texts.find((text) => text.language === language) : undefined
      const { title = '', body = '' } = inForceIn(detail, language) ?? last ?? {}
      return [language, { title, body }]
    }),
  ),
  coversBankAccounts: detail.coversBankAccounts,
})

export const wordsIn = ({ texts }: ConsentDraft, language: LanguageTag): Words => texts[language] ?? { title: '', body: '' }
export const withWords = (draft: ConsentDraft, language: LanguageTag, change: Partial<Words>): ConsentDraft => ({
  ...draft,
  texts: { ...draft.texts, [language]: { ...wordsIn(draft, language), ...change } },
})
export const hasCode = ({ body }: Words): boolean => body.includes(codeMark)
export const withCode = (body: string): string => `${body.trimEnd()} ${codeMark}`.trimStart()

export const textsToSave = (draft: ConsentDraft, languages: readonly LanguageTag[]): ConsentTextsToSave => ({
  texts: Object.fromEntries(
    languages.map((language) => {
      const { title, body } = wordsIn(draft, language)
      return [language, { title: title.trim(), body: body.replaceAll('\r\n', '\n').replaceAll('\t', ' ').trim() }]
    }),
  ),
  coversBankAccounts: draft.coversBankAccounts,
})

export const controlOf = (language: LanguageTag, part: 'title' | 'body'): string => `${part}-${language}`

export function consentProblems(kind: ConsentKindDetail['kind'], draft: ConsentDraft, languages: readonly LanguageTag[], codeByLaw: boolean): ShownProblem[] {
  const isSigning = kind === 'electronic-signature'
  const needsCode = isSigning && (codeByLaw || languages.some((language) => hasCode(wordsIn(draft, language))))
  return languages.flatMap((language) => {
    const name = languageNames[language]
    const words = wordsIn(draft, language)
    const body = controlOf(language, 'body')
    const empty = !words.body.trim()
    return [
      ...(words.title.trim() ? [] : [{ id: controlOf(language, 'title'), message: t.need.title(name) }]),
      ...(empty ? [{ id: body, message: t.need.body(name) }] : []),
      ...(!empty && needsCode && !hasCode(words) ? [{ id: body, message: codeByLaw ? t.need.codeByLaw(name) : t.need.code(name) }] : []),
      ...(!isSigning && hasCode(words) ? [{ id: body, message: t.need.codeHere(name) }] : []),
    ]
  })
}

/** `texts.es.body` → the control. */
export function refusedControl(path: string): string {
  const [, language, part] = /^texts\.(en|es|de|fr)(?:\.(title|body))?/.exec(path) ?? []
  return language ? controlOf(language as LanguageTag, part === 'title' ? 'title' : 'body') : 'coversBankAccounts'
}

/** In which languages the words differ from those in force. */
export const changedLanguages = (detail: ConsentKindDetail, draft: ConsentDraft): LanguageTag[] => {
  const { texts } = textsToSave(draft, detail.languages)
  return detail.languages.filter((language) => {
    const before = inForceIn(detail, language)
    return before?.title !== texts[language]?.title || before?.body !== texts[language]?.body
  })
}
