import type { IntakeView } from '../client.gen.ts'
import { dayOf } from '../shared/time.ts'
import { birthDateOf, isMinor } from './birth-date.ts'
import type { Draft } from './draft.ts'

/** One page each, in order; the clinic's own forms stand before the consents. A step is the page's URL hash, so Back and reload do what people expect. */
export const fixedSteps = [
  'previous',
  'about',
  'guardian',
  'person',
  'contact',
  'address',
  'insurance',
  'second',
  'card-front',
  'card-back',
  'consents',
  'sign',
  'card',
  'check',
] as const
export type FixedStep = (typeof fixedSteps)[number]
export type FormStep = `form-${string}`
export type StepId = FixedStep | FormStep

export const sections = [
  { id: 'you', has: (step: StepId) => ['previous', 'about', 'guardian', 'person', 'contact', 'address'].includes(step) },
  { id: 'insurance', has: (step: StepId) => ['insurance', 'second', 'card-front', 'card-back'].includes(step) },
  { id: 'questions', has: (step: StepId) => isFormStep(step) },
  { id: 'consents', has: (step: StepId) => step === 'consents' || step === 'sign' },
  { id: 'card', has: (step: StepId) => step === 'card' },
  { id: 'check', has: (step: StepId) => step === 'check' },
] as const
export type SectionId = (typeof sections)[number]['id']

export interface Place {
  step: StepId | 'start'
  /** Came from "Change" on the last page: go back there, not on. */
  fromCheck: boolean
}

export const isFormStep = (step: string): step is FormStep => step.startsWith('form-')
const isStep = (text: string): text is StepId => (fixedSteps as readonly string[]).includes(text) || isFormStep(text)

export function placeOf(hash: string): Place {
  const [name = '', back] = hash.replace(/^#\/?/, '').split('/')
  return { step: isStep(name) ? name : 'start', fromCheck: back === 'change' }
}
export const hashOf = (step: Place['step'], fromCheck = false): string => (step === 'start' ? '#/' : `#/${step}${fromCheck ? '/change' : ''}`)

/** What decides which pages a patient gets. */
export interface Asked {
  draft: Draft
  intake: IntakeView
  /** Today in the clinic's zone. */
  today: string
}

/** The patient is under age on the day of the visit: somebody else answers and signs. */
export function needsGuardian({ draft, intake, today }: Asked): boolean {
  const birth = birthDateOf(draft.fields, today)
  return 'date' in birth && isMinor(birth.date, dayOf(intake.visit.startsAt, intake.clinic.timeZone))
}

/** The pages this patient gets: nothing is asked that does not concern them. */
export function stepsFor(asked: Asked): StepId[] {
  const { draft, intake } = asked
  const without: Partial<Record<FixedStep, boolean>> = {
    previous: intake.previous === null && intake.contact === null,
    guardian: !needsGuardian(asked),
    'card-front': draft.noCard,
    'card-back': draft.noCard || draft.noPhotos,
    card: intake.card === null,
  }
  return fixedSteps.flatMap((step): StepId[] => [
    ...(step === 'consents' ? intake.forms.map(({ id }): FormStep => `form-${id}`) : []),
    ...(without[step] ? [] : [step]),
  ])
}

/** A page that is not asked any more (a link of before, a changed answer) leads back to the list of tasks. */
export function neighbour(asked: Asked, step: StepId, by: 1 | -1): Place['step'] {
  const list = stepsFor(asked)
  const at = list.indexOf(step)
  return (at === -1 ? undefined : list[at + by]) ?? 'start'
}
