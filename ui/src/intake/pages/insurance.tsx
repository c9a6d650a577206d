import { CheckField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { CardNameFields } from '../card-name-fields.tsx'
import { useForm } from '../context.ts'
import { CoverFields } from '../cover-fields.tsx'
import { StepPage } from '../step-page.tsx'

export function InsurancePage() {
  const text = useText()
  const { draft, patch } = useForm()
  const t = text.cover
  return (
    <StepPage step="insurance" title={text.insurance.title}>
      <CheckField id="noCard" label={t.noCard} note={draft.noCard ? t.noCardText : undefined} checked={draft.noCard} onChange={(noCard) => patch({ noCard })} />
      <CoverFields names={{ payerId: 'payerId', payerText: 'payerText', memberId: 'memberId', groupNumber: 'groupNumber' }} />
      <CardNameFields flag="otherName" label={t.otherName} names={{ givenName: 'cardGivenName', familyName: 'cardFamilyName' }} />
    </StepPage>
  )
}
