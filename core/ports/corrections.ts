import type { CorrectableField, CorrectionFields, CorrectionHints, DeskAnswers, OpenableField, PatientCorrection } from '../identity/corrections.ts'
import type { InputPurpose } from '../messaging/model.ts'
import type { LinkFacts } from './edge.ts'

/** What a patient is asked to put right, as their form shows it. */
export interface CorrectionOffer {
  fields: readonly CorrectableField[]
  /** Whose wish it is: an answer of the payer, or a person of the clinic who asked last. */
  askedBy: 'payer-answer' | 'staff'
  hints: CorrectionHints
  /** How often the form may still be sent. */
  left: number
}

/** Putting right what a payer did not recognise, after the form was sent. Each method is one commit, and every read of answers is audited. */
export interface CorrectionStore {
  /** Whether the patient is asked for anything; opens nothing. */
  asked(tenantId: string, intakeId: string): Promise<boolean>
  /** Undefined: nothing is asked, or it was put right as often as may be. */
  offer(link: LinkFacts, now: Date): Promise<CorrectionOffer | undefined>
  /** `replayed`: the same key with the same values; `conflict`: the same key with others; `not-asked`: a value that nobody asked for. */
  submit(
    link: LinkFacts,
    fields: PatientCorrection,
    meta: { idempotencyKey: string; payerName: string | null; traceparent: string | null; correlationId: string },
    now: Date,
  ): Promise<'corrected' | 'replayed' | 'conflict' | 'nothing-changed' | 'not-asked' | 'too-many' | 'not-found'>
  /** Opens the form on the patient's link for these fields. Asking again for the same is harmless. */
  askPatient(
    tenantId: string,
    request: { intakeId: string; fields: readonly CorrectableField[] },
    actor: string,
    now: Date,
  ): Promise<'asked' | 'not-found' | 'too-many'>
  /** What staff is about to put right, for a named purpose. Undefined: the intake was not sent. */
  open(
    tenantId: string,
    intakeId: string,
    fields: readonly OpenableField[],
    purpose: InputPurpose,
    actor: string,
    now: Date,
  ): Promise<Partial<Record<OpenableField, string>> | undefined>
  /** What the front desk is shown, audited. Undefined: the intake was not sent. */
  atDesk(tenantId: string, intakeId: string, actor: string, now: Date): Promise<DeskAnswers | undefined>
  /** Staff puts it right. `correctionId` comes from the caller: the same once more is `replayed`. */
  correct(
    tenantId: string,
    correction: { correctionId: string; intakeId: string; fields: CorrectionFields; payerName: string | null; correlationId: string | null },
    actor: string,
    now: Date,
  ): Promise<'corrected' | 'replayed' | 'conflict' | 'nothing-changed' | 'too-many' | 'not-found'>
}
