import type { EhrVisitV2, EhrVisitV3 } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'

/**
 * A mapping as data: one row says where something stands in a resource, what it comes from, and how. Resources are made from the
 * rows and MAPPING.md is written from them, so neither can say what the other does not do.
 */
export type VisitV2 = ValueOf<typeof EhrVisitV2>
export type VisitV3 = ValueOf<typeof EhrVisitV3>
/** Both majors: the earlier one says nothing of what came since. */
type Since = 'gender' | 'guardian' | 'language' | 'secondary'
export type AnyVisit = Omit<VisitV3, Since> & Partial<Pick<VisitV3, Since>>
export interface MappingConfig {
  identifierSystem: string
  practiceName: string
}
/** What the resources of one visit call each other: `Patient/123` where it is known, else the `fullUrl` of the bundle. */
export interface References {
  patient: string
  coverage: string
  eligibilityRequest: string
}
export interface Source extends Partial<VisitV3> {
  refs?: Partial<References>
  config: MappingConfig
}
/** A field of what is mapped, so that a misspelt one does not compile. */
export type From =
  | Exclude<keyof VisitV3, 'address' | 'agreed' | 'notRefs'>
  | `address.${keyof VisitV2['address']}`
  | `eligibility.${keyof NonNullable<VisitV2['eligibility']>}`
  | `guardian.${keyof NonNullable<VisitV3['guardian']>}`
  | `secondary.${keyof NonNullable<VisitV3['secondary']>}`
  | `refs.${keyof References}`
  | `config.${keyof MappingConfig}`

type Json = string | number | boolean
export interface Row {
  /** Path below the resource: `name[0].family`. */
  element: string
  /** Null: always the same. Nothing is written when it is null or absent. */
  from: From | null
  /** What it comes from where that is not there. */
  else?: From
  /** Written only where this is there. */
  only?: From
  /** Written only where this is not there. */
  unless?: From
  /** In the words of MAPPING.md. */
  rule: string
  make(value: unknown): unknown
}

/** As it is. */
export const copy = (element: string, from: From): Row => ({ element, from, rule: 'as it is', make: (value) => value })
/** Always this; with `when`, only where that is there. */
export const fixed = (element: string, value: Json, when: From | null = null): Row => ({
  element,
  from: when,
  rule: when === null ? `always \`${value}\`` : `\`${value}\`, where it is there`,
  make: () => value,
})
/** One code for another. A code without a line, or with null, writes nothing. */
export const codes = <F extends From>(element: string, from: F, map: Record<string, Json | null>): Row => ({
  element,
  from,
  rule: Object.entries(map)
    .map(([ours, theirs]) => `${ours} → ${theirs === null ? 'nothing' : `\`${theirs}\``}`)
    .join(', '),
  make: (value) => map[String(value)] ?? undefined,
})
/** The first of two that is there. */
export const eitherOf = (from: From, otherwise: From, row: Row): Row => ({ ...row, from, else: otherwise })
/** Nothing without the other. */
export const onlyWith = (only: From, row: Row): Row => ({ ...row, only, rule: `${row.rule}; only with \`${only}\`` })
/** Where something is not known that the element must say: FHIR's own way to say so. */
export const notKnown = (element: string, unless: From): Row => ({
  ...{ element: `_${element}`, from: null, unless, rule: `\`data-absent-reason\` \`unknown\`, where there is no \`${unless}\`` },
  make: () => ({ extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] }),
})
export const computed = (element: string, from: From, rule: string, make: (value: never) => unknown): Row => ({
  element,
  from,
  rule,
  make: make as Row['make'],
})
/** A coding of a code system, in the elements that a CodeableConcept has. */
export const coding = (element: string, system: string, code: string, when: From | null = null): Row[] => [
  fixed(`${element}.coding[0].system`, system, when),
  fixed(`${element}.coding[0].code`, code, when),
]

function valueAt(source: Source, from: From): unknown {
  let at: unknown = source
  for (const step of from.split('.')) at = (at as Record<string, unknown> | null | undefined)?.[step]
  return at
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined

type Step = string | number
export const steps = (element: string): Step[] =>
  element.split('.').flatMap((part) =>
    part
      .split(/[[\]]/)
      .filter(Boolean)
      .map((s) => (/^\d+$/.test(s) ? Number(s) : s)),
  )

/** The elements of the rows whose source is there. Entries of a list that stay empty are left out, so no hole and no null is ever sent. */
export function build(rows: readonly Row[], source: Source): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const row of rows) {
    if (row.only !== undefined && isAbsent(valueAt(source, row.only))) continue
    if (row.unless !== undefined && !isAbsent(valueAt(source, row.unless))) continue
    const first = row.from === null ? null : valueAt(source, row.from)
    const value = row.else !== undefined && isAbsent(first) ? valueAt(source, row.else) : first
    if (row.from !== null && isAbsent(value)) continue
    const result = row.make(value)
    if (result !== undefined) put(made, steps(row.element), result)
  }
  return withoutHoles(made) as Record<string, unknown>
}
function put(into: Record<Step, unknown>, [first, ...rest]: Step[], value: unknown): void {
  if (first === undefined) return
  if (rest.length === 0) {
    into[first] = value
    return
  }
  into[first] ??= typeof rest[0] === 'number' ? [] : {}
  put(into[first] as Record<Step, unknown>, rest, value)
}
function withoutHoles(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((entry) => entry !== undefined).map(withoutHoles)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutHoles(entry)]))
}
