import type { LanguageTag } from '@heliox/core/kit'
import type { DraftToSave, IntakeDraft } from '../client.gen.ts'
import { birthDateOf } from './birth-date.ts'
import { type Draft, emptyDraft, signedFields, type TypedForm, textFields } from './draft.ts'
import { fitting } from './validate.ts'

/** What another device saved: null once it was cleared there. */
export interface Theirs {
  version: number
  draft: IntakeDraft | null
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [])

/**
 * What the clinic keeps of a draft. Not the signature (ticks, typed name, code, drawing) and not the token of what pays: they
 * belong to one device and are asked for again on another. Not what only this tab needs.
 */
export function dataOf({
  intakeId: _id,
  consents: _ticks,
  fields: { typedName: _name, accessCode: _code, ...fields },
  drawing: _drawing,
  card: _card,
  savedAtMs: _saved,
  base: _base,
  changedAtMs: _changed,
  clearing: _clearing,
  ...data
}: Draft): Record<string, unknown> {
  return { ...data, fields }
}

/** Typed text, photos or ticks: a form that was only looked at is kept nowhere. */
export const hasContent = ({ fields, photos, consents, forms }: Draft): boolean =>
  Object.values(fields).some((text) => text !== '') ||
  Object.keys(photos).length > 0 ||
  Object.values(consents).some((ticks) => Object.values(ticks).some(Boolean)) ||
  Object.keys(forms).length > 0

/** What the patient typed after the clearing takes the place of what it should have cleared. */
export const isClearing = (draft: Draft): boolean => draft.clearing && !hasContent(draft)

/** Field by field: an older or a newer form may have written it. What this device alone has stays. */
export function draftFrom({ version, draft }: Theirs, own: Draft): Draft {
  const empty = emptyDraft(own.intakeId)
  const kept = { base: version, changedAtMs: null, card: own.card, drawing: own.drawing, consents: own.consents }
  if (!draft) return { ...empty, base: version }
  const { data } = draft
  const fields = isRecord(data.fields) ? data.fields : {}
  const photos = isRecord(data.photos) ? data.photos : {}
  const forms = isRecord(data.forms) ? data.forms : {}
  const photo = (kind: 'card-front' | 'card-back'): Draft['photos'] => {
    const found = photos[kind]
    return isRecord(found) && typeof found.uploadId === 'string' ? { [kind]: { uploadId: found.uploadId } } : {}
  }
  return {
    ...empty,
    ...kept,
    submitKey: typeof data.submitKey === 'string' ? data.submitKey : empty.submitKey,
    fields: {
      ...(Object.fromEntries(textFields.map((name) => [name, typeof fields[name] === 'string' ? fields[name] : ''])) as Draft['fields']),
      ...(Object.fromEntries(signedFields.map((name) => [name, own.fields[name]])) as Pick<Draft['fields'], (typeof signedFields)[number]>),
    },
    photos: { ...photo('card-front'), ...photo('card-back') },
    noPhotos: data.noPhotos === true,
    noCard: data.noCard === true,
    otherName: data.otherName === true,
    secondOtherName: data.secondOtherName === true,
    forms: Object.fromEntries(Object.entries(forms).flatMap(([id, form]) => (isRecord(form) ? [[id, typedForm(form)]] : []))),
    cardSkipped: data.cardSkipped === true,
    seen: texts(data.seen),
  }
}
const typedForm = (form: Record<string, unknown>): TypedForm =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [name, typeof value === 'string' ? value : texts(value)]))

/** Alike whatever the order of their keys; what is undefined is not there. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((entry, at) => sameData(entry, other[at]))
  if (!isRecord(one) || !isRecord(other)) return one === other
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => sameData(one[key], other[key]))
}

/** With what the form begins: what this tab has, what the clinic has, or, where both went on apart, a question to the patient. */
export function startWith(local: Draft, theirs: Theirs): { draft: Draft; conflict: Theirs | null } {
  if (isClearing(local)) return { draft: { ...local, base: theirs.version }, conflict: null }
  if (!hasContent(local)) return { draft: theirs.draft ? draftFrom(theirs, local) : { ...local, base: theirs.version }, conflict: null }
  if (local.base === theirs.version) return { draft: local, conflict: null }
  if (local.changedAtMs === null) return { draft: draftFrom(theirs, local), conflict: null }
  // Ours arrived, and the answer to it did not.
  if (theirs.draft && sameData(dataOf(local), theirs.draft.data)) return { draft: { ...local, base: theirs.version, changedAtMs: null }, conflict: null }
  return { draft: local, conflict: theirs }
}

/**
 * The birth date goes beside it, and how the patient is reached: with the one, and with a code that is sent to the other, they prove on another device
 * that the draft is theirs. What is not right yet stays out: the clinic would refuse the whole save for it.
 */
export function saveOf(draft: Draft, today: string, language: LanguageTag): DraftToSave & { birthDate: string | null; contact: DraftToSave['contact'] } {
  const birth = birthDateOf(draft.fields, today)
  const birthDate = 'date' in birth ? birth.date : null
  const [givenName, familyName, phone, email] = (['givenName', 'familyName', 'phone', 'email'] as const).map((name) => fitting(draft, name))
  const reached = givenName && familyName && (phone || email)
  return { data: dataOf(draft), birthDate, contact: reached ? { givenName, familyName, birthDate, phone, email, language } : null }
}
