/**
 * Why a resource is not sent: where, and a code of ours. Never a value: findings go to the override list, the log and the journey.
 */
// biome-ignore format: a list
const findingCodes = [
  'not-json', 'size', 'depth', 'resource-type', 'required', 'cardinality', 'structure', 'unknown-element', 'format', 'id', 'code', 'choice',
  'constraint', 'reference', 'reference-type', 'reference-unresolved', 'narrative', 'us-core-mandatory', 'us-core-profile', 'invalid',
] as const
export type FindingCode = (typeof findingCodes)[number]
export interface Finding {
  /** `Patient.name[0].family` */
  path: string
  code: FindingCode
}

/** As long as a path of `EhrRefused` may be. */
const pathCharsMax = 120
const segment = /^[A-Za-z_][A-Za-z0-9]{0,63}(?:\[(?:\d{1,4}|x)\])?(?::[A-Za-z0-9-]{1,40})?$/

/** Only names of elements pass; from the first thing that is none, the rest is cut off. */
export function pathOf(text: string): string {
  const names: string[] = []
  for (const name of text.split('.')) {
    if (!segment.test(name)) break
    names.push(name)
  }
  return names.join('.').slice(0, pathCharsMax)
}
export const finding = (path: string, code: FindingCode): Finding => ({ path: pathOf(path), code })
/** The name of an element that FHIR does not know may be anything, a patient's name too: its parent is named. */
export const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.')

const key = ({ path, code }: Finding): string => `${path} ${code}`
export const distinct = (findings: readonly Finding[]): Finding[] => [...new Map(findings.map((f) => [key(f), f])).values()]
export function without(findings: readonly Finding[], known: readonly Finding[]): Finding[] {
  const before = new Set(known.map(key))
  return findings.filter((f) => !before.has(key(f)))
}
