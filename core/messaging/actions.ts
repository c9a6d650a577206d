import type { EligibilityRouteName } from '../billing/asking.ts'
import type { ByHand } from '../kit/define-adapter.ts'
import { type CaseCause, caseCauses } from './cases.ts'
import { type HoldCause, holdCauses, type Resolution, type ResolveReason } from './model.ts'

/**
 * What waits for a person. `delivery`: a step of a flow could not be carried out, and goes on when somebody decides. `case`: the payer
 * did answer, and the answer needs a person; nothing hangs in between.
 */
export const itemKinds = ['delivery', 'case'] as const
type ItemKind = (typeof itemKinds)[number]

export const itemCauses = [...holdCauses, ...caseCauses] as const
type ItemCause = HoldCause | CaseCause

/** Why an item is resolved: how its delivery goes on, or for a case that somebody decided, or that it went away by itself. */
export const itemEnds = ['answer', 'retry', 'correct', 'move', 'drop', 'decided', 'went-away'] as const satisfies readonly (
  | Resolution
  | 'decided'
  | 'went-away'
)[]
export type ItemEnd = (typeof itemEnds)[number]

/**
 * What a person may do with an item. `confirm` and `mark-inactive`: say what the payer does not. `correct`: other data, asked anew; what
 * was answered before stays as it was. `ask-patient`: they correct it on their own link. `retry`: the same question now. `other-route`: by
 * file in place of the real-time door. `move`: go on in the current version of the flow. `drop`: nothing more is done. `answer`: the
 * typed answer of another partner than a payer. `choose`: which of what the partner found is meant, or none of it.
 */
