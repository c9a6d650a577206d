import { TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { BirthDateFields } from '../birth-date-fields.tsx'
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
      <TextField {...input('givenName')} label={t.givenName} autoComplete="given-name" spellCheck={false} />
      <TextField {...input('familyName')} label={t.familyName} autoComplete="family-name" spellCheck={false} />
      <BirthDateFields label={t.birthDate} values={draft.fields} onChange={(fields) => patch({ fields })} complete />
    </StepPage>
  )
}
