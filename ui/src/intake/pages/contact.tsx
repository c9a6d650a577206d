import { TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

export function ContactPage() {
  const text = useText()
  const input = useTextInput()
  return (
    <StepPage step="contact" title={text.contact.title}>
      <TextField {...input('phone')} label={text.contact.phone} hint={text.contact.phoneHint} type="tel" inputMode="tel" autoComplete="tel" />
      <TextField
        {...input('email')}
        label={text.contact.email}
        optional={text.optional}
        type="email"
        inputMode="email"
        autoComplete="email"
        spellCheck={false}
      />
    </StepPage>
  )
}
