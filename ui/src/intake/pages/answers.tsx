import { languageNames, useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { keptWords } from '../kept-words.ts'
import { questionsOf, shownAnswer, typedOf } from '../own-forms.ts'
import { needsGuardian, type StepId } from '../steps.ts'
import { titleOf } from '../titles.ts'
import { cardIsWanted, signedConsents, tidied } from '../validate.ts'
import { type Row, rowsOf } from './answer-rows.tsx'

/** What was answered, grouped by the page that asked. */
export function Answers({ change }: { change(step: StepId): string }) {
  const form = useForm()
  const { draft, intake, language } = form
  const signed = signedConsents(form)
  const text = useText()
  const t = text.check
  const group = (step: StepId, rows: readonly Row[]) => (
    <AnswerGroup key={step} title={titleOf(step, text, intake.forms)} step={step} change={change} rows={rows} />
  )
  const photo = (kind: 'card-front' | 'card-back'): string => (draft.photos[kind] && !draft.noPhotos ? t.photoYes : t.photoNo)
  const consents = intake.consentTexts[language].filter(({ kind }) => signed.ticks[kind])
  const { guardianGivenName, guardianFamilyName } = draft.fields
  return (
    <div className="space-y-4">
      {group('about', rowsOf('about', form, text))}
      {needsGuardian(form) ? group('guardian', [[text.more.guardian, `${guardianGivenName} ${guardianFamilyName}`.trim()]]) : null}
      {group('person', rowsOf('person', form, text))}
      {group('contact', rowsOf('contact', form, text))}
      {group('address', rowsOf('address', form, text))}
      {group('insurance', [...rowsOf('insurance', form, text), ...(draft.noCard ? [[t.front, text.cover.noCard] as const] : [])])}
      {group('second', rowsOf('second', form, text))}
      {draft.noCard ? null : group('card-front', [[t.front, photo('card-front')]])}
      {draft.noCard || draft.noPhotos ? null : group('card-back', [[t.back, photo('card-back')]])}
      {intake.forms.map((own) =>
        group(
          `form-${own.id}`,
          questionsOf(own, language).map((question): Row => [question.label, shownAnswer(question, typedOf(own, draft.forms), text, language)]),
        ),
      )}
      {group('consents', [
        [
          t.consents,
          consents.length === 0 ? (
            ''
          ) : (
            <>
              <ul className="list-disc ps-5">
                {consents.map((consent) => (
                  <li key={consent.kind}>{consent.title}</li>
                ))}
              </ul>
              {signed.language === language ? null : <p className="text-quiet">{text.consents.agreedIn(languageNames[signed.language])}</p>}
            </>
          ),
        ],
      ])}
      {group('sign', [[t.signature, tidied(draft, 'typedName')]])}
      {intake.card === null ? null : group('card', [[t.card, draft.card && cardIsWanted(form) ? keptWords(text, draft.card) : t.cardNo]])}
    </div>
  )
}

function AnswerGroup({ title, step, change, rows }: { title: string; step: StepId; change(step: StepId): string; rows: readonly Row[] }) {
  const text = useText()
  return (
    <section className="panel p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <h2 className="min-w-0">{title}</h2>
        <a id={`change-${step}`} href={change(step)} className="inline-block min-h-[28px] flex-none">
          {text.change}
          <span className="sr-only">: {title}</span>
        </a>
      </div>
      <dl className="mt-2 space-y-2">
        {rows.map(([name, answer]) => (
          <div key={name} className="sm:grid sm:grid-cols-[12rem_1fr] sm:gap-4">
            <dt className="text-quiet">{name}</dt>
            <dd className="wrap-anywhere">
              {answer === '' || (Array.isArray(answer) && answer.length === 0) ? <span className="text-quiet">{text.check.empty}</span> : answer}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
