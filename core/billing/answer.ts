import { z } from 'zod'
import { defineContract, IsoDate, type ValueOf } from '../kit/index.ts'

/** One patient of a 271 has at most so many segments, each of at most so many characters: no list and no text below is longer. */
export const answerSegmentsMax = 10_000
export const segmentCharsMax = 2_000

const Told = z.string().max(segmentCharsMax)
const List = <T extends z.ZodType>(item: T) => z.array(item).max(answerSegmentsMax)
/** The payer's code, and our own words for it where we know it. Codes are open: an unknown one passes without a label. */
const Coded = z.object({ code: Told, label: z.string().max(80).optional() })
/** A number as the payer wrote it, `.2` as `0.2`; never a JavaScript number. */
const Amount = z
  .string()
  .max(40)
  .regex(/^-?\d+(\.\d+)?$/)

/** DTP. `to` undefined is open, also where the payer writes the year 9999. `raw` is DTP03. */
const Period = z.object({ qualifier: Coded, format: Told, from: IsoDate.optional(), to: IsoDate.optional(), raw: Told })
const Reference = z.object({ qualifier: Coded, id: Told, text: Told.optional() })
const Contact = z.object({ function: Told, name: Told.optional(), ways: List(z.object({ qualifier: Told, value: Told })) })
const Postal = z.object({ lines: List(Told), city: Told, state: Told, postalCode: Told, country: Told.optional() })
const named = {
  /** NM101. */
  entity: Coded,
  /** NM102: 1 person, 2 organisation. */
  type: Told.optional(),
  /** NM103; for a person the family name. */
  name: Told.optional(),
  givenName: Told.optional(),
  middleName: Told.optional(),
  suffix: Told.optional(),
  /** NM108 and NM109. */
  idQualifier: Told.optional(),
  id: Told.optional(),
  address: Postal.optional(),
  references: List(Reference),
  contacts: List(Contact),
}
const Party = z.object({ ...named, taxonomy: Told.optional() })
const Person = z.object({ ...named, birthDate: IsoDate.optional(), sex: Told.optional() })
const Procedure = z.object({ qualifier: Told, code: Told, modifiers: List(Told), rest: List(Told) })

const answerLoops = ['2000A', '2100A', '2100B', '2100C', '2100D', '2110C', '2110D'] as const
const rejectionActions = ['correct', 'retry', 'retry-later', 'do-not-retry', 'wait', 'call'] as const
const rejectionWho = ['patient', 'clinic', 'us', 'payer'] as const
/** One AAA where it stood. Both values of AAA01 are rejections. `benefit`: the index of the EB that alone is meant. */
const Rejection = z.object({
  loop: z.enum(answerLoops),
  requestValid: z.boolean(),
  reason: Coded,
  followUp: Coded,
  who: z.enum(rejectionWho),
  action: z.enum(rejectionActions),
  benefit: z.int().min(0).optional(),
})

/** One EB, lossless, with what stands below it. `eb` counts the patient's EBs from 0; `segment` its place in ST..SE from 0 (the ST). */
const Benefit = z.object({
  eb: z.int().min(0),
  segment: z.int().min(0),
  /** EB01 to EB06. */
  code: Coded,
  level: Coded.optional(),
  serviceTypes: List(Coded),
  insuranceType: Coded.optional(),
  planText: Told.optional(),
  period: Coded.optional(),
  /** EB07. */
  amount: Amount.optional(),
  /** EB08, a fraction: 0.2 is 20 %. `suspect`: above 1, so that it may have been meant as a percentage. */
  percent: Amount.optional(),
  percentScale: z.literal('suspect').optional(),
  /** EB09, EB10. */
  quantity: z.object({ qualifier: Coded, value: Amount }).optional(),
  /** EB11 to EB14. */
  authorization: Coded.optional(),
  network: Coded.optional(),
  procedure: Procedure.optional(),
  diagnoses: List(Told),
  /** EB's own elements, where the fields above do not say all of it (no number in EB07, an empty repetition, an element more). */
  raw: List(Told).optional(),
  dates: List(Period),
  references: List(Reference),
  messages: List(Told),
  /** HSD01 to HSD08. */
  deliveries: List(List(Told)),
  /** III01 to III09: place of service (qualifier ZZ), diagnosis. */
  settings: List(List(Told)),
  /** Indexes into `rejections`. */
  rejections: List(z.int().min(0)),
  /** Loop 2120: whom the payer names with this benefit. */
  related: List(z.object({ party: Party, dates: List(Period), other: List(List(Told)) })),
  /** Segments that have no place above, element by element. */
  other: List(List(Told)),
})

