import { isDeepStrictEqual } from 'node:util'
import { type Envelope, type EventSpec, limits } from '@heliox/core/kit'
import { eventByType } from '@heliox/core/registry'
import { z } from 'zod'
import { Refusal } from './kit/errors.ts'

/**
 * What a person may put right in an event: days, times, lengths and two codes. Whom it is about, where a file lies, and what a
 * partner, a scanner or a person answered or decided are not in this list, broken or not: that is an item's or a case's affair, with
 * its reason and its second person. Nor is text that anybody could write a patient's name into. A field of a new event is not in it
 * either, until somebody puts it here.
 */
export const correctable: ReadonlySet<string> = new Set([
  ...['serviceDate', 'startsAt', 'endsAt', 'recheckAt', 'nextTryAt', 'durationMs', 'inquiries'],
  ...['currency', 'kind'],
])

const Fields = z.record(z.string(), z.unknown())

/** The fields that its contract finds wrong; none when it finds nothing wrong, or something that nobody may put right. */
export function correctableIn(envelope: Envelope): string[] {
  const issues = specOf(envelope)?.contract.schema.safeParse(envelope.payload).error?.issues ?? []
  const wrong = [...new Set(issues.map(({ path }) => String(path[0])))]
  return wrong.every((field) => correctable.has(field)) ? wrong : []
}

/**
 * The same event with what was wrong in its payload put right, and the names of what changed. Whose event it is, where it may go, which
 * one it is and what has been done for it (`rootId`) stay: pins, ledger and inboxes know it by them.
 */
export function corrected(envelope: Envelope, payload: unknown): { envelope: Envelope; fields: string[] } {
  const stored = Fields.safeParse(envelope.payload)
  const given = Fields.safeParse(payload)
  if (!stored.success || !given.success) throw new Refusal('correction-refused')
  const fields = differing(stored.data, given.data)
  const wrong = correctableIn(envelope)
  const fits = specOf(envelope)?.contract.schema.safeParse(given.data).success === true
  if (!fits || fields.length === 0 || fields.some((field) => !wrong.includes(field))) throw new Refusal('correction-refused')
  if (Buffer.byteLength(JSON.stringify(given.data)) > limits.eventBytesMax) throw new Refusal('correction-refused')
  return { envelope: { ...envelope, payload: given.data }, fields }
}

function specOf({ type, contract }: Envelope): EventSpec | undefined {
  const spec = eventByType.get(type)
  return spec?.contract.id === contract ? spec : undefined
}

function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.has(name) !== now.has(name) || !isDeepStrictEqual(old.get(name), now.get(name)))
}
