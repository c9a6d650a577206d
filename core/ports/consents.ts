import type { ConsentKind, ConsentText, GivenConsent, SignatureRecord, WithdrawalWay } from '../compliance/model.ts'
import type { LinkFacts } from './edge.ts'

export interface SignedRecord {
  record: SignatureRecord
  recordSha256: string
}
/** What was agreed to with one form, the record that was signed with it, and those of what was agreed to after it, each with its consents. */
export interface SignedConsents extends SignedRecord {
  given: GivenConsent[]
  later: readonly (SignedRecord & { consentIds: readonly string[] })[]
}

/** What patients agreed to, and took back. */
export interface ConsentStore {
  /** Empty until the form was sent and its event has been carried here. */
  given(of: Pick<LinkFacts, 'tenantId' | 'intakeId'>): Promise<GivenConsent[]>
  /**
   * The same with who signed, when and where: opened for the receipt, audited. `staff`: who of the clinic asks; left out, it is the patient. Undefined:
   * nothing was signed, or nothing is recorded yet.
   */
  receipt(of: Pick<LinkFacts, 'tenantId' | 'intakeId'>, now: Date, staff?: string): Promise<SignedConsents | undefined>
  /** In one commit with what follows; harmless when repeated. What else of its kind stands goes with it. Undefined: no consent of this form. */
  withdraw(link: LinkFacts, consentId: string, now: Date): Promise<ConsentKind | undefined>
  /**
   * The same where the patient told the clinic: all that stands of the kind, whether or not their link still opens. Not given to any form of this clinic
   * with that id: undefined. One that was taken back already stays as it was.
   */
  recordWithdrawal(
    of: Pick<LinkFacts, 'tenantId' | 'intakeId'>,
    said: { kind: ConsentKind; cameBy: WithdrawalWay },
    actor: string,
    now: Date,
  ): Promise<ConsentKind | undefined>
  /** For lists of visits: which consents of these forms were taken back. */
  withdrawn(tenantId: string, intakeIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConsentKind[]>>
  texts(tenantId: string): Promise<ConsentText[]>
}

/** One line of the audit, for a person. */
export interface AccessLine {
  at: string
  /** Of staff the name, where it is still known. */
  actor: { kind: 'user' | 'patient' | 'service' | 'service-account'; name: string | null }
  action: string
  purpose: string | null
  outcome: 'ok' | 'denied' | 'error'
  /** How many visits the line is about: a list of names is one line. */
  subjects: number
}
/** `from`: since when lines were read; `whole`: that is the whole span, not the newest lines of one that has too many. */
export interface AccessesRead {
  lines: AccessLine[]
  from: Date
  whole: boolean
}
export interface AccessStore {
  /** Of a visit, its patient, and what else belongs to them: each line that names one of these, alone or in a list. The newest first. `linesMax`: so many are read. */
  about(
    tenantId: string,
    of: { visitId: string; others: readonly string[] },
    span: { from: Date; to: Date },
    most: { limit: number; linesMax: number },
  ): Promise<AccessesRead>
}