const CostShare = z.object({
  kind: z.enum(['copay', 'coinsurance', 'deductible', 'out-of-pocket', 'limitation', 'spend-down']),
  level: Coded.optional(),
  network: z.enum(['in', 'out', 'both', 'unknown']),
  serviceTypes: List(Coded),
  insuranceType: Coded.optional(),
  planText: Told.optional(),
  procedure: Procedure.optional(),
  placeOfService: List(Told),
  amount: Amount.optional(),
  percent: Amount.optional(),
  quantity: z.object({ qualifier: Coded, value: Amount }).optional(),
  /** Money or quantity for the whole period, what is left of it, and what was used: joined where everything else about them agrees. */
  total: Amount.optional(),
  remaining: Amount.optional(),
  met: Amount.optional(),
  period: Coded.optional(),
  authorization: z.enum(['required', 'not-required', 'unknown']),
  notes: List(Told),
  eb: List(z.int().min(0)),
})

/**
 * Why nothing that it says is used: marked as a test by the interchange, or by the door it came from; or the answer to another question.
 * Such an answer is `unknown`; of another's nothing is kept.
 */
const answerMarks = ['test', 'mock', 'foreign'] as const

const verdictRules = [
  'plan-active',
  'plan-inactive',
  'contradictory',
  'dates-exclude-day',
  'birth-date-differs',
  'member-differs',
  'payer-cannot-process',
  'no-plan-status',
  'empty-answer',
  'test-marked',
  'foreign-answer',
  'turned-down',
  'damaged',
  'unsupported-version',
  'by-hand',
] as const

/**
 * What one 271 says about one patient. `benefits` holds every EB as it stood; verdict, plan, cost shares, PCP and other coverage are
 * derived from it and cite it by index. PHI.
 */
export const EligibilityAnswerV2 = defineContract({
  name: 'EligibilityAnswer',
  version: 2,
  phi: true,
  schema: z.object({
    verdict: z.enum(['active', 'inactive', 'mixed', 'unknown']),
    /** What the verdict rests on: indexes of EBs, a rule, and whether another service type stood in for the plan's own. */
    basis: z.object({ eb: List(z.int().min(0)), rule: z.enum(verdictRules), inferred: z.boolean() }),
    /** The references by which an answer finds its inquiry. */
    match: z.object({
      traces: List(z.object({ type: Told, id: Told, origin: Told.optional(), extra: Told.optional() })),
      bht03: Told.optional(),
      /** REF EJ. */
      patientAccount: Told.optional(),
    }),
    /** Whose file, group and set it stood in, by the partner's own numbers; `sha256` of ST..SE without its last terminator. Null: a person gave it. */
    source: z.object({ senderId: Told, receiverId: Told, isa13: Told, gs06: Told, st02: Told, version: Told, sha256: z.string().length(64) }).nullable(),
    /** BHT04/05 as ISO date and time (no zone is told). */
    answeredAt: z.string().max(19).optional(),
    rejections: List(Rejection),
    payer: Party.optional(),
    provider: Party.optional(),
    subscriber: Person.optional(),
    /** `corrected`: INS 001/25, the payer changed who it is. */
    patient: z.object({ is: z.enum(['subscriber', 'dependent', 'nobody']), relationship: Coded.optional(), person: Person.optional(), corrected: z.boolean() }),
    /** Segments about payer, provider, subscriber and patient that have no place above (diagnoses, military, a second name), element by element. */
    other: List(List(Told)),
    plan: z.object({
      name: Told.optional(),
      insuranceType: Coded.optional(),
      group: z.object({ id: Told, name: Told.optional() }).optional(),
      ids: List(Reference),
      dates: List(Period),
    }),
    pcp: z.object({ party: Party, dates: List(Period), eb: z.int().min(0) }).optional(),
    otherCoverage: List(
      z.object({
        role: z.enum(['primary', 'secondary', 'tertiary', 'unknown']),
        payer: Party.optional(),
        ids: List(Reference),
        dates: List(Period),
        eb: z.int().min(0),
      }),
    ),
    costShare: List(CostShare),
    benefits: List(Benefit),
    /** A code and the place in ST..SE; never a value. */
    warnings: List(z.object({ code: z.string().max(40), segment: z.int().min(0), loop: z.string().max(5).optional() })),
    /** A person gave it, not the payer. */
    manual: z.boolean(),
    marks: z.array(z.enum(answerMarks)).max(answerMarks.length).optional(),
  }),
})
export type EligibilityAnswerV2 = ValueOf<typeof EligibilityAnswerV2>
export type AnswerBenefit = EligibilityAnswerV2['benefits'][number]
export type AnswerCostShare = EligibilityAnswerV2['costShare'][number]
export type AnswerRejection = EligibilityAnswerV2['rejections'][number]

/** What a person answers in the payer's place: a verdict, and nothing that only a payer can know. */
export const answerByHand = (verdict: EligibilityAnswerV2['verdict']): EligibilityAnswerV2 => ({
  verdict,
  basis: { eb: [], rule: 'by-hand', inferred: false },
  match: { traces: [] },
  source: null,
  rejections: [],
  patient: { is: 'nobody', corrected: false },
  plan: { ids: [], dates: [] },
  otherCoverage: [],
  costShare: [],
  benefits: [],
  other: [],
  warnings: [],
  manual: true,
})
