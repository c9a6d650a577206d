import { type LanguageTag, languageTags } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import type { UnsubscribeState } from '@heliox/core/ports'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { callable, languageLinks } from './parts.ts'

interface StopPageOptions {
  language: LanguageTag
  /** Path of this page, without query. */
  path: string
  phone: string
}

/** A button that stops mails, or takes that back; works without JavaScript. By its neutral name, without a logo: the mail had no other. */
export function stopPage({ is, clinic }: Pick<UnsubscribeState, 'is' | 'clinic'>, { language, path, phone }: StopPageOptions): string {
  const say = (key: Parameters<typeof fill>[0]) => fill(key, language, { clinic, phone })
  const button = (wish: 'stop' | 'start', words: string) =>
    html`<form method="post" action="${path}?lang=${language}"><p><button type="submit" name="wish" value="${wish}">${words}</button></p></form>`
  const body = {
    on: html`<p>${say('stop.ask')}</p><p>${say('stop.left')}</p>${button('stop', say('stop.do'))}`,
    stopped: html`<p role="status">${say('stop.done')}</p><p>${say('stop.left')}</p>${button('start', say('stop.undo'))}`,
    ended: html`<p>${callable('stop.ended', language, { clinic, phone })}</p>`,
  }
  return layout({
    language,
    title: say('stop.title'),
    brandColour: null,
    script: null,
    header: html`<p class="clinic">${clinic}</p>${languageLinks({ language, path }, languageTags)}`,
    main: html`<h1>${say('stop.title')}</h1>
${body[is]}`,
  })
}
