import type { DeskVisit, IntakeForm, PaperParts, VisitName } from '../client.gen.ts'
import { type PaperLanguage, paperWords } from '../shared/messages/paper-words.ts'
import { visitTime } from '../shared/time.ts'

/** One patient's form on paper, in their language. Neither the link nor a code is on it: whoever finds it opens nothing. */
export function PaperForm({ parts, visit, who, language }: { parts: PaperParts; visit: DeskVisit | null; who: VisitName | null; language: PaperLanguage }) {
  const t = paperWords[language]
  // Signing electronically is nothing to agree to on paper.
  const consents = parts.consents.filter((text) => text.language === language && text.kind !== 'electronic-signature')
  return (
    <article lang={language} className="paper space-y-4">
      <header className="flex flex-wrap justify-between gap-4 border-b border-edge pb-2">
        <div>
          <h2 className="text-xl">{t.title}</h2>
          <p>{parts.name}</p>
          <p>{parts.phone}</p>
        </div>
        {visit?.journey.startsAt ? (
          <div className="text-end">
            <p className="font-medium">{t.visit}</p>
            <p>{visitTime(visit.journey.startsAt, parts.timeZone, language)}</p>
            <p>{visit.journey.practitioner}</p>
            <p>{visit.journey.reference}</p>
          </div>
        ) : null}
      </header>
      <p>{t.lead}</p>
      <section className="space-y-3">
        <h3 className="text-lg font-semibold">{t.about}</h3>
        <div className="grid grid-cols-2 gap-x-6 gap-y-3">
          <Line label={t.givenName} value={who?.givenName} />
          <Line label={t.familyName} value={who?.familyName} />
          <Line label={t.birthDate} value={who?.birthDate ?? undefined} />
          <Line label={t.sex} />
          <Line label={t.phone} />
          <Line label={t.email} />
        </div>
        <Line label={parts.country === 'US' ? t.address : t.addressOutsideUs} />
        <Line label={`${t.guardian} (${t.guardianHint})`} />
      </section>
      <section className="space-y-3">
        <h3 className="text-lg font-semibold">{t.insurance}</h3>
        <div className="grid grid-cols-2 gap-x-6 gap-y-3">
          <Line label={t.insurer} />
          <Line label={t.memberId} />
          <Line label={t.groupNumber} />
          <Line label={t.nameOnCard} />
        </div>
        <Line label={t.second} />
        <p>{t.card}</p>
      </section>
      {parts.forms.map((form) => (
        <Questions key={form.id} form={form} language={language} />
      ))}
      <section className="space-y-3">
        <h3 className="text-lg font-semibold">{t.consents}</h3>
        {consents.map((text) => (
          <div key={text.kind} className="space-y-1">
            <h4 className="font-medium">{text.title}</h4>
            <p className="whitespace-pre-line">{text.body}</p>
            <Box>{t.agree}</Box>
          </div>
        ))}
      </section>
      <section className="space-y-3 break-inside-avoid">
        <h3 className="text-lg font-semibold">{t.sign}</h3>
        <div className="grid grid-cols-2 gap-x-6 gap-y-6">
          <Line label={t.signName} />
          <Line label={t.date} />
        </div>
        <Line label={t.signature} tall />
      </section>
    </article>
  )
}

function Questions({ form, language }: { form: IntakeForm; language: PaperLanguage }) {
  const t = paperWords[language]
  const words = form.words[language] ?? Object.values(form.words)[0]
  const { properties = {} } = form.schema as { properties?: Record<string, { type?: string; enum?: string[]; items?: { enum?: string[] } }> }
  if (!words) return null
  return (
    <section className="space-y-3">
      <h3 className="text-lg font-semibold">{words.title}</h3>
      {(form.order ?? Object.keys(properties)).map((name) => {
        const field = properties[name] ?? {}
        const { label, hint, options } = words.fields[name] ?? { label: name }
        const choices = field.type === 'boolean' ? [t.yes, t.no] : (field.enum ?? field.items?.enum ?? []).map((value) => options?.[value] ?? value)
        return (
          <div key={name} className="space-y-1 break-inside-avoid">
            {choices.length === 0 ? <Line label={hint ? `${label} (${hint})` : label} /> : <p>{hint ? `${label} (${hint})` : label}</p>}
            <div className="flex flex-wrap gap-x-6 gap-y-1">
              {choices.map((choice) => (
                <Box key={choice}>{choice}</Box>
              ))}
            </div>
          </div>
        )
      })}
    </section>
  )
}

function Line({ label, value, tall = false }: { label: string; value?: string | undefined; tall?: boolean }) {
  return (
    <div className="break-inside-avoid">
      <p className="text-quiet">{label}</p>
      <p className={`border-b border-edge ${tall ? 'min-h-16' : 'min-h-7'}`}>{value}</p>
    </div>
  )
}
function Box({ children }: { children: string }) {
  return (
    <p className="flex items-center gap-2">
      <span aria-hidden="true" className="inline-block size-4 flex-none border border-edge" />
      {children}
    </p>
  )
}
