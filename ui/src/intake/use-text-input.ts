import { useForm } from './context.ts'
import type { TextFieldName } from './draft.ts'

/** What every text control of the form shares. */
export function useTextInput() {
  const { draft, patch } = useForm()
  return (name: TextFieldName) => ({ id: name, value: draft.fields[name], onChange: (value: string) => patch({ fields: { [name]: value } }) })
}
