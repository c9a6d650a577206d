import type { AnsweredQuestion } from '../catalog/form-answers.ts'
import type { FormDefinition } from '../catalog/forms.ts'
import type { ConsentKind } from '../compliance/model.ts'
import type { ConsentPublication } from '../compliance/publication.ts'
import type { LanguageTag } from '../kit/values.ts'

/** A clinic's own words to its patients: its questions, and the texts that are signed. Each save is a new version, audited in its commit. */

/** The newest version of one form. */
export interface KnownForm {
  id: string
  version: number
  definition: FormDefinition
  askedFrom: string
  /** Null: it is asked now. */
  endedAt: string | null
  /** As colleagues know them; null where it was no person, or one who is gone. */
  savedBy: string | null
}
export interface AnsweredForm {
  id: string
  /** Null: no version is known that asked this. */
  version: number | null
  /** The patient's page said which version it was; else it is the likeliest one. */
  isRecorded: boolean
  title: string
  questions: AnsweredQuestion[]
}
export interface FormStore {
  /** Those that are asked first, then what ended last. */
  list(tenantId: string): Promise<KnownForm[]>
  find(tenantId: string, formId: string): Promise<KnownForm | undefined>
  /** The next version in place of the one that was seen. Null: it is not asked any more. */
  save(
    tenantId: string,
    wish: { id: string; seen: number; definition: FormDefinition | null },
    actor: string,
    now: Date,
  ): Promise<{ version: number } | 'changed-meanwhile' | 'too-many-forms'>
  /** What a patient answered to the clinic's own questions, as they were asked: opened and audited. Undefined: the form was not sent. */
  answers(tenantId: string, intakeId: string, language: LanguageTag, actor: string, now: Date): Promise<AnsweredForm[] | undefined>
}

/** One version in one language. Its words and what is said of them never change. */
export interface KnownConsentText {
  id: string
  kind: ConsentKind
  language: LanguageTag
  version: number
  title: string
  body: string
  coversBankAccounts: boolean
  from: string
  /** Null: in force. */
  until: string | null
  publishedBy: string | null
}
export interface SignedCount {
  /** As far as it was counted. */
  count: number
  more: boolean
}
export interface ConsentTextStore {
  /** In force, of every kind. */
  inForce(tenantId: string): Promise<KnownConsentText[]>
  /** The newest versions of one kind, each with how often it was signed. */
  versions(tenantId: string, kind: ConsentKind): Promise<(KnownConsentText & { signed: SignedCount })[]>
  /** One commit for all languages; what was in force ends with it, in whichever language. `seen`: the newest version that was; 0: none. */
  publish(
    tenantId: string,
    wish: { kind: ConsentKind; seen: number } & ConsentPublication,
    actor: string,
    now: Date,
  ): Promise<{ version: number } | 'changed-meanwhile' | 'nothing-changed'>
  /** Nobody signs it from now on; signed ones stay, and can be taken back. Again: the same. `seen` as above. */
  end(tenantId: string, wish: { kind: ConsentKind; seen: number }, actor: string, now: Date): Promise<{ version: number } | 'changed-meanwhile'>
}
