import { z } from 'zod'
import { defineContract } from '../kit/index.ts'
import { suspicions, verdicts } from './model.ts'

/** What billing stores of an answer: codes and amounts. */
export const EligibilityRecord = defineContract({
  name: 'EligibilityRecord',
  version: 1,
  phi: false,
  schema: z.object({
    requestId: z.uuid(),
    verdict: z.enum(verdicts),
    rule: z.string().max(60),
    reasonCodes: z.array(z.string().max(12)).max(20),
    copayCents: z.int().min(0).nullable(),
    manual: z.boolean(),
    /** When the payer says it answered, in UTC; absent: when it is recorded. */
    answeredAt: z.iso.datetime().nullable().optional(),
  }),
})

/** The same, with the rules that do not believe it (flow `eligibility` v3 on). Any makes it provisional; a person's answer has none. */
export const EligibilityRecordV2 = defineContract({
  name: 'EligibilityRecord',
  version: 2,
  phi: false,
  schema: EligibilityRecord.schema.extend({ suspicions: z.array(z.enum(suspicions)).max(suspicions.length) }),
})

/** What a payer said of a member whose answer is known. `unknown`: it said nothing, so nothing is learned of it. */
export const CanaryRecord = defineContract({
  name: 'CanaryRecord',
  version: 1,
  phi: false,
  schema: z.object({
    requestId: z.uuid(),
    payerId: z.string().max(40),
    known: z.enum(['active', 'inactive']),
    verdict: z.enum(verdicts),
  }),
})
