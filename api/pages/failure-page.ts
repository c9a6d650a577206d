import type { LanguageTag } from '@heliox/core/kit'
import { fill, type MessageKey } from '@heliox/core/messages'
import type { RefusalCode } from '../kit/errors.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

const words: Partial<Record<RefusalCode, [title: MessageKey, text: MessageKey]>> = {
  'link-ended': ['link.ended.title', 'link.ended.text'],
  'too-many-requests': ['busy.title', 'busy.text'],
}
const linkRefusals: ReadonlySet<RefusalCode> = new Set(['link-unknown', 'wrong-region', 'no-link', 'not-allowed', 'no-such-route', 'invalid'])

/** A page that fails says what still works; never why in detail. */
export function failurePage(code: RefusalCode | null, language: LanguageTag, correlationId: string): string {
  const [title, text] =
    (code && words[code]) ??
    (code && linkRefusals.has(code) ? (['link.unknown.title', 'link.unknown.text'] as const) : (['failure.title', 'failure.text'] as const))
  return layout({
    language,
    title: fill(title, language),
    brandColour: null,
    script: null,
    header: html``,
    main: html`<h1>${fill(title, language)}</h1><p>${fill(text, language, { correlationId })}</p>`,
  })
}
