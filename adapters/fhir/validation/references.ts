import { type Finding, finding } from './findings.ts'
import type { Element } from './trim.ts'

/** What a reference may point at within what is sent: fullUrl or `#id` -> type. */
export type Known = Readonly<Record<string, string>>

const literal = /(?:^|\/)([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/
const conditional = /^([A-Z][A-Za-z]{1,40})\?/

export function checkReference(value: Record<string, unknown>, element: Element, at: string, known: Known): Finding[] {
  const { reference, type, identifier, display } = value
  if (reference === undefined)
    return identifier === undefined && display === undefined && value.extension === undefined ? [finding(at, 'reference')] : wrong(type, element, at)
  if (typeof reference !== 'string') return [finding(`${at}.reference`, 'structure')]
  const target = typeOf(reference, known)
  if (target === null) return [finding(`${at}.reference`, 'reference-unresolved')]
  // It says itself what it points at, and the two must agree.
  if (type !== undefined && target !== undefined && type !== target) return [finding(`${at}.type`, 'reference-type')]
  return wrong(target ?? type, element, at)
}

/** Null: it points at nothing that goes along. Undefined: an address somewhere else, of which nothing can be known. */
function typeOf(reference: string, known: Known): string | null | undefined {
  if (reference.startsWith('#') || reference.startsWith('urn:')) return Object.hasOwn(known, reference) ? known[reference] : null
  const found = literal.exec(reference)?.[1] ?? conditional.exec(reference)?.[1]
  if (found !== undefined) return found
  return /^https?:\/\//.test(reference) ? undefined : null
}
function wrong(type: unknown, element: Element, at: string): Finding[] {
  const targets = (element.type ?? []).flatMap((t) => (t.code === 'Reference' ? (t.targetProfile ?? []) : [])).map((profile) => profile.split('/').at(-1))
  return type === undefined || targets.length === 0 || targets.includes('Resource') || targets.includes(String(type)) ? [] : [finding(at, 'reference-type')]
}
