import { isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'
import { authConfig } from './auth/index.ts'
import { usCoreVersions } from './us-core/versions.ts'

/** Every field after `practiceName` came later and is optional or has a default, so that connections stored before stay valid. */
export const FhirConnection = z.object({
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
    .meta({ title: 'Identifier system', description: 'Our ids are written under this, with /patient, /coverage and /appointment behind it. Never change it.' }),
  practiceName: z.string().trim().min(1).max(80).meta({ title: 'Practice name', description: 'Shown in the EHR as the place of the appointment.' }),
  // Connections of before have none: the fixed token.
  auth: authConfig.optional().meta({ title: 'Access', description: 'How the hub shows the EHR who it is.', default: { kind: 'bearer' } }),
  usCore: z.enum(usCoreVersions).default('none').meta({ title: 'US Core', description: 'What we write is checked against this version before it is sent.' }),
  withoutTransactions: z.enum(['refuse', 'one-by-one']).default('refuse').meta({
    title: 'Where the EHR takes no transactions or no conditional create',
    description:
      'Refuse to write, or write one resource after the other and look before and after each. What the EHR can is read from its CapabilityStatement.',
  }),
  writesEligibility: z
    .boolean()
    .default(false)
    .meta({ title: 'Write eligibility', description: 'Also write CoverageEligibilityRequest and CoverageEligibilityResponse into the chart.' }),
  readsAppointments: z.boolean().default(false).meta({
    title: 'Take over changes of appointments',
    description: 'Ask the EHR every minute which of our appointments were moved or cancelled there. It begins with what was changed in the last 24 hours.',
  }),
  booksVisits: z.boolean().default(false).meta({
    title: 'Appointments of the EHR become visits',
    description: 'Appointments that are made in the EHR become visits here, and carry our identifier there from then on. Their changes are taken over too.',
  }),
})
