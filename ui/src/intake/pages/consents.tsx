import { CheckField, TextField } from '../../shared/fields.tsx'
import { languageNames, useText } from '../../shared/messages/index.ts'
import { ConsentWords } from '../consent-words.tsx'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'
import { codeMark, tickOf } from '../validate.ts'

/** Each text apart, in full, unticked. What is kept is the very text that was on the screen when it was ticked, so each language has its own ticks. */
export function ConsentsPage() {
  const { intake, draft, patch, language } = useForm()
  const text = useText()
  const t = text.consents
  const input = useTextInput()
  // A clinic that keeps no card is not allowed to.
  const list = intake.consentTexts[language].filter(({ kind }) => kind !== 'card-authorisation' || intake.card !== null)
  return (
    <StepPage step="consents" title={t.title} lead={t.lead}>
      {list.length === 0 ? <p role="status">{t.none}</p> : null}
      {list.map((consent) => {
        const given = tickOf({ draft, intake }, language, consent.kind)
        const changed = !given && draft.consents[language][consent.kind] !== undefined
        const elsewhere = intake.clinic.languages.find((tag) => tag !== language && tickOf({ draft, intake }, tag, consent.kind))
        const id = `consent-${consent.kind}`
        return (
          <section key={consent.kind} aria-labelledby={`${id}-title`} className="panel space-y-3 p-4">
            <ConsentWords id={`${id}-title`} consent={consent} code={intake.accessCode} />
            {consent.body.includes(codeMark) ? (
              <TextField {...input('accessCode')} label={t.code} hint={t.codeHint} inputMode="numeric" autoComplete="off" maxLength={10} />
            ) : null}
            <CheckField
              id={id}
              label={
                <>
                  {t.agree}
                  <span className="sr-only">: {consent.title}</span>
                </>
              }
              note={changed ? t.changed : !given && elsewhere ? t.agreedIn(languageNames[elsewhere]) : undefined}
              checked={given !== undefined}
              onChange={(ticked) =>
                patch({
                  consents: {
                    ...draft.consents,
                    [language]: { ...draft.consents[language], [consent.kind]: ticked ? { textId: consent.id, textSha256: consent.sha256 } : undefined },
                  },
                })
              }
            />
          </section>
        )
      })}
    </StepPage>
  )
}
