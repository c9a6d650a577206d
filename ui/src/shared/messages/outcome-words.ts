import { queueWords } from './queue-words.ts'

type Words = Readonly<Record<string, string>>

/** Of a partner that was asked. */
const ofPartner: Words = {
  succeeded: 'Done',
  reconciled: 'Had been done already',
  rejected: 'Partner said no',
  failed: 'Did not work',
  unknown: 'Not known whether it was done',
  choice: 'A person must choose',
}
const cover: Words = {
  active: 'Covered',
  inactive: 'Not covered',
  mixed: 'Covered in part',
  rejected: 'Turned down',
  unknown: 'No clear answer',
}
const method: Words = { stored: 'Kept', 'needs-you': 'Patient must do something', declined: 'Declined' }
const chart: Words = { written: 'Written', refused: 'Refused' }
const photo: Words = { clean: 'Clean', rejected: 'Refused' }

/** What became of it, by event and code: one code means something else of a photo than of a payer. */
export const outcomesOf: Readonly<Record<string, Words>> = {
  'step.finished.v1': ofPartner,
  'visit.changed.v1': { moved: 'Moved', cancelled: 'Called off', 'no-show': 'Nobody came', fulfilled: 'Over', reopened: 'Takes place again' },
  'eligibility.queued.v1': {
    'payer-setting': 'This payer answers files',
    'no-real-time-answer': 'Payer did not answer at once',
    'not-now': 'Payer said: not now',
  },
  'eligibility.withdrawn.v1': { 'visit-off': 'Visit is off' },
  'eligibility.succeeded.v1': cover,
  'eligibility.failed.v1': cover,
  'eligibility.provisional.v1': cover,
  'eligibility.changed.v1': cover,
  'payment.succeeded.v1': method,
  'payment.failed.v1': method,
  'ehr.writeback.completed.v1': chart,
  'ehr.writeback.failed.v1': chart,
  'upload.cleared.v1': photo,
  'upload.rejected.v1': photo,
  'override.opened.v1': queueWords.causes,
  'override.resolved.v1': queueWords.resolutions,
  'case.opened.v1': queueWords.causes,
  'case.closed.v1': { answered: 'Answered meanwhile', corrected: 'Details were put right' },
  'case.decided.v1': {
    confirm: 'Confirmed',
    'mark-inactive': 'Marked as not covered',
    'ask-again': 'Asked again',
    'ask-by-batch': 'Asked again with a file',
    leave: 'Left as it was',
  },
}

/** `step`: an event, or `flow/step` of a partner that was asked. A code without words stays as it is. */
export const outcomeWords = (step: string, outcome: string): string => outcomesOf[step.includes('/') ? 'step.finished.v1' : step]?.[outcome] ?? outcome
