import type {
  AllowedAction,
  BulkRelease,
  ClinicLook,
  ClinicLookInput,
  ItemAttempt,
  ItemChoice,
  ItemDecision,
  OverrideDetail,
  OverrideItem,
  PayerWeather,
  SavedView,
  WaitingItem,
} from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { incident, soon, uuid } from './fake-kit.ts'

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
const undoMs = 10_000
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

export const inputShape = {
  type: 'object',
  required: ['payerId', 'memberId', 'birthDate', 'payerSex', 'serviceTypes'],
  properties: {
    payerId: { type: 'string', minLength: 2, maxLength: 40 },
    memberId: { type: 'string', pattern: '^[A-Za-z0-9-]{2,30}$' },
    birthDate: { type: 'string', format: 'date' },
    payerSex: { type: 'string', enum: ['F', 'M', 'U'] },
    groupNumber: { anyOf: [{ type: 'string', maxLength: 30 }, { type: 'null' }] },
    serviceTypes: { type: 'array', items: { type: 'string' }, maxItems: 10 },
  },
}
export const correctionShape = {
  type: 'object',
  properties: {
    memberId: { type: 'string', pattern: '^[A-Za-z0-9-]{2,30}$' },
    givenName: { type: 'string', maxLength: 60 },
    familyName: { type: 'string', maxLength: 60 },
    birthDate: { type: 'string', format: 'date' },
  },
}
export const cardShapes = {
  input: { type: 'object', required: ['paymentId'], properties: { paymentId: { type: 'string' } } },
  ok: {
    type: 'object',
    required: ['status', 'setupIntentId', 'attempts'],
    properties: {
      status: { type: 'string', enum: ['succeeded', 'requires-action'] },
      setupIntentId: { type: 'string', maxLength: 80 },
      attempts: { type: 'integer', minimum: 1 },
    },
  },
  rejected: {
    type: 'object',
    required: ['code'],
    properties: { code: { type: 'string', maxLength: 60 }, declineCode: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
  },
}
const fullInput = { payerId: 'QUIET3', memberId: 'QV-88213', birthDate: '1985-03-27', payerSex: 'F', groupNumber: null, serviceTypes: ['30'] }
const fullAnswers = { memberId: 'QV-88213', givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-27' }

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

export const readOut = [
  {
    title: 'Subscriber',
    lines: [
      { label: 'Name', text: 'Moreno, Ana', code: 'NM1' },
      { label: 'Member id', text: 'QV-88213', code: 'MI' },
    ],
  },
  { title: 'Answer', lines: [{ label: 'Rejected because', text: 'Subscriber or insured not found', code: 'AAA 75' }] },
]

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

/** Two people of one name: one is the patient with another phone, one was born on another day. */
export const twoCharts = (): ItemChoice => ({
  rows: [
    choiceRow('familyName', 'Moreno', ['Moreno', 'same'], ['Moreno', 'same']),
    choiceRow('givenName', 'Ana', ['Ana Lucía', 'different'], ['Ana', 'same']),
    choiceRow('birthDate', '1985-03-27', ['1985-03-27', 'same'], ['1958-03-27', 'different']),
    choiceRow('sex', 'female', ['female', 'same'], [null, 'not-there']),
    choiceRow('phone', '+1 312 555 0114', ['(312) 555-0199', 'different'], ['+1 312 555 0114', 'same']),
    choiceRow('email', null, ['ana@example.test', 'not-asked'], [null, 'not-there']),
    choiceRow('address', '12 Pier Road, Chicago, IL, 60601', ['12 Pier Road, Chicago IL 60601', 'same'], ['4 Elm Street, Evanston IL 60201', 'different']),
    choiceRow('mrn', null, ['MRN-40417', 'not-asked'], ['MRN-11830', 'not-asked']),
  ],
  charts: [
    { ref: 'Patient/40417', foundBy: ['name-and-birth-date'], updatedAt: soon(-2_000) },
    { ref: 'Patient/11830', foundBy: ['phone'], updatedAt: null },
  ],
  more: false,
  none: true,
})
/** More than a screen has room for, and more than are shown. */
export function manyCharts(count: number): ItemChoice {
  const { rows, charts } = twoCharts()
  const wide = <T>(two: readonly T[]): T[] => Array.from({ length: count }, (_, n) => two[n % 2] as T)
  return {
    rows: rows.map((row) => ({ ...row, charts: wide(row.charts) })),
    charts: wide(charts).map((chart, n) => ({ ...chart, ref: `Patient/${50_000 + n}` })),
    ...{ more: true, none: false },
  }
}
type ChoiceRow = ItemChoice['rows'][number]
const choiceRow = (field: ChoiceRow['field'], asked: string | null, ...charts: [string | null, ChoiceRow['charts'][number]['match']][]): ChoiceRow => ({
  field,
  asked,
  charts: charts.map(([text, match]) => ({ text, match })),
})

/** A write-back that found somebody who looks like the patient. */
export const chartItem = (n: number, change: Partial<OverrideItem> = {}): OverrideItem =>
  override(n, {
    ...{ cause: 'choice', nextAction: 'choose', partner: 'fhir', operation: 'fhir.findChart.v1', payerId: null, payerName: null, attempts: 1 },
    ...{ flow: 'ehr-writeback', version: 2, step: 'find chart' },
    staffText: 'The EHR has somebody who looks like this patient. Compare them, then say whose chart it is, or that it is a new one.',
    ...change,
  })
export const chartActions = (): AllowedAction[] => [
  allowed('choose', { reasons: ['compared-with-chart', 'patient-confirmed', 'other'] }),
  ...(['retry', 'move', 'drop'] as const).map((action) => allowed(action)),
]

export const bulkRelease = (n: number, change: Partial<BulkRelease> = {}): BulkRelease => ({
  id: uuid(n),
  action: 'retry',
  selection: { incidentId: uuid(89) },
  ratePerMinute: 60,
  reason: 'partner-is-back',
  status: 'running',
  progress: { total: 214, waiting: 150, decided: 60, carriedOut: 55, refused: 2, skipped: { claimed: 2, decided: 1, resolved: 1, 'not-allowed': 0 } },
  startedBy: 'Robin Ade',
  startedAt: soon(-0.02),
  changedBy: null,
  changedAt: null,
  finishedAt: null,
  endsAt: soon(0.05),
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

const ok = (body: unknown, status = 200): Answer => ({ status, body })
const refused = (code: string, status = 409): Answer & { fields?: { path: string; message: string }[] } => ({ status, code })
const you = { userId: uuid(9), name: 'Robin Ade' }
type Facet = { value: string; name: string | null; count: number }[]

function facet(items: readonly OverrideItem[], keyOf: (item: OverrideItem) => string | null, nameOf: (item: OverrideItem) => string | null): Facet {
  const found = new Map<string, Facet[number]>()
  for (const item of items) {
    const value = keyOf(item)
    if (value === null) continue
    const row = found.get(value) ?? { value, name: nameOf(item), count: 0 }
    row.count += 1
    found.set(value, row)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

function listOf(data: OpsData, query: URLSearchParams): Answer {
  const is = (name: string, value: string | null): boolean => !query.get(name) || query.get(name) === value
  const fits = (item: OverrideItem): boolean =>
    item.status === (query.get('status') ?? 'open') &&
    is('owner', item.owner) &&
    is('kind', item.kind) &&
    is('incident', item.incidentId) &&
    is('flow', item.flow) &&
    (!query.get('mine') || item.claim?.userId === you.userId) &&
    (!query.get('proposed') || item.decision?.state === 'proposed')
  const wide = data.overrides.filter(fits)
  const all = wide.filter((item) => is('cause', item.cause) && is('payer', item.payerId))
  const grouped = query.get('grouped')
    ? facet(
        all,
        (item) => item.incidentId,
        () => null,
      ).filter(({ count }) => count > 1)
    : []
  const shown = all.filter((item) => !grouped.some(({ value }) => value === item.incidentId))
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  return ok({
    items: shown.slice(from, from + limit),
    total: all.length,
    mine: all.filter(({ claim }) => claim?.userId === you.userId).length,
    proposed: all.filter(({ decision }) => decision?.state === 'proposed').length,
    byCause: facet(
      wide.filter((item) => is('payer', item.payerId)),
      (item) => item.cause,
      () => null,
    ),
    byPayer: facet(
      wide.filter((item) => is('cause', item.cause)),
      (item) => item.payerId,
      (item) => item.payerName,
    ),
    groups: grouped.map(({ value, count }) => {
      const first = all.find(({ incidentId }) => incidentId === value) ?? override(0)
      return {
        incidentId: value,
        kind: 'not-answering',
        partner: first.partner ?? '',
        payerId: first.payerId,
        payerName: first.payerName,
        cause: first.cause,
        items: count,
        soonestVisitAt: first.visitAt,
      }
    }),
    nextCursor: from + limit < shown.length ? String(from + limit) : null,
  })
}

/** Undefined: not a call of operations. */
export function answerOps(
  data: OpsData,
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
): (Answer & { fields?: { path: string; message: string }[] }) | undefined {
  if (path === '/api/ops/overrides') return listOf(data, query)
  if (path === '/api/ops/rules') {
    if (method === 'PUT') data.twoPeople = (body as { confirmNeedsTwo: boolean }).confirmNeedsTwo
    return ok({ confirmNeedsTwo: data.twoPeople })
  }
  if (path === '/api/admin/look') {
    const { logo, ...wanted } = (body ?? {}) as Partial<ClinicLookInput>
    if (method === 'PUT') data.look = { ...data.look, ...wanted, logoUrl: logo === undefined ? data.look.logoUrl : logo }
    return ok(data.look)
  }
  if (path === '/api/ops/weather') return ok({ asOf: soon(0), payers: data.weather })
  if (path === '/api/ops/waiting') {
    const items = data.waiting.filter(({ payerId }) => !query.get('payer') || payerId === query.get('payer'))
    return ok({ items, total: items.length })
  }
  if (path === '/api/ops/views') return ok({ items: data.views })
  if (path.startsWith('/api/ops/views/')) {
    const id = path.split('/').at(-1) ?? ''
    data.views = data.views.filter((view) => view.id !== id)
    if (method === 'DELETE') return ok({ id })
    const view = { id, ...(body as Omit<SavedView, 'id'>) }
    data.views.push(view)
    return ok(view)
  }
  if (path.startsWith('/api/ops/bulk-releases')) return answerBulk(data, method, path, body)
  if (path.startsWith('/api/ops/decisions/')) return answerDecision(data, path)
  if (path.endsWith('/answers')) return ok({ values: fullAnswers })
  if (path.startsWith('/api/ops/overrides/')) return answerItem(data, method, path, body)
  return undefined
}

function answerItem(data: OpsData, method: string, path: string, body: unknown): Answer & { fields?: { path: string; message: string }[] } {
  const item = data.overrides.find(({ id }) => path.includes(id))
  if (!item) return refused('not-found', 404)
  if (path.endsWith('/input')) return ok({ input: fullInput })
  if (path.endsWith('/choice')) return ok(data.choice)
  if (path.endsWith('/open')) return ok({ sent: readOut.slice(0, 1), answered: readOut })
  if (method === 'GET') return ok({ item, ...data.detail, decisions: data.decisions.filter(({ overrideId }) => overrideId === item.id) })
  const theirs = item.claim !== null && item.claim.userId !== you.userId
  if (theirs && !path.endsWith('/release')) return { ...refused('claimed'), fields: [{ path: 'claim', message: item.claim?.name ?? '' }] }
  if (path.endsWith('/claim')) {
    item.claim = { ...you, until: soon(0.25) }
    return ok({ overrideId: item.id, claim: item.claim })
  }
  if (path.endsWith('/release')) {
    item.claim = null
    return ok({ overrideId: item.id })
  }
  if (item.status === 'resolved') return refused('already-resolved')
  const asked = body as { action: ItemDecision['action']; decisionId: string; reason: ItemDecision['reason']; option?: number | null }
  const same = data.decisions.find(({ id }) => id === asked.decisionId)
  if (same) return ok(same)
  if (item.decision) return refused('already-decided')
  const waits = data.twoPeople && (asked.action === 'confirm' || asked.action === 'choose')
  const atOnce = asked.action === 'retry'
  const decision: ItemDecision = {
    id: asked.decisionId,
    overrideId: item.id,
    action: asked.action,
    state: waits ? 'proposed' : atOnce ? 'carried-out' : 'scheduled',
    reason: asked.reason,
    by: you,
    at: soon(0),
    second: null,
    carryOutAt: waits ? null : soon(undoMs / 3_600_000),
    undoUntil: waits || atOnce ? null : soon(undoMs / 3_600_000),
    endedAt: null,
    refusedWhy: null,
    bulkReleaseId: null,
    option: asked.option ?? null,
  }
  data.decisions.unshift(decision)
  if (atOnce) Object.assign(item, { status: 'resolved', resolution: 'retry', resolvedBy: you.name, resolvedAt: soon(0) })
  else item.decision = decision
  return ok(decision)
}

function answerDecision(data: OpsData, path: string): Answer {
  const decision = data.decisions.find(({ id }) => path.includes(id))
  const item = data.overrides.find(({ id }) => id === decision?.overrideId)
  if (!decision || !item) return refused('not-found', 404)
  if (path.endsWith('/open')) return ok({ note: 'Called the payer at 9:10.', content: null })
  if (path.endsWith('/approve')) Object.assign(decision, { state: 'scheduled', second: { ...you, at: soon(0) }, carryOutAt: soon(0.003) })
  else {
    Object.assign(decision, { state: path.endsWith('/undo') ? 'undone' : 'refused', refusedWhy: path.endsWith('/undo') ? null : 'second-person' })
    item.decision = null
  }
  return ok(decision)
}

function answerBulk(data: OpsData, method: string, path: string, body: unknown): Answer {
  if (path.endsWith('/plan')) {
    const { action, selection } = body as { action: string; selection: { incidentId?: string; cause?: string } }
    const items = data.overrides.filter(
      (item) => (!selection.incidentId || item.incidentId === selection.incidentId) && (!selection.cause || item.cause === selection.cause),
    )
    const left = action === 'drop' ? [] : items
    return ok({
      plan: {
        items: left.length,
        skipped: { claimed: 2, decided: 0, resolved: 0, 'not-allowed': items.length - left.length },
        more: false,
        soonestVisitAt: left[0]?.visitAt ?? null,
        visitsByDay:
          left.length > 0
            ? [
                { day: soon(1).slice(0, 10), items: left.length - 1 },
                { day: null, items: 1 },
              ]
            : [],
      },
      sample: left.slice(0, 10),
      ...{ reasons: ['partner-is-back', 'connection-fixed', 'software-fixed', 'other'], rateDefault: 60, rateMax: 600 },
    })
  }
  if (path === '/api/ops/bulk-releases' && method === 'POST') {
    const { bulkReleaseId, action, selection, ratePerMinute, reason } = body as { bulkReleaseId: string } & BulkRelease
    const made = bulkRelease(0, { id: bulkReleaseId, action, selection, ratePerMinute, reason })
    if (!data.bulk.some(({ id }) => id === made.id)) data.bulk.unshift(made)
    return ok(made)
  }
  if (path === '/api/ops/bulk-releases') return ok({ items: data.bulk, nextCursor: null })
  const one = data.bulk.find(({ id }) => path.includes(id))
  if (!one) return refused('not-found', 404)
  if (path.endsWith('/stop')) Object.assign(one, { status: 'stopped', changedBy: you.name, changedAt: soon(0), endsAt: null })
  if (path.endsWith('/resume')) Object.assign(one, { status: 'running', changedBy: you.name, changedAt: soon(0), endsAt: soon(0.05) })
  return ok(one)
}
