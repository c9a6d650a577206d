import type { LanguageTag } from '@heliox/core/kit'
import { locales } from '@heliox/core/messages'

/** As the browser has it; the two letters where it has none. */
export const countryName = (code: string, language: LanguageTag): string => new Intl.DisplayNames(locales[language], { type: 'region' }).of(code) ?? code
