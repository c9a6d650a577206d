// Written by `make gen` from api/openapi.json. Do not edit.
import { type CallOptions, call } from './shared/http.ts'

export { ApiError } from './shared/http.ts'

export type ResolveOverride =
  | {
      resolution: 'answer'
      port: 'ok' | 'rejected'
      value: unknown
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
      note: string
    }
  | {
      resolution: 'retry'
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
      note: string
    }
  | {
      resolution: 'correct'
      input: unknown
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
      note: string
    }
  | {
      resolution: 'move'
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
      note: string
    }
  | {
      resolution: 'drop'
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
      note: string
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
export interface BulkDryRun {
  plan: BulkPlan
  /**
   * @maxItems 10
   */
  sample: OverrideItem[]
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
  intakeId: string | null
  reference: string | null
  flow: string
  version: number
  step: string
  partner: string | null
  operation: string | null
  cause: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
  owner: 'ops' | 'clinic' | 'patient' | 'engineer'
  staffText: string
  status: 'open' | 'resolved'
  attempts: number
  openedAt: string
  visitAt: string | null
  resolution: ('answer' | 'retry' | 'correct' | 'move' | 'drop') | null
  resolvedBy: string | null
  resolvedAt: string | null
}
export interface BulkPlanRequest {
  action: 'retry' | 'other-route' | 'drop'
  selection: {
    incidentId?: string
    cause?: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
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
    cause?: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
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
export interface ClinicView {
  name: string
  phone: string
  brandColour: string
  timeZone: string
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
export interface Health {
  ok: true
  process: string
}
export interface IncidentClosed {
  incidentId: string
}
export interface IncidentItem {
  id: string
  kind: 'silence' | 'batch-refused' | 'set-rejected' | 'unmatched-answer' | 'conflicting-answer' | 'unreadable-file'
  partner: string
  payerId: string | null
  payerName: string | null
  about: {
    is: 'batch' | 'file' | 'payer' | 'request'
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
      state: string
      postalCode: string
    }
    payerId: string
    memberId: string
    groupNumber?: string | null
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
    language: 'en' | 'es'
    drawing?: string | null
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
  }[]
  consentTexts: {
    en: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature'
      language: 'en' | 'es'
      title: string
      body: string
      sha256: string
    }[]
    es: {
      id: string
      kind: 'treatment' | 'privacy-notice' | 'card-authorisation' | 'electronic-signature'
      language: 'en' | 'es'
      title: string
      body: string
      sha256: string
    }[]
  }
  card: {
    scriptUrl: string
    publishableKey: string
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
export interface VisitView {
  startsAt: string
  endsAt: string
  practitioner: string
}
export interface Journey {
  intakeId: string
  visitId: string | null
  reference: string
  startsAt: string | null
  practitioner: string | null
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
    why: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
  } | null
  payment: ('requested' | 'stored' | 'needs-you' | 'declined' | 'with-our-team') | null
  writeback: 'none' | 'written' | 'refused' | 'with-our-team'
  photosExpected: number
  photosClean: number
  photosRejected: number
  held: number
  updatedAt: string
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
export interface OverrideDetail {
  item: OverrideItem
  allowed: ('answer' | 'retry' | 'correct' | 'move' | 'drop')[]
  shapes: {
    input: JsonSchema
    ok: JsonSchema | null
    rejected: JsonSchema
  } | null
}
export interface OverrideInput {
  input: unknown
}
export interface OverridePage {
  items: OverrideItem[]
  total: number
  nextCursor: string | null
}
export interface OverrideResolved {
  overrideId: string
  resolution: 'answer' | 'retry' | 'correct' | 'move' | 'drop'
  redelivered: boolean
}
export interface PhotoList {
  items: {
    id: string
    kind: 'card-front' | 'card-back'
    status: 'expected' | 'quarantined' | 'clean' | 'rejected'
    reason: string | null
  }[]
}
export interface PhotoUrl {
  url: string
  contentType: 'image/jpeg' | 'image/png' | 'image/webp'
  expiresAt: string
}
export interface Readiness {
  ok: true
}
export interface SessionView {
  userId: string
  displayName: string
  email: string
  roles: ('admin' | 'front-desk' | 'ops' | 'analyst')[]
  actions: (
    | 'intake.read'
    | 'intake.upload'
    | 'intake.submit'
    | 'status.read'
    | 'visit.create'
    | 'visit.link'
    | 'visit.list'
    | 'photo.read'
    | 'override.list'
    | 'override.read'
    | 'override.open-input'
    | 'override.resolve'
    | 'incident.list'
    | 'incident.close'
    | 'incident.send-again'
    | 'bulk-release.read'
    | 'bulk-release.run'
    | 'journey.read'
    | 'connection.list'
    | 'connection.write'
    | 'flow.list'
    | 'dead-letter.list'
    | 'dead-letter.requeue'
  )[]
  tenant: {
    id: string
    slug: string
    name: string
    timeZone: string
    region: 'us-east' | 'eu-west'
  }
  expiresAt: string
}
export interface StartBulkRelease {
  bulkReleaseId: string
  action: 'retry' | 'other-route' | 'drop'
  selection: {
    incidentId?: string
    cause?: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
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
  note: string
}
export interface StatusLine {
  subject: 'intake' | 'insurance' | 'card' | 'photos'
  tone: 'checking' | 'provisional' | 'confirmed' | 'failed' | 'needs-someone'
  what:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'todo.nothing'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
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
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'card.requested.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.what'
    | 'card.with-our-team.meaning'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
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
  meaning:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'todo.nothing'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
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
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'card.requested.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.what'
    | 'card.with-our-team.meaning'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
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
  todo:
    | 'page.title'
    | 'page.visit'
    | 'page.reference'
    | 'page.updated'
    | 'page.keep'
    | 'page.keep-how'
    | 'page.language'
    | 'page.contact'
    | 'page.open-form'
    | 'page.live'
    | 'page.reload'
    | 'heading.done'
    | 'heading.working'
    | 'heading.needs-you'
    | 'heading.not-sent'
    | 'todo.nothing'
    | 'intake.submitted.what'
    | 'intake.submitted.meaning'
    | 'intake.open.what'
    | 'intake.open.meaning'
    | 'intake.open.todo'
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
    | 'insurance.with-our-team.what'
    | 'insurance.with-our-team.meaning'
    | 'insurance.corrected.what'
    | 'insurance.corrected.meaning'
    | 'card.requested.what'
    | 'card.requested.meaning'
    | 'card.stored.what'
    | 'card.stored.meaning'
    | 'card.needs-you.what'
    | 'card.needs-you.meaning'
    | 'card.needs-you.todo'
    | 'card.declined.what'
    | 'card.declined.meaning'
    | 'card.declined.todo'
    | 'card.with-our-team.what'
    | 'card.with-our-team.meaning'
    | 'photos.checking.what'
    | 'photos.checking.meaning'
    | 'photos.clean.what'
    | 'photos.clean.meaning'
    | 'photos.rejected.what'
    | 'photos.rejected.meaning'
    | 'photos.rejected.todo'
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
  settled: boolean
  updatedAt: string
}
export interface UploadAccepted {
  uploadId: string
}
export interface UploadTicket {
  uploadId: string
  putUrl: string
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
}
export interface VisitPage {
  items: Journey[]
  total: number
  nextCursor: string | null
}
export interface RequestUploadBody {
  kind: 'card-front' | 'card-back'
  contentType: 'image/jpeg' | 'image/png' | 'image/webp'
  bytes: number
}
export interface CompleteUploadParams {
  uploadId: string
}
export interface SubmitIntakeHeaders {
  'idempotency-key': string
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
export interface CreateLinkParams {
  intakeId: string
}
export interface ListPhotosParams {
  intakeId: string
}
export interface GetPhotoUrlParams {
  uploadId: string
}
export interface ListOverridesQuery {
  status?: 'open' | 'resolved'
  cause?: 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract' | 'bug' | 'overdue' | 'no-connection'
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
  purpose: 'compare-with-card' | 'call-partner' | 'correct-data' | 'find-error' | 'answer-patient'
}
export interface ResolveOverrideParams {
  overrideId: string
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
  kind?: 'silence' | 'batch-refused' | 'set-rejected' | 'unmatched-answer' | 'conflicting-answer' | 'unreadable-file'
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
}
export interface SendIncidentAgainParams {
  incidentId: string
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
    "pattern": "^\\+?[0-9 ().-]{7,20}$"
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
  "state": {
    "pattern": "^[A-Z]{2}$"
  },
  "postalCode": {
    "pattern": "^\\d{5}(-?\\d{4})?$"
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
  "typedName": {
    "maxLength": 80,
    "pattern": "^[^\\p{Cc}\\p{Cf}]*$"
  },
  "language": {},
  "drawing": {
    "maxLength": 40000,
    "pattern": "^data:image\\/png;base64,[A-Za-z0-9+/=]+$"
  },
  "confirmationTokenId": {
    "pattern": "^ctoken_[A-Za-z0-9_]{4,80}$"
  }
} as const satisfies Record<string, { maxLength?: number; pattern?: string }>

/** What the form needs; the first call marks the intake as opened. */
export const openIntake = (input: Record<string, never> = {}, options?: CallOptions): Promise<IntakeView> =>
  call('GET', '/api/intake', input, options)

/** A signed PUT into quarantine for one card photo. */
export const requestUpload = (input: { body: RequestUploadBody }, options?: CallOptions): Promise<UploadTicket> =>
  call('POST', '/api/intake/uploads', input, options)

/** The bytes are in quarantine: have them scanned. */
export const completeUpload = (input: { params: CompleteUploadParams }, options?: CallOptions): Promise<UploadAccepted> =>
  call('POST', '/api/intake/uploads/{uploadId}/complete', input, options)

/** Send the form. Repeating it with the same key and body gives the same answer. */
export const submitIntake = (input: { headers: SubmitIntakeHeaders; body: IntakeSubmission }, options?: CallOptions): Promise<IntakeAccepted> =>
  call('POST', '/api/intake/submit', input, options)

/** Where things stand, in codes and message keys. */
export const getStatus = (input: Record<string, never> = {}, options?: CallOptions): Promise<StatusView> =>
  call('GET', '/api/intake/status', input, options)

/** Server-sent events: `status` at once and after every change; a comment line as heartbeat. */
export const streamStatusPath = '/api/intake/status/stream'
export type StreamStatusData = StatusView

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

/** Make another link for the patient; the one before stops working at once. */
export const createLink = (input: { params: CreateLinkParams }, options?: CallOptions): Promise<LinkCreated> =>
  call('POST', '/api/clinic/visits/{intakeId}/link', input, options)

/** The card photos of one intake, without their pictures. */
export const listPhotos = (input: { params: ListPhotosParams }, options?: CallOptions): Promise<PhotoList> =>
  call('GET', '/api/clinic/intakes/{intakeId}/photos', input, options)

/** A short-lived URL of a photo that was found clean; every call is audited. */
export const getPhotoUrl = (input: { params: GetPhotoUrlParams }, options?: CallOptions): Promise<PhotoUrl> =>
  call('GET', '/api/clinic/photos/{uploadId}/url', input, options)

/** What waits for a person, by visit time. */
export const listOverrides = (input: { query?: ListOverridesQuery } = {}, options?: CallOptions): Promise<OverridePage> =>
  call('GET', '/api/ops/overrides', input, options)

/** One item and how it may be resolved. */
export const getOverride = (input: { params: GetOverrideParams }, options?: CallOptions): Promise<OverrideDetail> =>
  call('GET', '/api/ops/overrides/{overrideId}', input, options)

/** What would have been sent to the partner; holds patient data, needs a purpose, is audited. */
export const openOverrideInput = (input: { params: OpenOverrideInputParams; body: OpenOverrideInputBody }, options?: CallOptions): Promise<OverrideInput> =>
  call('POST', '/api/ops/overrides/{overrideId}/input', input, options)

/** Answer by hand, retry, correct and resubmit, move to the current version, or drop. */
export const resolveOverride = (input: { params: ResolveOverrideParams; body: ResolveOverride }, options?: CallOptions): Promise<OverrideResolved> =>
  call('POST', '/api/ops/overrides/{overrideId}/resolve', input, options)

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

/** Released flows. */
export const listFlows = (input: Record<string, never> = {}, options?: CallOptions): Promise<FlowList> =>
  call('GET', '/api/flows', input, options)

/** The process answers. */
export const getHealth = (input: Record<string, never> = {}, options?: CallOptions): Promise<Health> =>
  call('GET', '/api/health', input, options)

/** The process can do its work: its database answers. */
export const getReadiness = (input: Record<string, never> = {}, options?: CallOptions): Promise<Readiness> =>
  call('GET', '/api/ready', input, options)
