import type {
  DecideScheduleDifferenceBody,
  HandOverScheduleBody,
  ScheduleDifferences,
  ScheduleHandover,
  ScheduleSaid,
  ScheduleState,
  SetDualRunBody,
} from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { soon, uuid } from './fake-kit.ts'

export interface FakeSchedule {
  state: ScheduleState
  differences: ScheduleDifferences['items']
}

/** A clinic whose appointments are here since a month, its old scheduler still there and quiet. */
export const freshSchedule = (): FakeSchedule => ({
  state: {
    ...{ connected: true, owner: 'hub', ownerSince: soon(-700), ownerBy: 'admin@lakeside.example', dualRun: false, dualRunSince: soon(-700) },
    ...{ dualRunBy: 'admin@lakeside.example', comparedAt: null, differences: 0, refused: null, handover: null },
  },
  differences: [],
})

const said = (change: Partial<ScheduleSaid> = {}): ScheduleSaid => ({
  ...{ revision: 3, status: 'booked', startsAt: '2027-03-12T15:20:00.000Z', endsAt: '2027-03-12T15:40:00.000Z', practitioner: 'Dr Okafor' },
  ...change,
})
type Item = ScheduleDifferences['items'][number]
export const difference = (n: number, kind: Item['kind'], change: Partial<Item> = {}): Item => ({
  ...{ id: uuid(n), kind, visitId: uuid(n + 500), intakeId: uuid(n), legacyId: `A-${1000 + n}`, code: null, since: soon(-n), seenAt: soon(-0.05) },
  ...{ here: said(), there: said({ revision: 7 }), decidable: false },
  ...change,
})
/** One of each kind. */
export const everyDifference = (): Item[] => [
  difference(1, 'changed-there', { there: said({ revision: 8, startsAt: '2027-03-12T16:00:00.000Z', endsAt: '2027-03-12T16:20:00.000Z' }), decidable: true }),
  difference(2, 'only-here', { legacyId: null, there: null }),
  difference(3, 'only-there', { visitId: null, intakeId: null, here: null }),
  difference(4, 'time', { there: said({ startsAt: '2027-03-12T17:20:00.000Z', endsAt: '2027-03-12T17:40:00.000Z' }) }),
  difference(5, 'status', { there: said({ status: 'cancelled' }) }),
  difference(6, 'practitioner', { there: said({ practitioner: 'Dr Lin' }) }),
  difference(7, 'refused-there', { code: 'slot-taken', there: null }),
  difference(8, 'unreadable-there', { visitId: null, intakeId: null, here: null, there: null, code: 'appointment-without-a-time' }),
]

export const handover = (change: Partial<ScheduleHandover> = {}): ScheduleHandover => ({
  ...{ id: uuid(70), to: 'hub', phase: 'draining', startedAt: soon(-0.1), startedBy: 'admin@lakeside.example', frozenAt: soon(-0.09) },
  ...{ switchedAt: null, endedAt: null, comparisons: 2, differences: 1 },
  ...change,
})

export function answerSchedule({ state, differences }: FakeSchedule, method: string, path: string, body: unknown): Answer {
  if (path.endsWith('/differences')) return { status: 200, body: { items: differences, nextCursor: null } }
  if (path.endsWith('/decision')) {
    const { counts } = body as DecideScheduleDifferenceBody
    const item = differences.find(({ id }) => path.includes(id))
    if (!item) return { status: 404, code: 'not-found' }
    Object.assign(item, { decidable: false, ...(counts === 'ours' ? { there: item.here } : { here: item.there }) })
  }
  if (path.endsWith('/dual-run')) state.dualRun = (body as SetDualRunBody).on
  if (path.endsWith('/handovers')) state.handover = handover({ to: (body as HandOverScheduleBody).to, phase: 'freezing', comparisons: 0, differences: 0 })
  if (path.endsWith('/give-up') && state.handover) Object.assign(state.handover, { phase: 'thawing' })
  return { status: method === 'POST' && !path.endsWith('/decision') ? 202 : 200, body: state }
}
