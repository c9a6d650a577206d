import { clinicCurrencyOf } from '@heliox/core/kit'
import { tenantFacts } from '../identity/tenants.ts'
import type { Tx } from '../tenancy.ts'

/** What this clinic's patients pay in. A method keeps the one that it was left in, and so does every charge to it. */
export const currencyHere = async (tx: Tx): Promise<string> => clinicCurrencyOf(await tenantFacts(tx))
