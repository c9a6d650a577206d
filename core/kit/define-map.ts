import type { LeaveNow, MessageChannel, MessageKind } from '../messaging/messages.ts'
import type { Contract, ValueOf } from './contract.ts'
import type { LanguageTag } from './values.ts'

/** Facts of the visit, from `clinical`. Not PHI by themselves: a date and a name of the clinic's. */
export interface VisitFacts {
  startsAt: string
  endsAt: string
  practitioner: string
  /** FHIR R4 Appointment.status, of those that the hub uses. */
  status: VisitStatus
  /** What hub and chart last agreed that it is; null: nothing yet. */
  agreed: { status: VisitStatus; startsAt: string; endsAt: string } | null
  /** A keyed hash of the patient whom the chart's appointment named then; null: not known. */
  patientKey: string | null
}
type VisitStatus = 'proposed' | 'booked' | 'cancelled' | 'noshow' | 'fulfilled'

/** What is known of a patient's chart in the EHR. Names the patient there: PHI. */
export interface ChartFacts {
  /** `Patient/123`; null: nothing is known. */
  patientRef: string | null
  /** Charts that staff said are not this patient's; asked for only where none is known. */
  forgottenRefs: readonly string[]
}

/** How a payer wants to be asked, and when it can be (catalog). Not PHI. */
export interface PayerFacts {
  id: string
  name: string
  route: 'real-time' | 'real-time-or-batch' | 'batch'
  /** False: by none of them; a person asks. */
  supported: boolean
}

/** What a message to a patient is made of: PHI. */
export interface LetterFacts {
  kind: MessageKind
  channel: MessageChannel
  to: string
  language: LanguageTag
  /** By its neutral name: others may read this. */
  clinic: string
  phone: string
  startsAt: string
  timeZone: string
  /** The patient's link; null: of a code there is none. */
  url: string | null
  code: string | null
  /** Where mails to this address can be stopped; null: this is none that can be. */
  unsubscribeUrl: string | null
  notAfter: string | null
}

/** One inquiry of a batch: its ids, and of its patient exactly the fields that the map named. */
export interface BatchMember {
  requestId: string
  payerId: string
  payerName: string
  serviceDate: string
  patient: Record<string, unknown>
}

/** Which PHI fields a map may see, and why (minimum necessary, S-1; every read is audited, S-4). */
export interface Reads<F extends string = string> {
  /** Fields of `PatientAnswers`; the patient is the root payload's `patientId`. */
  patient: readonly F[]
  /** The visit of the root payload's `visitId`. */
  visit: boolean
  /** The chart of the root payload's `patientId`, as far as it is known. */
  chart?: boolean
  /** The payer of the root payload's `payerId`. */
  payer?: boolean
  /** The payer that the patient's answers name as their second, of the catalogue; `patient` holds `secondary` then. */
  secondPayer?: boolean
  /** In which language the form of the root payload's `intakeId` was signed. */
  signedIn?: boolean
  /** The canary of the root payload's `payerId`, of its kind `known`: a member that is nobody. */
  canary?: boolean
  /** The members of the root payload's `batchId`, each with the fields of `patient`, each read audited. */
  batch?: boolean
  /** Whether the message of the root payload's `messageId` may leave at this moment. */
  leave?: boolean
  /** What that message is made of: the contact, the link and the code are opened, and each opening is audited. */
  letter?: boolean
  purpose: 'eligibility' | 'ehr-writeback' | 'payment' | 'messaging'
}

/** A member about whom a payer's answer is known. Invented, or agreed with the payer: nobody's data. */
export interface CanaryFacts {
  memberId: string
  givenName: string
  familyName: string
  birthDate: string
  payerSex: string
}

/** What the hub fetched for a map; `null` and empty where it named none. */
export interface MapReads {
  patient: Record<string, unknown>
  visit: VisitFacts | null
  chart: ChartFacts | null
  payer: PayerFacts | null
  secondPayer: PayerFacts | null
  signedIn: LanguageTag | null
  canary: CanaryFacts | null
  batch: readonly BatchMember[]
  leave: LeaveNow | null
  letter: LetterFacts | null
}

/** What every map may know of where it runs. */
export interface MapFacts<Root> {
  /** Payload of the event that entered the flow. */
  root: Root
  /** ISO time at which this delivery began. */
  at: string
  tenant: { id: string; name: string; timeZone: string; npi: string }
  /** A person gave the last answer by hand, in place of the partner. */
  manual: boolean
  /** Names of the rules that do not believe the last answer (`core/billing` has the list). */
  suspicions: readonly string[]
}

export interface MapSpec<Root extends Contract = Contract, I extends Contract = Contract, O extends Contract = Contract> {
  readonly name: string
  readonly version: number
  readonly summary: string
  /** The contract of the event that must have entered the flow; the checker compares. */
  readonly root: Root
  readonly input: I
  readonly output: O
  readonly reads: Reads | null
  /** Pure. `read` holds exactly what was named in `reads`. */
  map(input: ValueOf<I>, facts: MapFacts<ValueOf<Root>>, read: MapReads): ValueOf<O>
}

/** A typed translation between two contracts; the hub fetches and audits what it reads, then calls the pure function. */
export function defineMap<Root extends Contract, I extends Contract, O extends Contract>(spec: MapSpec<Root, I, O>): MapSpec<Root, I, O> {
  return spec
}
/** `map.eligibility-inquiry.v1` */
export const mapType = (name: string, version: number): string => `map.${name}.v${version}`
