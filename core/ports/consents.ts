import type { ConsentKind, ConsentText, GivenConsent, SignatureRecord } from '../compliance/model.ts'
import type { LinkFacts } from './edge.ts'

/** What patients agreed to, and took back. */
export interface ConsentStore {
  /** Empty until the form was sent and its event has been carried here. */
  given(link: LinkFacts): Promise<GivenConsent[]>
  /** The same with who signed, when and where: opened for the receipt, audited. Undefined: nothing was signed, or nothing is recorded yet. */
  receipt(link: LinkFacts, now: Date): Promise<{ given: GivenConsent[]; record: SignatureRecord; recordSha256: string } | undefined>
  /** In one commit with what follows; harmless when repeated. Undefined: no consent of this form. */
  withdraw(link: LinkFacts, consentId: string, now: Date): Promise<ConsentKind | undefined>
  /** For lists of visits: which consents of these forms were taken back. */
  withdrawn(tenantId: string, intakeIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConsentKind[]>>
  texts(tenantId: string): Promise<ConsentText[]>
}
