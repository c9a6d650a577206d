import type { z } from 'zod'
import type { VisitDetails } from '../clinical/index.ts'
import type { VisitContact } from '../identity/contact.ts'
import type { Journey } from '../reporting/model.ts'
import type { NewLink } from './edge.ts'
import type { MessageView } from './messages.ts'

/** One line of the front desk's day. Nobody's name is in it: names are read apart, once for all lines, and audited. */
export interface DeskVisit {
  journey: Journey
  /** The newest message to the patient. */
  message: MessageView | null
  /** Changes whenever the clinic says anew whom the visit is for: then the name is read again. */
  contactRevision: number
  /** Where appointments are kept, its names another patient by now. */
  ofAnother: boolean
  /** The link opens nothing any more: ended here, or by its time before the form was sent. */
  linkEnded: boolean
}
/** Whether the patient's link opens. `submitted`: it leads to the status page. */
export interface LinkNow {
  status: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  /** One is kept, so that a message can carry it. */
  canBeSent: boolean
}
/** `there`: a line with the same time, name and clinician was booked before. `cancelled`: so it was, and that visit was called off. */
export type BookedBefore = 'there' | 'cancelled'
export type ImportOutcome = { is: 'booked' | BookedBefore; visitId: string; intakeId: string } | { is: 'elsewhere' | 'handover' }
export interface VisitAt {
  visitId: string
  startsAt: string
  practitioner: string
  is: BookedBefore
}

export interface DeskStore {
  /** Visits that begin in `[from, to)`, by time. `cut`: there are more than `limit`. */
  between(tenantId: string, from: Date, to: Date, limit: number, now: Date): Promise<{ items: DeskVisit[]; cut: boolean }>
  visitIds(tenantId: string, from: Date, to: Date, limit: number): Promise<string[]>
  link(tenantId: string, intakeId: string, now: Date): Promise<LinkNow | undefined>
  /** Which of these lines an import booked before, by their text (`importText`). Only keyed hashes are kept. */
  imported(tenantId: string, texts: readonly string[]): Promise<Map<string, BookedBefore>>
  /** All that begin at one of these moments, however they were booked. */
  visitsAt(tenantId: string, moments: readonly Date[]): Promise<VisitAt[]>
  /** One commit for one line: a line that was booked before, by whoever, books nothing. `anew`: unless that visit was called off since. */
  importVisit(
    tenantId: string,
    line: { text: string; details: z.output<typeof VisitDetails> & { contact: VisitContact }; anew?: boolean },
    link: NewLink,
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<ImportOutcome>
}
