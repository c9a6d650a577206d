import type {
  BulkRelease,
  ClinicLook,
  ItemChoice,
  ItemDecision,
  OverrideDetail,
  OverrideItem,
  PayerWeather,
  SavedView,
  WaitingItem,
} from '../src/client.gen.ts'
import { soon, uuid } from './fake-kit.ts'
import { twoCharts } from './fake-ops-choice.ts'
import { allowed, attempt, colleague, override } from './fake-ops-items.ts'
import { inputShape } from './fake-ops-shapes.ts'

/** What operations see, plain to read; a test changes what it needs. It knows as few rules as the screens need to be shown. */
export interface OpsData {
  overrides: OverrideItem[]
  detail: Omit<OverrideDetail, 'item' | 'decisions'>
  decisions: ItemDecision[]
  /** Confirming by hand waits for a second person. */
  twoPeople: boolean
  look: ClinicLook
  views: SavedView[]
  weather: PayerWeather[]
  waiting: WaitingItem[]
  bulk: BulkRelease[]
  /** Behind every item where a person chooses. */
  choice: ItemChoice
}

export const payer = (name: string, state: PayerWeather['state'], change: Partial<PayerWeather> = {}): PayerWeather => ({
  partner: 'clearinghouse',
  payerId: name.slice(0, 5).toUpperCase(),
  payerName: name,
  state,
  since: state === 'ok' ? null : soon(-1.4),
  next: state === 'ok' ? null : soon(0.2),
  cause: state === 'open' ? 'timeout' : null,
  waiting: 0,
  held: 0,
  ...change,
})

const waitingItem = (n: number, change: Partial<WaitingItem> = {}): WaitingItem => ({
  id: uuid(n),
  kind: 'retry',
  intakeId: uuid(1),
  reference: `HX-7Q2M-W${n}`,
  visitAt: soon(5),
  flow: 'eligibility',
  step: 'ask payer',
  partner: 'clearinghouse',
  operation: 'clearinghouse.checkEligibility.v2',
  payerId: 'QUIET3',
  payerName: 'Quiet Valley Insurance',
  why: 'timeout',
  tries: 3,
  since: soon(-0.3),
  nextTryAt: soon(0.1),
  ...change,
})

export function freshOps(): OpsData {
  return {
    overrides: [
      override(41),
      override(45, {
        kind: 'case',
        requestId: uuid(745),
        cause: 'turned-down',
        codes: ['72'],
        owner: 'patient',
        nextAction: 'patient-corrects',
        staffText: 'Northwind Mutual turned the check down (AAA 72). The patient is asked for: member ID.',
        payerId: 'NORTH2',
        payerName: 'Northwind Mutual',
        step: 'answer',
        operation: null,
        visitAt: soon(1.6),
        claim: { ...colleague, until: soon(0.2) },
      }),
      override(42, {
        cause: 'credentials',
        owner: 'clinic',
        nextAction: 'fix-connection',
        partner: 'fhir',
        payerId: null,
        payerName: null,
        operation: 'fhir.writeVisit.v1',
        flow: 'ehr-writeback',
        step: 'write chart',
        staffText: 'The chart system refuses our credentials.',
        visitAt: soon(3),
      }),
      override(43, { cause: 'contract', owner: 'engineer', nextAction: 'tell-engineer', openedAt: soon(-30), visitAt: soon(26) }),
      override(44, {
        cause: 'bug',
        owner: 'engineer',
        nextAction: 'tell-engineer',
        partner: null,
        operation: null,
        payerId: null,
        payerName: null,
        flow: 'notify',
        step: 'tell patient',
        intakeId: null,
        reference: null,
        visitAt: null,
        attempts: 1,
      }),
    ],
    detail: {
      allowed: (['confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'other-route', 'move', 'drop'] as const).map((action) => allowed(action)),
      shapes: { input: inputShape, ok: {}, rejected: {} },
      nextTryAt: null,
      attempts: [attempt(1), attempt(2), attempt(3, { outcome: 'rejected', cause: null, latencyMs: 812, answerOpenable: true })],
    },
    decisions: [],
    twoPeople: false,
    look: { name: 'Lakeside Clinic', brandColour: '#0f5c78', contactPhone: '+1 512 555 0100', languages: ['en', 'es'], logoUrl: null },
    views: [{ id: uuid(51), name: 'Turned down today', filter: { cause: 'turned-down' }, sort: 'visit' }],
    weather: [payer('Helio Health Plan', 'ok'), payer('Northwind Mutual', 'ok')],
    waiting: [
      waitingItem(61),
      waitingItem(62, { kind: 'recheck', why: 'suspicious', payerName: 'Northwind Mutual', payerId: 'NORTH2', tries: 1, nextTryAt: soon(14) }),
    ],
    bulk: [],
    choice: twoCharts(),
  }
}
