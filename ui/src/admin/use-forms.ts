import { getForm, listForms } from '../client.gen.ts'
import { useReadOnce } from './one-panel.tsx'

export const formsKey = ['forms'] as const
export const formKey = (formId: string) => [...formsKey, formId] as const
export const useForms = () => useReadOnce(formsKey, (signal) => listForms({}, { signal }))
export const useClinicForm = (formId: string) => useReadOnce(formKey(formId), (signal) => getForm({ params: { formId } }, { signal }))
