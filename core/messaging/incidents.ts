import { resolveReasons } from './model.ts'

/** What goes wrong with many at once, or with nobody's delivery in particular: one open row per cause, with a count. */
export const incidentKinds = [
  'silence',
  'batch-refused',
  'set-rejected',
  'unmatched-answer',
  'conflicting-answer',
  'unreadable-file',
  'not-answering',
  'implausible-answers',
  'visit-conflict',
  'duplicate-chart',
  'refund-failed',
  'instalment-not-charged',
  'chart-forgotten',
  'charged-twice',
  'hold-not-given-back',
  'consent-withdrawn',
  'messages-refused',
  'key-refused',
  'charged-unwanted',
  'appointment-of-another',
] as const
export type IncidentKind = (typeof incidentKinds)[number]
export const incidentStatuses = ['open', 'resolved'] as const

/** Why one was closed. The last two are the hub's own: a person who sends again, and a cause that went away by itself. */
export const incidentReasons = [...resolveReasons, 'sent-again', 'went-away'] as const
export type IncidentReason = (typeof incidentReasons)[number]
