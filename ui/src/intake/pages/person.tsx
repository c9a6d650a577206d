import { RadioField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'

/** What the insurer has on record finds the patient there; how the patient is spoken of is another question, and may stay open. */
export function PersonPage() {
  const text = useText()
  const { draft, patch } = useForm()
  const { about, person } = text
  return (
    <StepPage step="person" title={person.title}>
      <RadioField
        id="payerSex"
        label={about.sex}
        hint={about.sexHint}
        value={draft.fields.payerSex}
        onChange={(payerSex) => patch({ fields: { payerSex } })}
        options={[
          { value: 'F', label: about.sexF },
          { value: 'M', label: about.sexM },
          { value: 'U', label: about.sexU },
        ]}
      />
      <RadioField
        id="gender"
        label={person.gender}
        optional={text.optional}
        hint={person.genderHint}
        value={draft.fields.gender}
        onChange={(gender) => patch({ fields: { gender } })}
        options={(['female', 'male', 'other', 'unknown'] as const).map((value) => ({ value, label: person.genders[value] }))}
      />
    </StepPage>
  )
}
