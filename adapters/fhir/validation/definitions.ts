import { readFileSync } from 'node:fs'
import type { Definitions, Element, Structure } from './trim.ts'

/** The cut-down definitions, read when the first resource is checked: a process that writes to no EHR never holds them. */
let loaded: Definitions | undefined
export function definitions(): Definitions {
  loaded ??= JSON.parse(readFileSync(new URL('./generated/r4.json', import.meta.url), 'utf8')) as Definitions
  return loaded
}

export interface Child {
  element: Element
  type: string
  /** `deceased[x]`, of which there may be one. */
  choice: string | null
}
let byType: Map<string, Map<string, Element>> | undefined
function elementsOf(type: string): Map<string, Element> | undefined {
  byType ??= new Map(definitions().structures.map((s: Structure) => [s.type, new Map(s.snapshot.element.map((e) => [e.path, e]))]))
  return byType.get(type)
}
export const isKnownType = (type: string): boolean => elementsOf(type) !== undefined

/** What `key` is below `path` (`Patient.contact`) in the definition of `type`. */
export function childOf(type: string, path: string, key: string): Child | undefined {
  const elements = elementsOf(type)
  const plain = elements?.get(`${path}.${key}`)
  if (plain) return { element: plain, type: typeOf(plain), choice: null }
  for (const [candidate, element] of elements ?? []) {
    if (!candidate.endsWith('[x]') || !candidate.startsWith(`${path}.`)) continue
    const choice = candidate.slice(path.length + 1)
    const base = choice.slice(0, -3)
    if (!key.startsWith(base) || choice.includes('.')) continue
    const of = element.type?.find((t) => key === base + t.code.charAt(0).toUpperCase() + t.code.slice(1))
    if (of) return { element, type: of.code, choice }
  }
  return undefined
}
/** Ids and the like are named by a type of FHIRPath's own, not FHIR's. */
const typeOf = (element: Element): string => {
  const code = element.type?.[0]?.code ?? ''
  return code.startsWith('http://hl7.org/fhirpath/') ? 'id' : code
}

/** As far as each name of a path is one of FHIR's: from the first that is not, the rest is cut off. It might be anything, a name too. */
export function knownPath(text: string): string {
  const [root = '', ...names] = text.split('.')
  let [type, path] = [root, root]
  const known = [root]
  for (const name of names) {
    const key = name.replace(/\[\d+\]$/, '').replace(/:.*$/, '')
    const element = elementsOf(type)?.get(`${path}.${key}`)
    const child = key.endsWith('[x]') ? element && { element, type: '' } : childOf(type, path, key)
    if (!child) break
    known.push(name)
    const referred = typeof child.element.contentReference === 'string' ? child.element.contentReference.slice(1) : null
    if (referred) path = referred
    else if (isInline(child.type)) path = `${path}.${key}`
    else [type, path] = [child.type, child.type]
  }
  return known.join('.')
}
/** Its elements are in the definition that it is in itself. */
export const isInline = (type: string): boolean => type === '' || type === 'BackboneElement' || type === 'Element'
