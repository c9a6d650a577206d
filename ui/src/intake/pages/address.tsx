import { SelectField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { usStates } from '../states.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

export function AddressPage() {
  const text = useText()
  const input = useTextInput()
  const t = text.address
  return (
    <StepPage step="address" title={t.title}>
      <TextField {...input('line1')} label={t.line1} autoComplete="address-line1" />
      <TextField {...input('line2')} label={t.line2} optional={text.optional} autoComplete="address-line2" />
      <TextField {...input('city')} label={t.city} autoComplete="address-level2" />
      <SelectField {...input('state')} label={t.state} empty={t.statePick} options={usStates} autoComplete="address-level1" />
      <TextField {...input('postalCode')} label={t.postalCode} className="max-w-40" inputMode="numeric" autoComplete="postal-code" />
    </StepPage>
  )
}
