import type { AnswerRejection } from '@heliox/core/billing'
import { rowOf } from './coder.ts'

/**
 * AAA03, the payer's reasons for a "no", in our own words: whose move it is decides who is asked next. `transient` means that
 * the same question may be answered later. Codes are open: what is not here is kept and goes to us.
 */
export type Who = AnswerRejection['who']
export type Action = AnswerRejection['action']
export type Loop = AnswerRejection['loop']
export type ReasonClass = 'transient' | 'request' | 'enrolment' | 'provider' | 'patient-data' | 'dates' | 'coverage' | 'benefit' | 'unknown'
export interface Reason {
  label: string
  class: ReasonClass
  who: Who
}
const reason = (cls: ReasonClass, who: Who, label: string): Reason => ({ class: cls, who, label })

export const aaaReasons: Readonly<Record<string, Reason>> = {
  '04': reason('transient', 'payer', 'more inquiries than the payer takes at once'),
  '15': reason('request', 'us', 'something the payer requires was not sent'),
  '33': reason('request', 'us', 'input the payer cannot use'),
  '35': reason('benefit', 'us', 'outside the network of the plan'),
  '41': reason('enrolment', 'clinic', 'the clinic may not ask this payer'),
  '42': reason('transient', 'payer', 'the payer cannot answer now'),
  '43': reason('provider', 'clinic', 'provider id is wrong or missing'),
  '44': reason('provider', 'clinic', 'provider name is wrong or missing'),
  '45': reason('provider', 'clinic', 'provider specialty is wrong or missing'),
  '46': reason('provider', 'clinic', 'provider telephone is wrong or missing'),
  '47': reason('provider', 'clinic', 'provider state is wrong or missing'),
  '48': reason('provider', 'clinic', 'referring provider id is wrong or missing'),
  '49': reason('provider', 'clinic', 'the plan has another doctor on record as the patient’s own'),
  '50': reason('enrolment', 'clinic', 'the provider may not make inquiries'),
  '51': reason('enrolment', 'clinic', 'the payer does not know the provider'),
  '52': reason('coverage', 'clinic', 'not enrolled in the plan on that day'),
  '53': reason('benefit', 'us', 'benefit asked for does not fit'),
  '54': reason('benefit', 'us', 'product id asked for does not fit'),
  '55': reason('benefit', 'us', 'benefit and product asked for do not fit'),
  '56': reason('dates', 'us', 'the date does not fit'),
  '57': reason('dates', 'us', 'a date is wrong or missing'),
  '58': reason('patient-data', 'patient', 'date of birth is wrong or missing'),
  '60': reason('dates', 'clinic', 'date of birth is after the visit'),
  '61': reason('dates', 'clinic', 'the payer has a date of death before the visit'),
  '62': reason('dates', 'clinic', 'the visit lies outside the days the payer answers for'),
  '63': reason('dates', 'clinic', 'the visit is too far ahead for this payer'),
  '64': reason('patient-data', 'patient', 'patient id is wrong or missing'),
  '65': reason('patient-data', 'patient', 'patient name is wrong or missing'),
  '66': reason('patient-data', 'patient', 'patient sex is wrong or missing'),
  '67': reason('patient-data', 'patient', 'the payer does not find the patient'),
  '68': reason('patient-data', 'clinic', 'the payer has that patient id twice'),
  '69': reason('benefit', 'clinic', 'does not fit the age of the patient'),
  '70': reason('benefit', 'clinic', 'does not fit the sex of the patient'),
  '71': reason('patient-data', 'patient', 'date of birth differs from what the payer has'),
  '72': reason('patient-data', 'patient', 'member id is wrong or missing'),
  '73': reason('patient-data', 'patient', 'member name is wrong or missing'),
  '74': reason('patient-data', 'patient', 'member sex is wrong or missing'),
  '75': reason('patient-data', 'patient', 'the payer does not find the member'),
  '76': reason('patient-data', 'clinic', 'the payer has that member id twice'),
  '77': reason('patient-data', 'patient', 'the payer finds the member, not the patient'),
  '78': reason('patient-data', 'patient', 'the plan or group named does not have this member'),
  '79': reason('enrolment', 'us', 'an id of the request is unknown at the payer'),
  '80': reason('transient', 'payer', 'no answer from the payer in time'),
  '97': reason('provider', 'clinic', 'provider address is wrong or missing'),
  '98': reason('benefit', 'us', 'the payer counts the service as experimental'),
  AA: reason('benefit', 'clinic', 'number of the leave is not found'),
  AE: reason('benefit', 'clinic', 'leave of the patient’s own doctor is needed'),
  AF: reason('benefit', 'us', 'diagnosis is wrong or missing'),
  AG: reason('benefit', 'us', 'procedure is wrong or missing'),
  AO: reason('benefit', 'clinic', 'more about the condition is needed'),
  CI: reason('benefit', 'clinic', 'the leave was given for someone else'),
  E8: reason('benefit', 'clinic', 'a doctor of the payer must look at it'),
  IA: reason('benefit', 'us', 'number of the leave is in a wrong form'),
  MA: reason('benefit', 'clinic', 'number of the leave is missing'),
  T4: reason('request', 'us', 'payer name or id is missing'),
}
const unknownReason: Reason = reason('unknown', 'us', 'a reason that is not in our table')
export const reasonOf = (code: string): Reason => rowOf(aaaReasons, code) ?? unknownReason

