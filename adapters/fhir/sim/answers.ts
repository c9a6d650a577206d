import type { Knobs } from './knobs.ts'
import { parameters } from './parameters.ts'
import type { Refusal } from './refusal.ts'
import { resourceTypes } from './resource.ts'
import type { Reply } from './rest.ts'

const operationOutcome = (refusal: Refusal) => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: refusal.code,
      diagnostics: refusal.message,
      ...(refusal.expression === undefined ? {} : { expression: [refusal.expression] }),
    },
  ],
})
export const answerOf = (refusal: Refusal, headers?: Record<string, string>): Reply => ({
  status: refusal.status,
  body: operationOutcome(refusal),
  ...(headers ? { headers } : {}),
})

const typeOf = { token: 'token', phone: 'token', string: 'string', reference: 'reference', date: 'date' } as const

/** Made of what this server does: nothing is promised that is not so, and nothing is left out. */
export function capabilityStatement(knobs: Knobs, base: string) {
  const rules = knobs.rules()
  const onServer = (['transaction', 'batch'] as const).filter((name) => rules[name])
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-01',
    kind: 'instance',
    implementation: { description: `Simulated EHR (${knobs.values.vendor})`, url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: {
          service: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] }],
        },
        ...(onServer.length === 0 ? {} : { interaction: onServer.map((code) => ({ code })) }),
        resource: resourceTypes.map((type) => ({
          type,
          interaction: ['read', 'vread', 'history-instance', 'search-type', ...rules.writes[type]].map((code) => ({ code })),
          versioning: rules.versioned ? 'versioned-update' : 'versioned',
          readHistory: true,
          updateCreate: false,
          conditionalCreate: rules.conditionalCreate && rules.writes[type].includes('create'),
          conditionalUpdate: rules.conditionalUpdate && rules.writes[type].includes('update'),
          conditionalDelete: 'not-supported',
          referencePolicy: ['literal', 'enforced'],
          searchParam: Object.entries(parameters[type]).flatMap(([name, { kind }]) =>
            (rules.searchParams?.[type]?.includes(name) ?? true) ? [{ name, type: typeOf[kind] }] : [],
          ),
        })),
      },
    ],
  }
}
