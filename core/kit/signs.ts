/** What does not agree between question and answer, by name; never a value. */
export const echoMismatches = ['trace', 'payer', 'provider', 'member-id', 'name', 'birth-date', 'service-date'] as const
export type EchoMismatch = (typeof echoMismatches)[number]

/**
 * What can be seen of a partner's answer without knowing what is true: the ground on which a success that lies is told from one that
 * does not (K-5). Made by the adapter, which knows the format; judged by rules in `core/billing`, which know no format. In memory only:
 * `body` and `subject` may name a patient and are kept as keyed hashes.
 */
export interface AnswerSigns {
  says: 'yes' | 'no' | 'neither'
  /** It holds neither a statement nor a refusal. */
  empty: boolean
  /** Marked as a test by the partner itself (ISA15 `T` where `P` was asked, a mock header). */
  testMarked: boolean
  echo: readonly EchoMismatch[]
  hasDates: boolean
  hasPlan: boolean
  /** All that it says, person included, without what changes with every answer (control numbers, stamps, traces). */
  body: string
  /** Whom was asked about: two questions about one member give the same text. */
  subject: string
  /** The question was about a member whose answer is known: it says nothing of how this payer usually answers. */
  canary?: 'active' | 'inactive' | undefined
}
