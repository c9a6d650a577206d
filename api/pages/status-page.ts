import { amountText } from '@heliox/core/billing'
import type { LanguageTag } from '@heliox/core/kit'
import { fill, locales, moveMessages, type StateTone, type StatusLine, statusHeading } from '@heliox/core/messages'
import type { StatusView } from '../routes/intake/schemas.ts'
import { Html, html } from './html.ts'
import { layout } from './layout.ts'
import { callable, clinicHead, colonOf, contactLine, languageLinks, visitTime } from './parts.ts'

/** Clock, half circle, check, octagon, hand: a state is never told by colour alone. */
const shapes = {
  checking: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
  provisional: '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>',
  confirmed: '<path d="M4 12.5l5 5L20 6.5"/>',
  failed: '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M12 8v5M12 16v.5"/>',
  'needs-someone':
    '<path d="M8 12V5.5a1.5 1.5 0 0 1 3 0V11V4a1.5 1.5 0 0 1 3 0v7V5.5a1.5 1.5 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.5-1.5-6-4l-2-4c.8-1 2-1 3 0z"/>',
} as const satisfies Record<StateTone, string>

const icon = (tone: StateTone): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">${new Html(shapes[tone])}</svg>`

const dayOf = (iso: string, timeZone: string, language: LanguageTag): string =>
  new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(new Date(iso))

interface StatusPageOptions {
  language: LanguageTag
  /** Path of this page, without query. */
  path: string
  formPath: string
  correctPath: string
  confirmPath: string
  confirmChargePath: string
  leaveMethodPath: string
  consentsPath: string
  /** Null: this browser proved nothing that could be forgotten. */
  forgetPath: string | null
  /** Until when this address works, ISO. */
  until: string
}

function lineHtml(line: StatusLine, timeZone: string, language: LanguageTag, known: Record<string, string>): Html {
  const values = line.when ? { ...known, when: visitTime(line.when, timeZone, language) } : known
  return html`<li class="line ${line.tone}">
${icon(line.tone)}
<div>
<p class="what"><span class="sr">${fill(`tone.${line.tone}`, language)}${colonOf(language)} </span>${fill(line.what, language, values)}</p>
<p>${callable(line.meaning, language, values)}</p>
${line.todo === 'todo.nothing' ? null : html`<p class="todo">${callable(line.todo, language, values)}</p>`}
</div>
</li>`
}

/** The words that count, whole, and one button; the script sends their hash, and without it there is a phone number. */
function planHtml({ id, terms }: NonNullable<StatusView['plan']>, language: LanguageTag, values: Record<string, string>): Html {
  const { lines, sha256 } = terms[language]
  const [first, last] = [lines.at(0) ?? '', lines.at(-1) ?? '']
  return html`<section class="keep plan">
<h2>${fill('plan.title', language)}</h2>
<p>${fill('plan.lead', language, values)}</p>
<p>${first}</p>
<ul>${lines.slice(1, -1).map((line) => html`<li>${line}</li>`)}</ul>
<p>${last}</p>
<p><button type="button" data-agree="${id}" data-terms="${sha256}" data-language="${language}" hidden>${fill('plan.agree', language)}</button></p>
<p role="status" data-agree-said="${fill('plan.agreed', language)}" data-agree-failed="${fill('plan.failed', language, values)}">${callable('plan.without-script', language, values)}</p>
</section>`
}

/** What was charged and given back, and what is charged next. */
function movesHtml({ moves, nextPart, clinic }: StatusView, language: LanguageTag, known: Record<string, string>): Html | null {
  const next = nextPart && { ...known, amount: amountText(nextPart.amountMinor, nextPart.currency, language), when: dayOf(nextPart.dueOn, 'UTC', language) }
  const lines = [
    ...(next ? [callable('plan.next', language, next)] : []),
    ...moves.flatMap(({ is, state, amountMinor, currency, at }) => {
      const key = moveMessages[is][state]
      return key ? [callable(key, language, { ...known, amount: amountText(amountMinor, currency, language), when: dayOf(at, clinic.timeZone, language) })] : []
    }),
  ]
  if (lines.length === 0) return null
  return html`<section class="keep">
<h2>${fill('money.title', language)}</h2>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
</section>`
}