export const itemActions = ['choose', 'confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'other-route', 'move', 'drop', 'answer'] as const
export type ItemAction = (typeof itemActions)[number]

/** Until this long after the decision nothing of it has left, and it can be taken back. */
export const undoMs = 10_000

interface ActionRule {
  /** `retry` asks the same question that was asked before: there is nothing to take back, and waiting would only cost time. */
  undoable: boolean
  /** It speaks for the payer: where the clinic wants two people for that, another one must agree. */
  vouches: boolean
  /** Reasons that make sense, the likeliest first. */
  reasons: readonly ResolveReason[]
}
export const actionRules = {
  choose: { undoable: true, vouches: true, reasons: ['compared-with-chart', 'patient-confirmed', 'other'] },
  confirm: { undoable: true, vouches: true, reasons: ['confirmed-by-phone', 'confirmed-on-website', 'other'] },
  'mark-inactive': { undoable: true, vouches: false, reasons: ['confirmed-by-phone', 'confirmed-on-website', 'other'] },
  correct: { undoable: true, vouches: false, reasons: ['data-corrected', 'other'] },
  'ask-patient': { undoable: true, vouches: false, reasons: ['patient-data-wrong', 'other'] },
  retry: { undoable: false, vouches: false, reasons: ['partner-is-back', 'connection-fixed', 'software-fixed', 'other'] },
  'other-route': { undoable: true, vouches: false, reasons: ['partner-away', 'other'] },
  move: { undoable: true, vouches: false, reasons: ['software-fixed', 'other'] },
  drop: { undoable: true, vouches: false, reasons: ['visit-cancelled', 'duplicate', 'other'] },
  answer: { undoable: true, vouches: true, reasons: ['confirmed-by-phone', 'confirmed-on-website', 'other'] },
} as const satisfies Record<ItemAction, ActionRule>

/**
 * A "no" on behalf of a partner opens no door; a "yes" does. So does other input for another partner: whoever writes what is sent chooses
 * what is done, and nobody sees it anywhere else. A correction of the patient's answers (`correctsAnswers`) is read by the patient and the
 * clinic: one person makes it on the page of the visit, and here.
 */
export const needsSecond = (action: ItemAction, of: { correctsAnswers: boolean; port?: 'ok' | 'rejected' | undefined }, twoPeople: boolean): boolean =>
  twoPeople && (actionRules[action].vouches || (action === 'correct' && !of.correctsAnswers)) && of.port !== 'rejected'

/** As much of an item as the rules need. */
export interface ItemFacts {
  kind: ItemKind
  cause: ItemCause
  intakeId: string | null
  /** How its payer may be asked; null: it is about no payer. */
  payerRoute: EligibilityRouteName | null
}
/** As much of the operation that a delivery waits at. */
export interface OperationFacts {
  byHand: ByHand
  correctable: boolean
  /** It may ask a person to choose. */
  choice: boolean
  /** Ids of the contracts of its answers. */
  output: string
  rejection: string
}

/** The operation asks a payer for a person's cover: its answer is a verdict, which a person can find out too. */
const asksForCover = (operation: OperationFacts | undefined): boolean => /^EligibilityAnswer\.v\d+$/.test(operation?.output ?? '')
/**
 * What `correct` puts right: the patient's own answers, from which the payer is asked anew, now and at every later time. Never the question
 * itself: with another payer, day, provider or request it would be one that nobody asked, answered under the name of this one.
 */
export const correctsAnswers = (item: Pick<ItemFacts, 'kind'>, operation: OperationFacts | undefined): boolean =>
  item.kind === 'case' || asksForCover(operation)
/** From its second major on, a "no" may say that the question goes by file. */
const namesOtherDoor = (operation: OperationFacts | undefined): boolean => operation?.rejection === 'EligibilityRejection.v2'
const byFile = ({ payerRoute }: ItemFacts): boolean => payerRoute === 'real-time-or-batch' || payerRoute === 'batch'

/** What waits for a choice has its answer already, but for which of it is meant: other words or other data have no place there. */
const toChoose = ({ cause }: ItemFacts): boolean => cause === 'choice'

const mayDelivery: Record<ItemAction, (item: ItemFacts, operation: OperationFacts | undefined) => boolean> = {
  choose: (item, operation) => toChoose(item) && (operation?.choice ?? false),
  confirm: (_, operation) => asksForCover(operation) && operation?.byHand === 'any',
  'mark-inactive': (_, operation) => asksForCover(operation) && operation?.byHand === 'any',
  correct: (item, operation) => !toChoose(item) && (operation?.correctable ?? false) && (!asksForCover(operation) || item.intakeId !== null),
  'ask-patient': (item, operation) => asksForCover(operation) && item.intakeId !== null,
  retry: () => true,
  'other-route': (item, operation) => namesOtherDoor(operation) && byFile(item),
  move: () => true,
  drop: () => true,
  answer: (item, operation) => !toChoose(item) && operation !== undefined && !asksForCover(operation) && operation.byHand !== 'never',
}
/** There is a door at which the payer can be asked. */
const hasDoor = ({ cause }: ItemFacts): boolean => cause !== 'not-listed' && cause !== 'unsupported'

const mayCase: Record<ItemAction, (item: ItemFacts) => boolean> = {
  choose: () => false,
  confirm: () => true,
  'mark-inactive': () => true,
  correct: (item) => item.intakeId !== null,
  'ask-patient': (item) => item.intakeId !== null,
  retry: hasDoor,
  'other-route': (item) => hasDoor(item) && byFile(item),
  move: () => false,
  drop: () => true,
  answer: () => false,
}

/** What may be done with an open item, in the order in which it is offered. */
export function allowedActions(item: ItemFacts, operation: OperationFacts | undefined): ItemAction[] {
  return itemActions.filter((action) => (item.kind === 'case' ? mayCase[action](item) : mayDelivery[action](item, operation)))
}

/** The exact next step, as a code; the screens have the words. */
export const nextActions = [
  'approve',
  'choose',
  'patient-corrects',
  'correct-or-ask-patient',
  'call-payer',
  'fix-connection',
  'tell-engineer',
  'retry-or-drop',
  'retry-or-other-route',
  'retry-when-back',
  'find-out-then-retry',
] as const
export type NextAction = (typeof nextActions)[number]

/** `waitsForPatient`: the patient was asked. `proposed`: somebody decided, and a second person must agree. */
export function nextActionOf(item: ItemFacts & { owner: string; proposed: boolean }): NextAction {
  if (item.proposed) return 'approve'
  if (item.owner === 'patient') return 'patient-corrects'
  switch (item.cause) {
    case 'choice':
      return 'choose'
    case 'not-listed':
      return 'correct-or-ask-patient'
    case 'turned-down':
      return item.owner === 'clinic' ? 'correct-or-ask-patient' : 'call-payer'
    case 'no-verdict':
    case 'disputed':
    case 'unsupported':
      return 'call-payer'
    case 'credentials':
    case 'no-connection':
      return 'fix-connection'
    case 'contract':
    case 'bug':
      return 'tell-engineer'
    case 'overdue':
      // Two things have run out of time: a flow that hung, which is our fault, and a delivery that came when nothing is sent any more.
      return item.owner === 'engineer' ? 'tell-engineer' : 'retry-or-drop'
    case 'uncertain':
      return 'find-out-then-retry'
    case 'timeout':
    case 'unavailable':
    case 'throttled':
      return byFile(item) ? 'retry-or-other-route' : 'retry-when-back'
  }
}
