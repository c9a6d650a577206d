import { type PatientMessages, useText } from '../shared/messages/index.ts'
import type { ConsentKind } from './draft.ts'
import { codeMark, consentIsOptional } from './validate.ts'

/** One text as the patient reads it: its title, whether it must be agreed to, its words. Also what an administrator sees of one that is being written. */
export function ConsentWords({
  id,
  consent,
  code,
  open = false,
  needed = false,
}: {
  id: string
  consent: { kind: ConsentKind; title: string; body: string }
  code: string
  open?: boolean
  /** Here nothing goes on without it, though a form may be sent without. */
  needed?: boolean
}) {
  const t = useText().consents
  const paragraphs = consent.body.replaceAll(codeMark, code).split(/\n{2,}/)
  return (
    <>
      <h2 id={id}>{consent.title}</h2>
      {!needed && consentIsOptional(consent.kind) ? <p className="text-quiet">{optionalWords(t, consent.kind)}</p> : null}
      <details open={open}>
        <summary>{t.read(consent.title)}</summary>
        <div className="mt-2 space-y-3">
          {paragraphs.map((paragraph, index) => (
            // Paragraphs have no identity but their place.
            <p key={index} className="whitespace-pre-line">
              {paragraph}
            </p>
          ))}
        </div>
      </details>
    </>
  )
}

function optionalWords(t: PatientMessages['consents'], kind: ConsentKind): string {
  if (kind === 'sms') return t.optionalSms
  return kind === 'telehealth' ? t.optionalTelehealth : t.optionalCard
}
