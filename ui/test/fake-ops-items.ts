import type { AllowedAction, ItemAttempt, OverrideItem } from '../src/client.gen.ts'
import { incident, soon, uuid } from './fake-kit.ts'
import { inputShape } from './fake-ops-shapes.ts'

export const undoMs = 10_000
export const colleague = { userId: uuid(19), name: 'Sam Ortiz' }

export function override(n: number, change: Partial<OverrideItem> = {}): OverrideItem {
  return {
    id: uuid(n),
    kind: 'delivery',
    intakeId: uuid(1),
    requestId: null,
    reference: `HX-7Q2M-K${n}`,
    flow: 'eligibility',
    version: 3,
    step: 'ask payer',
    partner: 'clearinghouse',
    operation: 'clearinghouse.checkEligibility.v2',
    payerId: 'QUIET3',
    payerName: 'Quiet Valley Insurance',
    cause: 'unavailable',
    codes: [],
    owner: 'ops',
    nextAction: 'retry-or-other-route',
    staffText: 'The payer did not answer within its time, four times in a row.',
    status: 'open',
    attempts: 4,
    openedAt: soon(-0.6),
    visitAt: soon(1.2),
    incidentId: null,
    claim: null,
    decision: null,
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    ...change,
  }
}

/** What a person may do about an item. */
export const allowed = (action: AllowedAction['action'], change: Partial<AllowedAction> = {}): AllowedAction => ({
  action,
  undoSeconds: action === 'retry' ? 0 : undoMs / 1000,
  needsSecond: false,
  ofAnswers: false,
  reasons: ['confirmed-by-phone', 'confirmed-on-website', 'data-corrected', 'partner-is-back', 'other'],
  shape: action === 'correct' ? inputShape : null,
  fields: [],
  ...change,
})

export const attempt = (n: number, change: Partial<ItemAttempt> = {}): ItemAttempt => ({
  id: `${uuid(600)}.${n}`,
  flow: 'eligibility',
  step: 'ask payer',
  operation: 'clearinghouse.checkEligibility.v2',
  generation: 1,
  number: n,
  at: soon(-0.7 + n / 100),
  latencyMs: 20_001,
  outcome: 'unknown',
  cause: 'timeout',
  nothingSent: false,
  sentOpenable: true,
  answerOpenable: false,
  late: false,
  manual: false,
  suspicions: [],
  ...change,
})

/** A payer that does not answer, and `count` items of it behind one incident. */
export const manyOf = (count: number): OverrideItem[] =>
  Array.from({ length: count }, (_, n) =>
    override(1000 + n, { incidentId: incident(89).id, visitAt: soon(1 + n / 30), reference: `HX-M${String(n).padStart(4, '0')}` }),
  )

/** A queue as long as a very bad day's: no two rows alike. */
export function longQueue(count: number): OverrideItem[] {
  const causes = ['unavailable', 'timeout', 'credentials', 'turned-down', 'no-verdict'] as const
  return Array.from({ length: count }, (_, n) =>
    override(10_000 + n, {
      cause: causes[n % causes.length] ?? 'timeout',
      reference: `HX-L${String(n).padStart(5, '0')}`,
      visitAt: soon(0.5 + n / 60),
      payerId: `P${n % 7}`,
      payerName: `Payer number ${n % 7}`,
    }),
  )
}
