import { createRequire } from 'node:module'
import type { OperationOutcomeIssue, Resource, StructureDefinition } from '@medplum/fhirtypes'
import type { Fhir, Versions } from 'fhir'
import { definitions, isKnownType } from './definitions.ts'
import { type Finding, type FindingCode, finding, parentOf } from './findings.ts'
import type { Structure } from './trim.ts'

/**
 * Both validators, since each alone passes what the other finds: `fhir` knows the codes of required bindings and reads dates
 * loosely, Medplum's knows dates and invariants and no codes. Their words quote values, so only the kind of message is kept.
 */
type Json = Record<string, unknown>
interface Libraries {
  fhir: (resource: Json) => Finding[]
  medplum: (resource: Json, profile?: Structure) => Finding[]
}
let loading: Promise<Libraries> | undefined
export function libraries(): Promise<Libraries> {
  loading ??= load()
  return loading
}

async function load(): Promise<Libraries> {
  const medplum = await import('@medplum/core')
  for (const structure of definitions().structures) medplum.loadDataType(structure as unknown as StructureDefinition)
  const { Fhir } = createRequire(import.meta.url)('fhir') as { Fhir: new () => Fhir; Versions: typeof Versions }
  const validator = new Fhir()
  return {
    fhir: (resource) => {
      try {
        const { messages } = validator.validate(resource, { errorOnUnexpected: true })
        return messages.filter((m) => m.severity === 'error' || m.severity === 'fatal').flatMap((m) => fromFhir(m.location ?? '', m.message ?? ''))
      } catch (error) {
        // It looks into what must be an object without asking first: whatever it falls over is not a resource.
        if (error instanceof TypeError) return [finding(String(resource.resourceType), 'structure')]
        throw error
      }
    },
    medplum: (resource, profile) => {
      const options = profile === undefined ? {} : { profile: profile as unknown as StructureDefinition }
      try {
        // What it returns are warnings; what is wrong it throws.
        medplum.validateResource(withoutUnknown(resource) as unknown as Resource, options)
        return []
      } catch (error) {
        if (!(error instanceof medplum.OperationOutcomeError)) throw error
        return error.outcome.issue.filter((issue) => issue.severity === 'error' || issue.severity === 'fatal').map(fromMedplum)
      }
    },
  }
}

/** A chart may hold others within it, of types that are not among the definitions: they came from the EHR and go back as they are. */
const withoutUnknown = (resource: Json): Json =>
  Array.isArray(resource.contained) ? { ...resource, contained: resource.contained.filter((c: Json) => isKnownType(String(c?.resourceType))) } : resource

const fhirKinds: [RegExp, FindingCode][] = [
  [/^Code ".*not found in value set$/s, 'code'],
  [/^Missing property/, 'required'],
  [/^A .* entry is required/, 'required'],
  [/^Unexpected property/, 'unknown-element'],
  [/^Invalid type for reference/, 'reference-type'],
  [/^(Invalid .*format|Invalid format|Number type expected)/, 'format'],
  [/^Property is not an array/, 'structure'],
  [/^Resource does not have/, 'resource-type'],
]
function fromFhir(location: string, message: string): Finding[] {
  const code = fhirKinds.find(([pattern]) => pattern.test(message))?.[1] ?? 'invalid'
  // It does not know that `_birthDate` holds the extensions of `birthDate`.
  if (code === 'unknown-element') return /(?:^|\.)_[A-Za-z]+$/.test(location) ? [] : [finding(parentOf(location), code)]
  return [finding(location, code)]
}

const medplumKinds: [RegExp, FindingCode][] = [
  [/^Constraint /, 'constraint'],
  [/^Missing required/, 'required'],
  [/^Invalid additional property/, 'unknown-element'],
  [/^(Invalid .* format|Invalid .*(?:date|time|instant|uri|url|id|code|string|number|pattern|regex))/i, 'format'],
  [/(cardinality|too (?:many|few)|Expected array|Expected single|number of values|Incorrect number)/i, 'cardinality'],
  [/^Invalid (?:JSON )?type/, 'structure'],
]
function fromMedplum(issue: OperationOutcomeIssue): Finding {
  const text = issue.details?.text ?? ''
  const path = issue.expression?.[0] ?? ''
  const code = medplumKinds.find(([pattern]) => pattern.test(text))?.[1] ?? 'invalid'
  return finding(code === 'unknown-element' ? parentOf(path) : path, code)
}
