import { Group, RadioField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

export function AboutPage() {
  const text = useText()
  const { draft, patch } = useForm()
  const input = useTextInput()
  const t = text.about
  return (
    <StepPage step="about" title={t.title}>
      <TextField {...input('givenName')} label={t.givenName} hint={t.givenNameHint} autoComplete="given-name" spellCheck={false} />
      <TextField {...input('familyName')} label={t.familyName} autoComplete="family-name" spellCheck={false} />
      <Group id="birthMonth" also={['birthDay', 'birthYear']} label={t.birthDate} hint={t.birthDateHint}>
        <div className="flex gap-3">
          <TextField {...input('birthMonth')} label={t.month} toldByGroup className="w-20" inputMode="numeric" maxLength={2} autoComplete="bday-month" />
          <TextField {...input('birthDay')} label={t.day} toldByGroup className="w-20" inputMode="numeric" maxLength={2} autoComplete="bday-day" />
          <TextField {...input('birthYear')} label={t.year} toldByGroup className="w-24" inputMode="numeric" maxLength={4} autoComplete="bday-year" />
        </div>
      </Group>
      <RadioField
        id="payerSex"
        label={t.sex}
        hint={t.sexHint}
        value={draft.fields.payerSex}
        onChange={(payerSex) => patch({ fields: { payerSex } })}
        options={[
          { value: 'F', label: t.sexF },
          { value: 'M', label: t.sexM },
          { value: 'U', label: t.sexU },
        ]}
      />
    </StepPage>
  )
}
