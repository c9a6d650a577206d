import type { ConsentText } from '@heliox/core/compliance'
import type { LanguageTag } from '@heliox/core/kit'
import type { UploadKind } from './upload.ts'

/** What the patient has typed so far, as typed; it becomes an `IntakeSubmission` only when it is sent. */
export const textFields = [
  'givenName',
  'familyName',
  'birthMonth',
  'birthDay',
  'birthYear',
  'payerSex',
  'gender',
  'guardianGivenName',
  'guardianFamilyName',
  'guardianRelationship',
  'phone',
  'email',
  'country',
  'line1',
  'line2',
  'city',
  'state',
  'postalCode',
  'payerId',
  'payerText',
  'memberId',
  'groupNumber',
  'cardGivenName',
  'cardFamilyName',
  'hasSecond',
  'secondPayerId',
  'secondPayerText',
  'secondMemberId',
  'secondGroupNumber',
  'secondCardGivenName',
  'secondCardFamilyName',
  'paysFirst',
  'typedName',
  'accessCode',
] as const
export type TextFieldName = (typeof textFields)[number]
/** Of a signature: on this device only, and made anew on another. */
export const signedFields = ['typedName', 'accessCode'] as const satisfies readonly TextFieldName[]
export type ConsentKind = ConsentText['kind']

export type ConsentTicks = Partial<Record<ConsentKind, { textId: string; textSha256: string }>>

/** What the payment company's frame gave: a token, and what the patient recognises it by. */
export interface KeptMethod {
  tokenId: string
  kind: 'card' | 'us-bank-account'
  brand: string
  last4: string
}

export interface Draft {
  intakeId: string
  /** One key for all tries to send this intake: the api stores at most one of them, whichever gets through first. */
  submitKey: string
  fields: Record<TextFieldName, string>
  photos: Partial<Record<UploadKind, { uploadId: string }>>
  noPhotos: boolean
  /** Said where the numbers are typed: then no page asks for photos. */
  noCard: boolean
  /** The card has another name than the patient. */
  otherName: boolean
  /** The card of the second insurance has. */
  secondOtherName: boolean
  /** The clinic's own forms, as typed: by form, then by question. */
  forms: Record<string, TypedForm>
  /** The text that was on the screen when it was ticked: the signature binds to its hash, so a tick counts in its language only. */
  consents: Record<LanguageTag, ConsentTicks>
  drawing: string | null
  card: KeptMethod | null
  /** The card form could not be used, and the patient went on without. */
  cardSkipped: boolean
  /** Pages the patient has been on. */
  seen: readonly string[]
  savedAtMs: number
  /** The version at the clinic that this one goes on from. */
  base: number
  /** Something is here that the clinic does not have yet, since when. */
  changedAtMs: number | null
  /** "Clear my answers" has not reached the clinic yet: until it has, what the clinic keeps is shown to nobody here. */
  clearing: boolean
}
export type TypedForm = Record<string, string | readonly string[]>

export type DraftPatch = Partial<Omit<Draft, 'intakeId' | 'submitKey' | 'fields'>> & { fields?: Partial<Record<TextFieldName, string>> }

export function emptyDraft(intakeId: string): Draft {
  return {
    intakeId,
    submitKey: crypto.randomUUID(),
    fields: Object.fromEntries(textFields.map((name) => [name, ''])) as Record<TextFieldName, string>,
    photos: {},
    noPhotos: false,
    noCard: false,
    otherName: false,
    secondOtherName: false,
    forms: {},
    consents: { en: {}, es: {}, de: {}, fr: {} },
    drawing: null,
    card: null,
    cardSkipped: false,
    seen: [],
    savedAtMs: 0,
    base: 0,
    changedAtMs: null,
    clearing: false,
  }
}

/** As if nobody had signed: whoever signs ticks, types and draws by themself. */
export const unsigned = {
  fields: { typedName: '', accessCode: '' } satisfies Record<(typeof signedFields)[number], string>,
  drawing: null,
  consents: { en: {}, es: {}, de: {}, fr: {} },
} satisfies DraftPatch

export const patched = (draft: Draft, patch: DraftPatch): Draft => ({ ...draft, ...patch, fields: { ...draft.fields, ...patch.fields } })

/**
 * Where a draft lives: memory, the clinic (server-draft.ts), and a copy in this tab's sessionStorage. The copy is there
 * because phones throw the page away while the camera is open, and because a connection may be gone when something is typed.
 * It is health data on a device that may be shared, so it is the narrowest storage there is (this tab only, never
 * localStorage, never another tab), it is cleared at submit and by "Clear my answers", and a copy that nobody touched for an
 * hour is not read again.
 */
const storageKey = 'heliox-intake-draft'
const keptMs = 60 * 60 * 1000

export function loadDraft(storage: Storage | undefined, intakeId: string, nowMs: number): Draft {
  try {
    const stored = JSON.parse(storage?.getItem(storageKey) ?? 'null') as Draft | null
    if (stored && stored.intakeId === intakeId && nowMs - stored.savedAtMs <= keptMs) {
      const empty = emptyDraft(intakeId)
      // A copy of before a release lacks what came since.
      return { ...empty, ...stored, fields: { ...empty.fields, ...stored.fields } }
    }
    // Another patient's link in the same tab, or too old: it must not stay behind.
    storage?.removeItem(storageKey)
  } catch {
    clearDraft(storage)
  }
  return emptyDraft(intakeId)
}

/** Storage may be full or refused (private mode): then memory is all there is, and the form still works. */
export function saveDraft(storage: Storage | undefined, draft: Draft, nowMs: number): boolean {
  try {
    storage?.setItem(storageKey, JSON.stringify({ ...draft, savedAtMs: nowMs }))
    return storage !== undefined
  } catch {
    return false
  }
}

export function clearDraft(storage: Storage | undefined): void {
  try {
    storage?.removeItem(storageKey)
  } catch {
    return
  }
}

/** Touching `sessionStorage` can throw by itself where a browser blocks it. */
export function tabStorage(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined
  }
}
