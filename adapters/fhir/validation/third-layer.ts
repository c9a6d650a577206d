import { type Child, childOf, definitions, isInline, isKnownType } from './definitions.ts'
import { type Finding, finding } from './findings.ts'
import { checkNarrative } from './narrative.ts'
import { checkReference, type Known } from './references.ts'

/**
 * What neither library looks at (standards: each of the two alone missed planted faults, and both together ids that are too long
 * and two values of one choice): ids, choices, references, required codes, narrative, empty texts.
 */
export const idPattern = /^[A-Za-z0-9.-]{1,64}$/

interface Place {
  /** The definition that `path` is in. */
  type: string
  path: string
  /** For a person: `Patient.contact[0]`. */
  at: string
}
type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

export function thirdLayer(resource: Json, known: Known): Finding[] {
  const type = String(resource.resourceType)
  const contained = Array.isArray(resource.contained) ? resource.contained.filter(isObject) : []
  const scope: Known = { ...known, ...Object.fromEntries(contained.map((c) => [`#${String(c.id)}`, String(c.resourceType)])), '#': type }
  return walk(resource, { type, path: type, at: type }, scope)
}

function walk(node: Json, place: Place, known: Known): Finding[] {
  const chosen = new Map<string, number>()
  const found: Finding[] = []
  for (const [key, value] of Object.entries(node)) {
    if (key === 'resourceType' || key.startsWith('_')) continue
    const child = childOf(place.type, place.path, key)
    // The libraries say that it does not belong here.
    if (!child) continue
    if (child.choice !== null) chosen.set(child.choice, (chosen.get(child.choice) ?? 0) + 1)
    const values = Array.isArray(value) ? value : [value]
    values.forEach((one, i) => {
      const at = `${place.at}.${key}${Array.isArray(value) ? `[${i}]` : ''}`
      found.push(...checkValue(one, child, { ...place, path: `${place.path}.${key}`, at }, known))
    })
  }
  for (const [choice, count] of chosen) if (count > 1) found.push(finding(`${place.at}.${choice}`, 'choice'))
  return found
}

function checkValue(value: unknown, { element, type, choice }: Child, place: Place, known: Known): Finding[] {
  // Types of FHIR's own begin with a capital; the others are JSON's. Both libraries let a truth pass where a Reference belongs.
  const primitive = /^[a-z]/.test(type)
  if (primitive ? typeof value === 'object' && value !== null : !isObject(value)) return [finding(place.at, 'structure')]
  if (typeof value === 'string') return checkText(value, type, element, place.at)
  if (!isObject(value)) return []
  if (type === 'Resource') return isKnownType(String(value.resourceType)) ? thirdLayer(value, known) : []
  const referred = typeof element.contentReference === 'string' ? element.contentReference.slice(1) : null
  // An element that is made of others goes on in the same definition, one of a type of its own in that type's.
  const next: Place = referred ? { ...place, path: referred } : isInline(type) && choice === null ? place : { ...place, type, path: type }
  const own = type === 'Reference' ? checkReference(value, element, place.at, known) : type === 'Narrative' ? checkNarrative(value, place.at) : []
  return [...own, ...walk(value, next, known)]
}

function checkText(value: string, type: string, element: Child['element'], at: string): Finding[] {
  if (value.trim() === '') return [finding(at, 'format')]
  if (type === 'id' && element.path.endsWith('.id') && !element.path.slice(0, -3).includes('.') && isKnownResource(element.path))
    return idPattern.test(value) ? [] : [finding(at, 'id')]
  if (type !== 'code' || element.binding?.strength !== 'required') return []
  const codes = definitions().valueSets[element.binding.valueSet?.split('|')[0] ?? '']
  return codes === undefined || codes.includes(value) ? [] : [finding(at, 'code')]
}
/** `Patient.id` is an id of FHIR's grammar; `HumanName.id` is a text that only has to be unique. */
const isKnownResource = (path: string): boolean => childOf(path.split('.')[0] ?? '', path.split('.')[0] ?? '', 'meta') !== undefined
