import { type ConsentKindItem, getConsentTexts, listConsentTexts } from '../client.gen.ts'
import { useReadOnce } from './one-panel.tsx'

export type ConsentKind = ConsentKindItem['kind']
export const consentsKey = ['consents'] as const
export const useConsents = () => useReadOnce(consentsKey, (signal) => listConsentTexts({}, { signal }))
export const useConsentKind = (kind: ConsentKind) =>
  useReadOnce([...consentsKey, kind], (signal) => getConsentTexts({ params: { consentKind: kind } }, { signal }))

/** Where the law asks that a patient shows that they can read what they sign (ESIGN). */
export const codeByLaw = (region: string): boolean => region.startsWith('us-')
