import type { IncidentItem } from '../src/client.gen.ts'

export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const hourMs = 3_600_000
/** An instant so many hours from now. */
export const soon = (hours: number): string => new Date(Math.round(performance.timeOrigin + performance.now() + hours * hourMs)).toISOString()

export function incident(n: number, change: Partial<IncidentItem> = {}): IncidentItem {
  return {
    id: uuid(n),
    kind: 'batch-refused',
    partner: 'clearinghouse',
    payerId: null,
    payerName: null,
    about: { is: 'batch', id: uuid(n + 700) },
    count: 12,
    status: 'open',
    openedAt: soon(-3.2),
    lastAt: soon(-3.2),
    closedAt: null,
    reason: null,
    closedBy: null,
    canSendAgain: true,
    ...change,
  }
}
/** One of each kind. */
export const everyIncident = (): IncidentItem[] => [
  incident(81),
  incident(82, {
    kind: 'silence',
    payerId: 'SLOWB4',
    payerName: 'Slow River Benefit Trust',
    about: { is: 'payer', id: 'SLOWB4' },
    count: 3,
    canSendAgain: false,
  }),
  incident(83, { kind: 'silence', count: 40, canSendAgain: false }),
  incident(84, { kind: 'set-rejected', count: 1, lastAt: soon(-0.3) }),
  incident(85, { kind: 'unmatched-answer', about: { is: 'file', id: uuid(786) }, count: 2, canSendAgain: false }),
  incident(86, { kind: 'conflicting-answer', about: { is: 'file', id: uuid(787) }, count: 1, canSendAgain: false }),
  incident(87, { kind: 'unreadable-file', about: { is: 'file', id: uuid(788) }, count: 1, canSendAgain: false }),
  incident(88, {
    kind: 'implausible-answers',
    payerId: 'NORTH2',
    payerName: 'Northwind Mutual',
    about: { is: 'payer', id: 'NORTH2' },
    count: 5,
    canSendAgain: false,
  }),
  incident(89, {
    kind: 'not-answering',
    payerId: 'QUIET3',
    payerName: 'Quiet Valley Insurance',
    about: { is: 'payer', id: 'QUIET3' },
    count: 214,
    canSendAgain: false,
  }),
]
