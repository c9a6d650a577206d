/**
 * R4's own definitions, cut down to what a validator reads. Whole they are 93 MB on disk; what a clinic's write-back needs of them
 * is a few types, without the prose. Pure: the same definitions always give the same text.
 */
export interface Definitions {
  /** StructureDefinitions of the types below and of every type that they are made of. */
  structures: Structure[]
  /** Value set -> its codes, for the required bindings that can be listed. */
  valueSets: Record<string, string[]>
}
export interface Structure {
  resourceType: 'StructureDefinition'
  url: string
  name: string
  status: string
  kind: string
  abstract: boolean
  type: string
  baseDefinition?: string
  derivation?: string
  version?: string
  snapshot: { element: Element[] }
}
export interface Element {
  id: string
  path: string
  min: number
  max: string
  mustSupport?: boolean
  /** US Core marks what only the certification wants supported by an extension. */
  uscdi?: true
  sliceName?: string
  type?: { code: string; profile?: string[]; targetProfile?: string[] }[]
  binding?: { strength: string; valueSet?: string }
  [other: string]: unknown
}
interface Coded {
  resourceType: string
  url: string
  concept?: Concept[]
  compose?: { include: { system?: string; concept?: { code: string }[]; filter?: unknown[]; valueSet?: string[] }[]; exclude?: unknown[] }
}
interface Concept {
  code: string
  concept?: Concept[]
}

/** What is written, what a chart holds beside it, and the bundle around it. */
// biome-ignore format: a list
export const neededTypes = [
  'Bundle', 'Patient', 'Coverage', 'Appointment', 'CoverageEligibilityRequest', 'CoverageEligibilityResponse',
  'Organization', 'Practitioner', 'PractitionerRole', 'Location', 'RelatedPerson',
]

const kept = /^(id|path|sliceName|min|max|mustSupport|type|base|contentReference|slicing|binding|constraint|fixed[A-Z]\w*|pattern[A-Z]\w*)$/

export function trimStructure(structure: Structure): Structure {
  const { resourceType, url, version, name, status, kind, abstract, type, baseDefinition, derivation } = structure
  const element = structure.snapshot.element.map(trimElement)
  return {
    resourceType,
    url,
    ...(version === undefined ? {} : { version }),
    name,
    status,
    kind,
    abstract,
    type,
    baseDefinition,
    derivation,
    snapshot: { element },
  }
}
function trimElement(element: Element): Element {
  const trimmed = Object.fromEntries(Object.entries(element).filter(([key]) => kept.test(key))) as Element
  const { binding, slicing, constraint, type } = trimmed as Element & Record<string, never>
  if ((element.extension as { url: string }[] | undefined)?.some((e) => e.url.endsWith('/uscdi-requirement'))) trimmed.uscdi = true
  if (binding) trimmed.binding = { strength: binding.strength, valueSet: binding.valueSet }
  if (slicing) trimmed.slicing = without(slicing, ['description'])
  // A warning is advice of the specification's authors; what is held must be an error.
  if (constraint)
    trimmed.constraint = (constraint as { key: string; severity: string; expression?: string; human?: string }[])
      .filter((c) => c.severity === 'error' && c.expression)
      .map(({ key, severity, expression }) => ({ key, severity, expression, human: key }))
  if (type) trimmed.type = type.map((t) => without(t, ['_code']) as (typeof type)[number])
  return trimmed
}
const without = (value: object, keys: string[]): object => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

export function trim(structures: Structure[], coded: Coded[]): Definitions {
  const byType = new Map(structures.filter((s) => s.derivation !== 'constraint' && s.snapshot).map((s) => [s.type, s]))
  const wanted = new Set<string>()
  const want = (type: string) => {
    const structure = byType.get(type)
    if (!structure || wanted.has(type)) return
    wanted.add(type)
    for (const element of structure.snapshot.element) for (const t of element.type ?? []) want(t.code)
  }
  for (const type of neededTypes) want(type)
  const trimmed = [...wanted].sort().map((type) => trimStructure(byType.get(type) as Structure))
  return { structures: trimmed, valueSets: codesOf(requiredValueSets(trimmed), coded) }
}

const requiredValueSets = (structures: readonly Structure[]): string[] =>
  [
    ...new Set(
      structures.flatMap((s) =>
        s.snapshot.element
          .filter((e) => e.binding?.strength === 'required' && e.type?.some((t) => t.code === 'code'))
          .map((e) => e.binding?.valueSet?.split('|')[0] ?? ''),
      ),
    ),
  ].sort()

/** Only sets that are lists through and through: a filter, or a set of another, needs a terminology server. */
function codesOf(urls: string[], coded: Coded[]): Record<string, string[]> {
  const sets = new Map(coded.filter((c) => c.resourceType === 'ValueSet').map((c) => [c.url, c]))
  const systems = new Map(coded.filter((c) => c.resourceType === 'CodeSystem').map((c) => [c.url, c]))
  const found: [string, string[]][] = []
  for (const url of urls) {
    const compose = sets.get(url)?.compose
    if (!compose || compose.exclude) continue
    const parts = compose.include.map(({ system, concept, filter, valueSet }) => {
      if (filter || valueSet) return null
      return concept?.map((c) => c.code) ?? flat(systems.get(system ?? '')?.concept ?? [])
    })
    const codes = parts.some((part) => part === null || part.length === 0) ? [] : [...new Set(parts.flatMap((part) => part ?? []))].sort()
    if (codes.length > 0 && codes.length <= 300) found.push([url, codes])
  }
  return Object.fromEntries(found)
}
const flat = (concepts: Concept[]): string[] => concepts.flatMap((c) => [c.code, ...flat(c.concept ?? [])])
