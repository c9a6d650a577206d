import { CheckField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { CoverFields } from '../cover-fields.tsx'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

export function InsurancePage() {
  const text = useText()
  const { draft, patch } = useForm()
  const input = useTextInput()
  const t = text.cover
  return (
    <StepPage step="insurance" title={text.insurance.title}>
      <CheckField id="noCard" label={t.noCard} note={draft.noCard ? t.noCardText : undefined} checked={draft.noCard} onChange={(noCard) => patch({ noCard })} />
      <CoverFields names={{ payerId: 'payerId', payerText: 'payerText', memberId: 'memberId', groupNumber: 'groupNumber' }} />
      <CheckField
        id="otherName"
        label={t.otherName}
        note={draft.otherName ? t.otherNameText : undefined}
        checked={draft.otherName}
        onChange={(otherName) => patch({ otherName })}
      />
      {draft.otherName ? (
        <div className="space-y-4 border-s-4 border-line ps-4">
          <TextField {...input('cardGivenName')} label={t.cardGivenName} autoComplete="off" spellCheck={false} />
          <TextField {...input('cardFamilyName')} label={t.cardFamilyName} autoComplete="off" spellCheck={false} />
        </div>
      ) : null}
    </StepPage>
  )
}
