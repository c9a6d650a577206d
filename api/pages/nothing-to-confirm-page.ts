import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import type { ClinicFacts } from '../kit/clinic-facts.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { clinicHead, contactLine } from './parts.ts'

/** In place of the bank's page: the payment was called off meanwhile, or is done. A window at the bank may still be open, so it says what to do with that. */
export const nothingToConfirmPage = (clinic: ClinicFacts, { language, statusPath }: { language: LanguageTag; statusPath: string }): string =>
  layout({
    language,
    title: `${fill('confirm.over.title', language)} · ${clinic.name}`,
    brandColour: clinic.brandColour,
    script: null,
    header: clinicHead(clinic),
    main: html`<h1>${fill('confirm.over.title', language)}</h1>
<p>${fill('confirm.over.text', language)}</p>
<section class="keep">
<p><a href="${statusPath}?lang=${language}">${fill('consents.back', language)}</a></p>
${contactLine(clinic, language)}
</section>`,
  })