/** One AAA where it stood. `valid`: AAA01 `Y`, the request was fine but was not processed; both Y and N are rejections. */
export interface Rejection {
  loop: string
  valid: boolean
  code: string
  followUp: string
}

/**
 * May the same question be answered later? 42, 80 and 04: yes, whatever AAA04 advises (80 with the advice not to ask again occurs), except a
 * wait of 10 or 30 days (X, W), which is an answer to a visit next week. 79 only when the payer calls the request itself valid:
 * otherwise the payer id is wrong, and asking again never helps.
 */
export function isTransient(rejection: Rejection): boolean {
  if (rejection.followUp === 'W' || rejection.followUp === 'X') return false
  if (rejection.code === '79') return rejection.valid && rejection.loop !== '2100B'
  return reasonOf(rejection.code).class === 'transient'
}

const actionOfClass: Readonly<Record<ReasonClass, Action>> = {
  transient: 'retry',
  request: 'correct',
  enrolment: 'call',
  provider: 'correct',
  'patient-data': 'correct',
  dates: 'correct',
  coverage: 'do-not-retry',
  benefit: 'correct',
  unknown: 'call',
}
/** The visit is too far ahead: nothing is wrong with the question, so it is asked again nearer the day. */
const nearerTheVisit = new Set(['62', '63'])
const actionOfAdvice: Readonly<Record<string, Action>> = { W: 'retry-later', X: 'retry-later', Y: 'wait', N: 'do-not-retry', S: 'do-not-retry' }

/** What to do next. AAA04 is advice: it decides where the reason itself does not. */
export function actionOf(rejection: Rejection): Action {
  if (isTransient(rejection)) return 'retry'
  if (nearerTheVisit.has(rejection.code)) return 'retry-later'
  const advised = rowOf(actionOfAdvice, rejection.followUp)
  if (advised) return advised
  const { class: cls } = reasonOf(rejection.code)
  // C, R and P: whatever the advice, a request that was turned down for good needs another content.
  if (rejection.followUp === 'C' && cls === 'unknown') return 'correct'
  return cls === 'transient' ? 'retry-later' : actionOfClass[cls]
}

const at = (codes: string): ReadonlySet<string> => new Set(codes.split(' '))
const ofPatient = at('15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 78')
const ofBenefit = at('15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA')
/** Where each reason usually stands. Only for a warning: payers put them elsewhere, and they count there too. */
const usual: Readonly<Record<Loop, ReadonlySet<string>>> = {
  '2000A': at('04 41 42 79'),
  '2100A': at('04 41 42 79 80 T4'),
  '2100B': at('15 41 43 44 45 46 47 48 50 51 79 97 T4'),
  '2100C': ofPatient,
  '2100D': ofPatient,
  '2110C': ofBenefit,
  '2110D': ofBenefit,
}
export const isUsual = (loop: Loop, code: string): boolean => usual[loop].has(code)
