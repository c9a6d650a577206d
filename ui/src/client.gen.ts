// Written by `make gen` from api/openapi.json. Do not edit.
import { type CallOptions, call } from './shared/http.ts'

export { ApiError } from './shared/http.ts'

export type DecideOverride =
  | {
      action: 'choose'
      option: number | null
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'confirm'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'mark-inactive'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'correct'
      input: unknown
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'ask-patient'
      /**
       * @minItems 1
       * @maxItems 8
       */
      fields: ('memberId' | 'givenName' | 'familyName' | 'birthDate' | 'payerId' | 'payerSex' | 'secondPayerId' | 'secondMemberId')[]
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'retry'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'other-route'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'move'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'drop'
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
  | {
      action: 'answer'
      port: 'ok' | 'rejected'
      value: unknown
      decisionId: string
      reason:
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
      note: string
    }
export type MessageChannelState =
  | {
      is: 'ready' | 'no-address' | 'not-set-up' | 'at-limit'
    }
  | {
      is: 'opted-out'
      since: string
      cause: 'stop' | 'partner' | 'address' | 'patient' | 'staff'
    }
export type ReadOut = {
  title: string
  lines: {
    label: string
    text: string
    code: string | null
  }[]
}[]
export type VisitChange =
  | {
      change: 'moved'
      startsAt: string
      minutes?: number
      practitioner?: string
    }
  | {
      change: 'cancelled'
      reason: 'patient-asked' | 'clinic-closed' | 'clinician-away' | 'booked-twice' | 'other'
    }
  | {
      change: 'no-show' | 'fulfilled' | 'reopened'
    }

export interface AccessList {
  from: string
  to: string
  items: {
    at: string
    actor: {
      kind: 'user' | 'patient' | 'service' | 'service-account'
      name: string | null
    }
    action: string
    purpose: string | null
    outcome: 'ok' | 'denied' | 'error'
    subjects: number
  }[]
  cut: boolean
  whole: boolean
}
export interface AdapterList {
  items: AdapterView[]
}
export interface AdapterView {
  id: string
  title: string
  configSchema: JsonSchema
  secretsSchema: JsonSchema
  secretNames: string[]
  operations: {
    name: string
    version: number
    summary: string
  }[]
}
export interface JsonSchema {
  [k: string]: unknown
}
export interface AllowedAction {
  action: 'choose' | 'confirm' | 'mark-inactive' | 'correct' | 'ask-patient' | 'retry' | 'other-route' | 'move' | 'drop' | 'answer'
  undoSeconds: number
  needsSecond: boolean
  reasons: (
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
  )[]
  fields: ('memberId' | 'givenName' | 'familyName' | 'birthDate' | 'payerId' | 'payerSex' | 'secondPayerId' | 'secondMemberId')[]
  ofAnswers: boolean
  shape: JsonSchema | null
}
export interface AnsweredForm {
  id: string
  version: number | null
  isRecorded: boolean
  title: string
  questions: {
    label: string
    is: 'none' | 'words' | 'date' | 'yes' | 'no'
    words: string[]
  }[]
}
export interface BulkDryRun {
  plan: BulkPlan
  /**
   * @maxItems 10
   */
  sample: OverrideItem[]
  reasons: (
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
  )[]
  rateDefault: number
  rateMax: number
}
export interface BulkPlan {
  items: number
  skipped: {
    claimed: number
    decided: number
    resolved: number
    'not-allowed': number
  }
  more: boolean
  soonestVisitAt: string | null
  /**
   * @maxItems 61
   */
  visitsByDay: {
    day: string | null
    items: number
  }[]
}
export interface OverrideItem {
  id: string
  kind: 'delivery' | 'case'
  intakeId: string | null
  requestId: string | null
  reference: string | null
  flow: string
  version: number
  step: string
  partner: string | null
  operation: string | null
  payerId: string | null
  payerName: string | null
  cause:
    | 'unavailable'
    | 'throttled'
    | 'timeout'
    | 'uncertain'
    | 'credentials'
    | 'contract'
    | 'bug'
    | 'overdue'
    | 'no-connection'
    | 'choice'
    | 'turned-down'
    | 'no-verdict'
    | 'disputed'
    | 'not-listed'
    | 'unsupported'
  codes: string[]
  owner: 'ops' | 'clinic' | 'patient' | 'engineer'
  staffText: string
  status: 'open' | 'resolved'
  attempts: number
  openedAt: string
  visitAt: string | null
  incidentId: string | null
  claim: {
    userId: string
    name: string
    until: string
  } | null
  decision: ItemDecision | null
  resolution: ('answer' | 'retry' | 'correct' | 'move' | 'drop' | 'decided' | 'went-away') | null
  resolvedBy: string | null
  resolvedAt: string | null
  nextAction:
    | 'approve'
    | 'choose'
    | 'patient-corrects'
    | 'correct-or-ask-patient'
    | 'call-payer'
    | 'fix-connection'
    | 'tell-engineer'
    | 'retry-or-drop'
    | 'retry-or-other-route'
    | 'retry-when-back'
    | 'find-out-then-retry'
}
export interface ItemDecision {
  id: string
  overrideId: string
  action: 'choose' | 'confirm' | 'mark-inactive' | 'correct' | 'ask-patient' | 'retry' | 'other-route' | 'move' | 'drop' | 'answer'
  state: 'proposed' | 'scheduled' | 'carried-out' | 'undone' | 'refused'
  reason:
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
  by: StaffPerson
  at: string
  second: {
    userId: string
    name: string
    at: string
  } | null
  carryOutAt: string | null
  undoUntil: string | null
  endedAt: string | null
  refusedWhy: ('second-person' | 'already-resolved' | 'outcome-unknown' | 'not-possible' | 'expired' | 'failed') | null
  option: number | null
  bulkReleaseId: string | null
}
export interface StaffPerson {
  userId: string
  name: string
}
export interface BulkPlanRequest {
  action: 'retry' | 'other-route' | 'drop'
  selection: {
    incidentId?: string
    cause?:
      | 'unavailable'
      | 'throttled'
      | 'timeout'
      | 'uncertain'
      | 'credentials'
      | 'contract'
      | 'bug'
      | 'overdue'
      | 'no-connection'
      | 'choice'
      | 'turned-down'
      | 'no-verdict'
      | 'disputed'
      | 'not-listed'
      | 'unsupported'
    payerId?: string
    owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
    flow?: string
  }
}
export interface BulkRelease {
  id: string
  action: 'retry' | 'other-route' | 'drop'
  selection: {
    incidentId?: string
    cause?:
      | 'unavailable'
      | 'throttled'
      | 'timeout'
      | 'uncertain'
      | 'credentials'
      | 'contract'
      | 'bug'
      | 'overdue'
      | 'no-connection'
      | 'choice'
      | 'turned-down'
      | 'no-verdict'
      | 'disputed'
      | 'not-listed'
      | 'unsupported'
    payerId?: string
    owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
    flow?: string
  }
  ratePerMinute: number
  reason:
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
  status: 'running' | 'stopped' | 'finished'
  progress: {
    total: number
    waiting: number
    decided: number
    carriedOut: number
    refused: number
    skipped: {
      claimed: number
      decided: number
      resolved: number
      'not-allowed': number
    }
  }
  startedBy: string
  startedAt: string
  changedBy: string | null
  changedAt: string | null
  finishedAt: string | null
  endsAt: string | null
}
export interface BulkReleasePage {
  items: BulkRelease[]
  nextCursor: string | null
}
export interface ChargeAccepted {
  chargeId: string
}
export interface ChargeView {
  id: string
  purpose: 'copay' | 'instalment'
  amountMinor: number
  currency: string
  status: 'scheduled' | 'requested' | 'processing' | 'needs-you' | 'declined' | 'canceled' | 'succeeded'
  next: ('patient-confirms' | 'later' | 'new-method' | 'stop') | null
  code: string | null
  attempt: number
  dueAt: string | null
  withPatient: boolean
  stopping: boolean
  at: string
  refundableMinor: number
  refunds: RefundView[]
}
export interface RefundView {
  id: string
  amountMinor: number
  status: 'requested' | 'pending' | 'requires-action' | 'succeeded' | 'refused' | 'canceled' | 'failed'
  code: string | null
  reason: 'charged-too-much' | 'visit-cancelled' | 'charged-twice' | 'insurer-paid' | 'other' | 'at-the-partner'
  at: string
}
/**
 * `knownSince`: as it was seen.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ChartToForget".
 */
export interface ChartToForget {
  knownSince: string
  reason: 'another-person' | 'another-chart' | 'other'
}
export interface ClinicForm {
  id: string
  version: number
  title: string
  questions: number
  askedFrom: string
  endedAt: string | null
  savedBy: string | null
  incomplete: ('en' | 'es' | 'de' | 'fr')[]
  definition: {
    schema: JsonSchema
    words: {
      [k: string]: {
        title: string
        fields: {
          [k: string]: {
            label: string
            hint?: string
            options?: {
              [k: string]: string
            }
          }
        }
      }
    }
    /**
     * @maxItems 30
     */
    order?: string[]
  }
  languages: ('en' | 'es' | 'de' | 'fr')[]
}
export interface ClinicLook {
  name: string
  brandColour: string
  contactPhone: string
  /**
   * @minItems 1
   */
  languages: ('en' | 'es' | 'de' | 'fr')[]
  logoUrl: string | null
}
export interface ClinicLookInput {
  brandColour: string
  contactPhone: string
  /**
   * @minItems 1
   * @maxItems 4
   */
  languages: ('en' | 'es' | 'de' | 'fr')[]
  logo?: string | null
}
export interface ClinicView {
  name: string
  phone: string
  brandColour: string
  logoUrl: string | null
  timeZone: string
  country: string | null
  /**
   * @minItems 1
   */
  languages: ('en' | 'es' | 'de' | 'fr')[]
}
export interface CodeSent {
  expiresAt: string
}
export interface CodeToShow {
  code: string
  expiresAt: string
}
export interface ConnectionInput {
  config: {
    [k: string]: unknown
  }
  secrets?: {
    [k: string]: string
  }
}
export interface ConnectionList {
  items: ConnectionView[]
}
export interface ConnectionView {
  adapterId: string
  config: {
    [k: string]: unknown
  }
  secretNames: string[]
  updatedAt: string
  hookUrl: string | null
  keysUrl: string | null
}
export interface ConsentKindDetail {
  kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
  need: 'always' | 'with-card' | 'free'
  inForce: {
    language: 'en' | 'es' | 'de' | 'fr'
    version: number
    title: string
    from: string
    publishedBy: string | null
  }[]
  missing: ('en' | 'es' | 'de' | 'fr')[]
  coversBankAccounts: boolean
  asksForCode: boolean
  newest: number
  versions: ConsentVersion[]
  languages: ('en' | 'es' | 'de' | 'fr')[]
  bankAccounts: boolean
}
export interface ConsentVersion {
  version: number
  from: string
  until: string | null
  publishedBy: string | null
  coversBankAccounts: boolean
  texts: {
    language: 'en' | 'es' | 'de' | 'fr'
    title: string
    body: string
  }[]
  signed: {
    count: number
    more: boolean
  }
}
export interface ConsentKindItem {
  kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
  need: 'always' | 'with-card' | 'free'
  inForce: {
    language: 'en' | 'es' | 'de' | 'fr'
    version: number
    title: string
    from: string
    publishedBy: string | null
  }[]
  missing: ('en' | 'es' | 'de' | 'fr')[]
  coversBankAccounts: boolean
  asksForCode: boolean
}
export interface ConsentKindList {
  items: ConsentKindItem[]
  languages: ('en' | 'es' | 'de' | 'fr')[]
  bankAccounts: boolean
}
export interface ConsentList {
  items: GivenConsent[]
}
export interface GivenConsent {
  id: string
  kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
  title: string
  version: number
  signedAt: string
  withdrawnAt: string | null
}
export interface ConsentTextsEnded {
  version: number
}
export interface ConsentTextsSaved {
  version: number
}
export interface ConsentTextsToSave {
  texts: {
    [k: string]: {
      title: string
      body: string
    }
  }
  coversBankAccounts?: boolean
}
export interface ConsentWithdrawn {
  kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
}
export interface ConsentsOfVisit {
  items: {
    kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
    title: string
    signedAt: string
    withdrawnAt: string | null
    recorded: {
      name: string | null
      cameBy: 'phone' | 'counter' | 'letter'
    } | null
  }[]
}
export interface ContactOfVisit {
  contact: {
    givenName: string
    familyName: string
    birthDate: string | null
    phone: string | null
    email: string | null
    language: 'en' | 'es' | 'de' | 'fr'
    smsAllowed: boolean
  } | null
  source: ('staff' | 'patient') | null
  version: number
}
export interface ContactToSave {
  contact: {
    givenName: string
    familyName: string
    birthDate?: string | null
    phone?: string | null
    email?: string | null
    language?: 'en' | 'es' | 'de' | 'fr'
    smsAllowed?: boolean
  } | null
  /**
   * True: what was typed so far may be cleared, where it may be somebody else’s.
   */
  clears?: boolean
}
export interface CorrectionAccepted {
  reference: string
  statusUrl: string
}
export interface CorrectionView {
  reference: string
  statusUrl: string
  clinic: ClinicView
  visit: VisitView
  fields: ('memberId' | 'givenName' | 'familyName' | 'birthDate' | 'payerId' | 'payerSex' | 'secondPayerId' | 'secondMemberId')[]
  askedBy: 'payer-answer' | 'staff'
  hints: {
    memberId?: string
    givenName?: string
    familyName?: string
    payerId?: string
    secondPayerId?: string
    secondMemberId?: string
  }
  payers: {
    id: string
    name: string
    timeZone: string
    /**
     * @maxItems 20
     */
    aliases: string[]
    /**
     * @maxItems 20
     */
    cardPayerIds: string[]
    supported: boolean
  }[]
  left: number
}
export interface VisitView {
  startsAt: string
  endsAt: string
  practitioner: string
  status: 'proposed' | 'booked' | 'cancelled' | 'noshow' | 'fulfilled'
}
export interface DeadLetter {
  id: string
  queue: string
  type: string | null
  intakeId: string | null
  reason: string | null
  diedAt: string | null
}
export interface DeadLetterList {
  items: DeadLetter[]
}
export interface DeadLetterRequeued {
  id: string
}
export interface DeskAnswers {
  payerSex: 'F' | 'M' | 'U'
  gender: ('female' | 'male' | 'other' | 'unknown') | null
  guardian: {
    givenName: string
    familyName: string
    relationship: 'parent' | 'guardian' | 'other'
  } | null
  insurance: {
    payer: string | null
    listed: boolean
    memberId: string
    groupNumber: string | null
  }
  secondary: {
    payer: string | null
    listed: boolean
    memberId: string
    groupNumber: string | null
    nameOnCard: {
      givenName: string
      familyName: string
    } | null
  } | null
  nameOnCard: {
    givenName: string
    familyName: string
  } | null
  noCard: boolean
}
export interface DeskDay {
  from: string
  to: string
  items: DeskVisit[]
  cut: boolean
}
export interface DeskVisit {
  journey: Journey
  message: PatientMessage | null
  contactRevision: number
  withdrawn: ('treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth')[]
  ofAnother: boolean
  linkEnded: boolean
}
export interface Journey {
  intakeId: string
  visitId: string | null
  reference: string
  startsAt: string | null
  practitioner: string | null
  visitStatus: 'proposed' | 'booked' | 'cancelled' | 'noshow' | 'fulfilled'
  visitChange: {
    change: 'moved' | 'cancelled' | 'no-show' | 'fulfilled' | 'reopened'
    by: 'clinic' | 'ehr' | 'legacy-scheduler'
    at: string
  } | null
  intake: 'created' | 'opened' | 'submitted'
  eligibility: ('checking' | 'provisional' | 'confirmed' | 'inactive' | 'needs-you' | 'with-our-team' | 'corrected') | null
  askedByFile: boolean
  provisional: {
    verdict: 'active' | 'inactive' | 'mixed' | 'rejected' | 'unknown'
    doubts: (
      | 'closed-calendar'
      | 'test-marks'
      | 'echo-mismatch'
      | 'empty-answer'
      | 'no-dates-or-plan'
      | 'same-body'
      | 'fast-answer'
      | 'active-rate'
      | 'canary-active'
      | 'canary-inactive'
    )[]
    recheckAt: string
  } | null
  answer: {
    at: string
    staleAt: string | null
    expiresAt: string | null
  } | null
  changed: {
    at: string
    from: 'active' | 'inactive' | 'mixed' | 'rejected' | 'unknown'
  } | null
  nextTry: {
    at: string
    why: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection' | 'choice'
  } | null
  payment: ('requested' | 'stored' | 'needs-you' | 'declined' | 'with-our-team') | null
  paymentMethod: ('card' | 'us-bank-account' | 'other') | null
  writeback: 'none' | 'written' | 'refused' | 'with-our-team'
  photosExpected: number
  photosClean: number
  photosRejected: number
  held: number
  updatedAt: string
}
export interface PatientMessage {
  id: string
  intakeId: string
  kind: 'invitation' | 'code' | 'reminder-72h' | 'reminder-24h' | 'correction-asked' | 'confirm-asked' | 'news' | 'moved' | 'cancelled'
  channel: 'sms' | 'mail'
  status: 'planned' | 'requested' | 'suppressed' | 'sent' | 'failed' | 'undelivered' | 'delivered'
  reason:
    | (
        | 'opted-out'
        | 'number-invalid'
        | 'number-unreachable'
        | 'not-a-mobile'
        | 'mailbox-unknown'
        | 'mailbox-full'
        | 'content-refused'
        | 'sender-refused'
        | 'too-late'
        | 'finished'
        | 'cancelled'
        | 'moved'
        | 'over'
        | 'link-ended'
        | 'no-link'
        | 'no-address'
        | 'no-consent'
        | 'no-channel'
        | 'outcome-unknown'
        | 'answered'
        | 'address-changed'
        | 'visit-limit'
      )
    | null
  code: string | null
  dueAt: string | null
  createdAt: string
  sentAt: string | null
  statusAt: string
  by: 'desk' | 'hub'
}
export interface DeskNames {
  items: VisitName[]
}
export interface VisitName {
  givenName: string
  familyName: string
  birthDate: string | null
  language: 'en' | 'es' | 'de' | 'fr'
  visitId: string
}
export interface DraftSaved {
  version: number
  savedAt: string
}
export interface DraftToSave {
  data: {
    [k: string]: unknown
  }
  birthDate?: string | null
  contact?: {
    givenName: string
    familyName: string
    birthDate?: string | null
    phone?: string | null
    email?: string | null
    language?: 'en' | 'es' | 'de' | 'fr'
  } | null
}
export interface FlowList {
  items: FlowView[]
}
export interface FlowView {
  name: string
  version: number
  hash: string
  enters: string[]
  leaves: string[]
}
export interface FormAnswers {
  items: AnsweredForm[]
}
export interface FormItem {
  id: string
  version: number
  title: string
  questions: number
  askedFrom: string
  endedAt: string | null
  savedBy: string | null
  incomplete: ('en' | 'es' | 'de' | 'fr')[]
}
export interface FormList {
  items: FormItem[]
  languages: ('en' | 'es' | 'de' | 'fr')[]
  askedMax: number
}
export interface FormSaved {
  version: number
}
/**
 * Null: it is not asked any more.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "FormToSave".
 */
export interface FormToSave {
  definition: {
    schema: {
      type: 'object'
      properties: {
        [k: string]:
          | {
              type: 'string'
              /**
               * @minItems 2
               * @maxItems 30
               */
              enum: string[]
            }
          | {
              type: 'string'
              format: 'date'
            }
          | {
              type: 'string'
              minLength?: number
              maxLength: number
            }
          | {
              type: 'integer' | 'number'
              minimum: number
              maximum: number
            }
          | {
              type: 'boolean'
            }
          | {
              type: 'array'
              items: {
                type: 'string'
                /**
                 * @minItems 2
                 * @maxItems 30
                 */
                enum: string[]
              }
              uniqueItems: true
              maxItems: number
            }
      }
      /**
       * @maxItems 30
       */
      required?: string[]
      additionalProperties: false
    }
    words: {
      [k: string]: {
        title: string
        fields: {
          [k: string]: {
            label: string
            hint?: string
            options?: {
              [k: string]: string
            }
          }
        }
      }
    }
    /**
     * @maxItems 30
     */
    order?: string[]
  } | null
}
export interface Health {
  ok: true
  process: string
}
export interface ImportLine {
  line: number
  is: 'new' | 'booked' | 'there' | 'cancelled' | 'twice' | 'wrong'
  startsAt: string | null
  practitioner: string | null
  name: string | null
  problems: {
    column:
      | (
          | 'date'
          | 'time'
          | 'minutes'
          | 'practitioner'
          | 'givenName'
          | 'familyName'
          | 'birthDate'
          | 'phone'
          | 'email'
          | 'language'
          | 'textsAllowed'
          | 'ehrPatientId'
        )
      | null
    problem: 'missing' | 'not-readable' | 'no-such-time' | 'past' | 'too-far' | 'too-long' | 'unreadable-line'
  }[]
  sent: ('on-its-way' | 'waits' | 'not-possible') | null
}
export interface ImportResult {
  refused: {
    problem: 'empty' | 'too-many-lines' | 'missing-columns' | 'same-column-twice' | 'not-csv'
    columns: (
      'date' | 'time' | 'minutes' | 'practitioner' | 'givenName' | 'familyName' | 'birthDate' | 'phone' | 'email' | 'language' | 'textsAllowed' | 'ehrPatientId'
    )[]
  } | null
  lines: ImportLine[]
  ignored: number
}
export interface IncidentClosed {
  incidentId: string
}
export interface IncidentItem {
  id: string
  kind:
    | 'silence'
    | 'batch-refused'
    | 'set-rejected'
    | 'unmatched-answer'
    | 'conflicting-answer'
    | 'unreadable-file'
    | 'not-answering'
    | 'implausible-answers'
    | 'visit-conflict'
    | 'duplicate-chart'
    | 'refund-failed'
    | 'instalment-not-charged'
    | 'chart-forgotten'
    | 'charged-twice'
    | 'hold-not-given-back'
    | 'consent-withdrawn'
    | 'messages-refused'
    | 'key-refused'
    | 'charged-unwanted'
    | 'appointment-of-another'
  partner: string
  payerId: string | null
  payerName: string | null
  about: {
    is: 'batch' | 'file' | 'payer' | 'request' | 'partner' | 'refund' | 'visit' | 'plan' | 'charge' | 'payment'
    id: string
  }
  count: number
  status: 'open' | 'resolved'
  openedAt: string
  lastAt: string
  closedAt: string | null
  reason:
    | (
        | 'partner-is-back'
        | 'confirmed-by-phone'
        | 'confirmed-on-website'
        | 'data-corrected'
        | 'connection-fixed'
        | 'software-fixed'
        | 'visit-cancelled'
        | 'duplicate'
        | 'other'
        | 'patient-data-wrong'
        | 'partner-away'
        | 'compared-with-chart'
        | 'patient-confirmed'
        | 'sent-again'
        | 'went-away'
      )
    | null
  closedBy: string | null
  canSendAgain: boolean
}
export interface IncidentPage {
  items: IncidentItem[]
  total: number
  nextCursor: string | null
}
export interface IncidentSentAgain {
  incidentId: string
  inquiries: number
}
export interface IntakeAccepted {
  reference: string
  statusUrl: string
}
export interface IntakeDraft {
  version: number
  savedAt: string
  data: {
    [k: string]: unknown
  }
}
export interface IntakeForm {
  schema: JsonSchema
  words: {
    [k: string]: {
      title: string
      fields: {
        [k: string]: {
          label: string
          hint?: string
          options?: {
            [k: string]: string
          }
        }
      }
    }
  }
  /**
   * @maxItems 30
   */
  order?: string[]
  id: string
  version: number
}
export interface IntakeSubmission {
  answers: {
    givenName: string
    familyName: string
    birthDate: string
    payerSex: 'F' | 'M' | 'U'
    phone: string
    email?: string | null
    address: {
      line1: string
      line2?: string | null
      city: string
      country?: string
      state?: string | null
      postalCode?: string | null
    }
    payerId: string
    memberId: string
    groupNumber?: string | null
    nameOnCard?: {
      givenName: string
      familyName: string
    } | null
    gender?: ('female' | 'male' | 'other' | 'unknown') | null
    guardian?: {
      givenName: string
      familyName: string
      relationship: 'parent' | 'guardian' | 'other'
    } | null
    secondary?: {
      payerId?: string | null
      payerText?: string | null
      memberId: string
      groupNumber?: string | null
      nameOnCard?: {
        givenName: string
        familyName: string
      } | null
    } | null
    payerText?: string | null
    noCard?: boolean
    forms?: {
      [k: string]: {
        [k: string]: unknown
      }
    }
    formVersions?: {
      [k: string]: number
    }
  }
  /**
   * @minItems 1
   * @maxItems 6
   */
  consents: {
    textId: string
    textSha256: string
    granted: true
  }[]
  signature: {
    typedName: string
    language: 'en' | 'es' | 'de' | 'fr'
    drawing?: string | null
    accessCode?: string | null
  }
  /**
   * @maxItems 4
   */
  uploadIds: string[]
  confirmationTokenId: string | null
}
export interface IntakeView {
  intakeId: string
  reference: string
  status: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  expiresAt: string
  statusUrl: string
  clinic: ClinicView
  visit: VisitView
  payers: {
    id: string
    name: string
    timeZone: string
    /**
     * @maxItems 20
     */
    aliases: string[]
    /**
     * @maxItems 20
     */
    cardPayerIds: string[]
    supported: boolean
  }[]
  consentTexts: {
    en: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
      language: 'en' | 'es' | 'de' | 'fr'
      version: number
      title: string
      body: string
      sha256: string
    }[]
    es: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
      language: 'en' | 'es' | 'de' | 'fr'
      version: number
      title: string
      body: string
      sha256: string
    }[]
    de: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
      language: 'en' | 'es' | 'de' | 'fr'
      version: number
      title: string
      body: string
      sha256: string
    }[]
    fr: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
      language: 'en' | 'es' | 'de' | 'fr'
      version: number
      title: string
      body: string
      sha256: string
    }[]
  }
  accessCode: string
  card: {
    scriptUrl: string
    publishableKey: string
    bankAccounts: boolean
    currency: string
  } | null
  forms: IntakeForm[]
  draft: {
    version: number
    savedAt: string
    data: {
      [k: string]: unknown
    }
  } | null
  draftVersion: number
  contact: {
    givenName: string
    familyName: string
    birthDate: string | null
    phone: string | null
    email: string | null
    language: 'en' | 'es' | 'de' | 'fr'
    smsAllowed: boolean
  } | null
  previous: {
    answers: {
      givenName: string
      familyName: string
      birthDate: string
      payerSex: 'F' | 'M' | 'U'
      phone: string
      email: string | null
      address: {
        line1: string
        line2: string | null
        city: string
        country: string
        state: string | null
        postalCode: string | null
      }
      payerId: string
      memberId: string
      groupNumber: string | null
      nameOnCard: {
        givenName: string
        familyName: string
      } | null
      gender: ('female' | 'male' | 'other' | 'unknown') | null
      guardian: {
        givenName: string
        familyName: string
        relationship: 'parent' | 'guardian' | 'other'
      } | null
      secondary: {
        payerId: string | null
        payerText: string | null
        memberId: string
        groupNumber: string | null
        nameOnCard: {
          givenName: string
          familyName: string
        } | null
      } | null
      payerText: string | null
      noCard: boolean
      forms: {
        [k: string]: {
          [k: string]: unknown
        }
      }
      formVersions: {
        [k: string]: number
      }
    }
    givenAt: string
  } | null
  uploads: {
    id: string
    kind: 'card-front' | 'card-back'
    status: 'expected' | 'quarantined' | 'clean' | 'rejected'
  }[]
  limits: {
    uploadBytesMax: number
    uploadsMax: number
    uploadTypes: ('image/jpeg' | 'image/png' | 'image/webp')[]
  }
}
export interface ItemAttempt {
  id: string
  flow: string
  step: string
  operation: string | null
  generation: number
  number: number
  at: string
  latencyMs: number | null
  outcome: 'running' | 'succeeded' | 'rejected' | 'failed' | 'unknown' | 'reconciled' | 'choice'
  cause:
    | (
        | 'unavailable'
        | 'throttled'
        | 'timeout'
        | 'uncertain'
        | 'credentials'
        | 'contract'
        | 'bug'
        | 'overdue'
        | 'no-connection'
        | 'choice'
        | 'turned-down'
        | 'no-verdict'
        | 'disputed'
        | 'not-listed'
        | 'unsupported'
      )
    | null
  nothingSent: boolean
  sentOpenable: boolean
  answerOpenable: boolean
  late: boolean
  manual: boolean
  suspicions: (
    | 'closed-calendar'
    | 'test-marks'
    | 'echo-mismatch'
    | 'empty-answer'
    | 'no-dates-or-plan'
    | 'same-body'
    | 'fast-answer'
    | 'active-rate'
    | 'canary-active'
    | 'canary-inactive'
  )[]
}
export interface ItemChoice {
  rows: {
    field: 'familyName' | 'givenName' | 'birthDate' | 'sex' | 'phone' | 'email' | 'address' | 'mrn'
    asked: string | null
    charts: {
      text: string | null
      match: 'same' | 'different' | 'not-there' | 'not-asked'
    }[]
  }[]
  charts: {
    /**
     * @maxItems 3
     */
    foundBy: ('name-and-birth-date' | 'phone' | 'birth-date-and-phone')[]
    updatedAt: string | null
    ref: string
  }[]
  more: boolean
  none: boolean
}
export interface ItemClaimed {
  overrideId: string
  claim: {
    userId: string
    name: string
    until: string
  }
}
export interface ItemGroup {
  incidentId: string
  kind:
    | 'silence'
    | 'batch-refused'
    | 'set-rejected'
    | 'unmatched-answer'
    | 'conflicting-answer'
    | 'unreadable-file'
    | 'not-answering'
    | 'implausible-answers'
    | 'visit-conflict'
    | 'duplicate-chart'
    | 'refund-failed'
    | 'instalment-not-charged'
    | 'chart-forgotten'
    | 'charged-twice'
    | 'hold-not-given-back'
    | 'consent-withdrawn'
    | 'messages-refused'
    | 'key-refused'
    | 'charged-unwanted'
    | 'appointment-of-another'
  partner: string
  payerId: string | null
  payerName: string | null
  cause:
    | 'unavailable'
    | 'throttled'
    | 'timeout'
    | 'uncertain'
    | 'credentials'
    | 'contract'
    | 'bug'
    | 'overdue'
    | 'no-connection'
    | 'choice'
    | 'turned-down'
    | 'no-verdict'
    | 'disputed'
    | 'not-listed'
    | 'unsupported'
  items: number
  soonestVisitAt: string | null
}
export interface ItemReleased {
  overrideId: string
}
export interface JourneyChange {
  intakeId: string
}
export interface JourneyStep {
  at: string
  step: string
  process: string
  outcome: string | null
  sinceSubmitMs: number | null
  durationMs: number | null
}
export interface JourneyTimeline {
  journey: Journey
  steps: JourneyStep[]
}
export interface LinkCreated {
  patientUrl: string
  expiresAt: string
}
export interface LinkNow {
  status: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  canBeSent: boolean
}
export interface LiveBreaker {
  partner: string
  payerId: string | null
  payerName: string | null
  operation: string
  state: 'closed' | 'open' | 'half-open'
  since: string | null
  next: string | null
  cause: ('unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'implausible') | null
}
export interface LiveMinute {
  minute: string
  answered: number
  failed: number
}
export interface LivePartner {
  partner: string
  calls: number
  failed: number
  failedPercent: number
}
export interface LiveQueue {
  queue: string
  active: number
  retrying: number
  held: number
  dead: number | null
}
export interface MessageRules {
  quiet: {
    fromMinutes: number
    untilMinutes: number
  }
  senderName: string | null
}
export interface MessageToSend {
  kind: 'invitation'
  channel?: 'auto' | 'sms' | 'mail'
  atOnce?: boolean
}
export interface MethodAsked {
  requestId: string
}
export interface MethodLeft {
  methodId: string
  confirmationTokenId: string
  authorisation: {
    textId: string
    textSha256: string
    granted: true
  }
}
export interface NewCharge {
  chargeId: string
  amountMinor: number
}
export interface NewPlan {
  planId: string
  /**
   * @minItems 1
   * @maxItems 24
   */
  instalments: {
    dueOn: string
    amountMinor: number
  }[]
}
export interface NewRefund {
  refundId: string
  amountMinor: number
  reason: 'charged-too-much' | 'visit-cancelled' | 'charged-twice' | 'insurer-paid' | 'other'
}
export interface NewServiceAccount {
  name: string
  role: 'live'
  days?: number
}
export interface OpenedAnswers {
  values: {
    [k: string]: string
  }
}
export interface OpenedAttempt {
  sent: ReadOut | null
  answered: ReadOut | null
}
export interface OpenedDecision {
  note: string
  content: ReadOut | null
}
export interface OpsChange {
  id: string
}
export interface OpsLive {
  clinic: string
  timeZone: string
  asOf: string
  breakers: LiveBreaker[]
  queues: LiveQueue[]
  throughput: LiveMinute[]
  partners: LivePartner[]
  weather: PayerWeather[]
}
export interface PayerWeather {
  partner: string
  payerId: string
  payerName: string
  state: 'open' | 'probing' | 'closed' | 'suspicious' | 'ok'
  since: string | null
  next: string | null
  cause: ('unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'implausible') | null
  waiting: number
  held: number
}
export interface OpsRules {
  confirmNeedsTwo: boolean
}
export interface OptOut {
  out: boolean
}
export interface OverrideDetail {
  item: OverrideItem
  allowed: AllowedAction[]
  shapes: {
    input: JsonSchema
    ok: JsonSchema | null
    rejected: JsonSchema
  } | null
  nextTryAt: string | null
  attempts: ItemAttempt[]
  decisions: ItemDecision[]
}
export interface OverrideInput {
  input: unknown
}
export interface OverridePage {
  items: OverrideItem[]
  total: number
  mine: number
  proposed: number
  byCause: {
    value: string
    name: string | null
    count: number
  }[]
  byPayer: {
    value: string
    name: string | null
    count: number
  }[]
  groups: ItemGroup[]
  nextCursor: string | null
}
export interface PaperParts {
  name: string
  phone: string
  timeZone: string
  country: string | null
  languages: ('en' | 'es' | 'de' | 'fr')[]
  consents: {
    kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
    language: 'en' | 'es' | 'de' | 'fr'
    title: string
    body: string
  }[]
  forms: IntakeForm[]
}
export interface PatientCorrection {
  memberId?: string
  givenName?: string
  familyName?: string
  birthDate?: string
  payerId?: string
  payerSex?: 'F' | 'M' | 'U'
  secondPayerId?: string
  secondMemberId?: string
  payerText?: string
  secondPayerText?: string
}
export interface PayerDefaults {
  route: 'real-time' | 'real-time-or-batch' | 'batch'
  calendar: {
    timeZone: string
    /**
     * @maxItems 50
     */
    closed: {
      day: number
      from: string
      to: string
    }[]
    usFederalHolidays: boolean
    /**
     * @maxItems 200
     */
    holidays: string[]
    /**
     * @maxItems 100
     */
    downtimes: {
      from: string
      to: string
    }[]
  }
  ages: {
    freshDays: number
    expireDays: number
    askAgainDaysBefore: number
  }
  /**
   * @maxItems 2
   */
  canaries: {
    known: 'active' | 'inactive'
    memberId: string
    givenName: string
    familyName: string
    birthDate: string
    payerSex: 'F' | 'M' | 'U'
  }[]
  canaryEveryMinutes: number
}
export interface PayerDetail {
  id: string
  name: string
  route: 'real-time' | 'real-time-or-batch' | 'batch'
  timeZone: string
  open: boolean
  nextOpenAt: string | null
  lastSeenAt: string | null
  suspiciousSince: string | null
  suspicions: (
    | 'closed-calendar'
    | 'test-marks'
    | 'echo-mismatch'
    | 'empty-answer'
    | 'no-dates-or-plan'
    | 'same-body'
    | 'fast-answer'
    | 'active-rate'
    | 'canary-active'
    | 'canary-inactive'
  )[]
  own: boolean
  version: number
  catalogue: PayerDefaults
  settings: PayerValues
  canaryResults: {
    known: 'active' | 'inactive'
    askedAt: string | null
    answeredAt: string | null
    verdict: ('active' | 'inactive' | 'mixed' | 'rejected' | 'unknown') | null
    dueAt: string | null
  }[]
}
export interface PayerValues {
  route?: 'real-time' | 'real-time-or-batch' | 'batch'
  calendar?: {
    timeZone: string
    /**
     * @maxItems 50
     */
    closed: {
      day: number
      from: string
      to: string
    }[]
    usFederalHolidays: boolean
    /**
     * @maxItems 200
     */
    holidays: string[]
    /**
     * @maxItems 100
     */
    downtimes: {
      from: string
      to: string
    }[]
  }
  ages?: {
    freshDays: number
    expireDays: number
    askAgainDaysBefore: number
  }
  /**
   * @maxItems 2
   */
  canaries?: {
    known: 'active' | 'inactive'
    memberId: string
    givenName: string
    familyName: string
    birthDate: string
    payerSex: 'F' | 'M' | 'U'
  }[]
  canaryEveryMinutes?: number
}
export interface PayerItem {
  id: string
  name: string
  route: 'real-time' | 'real-time-or-batch' | 'batch'
  timeZone: string
  open: boolean
  nextOpenAt: string | null
  lastSeenAt: string | null
  suspiciousSince: string | null
  suspicions: (
    | 'closed-calendar'
    | 'test-marks'
    | 'echo-mismatch'
    | 'empty-answer'
    | 'no-dates-or-plan'
    | 'same-body'
    | 'fast-answer'
    | 'active-rate'
    | 'canary-active'
    | 'canary-inactive'
  )[]
  own: boolean
  version: number
}
export interface PayerList {
  items: PayerItem[]
}
export interface PayerSettingsInput {
  settings: {
    route?: 'real-time' | 'real-time-or-batch' | 'batch'
    calendar?: {
      timeZone: string
      /**
       * @maxItems 50
       */
      closed?: {
        day: number
        from: string
        to: string
      }[]
      usFederalHolidays?: boolean
      /**
       * @maxItems 200
       */
      holidays?: string[]
      /**
       * @maxItems 100
       */
      downtimes?: {
        from: string
        to: string
      }[]
    }
    ages?: {
      freshDays?: number
      expireDays?: number
      askAgainDaysBefore?: number
    }
    /**
     * @maxItems 2
     */
    canaries?: {
      known: 'active' | 'inactive'
      memberId: string
      givenName: string
      familyName: string
      birthDate: string
      payerSex: 'F' | 'M' | 'U'
    }[]
    canaryEveryMinutes?: number
  }
  version: number
}
export interface PaymentsView {
  method: {
    status: 'requested' | 'needs-you' | 'declined' | 'stored'
    kind: string | null
    code: string | null
  } | null
  unauthorised: ('not-authorised' | 'authorisation-withdrawn') | null
  copayMinor: number | null
  currency: string
  charges: ChargeView[]
  plans: PlanView[]
  askedAt: string | null
  offer: {
    status: 'requested' | 'needs-you' | 'declined' | 'stored'
    code: string | null
  } | null
}
export interface PlanView {
  id: string
  status: 'proposed' | 'expired' | 'agreed' | 'ended'
  totalMinor: number
  currency: string
  proposedAt: string
  agreedAt: string | null
  instalments: {
    number: number
    dueOn: string
    amountMinor: number
    status: 'scheduled' | 'requested' | 'processing' | 'needs-you' | 'declined' | 'canceled' | 'succeeded' | 'waiting' | 'cancelled'
  }[]
}
export interface PhotoList {
  items: {
    id: string
    kind: 'card-front' | 'card-back'
    status: 'expected' | 'quarantined' | 'clean' | 'rejected'
    reason: string | null
    sent: boolean
  }[]
}
export interface PhotoUrl {
  url: string
  thumbUrl: string
  contentType: 'image/jpeg'
  expiresAt: string
}
export interface PlanProposed {
  planId: string
}
export interface PlanSignature {
  planId: string
  termsSha256: string
  language: 'en' | 'es' | 'de' | 'fr'
}
export interface ProofAttempt {
  birthDate: string | null
  code: string
}
export interface ProofNeeded {
  clinic: ClinicView
  language: ('en' | 'es' | 'de' | 'fr') | null
  expiresAt: string
  asks: {
    birthDate: boolean
  }
  to: {
    channel: 'sms' | 'mail'
    masked: string
  }[]
  code: {
    expiresAt: string
    triesLeft: number
  } | null
  pausedUntil: string | null
}
export interface ProofResult {
  outcome: 'proved' | 'wrong' | 'ended' | 'paused'
  triesLeft: number
  pausedUntil: string | null
}
export interface PublicKeys {
  keys: {
    [k: string]: string
  }[]
}
export interface Readiness {
  ok: true
}
export interface RefundAccepted {
  refundId: string
}
export interface SaveView {
  name: string
  filter: {
    cause?:
      | 'unavailable'
      | 'throttled'
      | 'timeout'
      | 'uncertain'
      | 'credentials'
      | 'contract'
      | 'bug'
      | 'overdue'
      | 'no-connection'
      | 'choice'
      | 'turned-down'
      | 'no-verdict'
      | 'disputed'
      | 'not-listed'
      | 'unsupported'
    payer?: string
    owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
    kind?: 'delivery' | 'case'
    incident?: string
    flow?: string
    mine?: boolean
    proposed?: boolean
  }
  sort: 'visit' | 'age'
}
export interface SavedView {
  name: string
  filter: {
    cause?:
      | 'unavailable'
      | 'throttled'
      | 'timeout'
      | 'uncertain'
      | 'credentials'
      | 'contract'
      | 'bug'
      | 'overdue'
      | 'no-connection'
      | 'choice'
      | 'turned-down'
      | 'no-verdict'
      | 'disputed'
      | 'not-listed'
      | 'unsupported'
    payer?: string
    owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
    kind?: 'delivery' | 'case'
    incident?: string
    flow?: string
    mine?: boolean
    proposed?: boolean
  }
  sort: 'visit' | 'age'
  id: string
}
export interface SavedViewList {
  /**
   * @maxItems 20
   */
  items: SavedView[]
}
export interface SavedViewRemoved {
  id: string
}
export interface ScheduleDifferences {
  items: {
    id: string
    kind: 'only-here' | 'only-there' | 'time' | 'status' | 'practitioner' | 'refused-there' | 'changed-there' | 'unreadable-there'
    visitId: string | null
    intakeId: string | null
    legacyId: string | null
    code: string | null
    since: string
    seenAt: string
    here: ScheduleSaid | null
    there: ScheduleSaid | null
    decidable: boolean
  }[]
  nextCursor: string | null
}
export interface ScheduleSaid {
  revision: number
  status: 'proposed' | 'booked' | 'cancelled' | 'noshow' | 'fulfilled'
  startsAt: string
  endsAt: string
  practitioner: string
}
export interface ScheduleHandover {
  id: string
  to: 'hub' | 'legacy-scheduler'
  phase: 'freezing' | 'draining' | 'thawing' | 'done' | 'given-up'
  startedAt: string
  startedBy: string
  frozenAt: string | null
  switchedAt: string | null
  endedAt: string | null
  comparisons: number
  differences: number
}
export interface ScheduleState {
  connected: boolean
  owner: 'hub' | 'legacy-scheduler'
  ownerSince: string | null
  ownerBy: string | null
  dualRun: boolean
  dualRunSince: string | null
  dualRunBy: string | null
  comparedAt: string | null
  differences: number
  refused: {
    code: string
    at: string
  } | null
  handover: ScheduleHandover | null
}
export interface ServiceAccount {
  id: string
  name: string
  role: 'live'
  createdBy: string
  createdAt: string
  expiresAt: string
  endedAt: string | null
}
export interface ServiceAccountCreated {
  id: string
  token: string
  expiresAt: string
}
export interface ServiceAccountList {
  items: ServiceAccount[]
}
export interface SessionView {
  userId: string
  displayName: string
  email: string
  roles: ('admin' | 'front-desk' | 'ops' | 'analyst')[]
  actions: (
    | 'intake.read'
    | 'intake.prove'
    | 'intake.draft'
    | 'intake.upload'
    | 'intake.submit'
    | 'intake.correct'
    | 'status.read'
    | 'consent.withdraw'
    | 'clinic.read'
    | 'clinic.write'
    | 'visit.create'
    | 'visit.link'
    | 'visit.change'
    | 'visit.list'
    | 'visit.import'
    | 'contact.read'
    | 'contact.save'
    | 'answers.read'
    | 'consent.record-withdrawal'
    | 'audit.read'
    | 'payment.read'
    | 'payment.charge'
    | 'payment.refund'
    | 'payment.plan'
    | 'plan.agree'
    | 'method.leave'
    | 'photo.read'
    | 'override.list'
    | 'override.read'
    | 'override.open-input'
    | 'override.claim'
    | 'override.decide'
    | 'override.approve'
    | 'ops-rules.read'
    | 'ops-rules.write'
    | 'answers.open'
    | 'incident.list'
    | 'incident.close'
    | 'incident.send-again'
    | 'bulk-release.read'
    | 'bulk-release.run'
    | 'journey.read'
    | 'payer.read'
    | 'payer.write'
    | 'form.read'
    | 'form.write'
    | 'form-answer.read'
    | 'consent-text.read'
    | 'consent-text.publish'
    | 'schedule.read'
    | 'schedule.write'
    | 'connection.list'
    | 'connection.write'
    | 'flow.list'
    | 'dead-letter.list'
    | 'dead-letter.requeue'
    | 'live.read'
    | 'queue.read'
    | 'service-account.list'
    | 'service-account.write'
  )[]
  tenant: {
    id: string
    slug: string
    name: string
    timeZone: string
    region: 'us-east' | 'eu-west'
    /**
     * @minItems 1
     */
    languages: ('en' | 'es' | 'de' | 'fr')[]
  }
  expiresAt: string
}
export interface StartBulkRelease {
  bulkReleaseId: string
  action: 'retry' | 'other-route' | 'drop'
  selection: {
    incidentId?: string
    cause?:
      | 'unavailable'
      | 'throttled'
      | 'timeout'
      | 'uncertain'
      | 'credentials'
      | 'contract'
      | 'bug'
      | 'overdue'
      | 'no-connection'
      | 'choice'
      | 'turned-down'
      | 'no-verdict'
      | 'disputed'
      | 'not-listed'
      | 'unsupported'
    payerId?: string
    owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
    flow?: string
  }
  ratePerMinute: number
  reason:
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
  note: string
}
export interface StatusLine {
  subject: 'visit' | 'intake' | 'insurance' | 'card' | 'payment' | 'photos'
  tone: 'checking' | 'provisional' | 'confirmed' | 'failed' | 'needs-someone'
  what:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.no-script'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.correct'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'heading.cancelled'
    | 'todo.nothing'
    | 'page.confirm'
    | 'confirmed.title'
    | 'confirmed.text'
    | 'confirm.over.title'
    | 'confirm.over.text'
    | 'forget.text'
    | 'forget.do'
    | 'forgotten.title'
    | 'forgotten.text'
    | 'tone.checking'
    | 'tone.provisional'
    | 'tone.confirmed'
    | 'tone.failed'
    | 'tone.needs-someone'
    | 'link.unknown.title'
    | 'link.unknown.text'
    | 'link.ended.title'
    | 'link.ended.text'
    | 'failure.title'
    | 'failure.text'
    | 'busy.title'
    | 'busy.text'
    | 'visit.cancelled.what'
    | 'visit.cancelled.meaning'
    | 'visit.cancelled.todo'
    | 'visit.moved.what'
    | 'visit.moved.meaning'
    | 'visit.no-show.what'
    | 'visit.no-show.meaning'
    | 'visit.no-show.todo'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.slow.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
    | 'insurance.checking.what'
    | 'insurance.checking.meaning'
    | 'insurance.by-file.what'
    | 'insurance.by-file.meaning'
    | 'insurance.later.what'
    | 'insurance.later.meaning'
    | 'insurance.provisional.what'
    | 'insurance.provisional.meaning'
    | 'insurance.doubtful.what'
    | 'insurance.doubtful.meaning'
    | 'insurance.expired.what'
    | 'insurance.expired.meaning'
    | 'insurance.changed.meaning'
    | 'insurance.confirmed.what'
    | 'insurance.confirmed.meaning'
    | 'insurance.inactive.what'
    | 'insurance.inactive.meaning'
    | 'insurance.changed-inactive.meaning'
    | 'insurance.inactive.todo'
    | 'insurance.needs-you.what'
    | 'insurance.needs-you.meaning'
    | 'insurance.needs-you.todo'
    | 'insurance.correct.what'
    | 'insurance.correct.todo'
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'method.requested.what'
    | 'method.stored.what'
    | 'method.needs-you.what'
    | 'method.declined.what'
    | 'method.declined.todo'
    | 'method.with-our-team.what'
    | 'account.stored.what'
    | 'account.needs-you.what'
    | 'account.declined.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.confirm.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.meaning'
    | 'charge.confirm.what'
    | 'charge.confirm.meaning'
    | 'charge.confirm.todo'
    | 'money.title'
    | 'money.charge.under-way'
    | 'money.charge.done'
    | 'money.refund.under-way'
    | 'money.refund.done'
    | 'money.refund.failed'
    | 'plan.next'
    | 'page.confirm-charge'
    | 'other-method.asked.what'
    | 'other-method.asked.meaning'
    | 'other-method.asked.todo'
    | 'other-method.checking.what'
    | 'other-method.confirm.what'
    | 'other-method.declined.what'
    | 'other-method.authorise'
    | 'page.leave-method'
    | 'other-method.failed'
    | 'plan.title'
    | 'plan.lead'
    | 'plan.agree'
    | 'plan.agreed'
    | 'plan.failed'
    | 'plan.without-script'
    | 'plan.expired.what'
    | 'plan.expired.meaning'
    | 'consents.title'
    | 'consents.lead'
    | 'consents.none'
    | 'consents.link'
    | 'consents.back'
    | 'consents.receipt'
    | 'consents.read'
    | 'consents.signed'
    | 'consents.withdrawn'
    | 'consents.withdraw'
    | 'consents.sure'
    | 'consents.keep'
    | 'consents.saving'
    | 'consents.failed'
    | 'consents.without-script'
    | 'consents.before.treatment'
    | 'consents.before.privacy-notice'
    | 'consents.before.card-authorisation'
    | 'consents.before.electronic-signature'
    | 'consents.before.sms'
    | 'consents.before.telehealth'
    | 'receipt.title'
    | 'receipt.patient'
    | 'receipt.signed-by'
    | 'receipt.signed-as'
    | 'receipt.as.self'
    | 'receipt.as.parent'
    | 'receipt.as.guardian'
    | 'receipt.as.other'
    | 'receipt.when'
    | 'receipt.how'
    | 'receipt.how-text'
    | 'receipt.how-method'
    | 'receipt.later'
    | 'receipt.drawn'
    | 'receipt.code'
    | 'receipt.address'
    | 'receipt.device'
    | 'receipt.version'
    | 'receipt.hash'
    | 'receipt.record'
    | 'receipt.letters'
    | 'receipt.page'
    | 'stop.title'
    | 'stop.ask'
    | 'stop.left'
    | 'stop.do'
    | 'stop.done'
    | 'stop.undo'
    | 'stop.ended'
  meaning:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.no-script'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.correct'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'heading.cancelled'
    | 'todo.nothing'
    | 'page.confirm'
    | 'confirmed.title'
    | 'confirmed.text'
    | 'confirm.over.title'
    | 'confirm.over.text'
    | 'forget.text'
    | 'forget.do'
    | 'forgotten.title'
    | 'forgotten.text'
    | 'tone.checking'
    | 'tone.provisional'
    | 'tone.confirmed'
    | 'tone.failed'
    | 'tone.needs-someone'
    | 'link.unknown.title'
    | 'link.unknown.text'
    | 'link.ended.title'
    | 'link.ended.text'
    | 'failure.title'
    | 'failure.text'
    | 'busy.title'
    | 'busy.text'
    | 'visit.cancelled.what'
    | 'visit.cancelled.meaning'
    | 'visit.cancelled.todo'
    | 'visit.moved.what'
    | 'visit.moved.meaning'
    | 'visit.no-show.what'
    | 'visit.no-show.meaning'
    | 'visit.no-show.todo'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.slow.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
    | 'insurance.checking.what'
    | 'insurance.checking.meaning'
    | 'insurance.by-file.what'
    | 'insurance.by-file.meaning'
    | 'insurance.later.what'
    | 'insurance.later.meaning'
    | 'insurance.provisional.what'
    | 'insurance.provisional.meaning'
    | 'insurance.doubtful.what'
    | 'insurance.doubtful.meaning'
    | 'insurance.expired.what'
    | 'insurance.expired.meaning'
    | 'insurance.changed.meaning'
    | 'insurance.confirmed.what'
    | 'insurance.confirmed.meaning'
    | 'insurance.inactive.what'
    | 'insurance.inactive.meaning'
    | 'insurance.changed-inactive.meaning'
    | 'insurance.inactive.todo'
    | 'insurance.needs-you.what'
    | 'insurance.needs-you.meaning'
    | 'insurance.needs-you.todo'
    | 'insurance.correct.what'
    | 'insurance.correct.todo'
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'method.requested.what'
    | 'method.stored.what'
    | 'method.needs-you.what'
    | 'method.declined.what'
    | 'method.declined.todo'
    | 'method.with-our-team.what'
    | 'account.stored.what'
    | 'account.needs-you.what'
    | 'account.declined.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.confirm.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.meaning'
    | 'charge.confirm.what'
    | 'charge.confirm.meaning'
    | 'charge.confirm.todo'
    | 'money.title'
    | 'money.charge.under-way'
    | 'money.charge.done'
    | 'money.refund.under-way'
    | 'money.refund.done'
    | 'money.refund.failed'
    | 'plan.next'
    | 'page.confirm-charge'
    | 'other-method.asked.what'
    | 'other-method.asked.meaning'
    | 'other-method.asked.todo'
    | 'other-method.checking.what'
    | 'other-method.confirm.what'
    | 'other-method.declined.what'
    | 'other-method.authorise'
    | 'page.leave-method'
    | 'other-method.failed'
    | 'plan.title'
    | 'plan.lead'
    | 'plan.agree'
    | 'plan.agreed'
    | 'plan.failed'
    | 'plan.without-script'
    | 'plan.expired.what'
    | 'plan.expired.meaning'
    | 'consents.title'
    | 'consents.lead'
    | 'consents.none'
    | 'consents.link'
    | 'consents.back'
    | 'consents.receipt'
    | 'consents.read'
    | 'consents.signed'
    | 'consents.withdrawn'
    | 'consents.withdraw'
    | 'consents.sure'
    | 'consents.keep'
    | 'consents.saving'
    | 'consents.failed'
    | 'consents.without-script'
    | 'consents.before.treatment'
    | 'consents.before.privacy-notice'
    | 'consents.before.card-authorisation'
    | 'consents.before.electronic-signature'
    | 'consents.before.sms'
    | 'consents.before.telehealth'
    | 'receipt.title'
    | 'receipt.patient'
    | 'receipt.signed-by'
    | 'receipt.signed-as'
    | 'receipt.as.self'
    | 'receipt.as.parent'
    | 'receipt.as.guardian'
    | 'receipt.as.other'
    | 'receipt.when'
    | 'receipt.how'
    | 'receipt.how-text'
    | 'receipt.how-method'
    | 'receipt.later'
    | 'receipt.drawn'
    | 'receipt.code'
    | 'receipt.address'
    | 'receipt.device'
    | 'receipt.version'
    | 'receipt.hash'
    | 'receipt.record'
    | 'receipt.letters'
    | 'receipt.page'
    | 'stop.title'
    | 'stop.ask'
    | 'stop.left'
    | 'stop.do'
    | 'stop.done'
    | 'stop.undo'
    | 'stop.ended'
  todo:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.no-script'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.correct'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'heading.cancelled'
    | 'todo.nothing'
    | 'page.confirm'
    | 'confirmed.title'
    | 'confirmed.text'
    | 'confirm.over.title'
    | 'confirm.over.text'
    | 'forget.text'
    | 'forget.do'
    | 'forgotten.title'
    | 'forgotten.text'
    | 'tone.checking'
    | 'tone.provisional'
    | 'tone.confirmed'
    | 'tone.failed'
    | 'tone.needs-someone'
    | 'link.unknown.title'
    | 'link.unknown.text'
    | 'link.ended.title'
    | 'link.ended.text'
    | 'failure.title'
    | 'failure.text'
    | 'busy.title'
    | 'busy.text'
    | 'visit.cancelled.what'
    | 'visit.cancelled.meaning'
    | 'visit.cancelled.todo'
    | 'visit.moved.what'
    | 'visit.moved.meaning'
    | 'visit.no-show.what'
    | 'visit.no-show.meaning'
    | 'visit.no-show.todo'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.slow.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
    | 'insurance.checking.what'
    | 'insurance.checking.meaning'
    | 'insurance.by-file.what'
    | 'insurance.by-file.meaning'
    | 'insurance.later.what'
    | 'insurance.later.meaning'
    | 'insurance.provisional.what'
    | 'insurance.provisional.meaning'
    | 'insurance.doubtful.what'
    | 'insurance.doubtful.meaning'
    | 'insurance.expired.what'
    | 'insurance.expired.meaning'
    | 'insurance.changed.meaning'
    | 'insurance.confirmed.what'
    | 'insurance.confirmed.meaning'
    | 'insurance.inactive.what'
    | 'insurance.inactive.meaning'
    | 'insurance.changed-inactive.meaning'
    | 'insurance.inactive.todo'
    | 'insurance.needs-you.what'
    | 'insurance.needs-you.meaning'
    | 'insurance.needs-you.todo'
    | 'insurance.correct.what'
    | 'insurance.correct.todo'
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'method.requested.what'
    | 'method.stored.what'
    | 'method.needs-you.what'
    | 'method.declined.what'
    | 'method.declined.todo'
    | 'method.with-our-team.what'
    | 'account.stored.what'
    | 'account.needs-you.what'
    | 'account.declined.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.confirm.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.meaning'
    | 'charge.confirm.what'
    | 'charge.confirm.meaning'
    | 'charge.confirm.todo'
    | 'money.title'
    | 'money.charge.under-way'
    | 'money.charge.done'
    | 'money.refund.under-way'
    | 'money.refund.done'
    | 'money.refund.failed'
    | 'plan.next'
    | 'page.confirm-charge'
    | 'other-method.asked.what'
    | 'other-method.asked.meaning'
    | 'other-method.asked.todo'
    | 'other-method.checking.what'
    | 'other-method.confirm.what'
    | 'other-method.declined.what'
    | 'other-method.authorise'
    | 'page.leave-method'
    | 'other-method.failed'
    | 'plan.title'
    | 'plan.lead'
    | 'plan.agree'
    | 'plan.agreed'
    | 'plan.failed'
    | 'plan.without-script'
    | 'plan.expired.what'
    | 'plan.expired.meaning'
    | 'consents.title'
    | 'consents.lead'
    | 'consents.none'
    | 'consents.link'
    | 'consents.back'
    | 'consents.receipt'
    | 'consents.read'
    | 'consents.signed'
    | 'consents.withdrawn'
    | 'consents.withdraw'
    | 'consents.sure'
    | 'consents.keep'
    | 'consents.saving'
    | 'consents.failed'
    | 'consents.without-script'
    | 'consents.before.treatment'
    | 'consents.before.privacy-notice'
    | 'consents.before.card-authorisation'
    | 'consents.before.electronic-signature'
    | 'consents.before.sms'
    | 'consents.before.telehealth'
    | 'receipt.title'
    | 'receipt.patient'
    | 'receipt.signed-by'
    | 'receipt.signed-as'
    | 'receipt.as.self'
    | 'receipt.as.parent'
    | 'receipt.as.guardian'
    | 'receipt.as.other'
    | 'receipt.when'
    | 'receipt.how'
    | 'receipt.how-text'
    | 'receipt.how-method'
    | 'receipt.later'
    | 'receipt.drawn'
    | 'receipt.code'
    | 'receipt.address'
    | 'receipt.device'
    | 'receipt.version'
    | 'receipt.hash'
    | 'receipt.record'
    | 'receipt.letters'
    | 'receipt.page'
    | 'stop.title'
    | 'stop.ask'
    | 'stop.left'
    | 'stop.do'
    | 'stop.done'
    | 'stop.undo'
    | 'stop.ended'
  when: string | null
}
export interface StatusView {
  intakeId: string
  reference: string
  clinic: ClinicView
  visit: VisitView
  intake: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  eligibility: ('checking' | 'provisional' | 'confirmed' | 'inactive' | 'needs-you' | 'with-our-team' | 'corrected') | null
  payment: ('requested' | 'stored' | 'needs-you' | 'declined' | 'with-our-team') | null
  photos: {
    expected: number
    clean: number
    rejected: number
  }
  lines: StatusLine[]
  correction: boolean
  confirm: boolean
  charge: {
    amountMinor: number
    currency: string
    until: string
  } | null
  leaveMethod: boolean
  moves: {
    is: 'charge' | 'refund'
    state: 'under-way' | 'done' | 'failed'
    amountMinor: number
    currency: string
    at: string
  }[]
  nextPart: {
    amountMinor: number
    currency: string
    dueOn: string
  } | null
  plan: {
    id: string
    terms: {
      en: {
        lines: string[]
        sha256: string
      }
      es: {
        lines: string[]
        sha256: string
      }
      de: {
        lines: string[]
        sha256: string
      }
      fr: {
        lines: string[]
        sha256: string
      }
    }
  } | null
  settled: boolean
  updatedAt: string
}
export interface UploadAccepted {
  uploadId: string
}
export interface UploadTicket {
  uploadId: string
  parts: {
    bytes: number
    putUrl: string | null
  }[]
  headers: {
    [k: string]: string
  }
  expiresAt: string
}
export interface VisitCreated {
  visitId: string
  intakeId: string
  reference: string
  patientUrl: string
  expiresAt: string
}
export interface VisitDetails {
  startsAt: string
  minutes?: number
  practitioner: string
  ehrPatientId?: string
  contact?: {
    givenName: string
    familyName: string
    birthDate?: string | null
    phone?: string | null
    email?: string | null
    language?: 'en' | 'es' | 'de' | 'fr'
    smsAllowed?: boolean
  }
  /**
   * Chosen by who asks: a repeat whose first answer was lost books nothing twice (`visit-booked-already`).
   */
  visitId?: string
}
export interface VisitImport {
  text: string
  dryRun: boolean
  sendLinks?: boolean
  /**
   * @maxItems 300
   */
  anew?: number[]
}
export interface VisitMessages {
  messages: PatientMessage[]
  channels: {
    sms: MessageChannelState
    mail: MessageChannelState
  }
  textsWanted: boolean
}
export interface VisitNow {
  visitId: string
  intakeId: string
  status: 'proposed' | 'booked' | 'cancelled' | 'noshow' | 'fulfilled'
  startsAt: string
  endsAt: string
  practitioner: string
  revision: number
  cancelReason: ('patient-asked' | 'clinic-closed' | 'clinician-away' | 'booked-twice' | 'other' | 'elsewhere') | null
  changeable: 'yes' | 'elsewhere' | 'handover'
  chart: {
    since: string
    source: 'found' | 'chosen' | 'written' | 'told'
  } | null
  ofAnother: boolean
  changes: {
    change: 'moved' | 'cancelled' | 'no-show' | 'fulfilled' | 'reopened'
    by: 'clinic' | 'ehr' | 'legacy-scheduler'
    reason: ('patient-asked' | 'clinic-closed' | 'clinician-away' | 'booked-twice' | 'other' | 'elsewhere') | null
    fromStartsAt: string
    startsAt: string
    at: string
  }[]
}
export interface VisitPage {
  items: Journey[]
  total: number
  nextCursor: string | null
}
export interface WaitingItem {
  id: string
  kind: 'retry' | 'recheck'
  intakeId: string | null
  reference: string | null
  visitAt: string | null
  flow: string | null
  step: string | null
  partner: string | null
  operation: string | null
  payerId: string | null
  payerName: string | null
  why: string
  tries: number
  since: string
  nextTryAt: string
}
export interface WaitingList {
  items: WaitingItem[]
  total: number
}
export interface Weather {
  asOf: string
  payers: PayerWeather[]
}
export interface WithdrawalToRecord {
  cameBy: 'phone' | 'counter' | 'letter'
}
export interface SubmitIntakeHeaders {
  'idempotency-key': string
}
export interface SendCodeBody {
  channel: 'sms' | 'mail'
}
export interface SaveDraftHeaders {
  'if-match': string
}
export interface RequestUploadBody {
  kind: 'card-front' | 'card-back'
  contentType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/heic' | 'image/heif'
  bytes: number
  sha256: string
}
export interface CompleteUploadParams {
  uploadId: string
}
export interface WithdrawConsentParams {
  consentId: string
}
export interface GetConsentTextsParams {
  consentKind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
}
export interface SaveConsentTextsParams {
  consentKind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
}
export interface SaveConsentTextsHeaders {
  'if-match': string
}
export interface EndConsentTextsParams {
  consentKind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
}
export interface EndConsentTextsHeaders {
  'if-match': string
}
export interface SubmitCorrectionHeaders {
  'idempotency-key': string
}
export interface OpenAnswersParams {
  intakeId: string
}
export interface OpenAnswersBody {
  purpose: 'compare-with-card' | 'compare-with-chart' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
  /**
   * @minItems 1
   * @maxItems 10
   */
  fields: ('memberId' | 'givenName' | 'familyName' | 'birthDate' | 'payerId' | 'payerSex' | 'secondPayerId' | 'secondMemberId' | 'payerText' | 'phone')[]
}
export interface SignInBody {
  tenant: string
  email: string
  password: string
}
export interface ListVisitsQuery {
  cursor?: string
  limit?: number
}
export interface GetVisitParams {
  visitId: string
}
export interface ChangeVisitParams {
  visitId: string
}
export interface ChangeVisitHeaders {
  'if-match': string
}
export interface ForgetChartParams {
  visitId: string
}
export interface CreateLinkParams {
  intakeId: string
}
export interface GetLinkParams {
  intakeId: string
}
export interface RevokeLinkParams {
  intakeId: string
}
export interface ListPhotosParams {
  intakeId: string
}
export interface GetPhotoUrlParams {
  uploadId: string
}
export interface ListDayQuery {
  from?: string
  days?: number
}
export interface ListNamesQuery {
  from?: string
  days?: number
}
export interface GetContactParams {
  visitId: string
}
export interface SaveContactParams {
  visitId: string
}
export interface SaveContactHeaders {
  'if-match': string
}
export interface ShowCodeParams {
  intakeId: string
}
export interface ListVisitConsentsParams {
  intakeId: string
}
export interface RecordWithdrawalParams {
  intakeId: string
  consentKind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature' | 'sms' | 'telehealth'
}
export interface OpenDeskAnswersParams {
  intakeId: string
}
export interface ListAccessesParams {
  visitId: string
}
export interface ListAccessesQuery {
  until?: string
  days?: number
}
export interface ListOverridesQuery {
  cause?:
    | 'unavailable'
    | 'throttled'
    | 'timeout'
    | 'uncertain'
    | 'credentials'
    | 'contract'
    | 'bug'
    | 'overdue'
    | 'no-connection'
    | 'choice'
    | 'turned-down'
    | 'no-verdict'
    | 'disputed'
    | 'not-listed'
    | 'unsupported'
  payer?: string
  owner?: 'ops' | 'clinic' | 'patient' | 'engineer'
  kind?: 'delivery' | 'case'
  incident?: string
  flow?: string
  mine?: 'true'
  proposed?: 'true'
  status?: 'open' | 'resolved'
  sort?: 'visit' | 'age'
  grouped?: 'true'
  cursor?: string
  limit?: number
}
export interface GetOverrideParams {
  overrideId: string
}
export interface OpenOverrideInputParams {
  overrideId: string
}
export interface OpenOverrideInputBody {
  purpose: 'compare-with-card' | 'compare-with-chart' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
}
export interface OpenChoiceParams {
  overrideId: string
}
export interface OpenChoiceBody {
  purpose: 'compare-with-card' | 'compare-with-chart' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
}
export interface OpenAttemptParams {
  overrideId: string
  attemptId: string
}
export interface OpenAttemptBody {
  purpose: 'compare-with-card' | 'compare-with-chart' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
}
export interface ClaimOverrideParams {
  overrideId: string
}
export interface ReleaseOverrideParams {
  overrideId: string
}
export interface DecideOverrideParams {
  overrideId: string
}
export interface UndoDecisionParams {
  decisionId: string
}
export interface ApproveDecisionParams {
  decisionId: string
}
export interface RefuseDecisionParams {
  decisionId: string
}
export interface OpenDecisionParams {
  decisionId: string
}
export interface OpenDecisionBody {
  purpose: 'compare-with-card' | 'compare-with-chart' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
}
export interface ListWaitingQuery {
  payer?: string
  limit?: number
}
export interface SaveViewParams {
  viewId: string
}
export interface RemoveViewParams {
  viewId: string
}
export interface GetJourneyParams {
  intakeId: string
}
export interface ListDeadLettersQuery {
  limit?: number
}
export interface RequeueDeadLetterBody {
  queue: string
  id: string
}
export interface ListIncidentsQuery {
  status?: 'open' | 'resolved'
  kind?:
    | 'silence'
    | 'batch-refused'
    | 'set-rejected'
    | 'unmatched-answer'
    | 'conflicting-answer'
    | 'unreadable-file'
    | 'not-answering'
    | 'implausible-answers'
    | 'visit-conflict'
    | 'duplicate-chart'
    | 'refund-failed'
    | 'instalment-not-charged'
    | 'chart-forgotten'
    | 'charged-twice'
    | 'hold-not-given-back'
    | 'consent-withdrawn'
    | 'messages-refused'
    | 'key-refused'
    | 'charged-unwanted'
    | 'appointment-of-another'
  cursor?: string
  limit?: number
}
export interface CloseIncidentParams {
  incidentId: string
}
export interface CloseIncidentBody {
  reason:
    | 'partner-is-back'
    | 'confirmed-by-phone'
    | 'confirmed-on-website'
    | 'data-corrected'
    | 'connection-fixed'
    | 'software-fixed'
    | 'visit-cancelled'
    | 'duplicate'
    | 'other'
    | 'patient-data-wrong'
    | 'partner-away'
    | 'compared-with-chart'
    | 'patient-confirmed'
}
export interface SendIncidentAgainParams {
  incidentId: string
}
export interface CloseServiceAccountParams {
  accountId: string
}
export interface ListBulkReleasesQuery {
  status?: 'running' | 'stopped' | 'finished'
  cursor?: string
  limit?: number
}
export interface GetBulkReleaseParams {
  bulkReleaseId: string
}
export interface StopBulkReleaseParams {
  bulkReleaseId: string
}
export interface ResumeBulkReleaseParams {
  bulkReleaseId: string
}
export interface SaveConnectionParams {
  adapterId: string
}
export interface GetPublicKeysParams {
  keysId: string
}
export interface GetPayerSettingsParams {
  payerId: string
}
export interface SavePayerSettingsParams {
  payerId: string
}
export interface GetFormParams {
  formId: string
}
export interface SaveFormParams {
  formId: string
}
export interface SaveFormHeaders {
  'if-match': string
}
export interface GetFormAnswersParams {
  intakeId: string
}
export interface ListScheduleDifferencesQuery {
  limit?: number
  cursor?: string
}
export interface DecideScheduleDifferenceParams {
  differenceId: string
}
export interface DecideScheduleDifferenceBody {
  decisionId: string
  counts: 'ours' | 'theirs'
  reason: 'patient-says-so' | 'people-there-say-so' | 'done-by-mistake' | 'other'
  hereRevision: number
  thereRevision: number
}
export interface SetDualRunBody {
  on: boolean
}
export interface HandOverScheduleBody {
  to: 'hub' | 'legacy-scheduler'
}
export interface GiveUpHandoverParams {
  handoverId: string
}
export interface GetPaymentsParams {
  intakeId: string
}
export interface CreateChargeParams {
  intakeId: string
}
export interface EndChargeParams {
  chargeId: string
}
export interface AskMethodParams {
  intakeId: string
}
export interface CreateRefundParams {
  chargeId: string
}
export interface CreatePlanParams {
  intakeId: string
}
export interface ClosePlanParams {
  planId: string
}
export interface SendMessageParams {
  intakeId: string
}
export interface ListMessagesParams {
  intakeId: string
}
export interface SetOptOutParams {
  intakeId: string
  channel: 'sms' | 'mail'
}

/** Lengths and patterns of what a patient types. */
export const answerRules = {
  "givenName": {
    "maxLength": 35,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "familyName": {
    "maxLength": 60,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "birthDate": {
    "pattern": "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))$"
  },
  "payerSex": {},
  "phone": {
    "pattern": "^\\+?[0-9 ()./-]{7,20}$"
  },
  "email": {
    "maxLength": 120,
    "pattern": "^(?:[A-Za-z0-9_'+\\-]+\\.)*[A-Za-z0-9_'+\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$"
  },
  "line1": {
    "maxLength": 60,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "line2": {
    "maxLength": 60,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "city": {
    "maxLength": 40,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "country": {
    "pattern": "^[A-Z]{2}$"
  },
  "state": {
    "maxLength": 40,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "postalCode": {
    "maxLength": 12,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "payerId": {
    "maxLength": 40
  },
  "memberId": {
    "pattern": "^[A-Za-z0-9-]{2,30}$"
  },
  "groupNumber": {
    "pattern": "^[A-Za-z0-9 -]{1,30}$"
  },
  "gender": {},
  "payerText": {
    "maxLength": 80,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "typedName": {
    "maxLength": 80,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "language": {},
  "drawing": {
    "maxLength": 40000,
    "pattern": "^data:image\\/png;base64,[A-Za-z0-9+/=]+$"
  },
  "accessCode": {
    "maxLength": 10
  },
  "confirmationTokenId": {
    "pattern": "^ctoken_[A-Za-z0-9_]{4,80}$"
  }
} as const satisfies Record<string, { maxLength?: number; pattern?: string }>

/** What the form needs; the first call marks the intake as opened. */
export const openIntake = (input: Record<string, never> = {}, options?: CallOptions): Promise<IntakeView> =>
  call('GET', '/api/intake', input, options)

/** Send the form. Repeating it with the same key and body gives the same answer. The link asks for the proof from then on; this browser has it, as a cookie. */
export const submitIntake = (input: { headers: SubmitIntakeHeaders; body: IntakeSubmission }, options?: CallOptions): Promise<IntakeAccepted> =>
  call('POST', '/api/intake/submit', input, options)

/** Where things stand, in codes and message keys. */
export const getStatus = (input: Record<string, never> = {}, options?: CallOptions): Promise<StatusView> =>
  call('GET', '/api/intake/status', input, options)

/** Server-sent events: `status` at once and after every change; a comment line as heartbeat. */
export const streamStatusPath = '/api/intake/status/stream'
export type StreamStatusData = StatusView

/** What is asked before this link shows anything of its patient. */
export const getProof = (input: Record<string, never> = {}, options?: CallOptions): Promise<ProofNeeded> =>
  call('GET', '/api/intake/proof', input, options)

/** Birth date and code. A wrong one of either is the same answer; when it is right, this browser is known by a cookie. */
export const submitProof = (input: { body: ProofAttempt }, options?: CallOptions): Promise<ProofResult> =>
  call('POST', '/api/intake/proof', input, options)

/** This browser is not known any more. */
export const forgetProof = (input: Record<string, never> = {}, options?: CallOptions): Promise<void> =>
  call('DELETE', '/api/intake/proof', input, options)

/** Have a code sent to the address that the clinic has; the one before it is over. */
export const sendCode = (input: { body: SendCodeBody }, options?: CallOptions): Promise<CodeSent> =>
  call('POST', '/api/intake/proof/code', input, options)

/** What the patient has typed so far, on whichever device. */
export const getDraft = (input: Record<string, never> = {}, options?: CallOptions): Promise<IntakeDraft> =>
  call('GET', '/api/intake/draft', input, options)

/** Keep what was typed, over the version that this browser saw. The first time, this browser is known by a cookie. */
export const saveDraft = (input: { headers: SaveDraftHeaders; body: DraftToSave }, options?: CallOptions): Promise<DraftSaved> =>
  call('PUT', '/api/intake/draft', input, options)

/** Forget what was typed. */
export const removeDraft = (input: Record<string, never> = {}, options?: CallOptions): Promise<void> =>
  call('DELETE', '/api/intake/draft', input, options)

/** Signed PUTs into quarantine for the parts of one card photo. Asked again for the same file, it goes on where that upload broke off. */
export const requestUpload = (input: { body: RequestUploadBody }, options?: CallOptions): Promise<UploadTicket> =>
  call('POST', '/api/intake/uploads', input, options)

/** All parts are in quarantine: have the photo scanned. */
export const completeUpload = (input: { params: CompleteUploadParams }, options?: CallOptions): Promise<UploadAccepted> =>
  call('POST', '/api/intake/uploads/{uploadId}/complete', input, options)

/** What was signed with this form, and what of it was taken back. */
export const listConsents = (input: Record<string, never> = {}, options?: CallOptions): Promise<ConsentList> =>
  call('GET', '/api/intake/consents', input, options)

/** Takes a consent back, from now on. Repeating it changes nothing. */
export const withdrawConsent = (input: { params: WithdrawConsentParams }, options?: CallOptions): Promise<ConsentWithdrawn> =>
  call('POST', '/api/intake/consents/{consentId}/withdraw', input, options)

/** What this clinic’s patients agree to: each kind of text, and what of it is in force in which language. */
export const listConsentTexts = (input: Record<string, never> = {}, options?: CallOptions): Promise<ConsentKindList> =>
  call('GET', '/api/admin/consents', input, options)

/** The versions of one kind of text, each with its words and how often it was signed. */
export const getConsentTexts = (input: { params: GetConsentTextsParams }, options?: CallOptions): Promise<ConsentKindDetail> =>
  call('GET', '/api/admin/consents/{consentKind}', input, options)

/** Put the next version of one kind in force, in all languages of the clinic at once. Who signed an older one keeps it. */
export const saveConsentTexts = (input: { params: SaveConsentTextsParams; headers: SaveConsentTextsHeaders; body: ConsentTextsToSave }, options?: CallOptions): Promise<ConsentTextsSaved> =>
  call('PUT', '/api/admin/consents/{consentKind}', input, options)

/** Ask nobody for one kind from now on. What was signed stays, and can be taken back; the kind can be published again. */
export const endConsentTexts = (input: { params: EndConsentTextsParams; headers: EndConsentTextsHeaders }, options?: CallOptions): Promise<ConsentTextsEnded> =>
  call('DELETE', '/api/admin/consents/{consentKind}', input, options)

/** What the insurer did not recognise, for the patient to put right. */
export const openCorrection = (input: Record<string, never> = {}, options?: CallOptions): Promise<CorrectionView> =>
  call('GET', '/api/intake/correction', input, options)

/** Put details right; the insurer is asked again. Repeating it with the same key and body gives the same answer. */
export const submitCorrection = (input: { headers: SubmitCorrectionHeaders; body: PatientCorrection }, options?: CallOptions): Promise<CorrectionAccepted> =>
  call('POST', '/api/intake/correction', input, options)

/** The details that a person is about to put right, or asks a payer about, for a named purpose; audited. */
export const openAnswers = (input: { params: OpenAnswersParams; body: OpenAnswersBody }, options?: CallOptions): Promise<OpenedAnswers> =>
  call('POST', '/api/ops/intakes/{intakeId}/answers', input, options)

/** Sign in with the clinic, an email and a password; the session is a cookie. */
export const signIn = (input: { body: SignInBody }, options?: CallOptions): Promise<SessionView> =>
  call('POST', '/api/session', input, options)

/** Who is signed in. */
export const getSession = (input: Record<string, never> = {}, options?: CallOptions): Promise<SessionView> =>
  call('GET', '/api/session', input, options)

/** End the session. */
export const signOut = (input: Record<string, never> = {}, options?: CallOptions): Promise<void> =>
  call('DELETE', '/api/session', input, options)

/** Book a visit and make the link for its patient. */
export const createVisit = (input: { body: VisitDetails }, options?: CallOptions): Promise<VisitCreated> =>
  call('POST', '/api/clinic/visits', input, options)

/** Visits and how far their intakes are. */
export const listVisits = (input: { query?: ListVisitsQuery } = {}, options?: CallOptions): Promise<VisitPage> =>
  call('GET', '/api/clinic/visits', input, options)

/** One visit as it is now, with what was changed. */
export const getVisit = (input: { params: GetVisitParams }, options?: CallOptions): Promise<VisitNow> =>
  call('GET', '/api/clinic/visits/{visitId}', input, options)

/** Move, cancel or reopen a visit, or say that the patient came or did not. The same once more changes nothing. */
export const changeVisit = (input: { params: ChangeVisitParams; headers: ChangeVisitHeaders; body: VisitChange }, options?: CallOptions): Promise<VisitNow> =>
  call('POST', '/api/clinic/visits/{visitId}/changes', input, options)

/** Say that the chart is not this patient’s: the next write-back searches again. What was written there stays until it is removed by hand. */
export const forgetChart = (input: { params: ForgetChartParams; body: ChartToForget }, options?: CallOptions): Promise<VisitNow> =>
  call('POST', '/api/clinic/visits/{visitId}/forgotten-charts', input, options)

/** Make another link for the patient; the one before stops working at once. */
export const createLink = (input: { params: CreateLinkParams }, options?: CallOptions): Promise<LinkCreated> =>
  call('POST', '/api/clinic/visits/{intakeId}/link', input, options)

/** Whether the patient’s link opens; never the link itself. */
export const getLink = (input: { params: GetLinkParams }, options?: CallOptions): Promise<LinkNow> =>
  call('GET', '/api/clinic/visits/{intakeId}/link', input, options)

/** End the patient’s link at once, and what was proved with it. A new one may be made. */
export const revokeLink = (input: { params: RevokeLinkParams }, options?: CallOptions): Promise<void> =>
  call('DELETE', '/api/clinic/visits/{intakeId}/link', input, options)

/** The card photos of one intake, without their pictures. */
export const listPhotos = (input: { params: ListPhotosParams }, options?: CallOptions): Promise<PhotoList> =>
  call('GET', '/api/clinic/intakes/{intakeId}/photos', input, options)

/** Short-lived URLs, on this origin and for this session, of a clean photo of a form that was sent; every call is audited. */
export const getPhotoUrl = (input: { params: GetPhotoUrlParams }, options?: CallOptions): Promise<PhotoUrl> =>
  call('GET', '/api/clinic/photos/{uploadId}/url', input, options)

/** The visits of a day, or of up to seven, as the clinic’s clock counts them; nobody’s name. */
export const listDay = (input: { query?: ListDayQuery } = {}, options?: CallOptions): Promise<DeskDay> =>
  call('GET', '/api/clinic/day', input, options)

/** Whom the visits of these days are for; one line in the audit for the whole list. */
export const listNames = (input: { query?: ListNamesQuery } = {}, options?: CallOptions): Promise<DeskNames> =>
  call('GET', '/api/clinic/day/names', input, options)

/** Whom a visit is for and how they are reached. Audited. */
export const getContact = (input: { params: GetContactParams }, options?: CallOptions): Promise<ContactOfVisit> =>
  call('GET', '/api/clinic/visits/{visitId}/contact', input, options)

/** Say whom a visit is for and how they are reached. Whoever proved to be somebody else has to prove it again; once the form was sent, the visit stays with who sent it. */
export const saveContact = (input: { params: SaveContactParams; headers: SaveContactHeaders; body: ContactToSave }, options?: CallOptions): Promise<ContactOfVisit> =>
  call('PUT', '/api/clinic/visits/{visitId}/contact', input, options)

/** A code for a patient who stands at the desk and was looked at. Audited; one that was sent before ends. */
export const showCode = (input: { params: ShowCodeParams }, options?: CallOptions): Promise<CodeToShow> =>
  call('POST', '/api/clinic/visits/{intakeId}/code', input, options)

/** Book visits out of a CSV file, or say first what it would do. A line that was booked before books nothing, unless its visit was called off and `anew` names the line; a wrong one keeps out no other. */
export const importVisits = (input: { body: VisitImport }, options?: CallOptions): Promise<ImportResult> =>
  call('POST', '/api/clinic/imports', input, options)

/** What a form on paper needs: the clinic, the texts that are signed, and its own questions. */
export const getPaper = (input: Record<string, never> = {}, options?: CallOptions): Promise<PaperParts> =>
  call('GET', '/api/clinic/paper', input, options)

/** What the patient agreed to, and what of it they took back; who signed is in the receipt, a PDF at …/receipt. */
export const listVisitConsents = (input: { params: ListVisitConsentsParams }, options?: CallOptions): Promise<ConsentsOfVisit> =>
  call('GET', '/api/clinic/visits/{intakeId}/consents', input, options)

/** Record that the patient takes a consent back, by phone, at the counter or by letter; also after their link has ended. What follows is the same as on their own page. Audited; repeating it changes nothing. */
export const recordWithdrawal = (input: { params: RecordWithdrawalParams; body: WithdrawalToRecord }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/clinic/visits/{intakeId}/consents/{consentKind}/withdrawal', input, options)

/** What the patient wrote, for the front desk: insurance, who signs for them, how they are addressed. Audited. */
export const openDeskAnswers = (input: { params: OpenDeskAnswersParams }, options?: CallOptions): Promise<DeskAnswers> =>
  call('POST', '/api/clinic/visits/{intakeId}/answers', input, options)

/** What the audit says of this visit and its patient: who saw or changed what, and when. Itself audited. */
export const listAccesses = (input: { params: ListAccessesParams; query?: ListAccessesQuery }, options?: CallOptions): Promise<AccessList> =>
  call('GET', '/api/clinic/visits/{visitId}/accesses', input, options)

/** What waits for a person: open ones by visit time or age, resolved ones newest first. */
export const listOverrides = (input: { query?: ListOverridesQuery } = {}, options?: CallOptions): Promise<OverridePage> =>
  call('GET', '/api/ops/overrides', input, options)

/** One item: what may be done with it, what was tried, what was decided. */
export const getOverride = (input: { params: GetOverrideParams }, options?: CallOptions): Promise<OverrideDetail> =>
  call('GET', '/api/ops/overrides/{overrideId}', input, options)

/** What would have been sent to the partner; holds patient data, needs a purpose, is audited. */
export const openOverrideInput = (input: { params: OpenOverrideInputParams; body: OpenOverrideInputBody }, options?: CallOptions): Promise<OverrideInput> =>
  call('POST', '/api/ops/overrides/{overrideId}/input', input, options)

/** What there is to choose from, beside what was asked; holds patient data, needs a purpose, is audited. */
export const openChoice = (input: { params: OpenChoiceParams; body: OpenChoiceBody }, options?: CallOptions): Promise<ItemChoice> =>
  call('POST', '/api/ops/overrides/{overrideId}/choice', input, options)

/** What was sent and what the partner answered, in words; holds patient data, needs a purpose, is audited. */
export const openAttempt = (input: { params: OpenAttemptParams; body: OpenAttemptBody }, options?: CallOptions): Promise<OpenedAttempt> =>
  call('POST', '/api/ops/overrides/{overrideId}/attempts/{attemptId}/open', input, options)

/** Take an item for fifteen minutes; asked again, it begins anew. Another person’s is refused, and `fields` says whose it is. */
export const claimOverride = (input: { params: ClaimOverrideParams }, options?: CallOptions): Promise<ItemClaimed> =>
  call('POST', '/api/ops/overrides/{overrideId}/claim', input, options)

/** Give back one’s own claim; harmless when there is none. */
export const releaseOverride = (input: { params: ReleaseOverrideParams }, options?: CallOptions): Promise<ItemReleased> =>
  call('POST', '/api/ops/overrides/{overrideId}/release', input, options)

/** Decide, under an id of the caller’s making: the same id again is the same decision. It is carried out after the time to take it back. */
export const decideOverride = (input: { params: DecideOverrideParams; body: DecideOverride }, options?: CallOptions): Promise<ItemDecision> =>
  call('POST', '/api/ops/overrides/{overrideId}/decisions', input, options)

/** Take back one’s own decision while nothing has left; harmless when repeated. */
export const undoDecision = (input: { params: UndoDecisionParams }, options?: CallOptions): Promise<ItemDecision> =>
  call('POST', '/api/ops/decisions/{decisionId}/undo', input, options)

/** Agree as the second person; who proposed it cannot. */
export const approveDecision = (input: { params: ApproveDecisionParams }, options?: CallOptions): Promise<ItemDecision> =>
  call('POST', '/api/ops/decisions/{decisionId}/approve', input, options)

/** Disagree as the second person; the item is free again. */
export const refuseDecision = (input: { params: RefuseDecisionParams }, options?: CallOptions): Promise<ItemDecision> =>
  call('POST', '/api/ops/decisions/{decisionId}/refuse', input, options)

/** Note and content of a decision; may hold patient data, needs a purpose, is audited. */
export const openDecision = (input: { params: OpenDecisionParams; body: OpenDecisionBody }, options?: CallOptions): Promise<OpenedDecision> =>
  call('POST', '/api/ops/decisions/{decisionId}/open', input, options)

/** What goes on by itself: asked again, when and why. Soonest first. */
export const listWaiting = (input: { query?: ListWaitingQuery } = {}, options?: CallOptions): Promise<WaitingList> =>
  call('GET', '/api/ops/waiting', input, options)

/** Server-sent events of this clinic: `item`, `incident`, `breaker`, `bulk`, each with the id of what changed. */
export const streamOpsPath = '/api/ops/stream'
export type StreamOpsData = OpsChange

/** One’s own saved views. */
export const listViews = (input: Record<string, never> = {}, options?: CallOptions): Promise<SavedViewList> =>
  call('GET', '/api/ops/views', input, options)

/** Save a view under an id of the caller’s making, or change it. */
export const saveView = (input: { params: SaveViewParams; body: SaveView }, options?: CallOptions): Promise<SavedView> =>
  call('PUT', '/api/ops/views/{viewId}', input, options)

/** Remove one’s own view. */
export const removeView = (input: { params: RemoveViewParams }, options?: CallOptions): Promise<SavedViewRemoved> =>
  call('DELETE', '/api/ops/views/{viewId}', input, options)

/** What this clinic wants of whoever decides. */
export const getOpsRules = (input: Record<string, never> = {}, options?: CallOptions): Promise<OpsRules> =>
  call('GET', '/api/ops/rules', input, options)

/** Change them; audited. What was proposed or scheduled before keeps to the rules of its time. */
export const saveOpsRules = (input: { body: OpsRules }, options?: CallOptions): Promise<OpsRules> =>
  call('PUT', '/api/ops/rules', input, options)

/** What happened to one intake, step by step. */
export const getJourney = (input: { params: GetJourneyParams }, options?: CallOptions): Promise<JourneyTimeline> =>
  call('GET', '/api/ops/intakes/{intakeId}/journey', input, options)

/** Server-sent events: `change` with the id of every intake of this clinic that changed. */
export const streamJourneysPath = '/api/ops/journeys/stream'
export type StreamJourneysData = JourneyChange

/** Deliveries the bus gave up on. */
export const listDeadLetters = (input: { query?: ListDeadLettersQuery } = {}, options?: CallOptions): Promise<DeadLetterList> =>
  call('GET', '/api/ops/dead-letters', input, options)

/** Give one back to its queue. */
export const requeueDeadLetter = (input: { body: RequeueDeadLetterBody }, options?: CallOptions): Promise<DeadLetterRequeued> =>
  call('POST', '/api/ops/dead-letters/requeue', input, options)

/** What went wrong with many at once: open ones oldest first, resolved ones newest first. */
export const listIncidents = (input: { query?: ListIncidentsQuery } = {}, options?: CallOptions): Promise<IncidentPage> =>
  call('GET', '/api/ops/incidents', input, options)

/** Say why nothing more is to be done. The same cause opens another one when it comes again. */
export const closeIncident = (input: { params: CloseIncidentParams; body: CloseIncidentBody }, options?: CallOptions): Promise<IncidentClosed> =>
  call('POST', '/api/ops/incidents/{incidentId}/close', input, options)

/** The inquiries that it left unsent go with the next batch, under new numbers, and it is closed. */
export const sendIncidentAgain = (input: { params: SendIncidentAgainParams }, options?: CallOptions): Promise<IncidentSentAgain> =>
  call('POST', '/api/ops/incidents/{incidentId}/send-again', input, options)

/** How each payer answers now, worst first. */
export const getWeather = (input: Record<string, never> = {}, options?: CallOptions): Promise<Weather> =>
  call('GET', '/api/ops/weather', input, options)

/** What moves and what stands, in numbers: for the live view. */
export const getLive = (input: Record<string, never> = {}, options?: CallOptions): Promise<OpsLive> =>
  call('GET', '/api/ops/live', input, options)

/** Programs that may ask for this clinic; never their tokens. */
export const listServiceAccounts = (input: Record<string, never> = {}, options?: CallOptions): Promise<ServiceAccountList> =>
  call('GET', '/api/admin/service-accounts', input, options)

/** A token for a program; it is shown this once. */
export const createServiceAccount = (input: { body: NewServiceAccount }, options?: CallOptions): Promise<ServiceAccountCreated> =>
  call('POST', '/api/admin/service-accounts', input, options)

/** From now on its token opens nothing. */
export const closeServiceAccount = (input: { params: CloseServiceAccountParams }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/admin/service-accounts/{accountId}/close', input, options)

/** A dry run: how many items would be decided, for which visits, and which are left out. Changes nothing. */
export const planBulkRelease = (input: { body: BulkPlanRequest }, options?: CallOptions): Promise<BulkDryRun> =>
  call('POST', '/api/ops/bulk-releases/plan', input, options)

/** Start one under an id of the caller’s making. The same id with the same content again answers the same; with other content it is refused. */
export const startBulkRelease = (input: { body: StartBulkRelease }, options?: CallOptions): Promise<BulkRelease> =>
  call('POST', '/api/ops/bulk-releases', input, options)

/** Newest first. */
export const listBulkReleases = (input: { query?: ListBulkReleasesQuery } = {}, options?: CallOptions): Promise<BulkReleasePage> =>
  call('GET', '/api/ops/bulk-releases', input, options)

/** One, as far as it has come. */
export const getBulkRelease = (input: { params: GetBulkReleaseParams }, options?: CallOptions): Promise<BulkRelease> =>
  call('GET', '/api/ops/bulk-releases/{bulkReleaseId}', input, options)

/** Items whose turn has not come stay as they are. Stopped already: the same answer. */
export const stopBulkRelease = (input: { params: StopBulkReleaseParams }, options?: CallOptions): Promise<BulkRelease> =>
  call('POST', '/api/ops/bulk-releases/{bulkReleaseId}/stop', input, options)

/** Goes on with the items whose turn has not come. Running already: the same answer. */
export const resumeBulkRelease = (input: { params: ResumeBulkReleaseParams }, options?: CallOptions): Promise<BulkRelease> =>
  call('POST', '/api/ops/bulk-releases/{bulkReleaseId}/resume', input, options)

/** Partners that can be connected, each with its credential form. */
export const listAdapters = (input: Record<string, never> = {}, options?: CallOptions): Promise<AdapterList> =>
  call('GET', '/api/admin/adapters', input, options)

/** What this clinic has connected. */
export const listConnections = (input: Record<string, never> = {}, options?: CallOptions): Promise<ConnectionList> =>
  call('GET', '/api/admin/connections', input, options)

/** Set a connection. Secrets are written only; leaving them all out keeps the ones that are set. */
export const saveConnection = (input: { params: SaveConnectionParams; body: ConnectionInput }, options?: CallOptions): Promise<ConnectionView> =>
  call('PUT', '/api/admin/connections/{adapterId}', input, options)

/** How patients see the clinic. */
export const getClinicLook = (input: Record<string, never> = {}, options?: CallOptions): Promise<ClinicLook> =>
  call('GET', '/api/admin/look', input, options)

/** Change how patients see the clinic. A colour on which white cannot be read is refused. */
export const saveClinicLook = (input: { body: ClinicLookInput }, options?: CallOptions): Promise<ClinicLook> =>
  call('PUT', '/api/admin/look', input, options)

/** Public halves of the keys with which one connection signs, as a JWK set. Its partner fetches them. */
export const getPublicKeys = (input: { params: GetPublicKeysParams }, options?: CallOptions): Promise<PublicKeys> =>
  call('GET', '/api/keys/{keysId}/jwks.json', input, options)

/** Payers of the catalogue, with how each answers now. */
export const listPayerSettings = (input: Record<string, never> = {}, options?: CallOptions): Promise<PayerList> =>
  call('GET', '/api/admin/payers', input, options)

/** One payer: the catalogue’s values, this clinic’s own, and what came of its canaries. */
export const getPayerSettings = (input: { params: GetPayerSettingsParams }, options?: CallOptions): Promise<PayerDetail> =>
  call('GET', '/api/admin/payers/{payerId}', input, options)

/** This clinic’s own values, all of them: what is left out is the catalogue’s again. Refused when somebody saved meanwhile. */
export const savePayerSettings = (input: { params: SavePayerSettingsParams; body: PayerSettingsInput }, options?: CallOptions): Promise<PayerDetail> =>
  call('PUT', '/api/admin/payers/{payerId}', input, options)

/** The questions that this clinic asks its patients beside the intake, and those that it does not ask any more. */
export const listForms = (input: Record<string, never> = {}, options?: CallOptions): Promise<FormList> =>
  call('GET', '/api/admin/forms', input, options)

/** One form in its newest version, with all its words. */
export const getForm = (input: { params: GetFormParams }, options?: CallOptions): Promise<ClinicForm> =>
  call('GET', '/api/admin/forms/{formId}', input, options)

/** Ask a form, its next version, or not any more. What was asked before is kept with what was answered. */
export const saveForm = (input: { params: SaveFormParams; headers: SaveFormHeaders; body: FormToSave }, options?: CallOptions): Promise<FormSaved> =>
  call('PUT', '/api/admin/forms/{formId}', input, options)

/** What a patient answered to the clinic’s own questions, beside the questions as they were asked. Audited. */
export const getFormAnswers = (input: { params: GetFormAnswersParams }, options?: CallOptions): Promise<FormAnswers> =>
  call('GET', '/api/clinic/visits/{intakeId}/form-answers', input, options)

/** Which system keeps the appointments, and how far a handover is. */
export const getSchedule = (input: Record<string, never> = {}, options?: CallOptions): Promise<ScheduleState> =>
  call('GET', '/api/admin/scheduler', input, options)

/** What differs between the hub and the old scheduler, and since when. */
export const listScheduleDifferences = (input: { query?: ListScheduleDifferencesQuery } = {}, options?: CallOptions): Promise<ScheduleDifferences> =>
  call('GET', '/api/admin/scheduler/differences', input, options)

/** Say which side counts of what a person changed in the old scheduler. Names the revisions that were seen; the same again is the same one. */
export const decideScheduleDifference = (input: { params: DecideScheduleDifferenceParams; body: DecideScheduleDifferenceBody }, options?: CallOptions): Promise<ScheduleState> =>
  call('POST', '/api/admin/scheduler/differences/{differenceId}/decision', input, options)

/** Write what is done here to the old scheduler as well, or stop that. */
export const setDualRun = (input: { body: SetDualRunBody }, options?: CallOptions): Promise<ScheduleState> =>
  call('PUT', '/api/admin/scheduler/dual-run', input, options)

/** Hand the appointments over: to the hub (cut-over), or back. The same again, while it runs, is the same one. */
export const handOverSchedule = (input: { body: HandOverScheduleBody }, options?: CallOptions): Promise<ScheduleState> =>
  call('POST', '/api/admin/scheduler/handovers', input, options)

/** Stop a handover before the switch: the owner stays who it was. */
export const giveUpHandover = (input: { params: GiveUpHandoverParams }, options?: CallOptions): Promise<ScheduleState> =>
  call('POST', '/api/admin/scheduler/handovers/{handoverId}/give-up', input, options)

/** What is on file for a visit, what the insurer says that the patient brings, and what was charged and given back. */
export const getPayments = (input: { params: GetPaymentsParams }, options?: CallOptions): Promise<PaymentsView> =>
  call('GET', '/api/payments/intakes/{intakeId}', input, options)

/** Charge the copay to the method on file. The id is the browser’s: the same again charges nothing more. */
export const createCharge = (input: { params: CreateChargeParams; body: NewCharge }, options?: CallOptions): Promise<ChargeAccepted> =>
  call('POST', '/api/payments/intakes/{intakeId}/charges', input, options)

/** Stop a charge that waits to be tried again, or for the patient. Once more changes nothing. */
export const endCharge = (input: { params: EndChargeParams }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/payments/charges/{chargeId}/stop', input, options)

/** Ask the patient for another card or account, on their own page. What is on file stays until the new one is. The id is the browser’s. */
export const askMethod = (input: { params: AskMethodParams; body: MethodAsked }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/payments/intakes/{intakeId}/method-requests', input, options)

/** The patient leaves another card or account, because the clinic asked, and authorises the clinic to charge it. The id is the page’s: sent twice, it is one. */
export const leaveMethod = (input: { body: MethodLeft }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/intake/method', input, options)

/** Give back a charge or a part of it, to the method that was charged. The id is the browser’s. */
export const createRefund = (input: { params: CreateRefundParams; body: NewRefund }, options?: CallOptions): Promise<RefundAccepted> =>
  call('POST', '/api/payments/charges/{chargeId}/refunds', input, options)

/** Propose a payment plan; nothing of it is charged before the patient agrees on their own page. */
export const createPlan = (input: { params: CreatePlanParams; body: NewPlan }, options?: CallOptions): Promise<PlanProposed> =>
  call('POST', '/api/payments/intakes/{intakeId}/plans', input, options)

/** End a plan: nothing more of it is charged. */
export const closePlan = (input: { params: ClosePlanParams }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/payments/plans/{planId}/end', input, options)

/** The patient agrees to a payment plan, by the words that were shown. */
export const signPlan = (input: { body: PlanSignature }, options?: CallOptions): Promise<void> =>
  call('POST', '/api/intake/plan/sign', input, options)

/** Send the patient the link, as a text or a mail. In quiet hours it waits, unless it is to leave at once. */
export const sendMessage = (input: { params: SendMessageParams; body: MessageToSend }, options?: CallOptions): Promise<PatientMessage> =>
  call('POST', '/api/clinic/visits/{intakeId}/messages', input, options)

/** What was sent to the patient of a visit, what became of it, and whether more can be sent. */
export const listMessages = (input: { params: ListMessagesParams }, options?: CallOptions): Promise<VisitMessages> =>
  call('GET', '/api/clinic/visits/{intakeId}/messages', input, options)

/** End messages to the patient’s number or mailbox, or take back that the clinic did, or that it takes none. What the patient stopped, only the patient takes back. Audited. */
export const setOptOut = (input: { params: SetOptOutParams; body: OptOut }, options?: CallOptions): Promise<void> =>
  call('PUT', '/api/clinic/visits/{intakeId}/opt-outs/{channel}', input, options)

/** When nobody is disturbed, and by what name the clinic writes. */
export const getMessageRules = (input: Record<string, never> = {}, options?: CallOptions): Promise<MessageRules> =>
  call('GET', '/api/clinic/message-rules', input, options)

/** Set when nobody is disturbed, and by what name the clinic writes. */
export const saveMessageRules = (input: { body: MessageRules }, options?: CallOptions): Promise<void> =>
  call('PUT', '/api/clinic/message-rules', input, options)

/** Released flows. */
export const listFlows = (input: Record<string, never> = {}, options?: CallOptions): Promise<FlowList> =>
  call('GET', '/api/flows', input, options)

/** The process answers. */
export const getHealth = (input: Record<string, never> = {}, options?: CallOptions): Promise<Health> =>
  call('GET', '/api/health', input, options)

/** The process can do its work: its database answers and takes what is written. */
export const getReadiness = (input: Record<string, never> = {}, options?: CallOptions): Promise<Readiness> =>
  call('GET', '/api/ready', input, options)
