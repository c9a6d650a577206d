import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** After the bank's page. What the bank said comes by another way; here it is not known yet, so nothing is promised. */
export const confirmedPage = (language: LanguageTag): string =>
  layout({
    language,
    title: fill('confirmed.title', language),
    brandColour: null,
    script: null,
    header: html``,
    main: html`<h1>${fill('confirmed.title', language)}</h1>
<p>${fill('confirmed.text', language)}</p>`,
  })
