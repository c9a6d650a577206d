import type { LanguageTag } from '@heliox/core/kit'
import type { ReactNode } from 'react'
import { languageNames, locales, useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { keptWords } from '../kept-words.ts'
import type { StepId } from '../steps.ts'
import { birthDateOf, cardIsWanted, signedConsents, tidied } from '../validate.ts'

/** What was answered, grouped by the page that asked. */
export function Answers({ change }: { change(step: StepId): string }) {
  const form = useForm()
  const { draft, intake, language, today } = form
  const signed = signedConsents(form)
  const text = useText()
  const t = text.check
  const value = (name: Parameters<typeof tidied>[1]): string => tidied(draft, name)
  const birth = birthDateOf(draft.fields, today)
  const sex = value('payerSex')
  const photo = (kind: 'card-front' | 'card-back'): string => (draft.photos[kind] && !draft.noPhotos ? t.photoYes : t.photoNo)
  const city = [value('city'), [value('state'), value('postalCode')].filter(Boolean).join(' ')].filter(Boolean).join(', ')
  const consents = intake.consentTexts[language].filter(({ kind }) => signed.ticks[kind])
  return (
    <div className="space-y-4">
      <AnswerGroup
        title={text.about.title}
        step="about"
        change={change}
        rows={[
          [t.name, `${value('givenName')} ${value('familyName')}`.trim()],
          [t.birthDate, 'date' in birth ? longDate(birth.date, language) : ''],
          [t.sex, sex === 'F' || sex === 'M' || sex === 'U' ? text.sexes[sex] : ''],
        ]}
      />
      <AnswerGroup
        title={text.contact.title}
        step="contact"
        change={change}
        rows={[
          [t.phone, value('phone')],
          [t.email, value('email')],
        ]}
      />
      <AnswerGroup
        title={text.address.title}
        step="address"
        change={change}
        rows={[
          [
            t.address,
            [value('line1'), value('line2'), city].filter(Boolean).map((line) => (
              <span key={line} className="block">
                {line}
              </span>
            )),
          ],
        ]}
      />
      <AnswerGroup
        title={text.insurance.title}
        step="insurance"
        change={change}
        rows={[
          [t.payer, intake.payers.find((payer) => payer.id === draft.fields.payerId)?.name ?? ''],
          [t.memberId, value('memberId')],
          [t.groupNumber, value('groupNumber')],
        ]}
      />
      <AnswerGroup title={text.photo.frontTitle} step="card-front" change={change} rows={[[t.front, photo('card-front')]]} />
      {draft.noPhotos ? null : <AnswerGroup title={text.photo.backTitle} step="card-back" change={change} rows={[[t.back, photo('card-back')]]} />}
      <AnswerGroup
        title={text.consents.title}
        step="consents"
        change={change}
        rows={[
          [
            t.consents,
            [
              ...consents.map((consent) => (
                <span key={consent.kind} className="block">
                  {consent.title}
                </span>
              )),
              ...(consents.length > 0 && signed.language !== language
                ? [
                    <span key="language" className="block text-quiet">
                      {text.consents.agreedIn(languageNames[signed.language])}
                    </span>,
                  ]
                : []),
            ],
          ],
        ]}
      />
      <AnswerGroup title={text.sign.title} step="sign" change={change} rows={[[t.signature, value('typedName')]]} />
      {intake.card === null ? null : (
        <AnswerGroup
          title={text.card.title}
          step="card"
          change={change}
          rows={[[t.card, draft.card && cardIsWanted(form) ? keptWords(text, draft.card) : t.cardNo]]}
        />
      )}
    </div>
  )
}

function AnswerGroup({
  title,
  step,
  change,
  rows,
}: {
  title: string
  step: StepId
  change(step: StepId): string
  rows: readonly (readonly [string, ReactNode])[]
}) {
  const text = useText()
  return (
    <section className="panel p-4">
      <div className="flex items-start justify-between gap-4">
        <h2>{title}</h2>
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

function longDate(date: string, language: LanguageTag): string {
  return new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
}
