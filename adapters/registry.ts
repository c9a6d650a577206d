import type { Adapter } from '@heliox/core/kit'
import { clearinghouse } from './clearinghouse/adapter.ts'
import { fhir } from './fhir/adapter.ts'
import { legacyScheduler } from './legacy-scheduler/adapter.ts'
import { mail } from './mail/adapter.ts'
import { scanner } from './scanner/adapter.ts'
import { stripe } from './stripe/adapter.ts'
import { twilio } from './twilio/adapter.ts'

/** Every partner, one line each. Nodes, forms, runbooks, the redaction list and the contract suite are read from here. */
export const adapters: readonly Adapter[] = [clearinghouse, fhir, legacyScheduler, mail, scanner, stripe, twilio]
