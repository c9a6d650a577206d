import { useState } from 'react'
import { TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { SignaturePad } from '../signature-pad.tsx'
import { StepPage } from '../step-page.tsx'
import { needsGuardian } from '../steps.ts'
import { useTextInput } from '../use-text-input.ts'
import { signedConsents } from '../validate.ts'

export function SignPage() {
  const form = useForm()
  const { intake, draft, patch, language } = form
  const text = useText()
  const input = useTextInput()
  const t = text.sign
  // Open where there is a drawing already; after that the patient opens and closes it.
  const [startsOpen] = useState(draft.drawing !== null)
  const signing = intake.consentTexts[language].filter(({ kind }) => signedConsents(form).ticks[kind])
  return (
    <StepPage step="sign" title={t.title} lead={t.lead}>
      {signing.length > 0 ? (
        <div>
          <p>{t.signed}</p>
          <ul className="list-disc ps-6">
            {signing.map((consent) => (
              <li key={consent.kind}>{consent.title}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <TextField
        {...input('typedName')}
        label={t.typedName}
        hint={needsGuardian(form) ? text.guardian.sign(`${draft.fields.givenName} ${draft.fields.familyName}`.trim()) : t.typedNameHint}
        autoComplete="name"
        spellCheck={false}
      />
      <details open={startsOpen}>
        <summary>{t.draw}</summary>
        <div className="mt-2 space-y-2">
          <p className="text-quiet">{t.drawHint}</p>
          <SignaturePad drawing={draft.drawing} label={t.drawArea} clearLabel={t.clear} onChange={(drawing) => patch({ drawing })} />
        </div>
      </details>
    </StepPage>
  )
}
