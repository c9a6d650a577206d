import { SelectField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

export function InsurancePage() {
  const text = useText()
  const { intake } = useForm()
  const input = useTextInput()
  const t = text.insurance
  return (
    <StepPage step="insurance" title={t.title}>
      {intake.payers.length === 0 ? <p role="status">{t.noPayers}</p> : null}
      <SelectField {...input('payerId')} label={t.payer} empty={t.payerPick} options={intake.payers.map(({ id, name }) => ({ value: id, label: name }))} />
      <TextField {...input('memberId')} label={t.memberId} hint={t.memberIdHint} autoComplete="off" autoCapitalize="characters" spellCheck={false} />
      <TextField {...input('groupNumber')} label={t.groupNumber} optional={text.optional} autoComplete="off" spellCheck={false} />
    </StepPage>
  )
}
