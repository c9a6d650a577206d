import { z } from 'zod'
import { defineContract, IsoDate, PayerSex, Text } from '../kit/index.ts'

/** How a payer is asked: at once; at once and by batch when the door does not answer; by batch only. A setting of the payer. */
export const eligibilityRoutes = ['real-time', 'real-time-or-batch', 'batch'] as const
export type EligibilityRouteName = (typeof eligibilityRoutes)[number]

/** Which door one inquiry goes to. */
export const EligibilityRoute = defineContract({
  name: 'EligibilityRoute',
  version: 1,
  phi: false,
  schema: z.object({ requestId: z.uuid(), route: z.enum(eligibilityRoutes) }),
})

/** Why nobody is asked by computer. */
export const noDoorWhys = ['not-listed', 'unsupported'] as const
/** The same, or no door at all: a person asks. */
export const EligibilityRouteV2 = defineContract({
  name: 'EligibilityRoute',
  version: 2,
  phi: false,
  schema: z.object({ requestId: z.uuid(), route: z.enum([...eligibilityRoutes, 'person']), why: z.enum(noDoorWhys).nullable() }),
})

const Npi = z.string().regex(/^\d{10}$/)
const MemberId = z.string().min(2).max(30)
/** The policy holder of a dependent (loop 2100C). */
const Subscriber = z.object({ memberId: MemberId, givenName: Text(35), familyName: Text(60), birthDate: IsoDate.nullable(), payerSex: PayerSex })

/** One 270 for one patient. PHI. `holder` null: the patient is asked about as the subscriber, by the card's own number. */
export const EligibilityInquiryV2 = defineContract({
  name: 'EligibilityInquiry',
  version: 2,
  phi: true,
  schema: z.object({
    requestId: z.uuid(),
    /** What to do when the real-time door does not answer. */
    route: z.enum(eligibilityRoutes),
    /** X12 payer id (NM109 of 2100A). */
    payerId: z.string().min(2).max(40),
    payerName: Text(60),
    providerName: Text(60),
    /** NM109 of 2100B. */
    providerNpi: Npi,
    /** Of the patient; for a dependent without a number of their own, null. */
    memberId: MemberId.nullable(),
    givenName: Text(35),
    familyName: Text(60),
    birthDate: IsoDate,
    payerSex: PayerSex,
    holder: Subscriber.nullable(),
    /** INS02 of 2100D, for a dependent: 01 spouse, 19 child, G8 other. */
    relationship: z.enum(['01', '19', 'G8']).nullable(),
    /** DTP*291: the day of the visit in the clinic's zone. */
    serviceDate: IsoDate,
    /** EQ01. */
    serviceTypes: z
      .array(z.string().regex(/^[0-9A-Z]{1,2}$/))
      .min(1)
      .max(10),
    /** A question whose answer is known (`payer-canary`): nobody's cover. */
    canary: z.enum(['active', 'inactive']).optional(),
  }),
})

/** Ask by batch: the payer's setting, or its real-time door did not answer. */
export const EligibilityToBatch = defineContract({
  name: 'EligibilityToBatch',
  version: 1,
  phi: false,
  schema: z.object({ requestId: z.uuid(), why: z.enum(['payer-setting', 'no-real-time-answer']) }),
})

export const batchInquiriesMax = 500
/** Many 270s for one file: one ST per patient. PHI. */
export const EligibilityBatch = defineContract({
  name: 'EligibilityBatch',
  version: 1,
  phi: true,
  schema: z.object({ batchId: z.uuid(), inquiries: z.array(EligibilityInquiryV2.schema).min(1).max(batchInquiriesMax) }),
})
/** What was sent under which numbers: acknowledgements come back by them. */
export const BatchSent = defineContract({
  name: 'BatchSent',
  version: 1,
  phi: false,
  schema: z.object({
    batchId: z.uuid(),
    /** ISA13 and GS06 of ours, as numbers: partners echo them with and without their zeros. */
    isa13: z.int().min(1).max(999_999_999),
    gs06: z.int().min(1).max(999_999_999),
    sha256: z.string().length(64),
    /** ST02 of each inquiry. */
    sets: z.array(z.object({ st02: z.string().max(9), requestId: z.uuid() })).max(batchInquiriesMax),
    /** Left out of the file: X12 cannot hold a value of theirs. The place (`2100C NM103`), never the value. */
    unwritten: z
      .array(z.object({ requestId: z.uuid(), place: z.string().max(40) }))
      .max(batchInquiriesMax)
      .default([]),
  }),
})
/** The folder would not have it, or there was nothing that X12 can hold. */
export const BatchRefused = defineContract({
  name: 'BatchRefused',
  version: 1,
  phi: false,
  schema: z.object({ batchId: z.uuid(), code: z.enum(['name-taken', 'not-accepted', 'nothing-writable']) }),
})
