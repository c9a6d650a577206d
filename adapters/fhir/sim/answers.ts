import type { Refusal } from './refusal.ts'
import { resourceTypes } from './store.ts'

export const operationOutcome = (refusal: Refusal) => ({
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

export const capabilityStatement = () => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-01',
  kind: 'instance',
  implementation: { description: 'Simulated EHR' },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      interaction: [{ code: 'transaction' }],
      resource: resourceTypes.map((type) => ({
        type,
        interaction: [{ code: 'read' }, { code: 'create' }, { code: 'search-type' }],
        conditionalCreate: true,
        searchParam: [{ name: 'identifier', type: 'token' }],
      })),
    },
  ],
})
