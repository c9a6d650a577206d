import { EhrRefused, EhrVisit, EhrWritten } from '@heliox/core/clinical'
import { defineAdapter, isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'
import { checkHealth } from './health.ts'
import { findVisit } from './reconcile.ts'
import { writeVisit } from './write-visit.ts'

/** An EHR that speaks FHIR R4 (H-3, H-22). Surprises: BEHAVIOR.md. */
export const fhir = defineAdapter({
  id: 'fhir',
  title: 'EHR (FHIR R4)',
  config: z.object({
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .max(200)
      .refine(isPrivateLine, 'must be https')
      .refine((url) => !/[?#@]/.test(url), 'must be a plain base address')
      .meta({ title: 'FHIR base address', description: 'The address that /metadata is under, for example https://ehr.example.org/fhir/r4' }),
    identifierSystem: z
      .url()
      .max(160)
      // Nothing that a FHIR search value or a query string would want escaped: it then reads the same everywhere.
      .refine(
        (url) => /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/-]*[A-Za-z0-9]$/.test(url),
        'must be a plain address without a query and without a slash at the end',
      )
      .meta({
        title: 'Identifier system',
        description: 'Our ids are written under this, with /patient, /coverage and /appointment behind it. Never change it.',
      }),
    practiceName: z.string().trim().min(1).max(80).meta({ title: 'Practice name', description: 'Shown in the EHR as the place of the appointment.' }),
  }),
  secrets: z.object({ token: z.string().min(8).max(4096).meta({ title: 'Bearer token' }) }),
  health: checkHealth,
  operations: (op) => ({
    writeVisit: op({
      summary: 'Write Patient, Coverage and Appointment in one transaction.',
      version: 1,
      input: EhrVisit,
      output: EhrWritten,
      rejection: EhrRefused,
      // Conditional create is no guarantee (BEHAVIOR 2): an unknown outcome is looked up before anything is sent again.
      replay: 'never',
      // Not found is only not found yet (BEHAVIOR 5). Five seconds beyond our own limit, and well within the lease of a killed engine.
      settleMs: 20_000,
      breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 300_000 },
      call: writeVisit,
      reconcile: findVisit,
    }),
  }),
})
