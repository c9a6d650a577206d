import type { LanguageTag } from '@heliox/core/kit'
import { createContext, use } from 'react'
import type { IntakeView } from '../client.gen.ts'
import type { Draft, DraftPatch } from './draft.ts'
import type { Place } from './steps.ts'

/** What every page of the form works with. */
export interface IntakeForm {
  intake: IntakeView
  draft: Draft
  patch(change: DraftPatch): void
  place: Place
  go(step: Place['step'], fromCheck?: boolean): void
  language: LanguageTag
  /** Today in the clinic's zone. */
  today: string
  clear(): void
  /** While the form itself travels nothing else is saved. */
  sending(on: boolean): void
  /** The intake ended or was sent while the form was open: ask the api again. `edited`: with other answers than these. */
  reload(edited?: boolean): void
  /** What is shown becomes what the clinic asks for now, and the draft stays. Null: it was sent meanwhile. */
  refresh(): Promise<IntakeView | null>
}
export const FormContext = createContext<IntakeForm | null>(null)
export function useForm(): IntakeForm {
  const form = use(FormContext)
  if (!form) throw new Error('a page of the form outside the form')
  return form
}
