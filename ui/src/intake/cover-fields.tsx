import { TextField } from '../shared/fields.tsx'
import { useText } from '../shared/messages/index.ts'
import { useForm } from './context.ts'
import { notListed } from './covers.ts'
import type { TextFieldName } from './draft.ts'
import { PayerField } from './payer-field.tsx'
import { useTextInput } from './use-text-input.ts'

/** The insurer and the numbers of one insurance. */
export function CoverFields({ names }: { names: Record<'payerId' | 'payerText' | 'memberId' | 'groupNumber', TextFieldName> }) {
  const text = useText()
  const { draft, patch, intake } = useForm()
  const input = useTextInput()
  const t = text.insurance
  const other = draft.fields[names.payerId] === notListed
  return (
    <>
      <PayerField
        id={names.payerId}
        textId={names.payerText}
        label={t.payer}
        payers={intake.payers}
        value={draft.fields[names.payerId]}
        named={draft.fields[names.payerText]}
        onChange={({ payerId, payerText }) => patch({ fields: { [names.payerId]: payerId, [names.payerText]: payerText } })}
      />
      <TextField
        {...input(names.memberId)}
        label={other ? text.payer.memberIdOpen : t.memberId}
        hint={t.memberIdHint}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
      <TextField {...input(names.groupNumber)} label={t.groupNumber} optional={text.optional} autoComplete="off" spellCheck={false} />
    </>
  )
}
