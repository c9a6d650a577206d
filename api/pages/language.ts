import { type LanguageTag, languageTags, offeredLanguage } from '@heliox/core/kit'
import type { FastifyRequest } from 'fastify'

/** `?lang=`, else the first language of the browser, among those that are offered; else the first offered. */
export function languageOf(request: FastifyRequest, offered: readonly [LanguageTag, ...LanguageTag[]] = languageTags): LanguageTag {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang
  const browser = (request.headers['accept-language'] ?? '').slice(0, 200).split(/[,;]/)
  return offeredLanguage([...(typeof asked === 'string' ? [asked] : []), ...browser], offered)
}

/** What the address asks for, of the languages that there are. */
export const languageAsked = ({ query }: Pick<FastifyRequest, 'query'>): string | undefined =>
  languageTags.find((tag) => tag === (query as { lang?: unknown }).lang)

/** The same language at the next address. */
export function languageQuery(request: Pick<FastifyRequest, 'query'>): string {
  const lang = languageAsked(request)
  return lang ? `?lang=${lang}` : ''
}
