import { z } from 'zod'
import { IsoDate } from '../kit/index.ts'
import { VisitContactInput } from './contact.ts'

export const draftLimits = { bytesMax: 48 * 1024, depthMax: 6 } as const

/**
 * What must not be kept before it is sent: a signature, and what pays. Both are made on the last pages; a draft that is opened on another device asks
 * for them again.
 */
const notForDrafts = /^(data:image\/|ctoken_|pm_|seti_|btok_)/

function isKeepable(value: unknown, depth: number): boolean {
  if (depth > draftLimits.depthMax) return false
  if (typeof value === 'string') return !notForDrafts.test(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every((inner) => isKeepable(inner, depth + 1))
}

/** The form as the browser keeps it: the server knows its size, not its shape. PHI. */
export const DraftData = z
  .record(z.string().max(60), z.unknown())
  .refine((data) => Buffer.byteLength(JSON.stringify(data)) <= draftLimits.bytesMax, { error: `must be at most ${draftLimits.bytesMax} bytes` })
  .refine((data) => isKeepable(data, 0), { error: 'must hold neither a drawing nor a token of the payment partner' })
export type DraftData = z.output<typeof DraftData>

const signedFields: ReadonlySet<string> = new Set(['typedName', 'accessCode'])

/**
 * Without what makes a signature: ticks under the texts, the typed name, the code that was read on the device. Whoever opens the link next says all of
 * that with their own hand, on their own device. Asked on the way in and on the way out: a page of before a release sends it, and an older draft holds it.
 */
export function withoutSignature({ consents: _ticks, ...data }: DraftData): DraftData {
  const { fields } = data
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return data
  return { ...data, fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !signedFields.has(name))) }
}

/** `birthDate`: as typed so far; where nobody told the clinic's, the patient proves with it that the draft is theirs. */
export const DraftSave = z.strictObject({ data: DraftData, birthDate: IsoDate.nullable().default(null) })
export type DraftSave = z.output<typeof DraftSave>

/** `contact`: once name, and a phone or an address, are typed. Where the clinic has named nobody, a code goes there when another device goes on with it. */
export const DraftInput = DraftSave.extend({ contact: VisitContactInput.omit({ smsAllowed: true }).nullable().default(null) })
