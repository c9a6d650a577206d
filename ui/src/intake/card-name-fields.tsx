import { CheckField, TextField } from '../shared/fields.tsx'
import { useText } from '../shared/messages/index.ts'
import { useForm } from './context.ts'
import type { TextFieldName } from './draft.ts'
import { useTextInput } from './use-text-input.ts'

/** The name on the card of one insurance, asked for only where it is not the patient's own: it is told to the insurer of that card and to no other. */
export function CardNameFields({
  flag,
  label,
  names,
}: {
  flag: 'otherName' | 'secondOtherName'
  label: string
  names: Record<'givenName' | 'familyName', TextFieldName>
}) {
  const text = useText()
  const { draft, patch } = useForm()
  const input = useTextInput()
  const t = text.cover
  const differs = draft[flag]
  return (
    <>
      <CheckField id={flag} label={label} note={differs ? t.otherNameText : undefined} checked={differs} onChange={(on) => patch({ [flag]: on })} />
      {differs ? (
        <div className="space-y-4 border-s-4 border-line ps-4">
          <TextField {...input(names.givenName)} label={t.cardGivenName} autoComplete="off" spellCheck={false} />
          <TextField {...input(names.familyName)} label={t.cardFamilyName} autoComplete="off" spellCheck={false} />
        </div>
      ) : null}
    </>
  )
}
