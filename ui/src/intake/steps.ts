import type { Draft } from './draft.ts'

/** One page each, in order. A step is the page's URL hash, so Back and reload do what people expect. */
export const stepIds = ['about', 'contact', 'address', 'insurance', 'card-front', 'card-back', 'consents', 'sign', 'card', 'check'] as const
export type StepId = (typeof stepIds)[number]

export const sections = [
  { id: 'you', steps: ['about', 'contact', 'address'] },
  { id: 'insurance', steps: ['insurance', 'card-front', 'card-back'] },
  { id: 'consents', steps: ['consents', 'sign'] },
  { id: 'card', steps: ['card'] },
  { id: 'check', steps: ['check'] },
] as const satisfies readonly { id: string; steps: readonly StepId[] }[]
export type SectionId = (typeof sections)[number]['id']

export interface Place {
  step: StepId | 'start'
  /** Came from "Change" on the last page: go back there, not on. */
  fromCheck: boolean
}

const isStep = (text: string): text is StepId => (stepIds as readonly string[]).includes(text)

export function placeOf(hash: string): Place {
  const [name = '', back] = hash.replace(/^#\/?/, '').split('/')
  return { step: isStep(name) ? name : 'start', fromCheck: back === 'change' }
}
export const hashOf = (step: Place['step'], fromCheck = false): string => (step === 'start' ? '#/' : `#/${step}${fromCheck ? '/change' : ''}`)

/** The pages this patient gets: without a card at hand there is no back of it to photograph. */
export const stepsFor = (draft: Draft): StepId[] => stepIds.filter((id) => id !== 'card-back' || !draft.noPhotos)

export function neighbour(draft: Draft, step: StepId, by: 1 | -1): Place['step'] {
  const list = stepsFor(draft)
  return list[list.indexOf(step) + by] ?? 'start'
}
