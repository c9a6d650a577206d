import { RadioField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

/** Only for a patient who is under age on the day of the visit. */
export function GuardianPage() {
  const text = useText()
  const { draft, patch } = useForm()
  const input = useTextInput()
  const t = text.guardian
  return (
    <StepPage step="guardian" title={t.title} lead={t.lead}>
      <TextField {...input('guardianGivenName')} label={t.givenName} autoComplete="given-name" spellCheck={false} />
      <TextField {...input('guardianFamilyName')} label={t.familyName} autoComplete="family-name" spellCheck={false} />
      <RadioField
        id="guardianRelationship"
        label={t.relationship}
        value={draft.fields.guardianRelationship}
        onChange={(guardianRelationship) => patch({ fields: { guardianRelationship } })}
        options={(['parent', 'guardian', 'other'] as const).map((value) => ({ value, label: t.relationships[value] }))}
      />
    </StepPage>
  )
}