/** What happened, what it means for me, what to do by when; complete without JavaScript, kept current by a small script. */
export function statusPage(view: StatusView, options: StatusPageOptions): string {
  const { language } = options
  const say = (key: Parameters<typeof fill>[0], values: Record<string, string> = {}) => fill(key, language, values)
  const { timeZone } = view.clinic
  const visit = visitTime(view.visit.startsAt, timeZone, language)
  const amount = view.charge ? amountText(view.charge.amountMinor, view.charge.currency, language) : ''
  const values = { visit, clinic: view.clinic.name, phone: view.clinic.phone, until: dayOf(options.until, timeZone, language), amount }
  // A plan waits for a yes or a no: nobody is told beside it that there is nothing to do.
  const heading = say(view.plan ? 'heading.needs-you' : statusHeading(view.lines))
  const nothingToDo = !view.plan && view.lines.every((line) => line.todo === 'todo.nothing')
  return layout({
    language,
    title: `${heading} · ${view.clinic.name}`,
    brandColour: view.clinic.brandColour,
    script: 'status',
    header: html`${clinicHead(view.clinic)}${languageLinks(options, view.clinic.languages)}`,
    main: html`<div id="status" data-settled="${view.settled ? 'yes' : 'no'}" aria-live="polite">
<h1>${heading}</h1>
<dl class="facts">
<div><dt>${say('page.visit')}</dt><dd><time datetime="${view.visit.startsAt}">${visit}</time>, <span class="whole">${view.visit.practitioner}</span></dd></div>
<div><dt>${say('page.reference')}</dt><dd class="reference">${view.reference}</dd></div>
</dl>
<ul class="lines">
${view.lines.map((line) => lineHtml(line, timeZone, language, values))}
</ul>
${nothingToDo ? html`<p class="nothing">${say('todo.nothing')}</p>` : null}
${view.intake === 'submitted' || view.visit.status === 'cancelled' ? null : html`<p><a class="button" href="${options.formPath}">${say('page.open-form')}</a></p>`}
${view.correction ? html`<p><a class="button" href="${options.correctPath}?lang=${language}">${say('page.correct')}</a></p>` : null}
${view.confirm ? html`<p><a class="button" href="${options.confirmPath}">${say('page.confirm')}</a></p>` : null}
${view.charge ? html`<p><a class="button" href="${options.confirmChargePath}">${say('page.confirm-charge', values)}</a></p>` : null}
${view.leaveMethod ? html`<p><a class="button" href="${options.leaveMethodPath}?lang=${language}">${say('page.leave-method')}</a></p>` : null}
${view.plan ? planHtml(view.plan, language, values) : null}
${movesHtml(view, language, values)}
<p class="quiet">${say('page.updated')}${colonOf(language)} <time datetime="${view.updatedAt}">${visitTime(view.updatedAt, timeZone, language)}</time></p>
</div>
<p class="quiet" data-live="${say('page.live')}" data-lost="${say('page.reload')}">${view.settled ? null : say('page.reload')}</p>
${
  view.intake === 'submitted'
    ? html`<section class="keep">
<h2>${say('consents.title')}</h2>
<p><a href="${options.consentsPath}?lang=${language}">${say('consents.link')}</a></p>
</section>`
    : null
}
<section class="keep">
<h2>${say('page.keep')}</h2>
<p>${say('page.keep-how', values)}</p>
<p><button type="button" data-print hidden>${say('page.keep')}</button></p>
${contactLine(view.clinic, language)}
</section>
${
  options.forgetPath === null
    ? null
    : html`<section class="keep forget">
<p id="forget">${say('forget.text')}</p>
<form method="post" action="${options.forgetPath}?lang=${language}" data-forget><p><button type="submit" aria-describedby="forget">${say('forget.do')}</button></p></form>
</section>`
}`,
  })
}
