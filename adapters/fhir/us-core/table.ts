import type { UsCore, UsCoreVersion } from './versions.ts'

/**
 * US Core's mandatory and must-support elements of what we write, as our own table. `sent`: a visit that holds everything fills it.
 * `kept`: the hub does not know it; what the chart has stays. Must-support does not mean that somebody has to be asked.
 */
export interface UsCoreRow {
  type: 'Patient' | 'Coverage'
  /** `name.family`; a slice as `class:group.value`, an extension as `extension:race`. */
  element: string
  need: 'mandatory' | 'must-support'
  versions: readonly UsCoreVersion[]
  ours: 'sent' | 'kept'
  /** Why it is only kept. */
  why?: string
}
const all: readonly UsCoreVersion[] = ['6.1.0', '7.0.0', '8.0.0']
/** From 8.0.0 on a patient need not have a gender. */
const before8: readonly UsCoreVersion[] = ['6.1.0', '7.0.0']

const sent = (type: UsCoreRow['type'], need: UsCoreRow['need'], elements: string[], versions = all): UsCoreRow[] =>
  elements.map((element) => ({ type, element, need, versions, ours: 'sent' }))
const kept = (type: UsCoreRow['type'], elements: string[], why: string, versions = all): UsCoreRow[] =>
  elements.map((element) => ({ type, element, need: 'must-support', versions, ours: 'kept', why }))
/** Mandatory only within something of which we write none: it is the chart's own that is looked at. */
const within = (type: UsCoreRow['type'], elements: string[]): UsCoreRow[] =>
  elements.map((element) => ({ type, element, need: 'mandatory', versions: all, ours: 'kept', why: 'only within one that the chart has' }))

export const usCoreTable: readonly UsCoreRow[] = [
  ...sent('Patient', 'mandatory', ['identifier', 'identifier.system', 'identifier.value', 'name', 'telecom.system', 'telecom.value']),
  ...sent('Patient', 'mandatory', ['gender'], before8),
  ...sent('Patient', 'mandatory', ['communication.language']),
  ...within('Patient', ['link.other', 'link.type']),
  ...sent('Patient', 'must-support', ['identifier', 'identifier.system', 'identifier.value', 'name', 'name.family', 'name.given']),
  ...sent('Patient', 'must-support', ['telecom', 'telecom.system', 'telecom.value', 'birthDate']),
  ...sent('Patient', 'must-support', ['gender'], before8),
  ...sent('Patient', 'must-support', ['address', 'address.line', 'address.city', 'address.state', 'address.postalCode', 'address.use']),
  ...sent('Patient', 'must-support', ['name.use']),
  ...kept('Patient', ['name.suffix', 'name.period.end'], 'the form asks for the present name only; the chart keeps its earlier ones'),
  ...kept('Patient', ['telecom.use'], 'nobody is asked whether a number is a mobile one'),
  ...kept('Patient', ['address.period.end'], 'an earlier address is marked `old`; since when is not known'),
  ...kept('Patient', ['deceased[x]'], 'not for an intake to say'),
  ...sent('Patient', 'must-support', ['communication', 'communication.language']),
  ...kept(
    'Patient',
    ['extension:race', 'extension:ethnicity', 'extension:tribalAffiliation', 'extension:sex'],
    'not asked; the payer’s code for sex is none of them',
  ),
  ...kept('Patient', ['extension:genderIdentity'], 'not asked', ['6.1.0']),
  ...kept('Patient', ['extension:interpreterRequired'], 'not asked', ['8.0.0']),

  ...sent('Coverage', 'mandatory', ['identifier:memberid.type', 'status', 'beneficiary', 'relationship', 'payor', 'class.type', 'class.value']),
  ...within('Coverage', ['costToBeneficiary.value[x]', 'costToBeneficiary.exception.type']),
  ...sent('Coverage', 'must-support', ['identifier', 'identifier:memberid', 'identifier:memberid.type', 'status', 'subscriberId', 'beneficiary']),
  ...sent('Coverage', 'must-support', ['relationship', 'payor', 'class', 'class:group', 'class:group.value']),
  ...kept('Coverage', ['class:group.name'], 'the form asks for the number of the group', ['6.1.0']),
  ...kept('Coverage', ['type'], 'the card does not say which kind of plan it is'),
  ...kept('Coverage', ['period'], 'the payer’s dates are not part of a write-back'),
  ...kept('Coverage', ['class:plan', 'class:plan.value', 'class:plan.name'], 'the payer’s name for the plan is not part of a write-back'),
]

type Json = Record<string, unknown>
const slices: Record<string, (entry: Json) => boolean> = {
  'identifier:memberid': (entry) => hasCode(entry.type, 'MB'),
  'class:group': (entry) => hasCode(entry.type, 'group'),
  'class:plan': (entry) => hasCode(entry.type, 'plan'),
  ...Object.fromEntries(
    Object.entries({
      race: 'race',
      ethnicity: 'ethnicity',
      tribalAffiliation: 'tribal-affiliation',
      sex: 'sex',
      genderIdentity: 'genderIdentity',
      interpreterRequired: 'interpreter-needed',
    }).map(([name, url]) => [`extension:${name}`, (entry: Json) => entry.url === `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${url}`]),
  ),
}
/** What is no object has nothing in it; that it is none is for the validators to say. */
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const hasCode = (concept: unknown, code: string): boolean => {
  const coding = isObject(concept) ? concept.coding : []
  return Array.isArray(coding) && coding.some((one) => isObject(one) && one.code === code)
}

/** The values of one step of a path; of a slice, its entries. A primitive whose extension says why it is missing is there. */
function stepInto(node: Json, step: string): unknown[] {
  const name = step.split(':')[0] ?? step
  const plain = name.endsWith('[x]')
    ? Object.entries(node).find(([key]) => /^[A-Z]/.test(key.slice(name.length - 3)) && key.startsWith(name.slice(0, -3)))?.[1]
    : node[name]
  const value = plain ?? node[`_${name}`]
  const values = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
  const slice = slices[step]
  return slice ? values.filter(isObject).filter(slice) : values
}
/** For each parent that is there: is the last step of the path? */
export function parentsWithout(resource: Json, element: string): { parents: number; without: number } {
  const steps = element.split('.')
  const last = steps.pop() ?? ''
  const parents = steps.reduce<Json[]>((nodes, step) => nodes.flatMap((node) => stepInto(node, step).filter(isObject)), [resource])
  return { parents: parents.length, without: parents.filter((parent) => stepInto(parent, last).length === 0).length }
}
export const isThere = (resource: Json, element: string): boolean => {
  const { parents, without } = parentsWithout(resource, element)
  return parents > without
}

/** Paths of what this version of US Core will not do without. */
export function mandatoryMissing(resource: Json, version: UsCore): string[] {
  if (version === 'none') return []
  return usCoreTable
    .filter((row) => row.need === 'mandatory' && row.type === resource.resourceType && row.versions.includes(version))
    .filter((row) => parentsWithout(resource, row.element).without > 0)
    .map((row) => `${row.type}.${row.element}`)
}
