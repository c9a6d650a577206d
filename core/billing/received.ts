import { z } from 'zod'
import { defineContract, echoMismatches, IsoDate } from '../kit/index.ts'
import { verdicts } from './model.ts'

/** Where in which file something stood; the partner's own numbers. `sha256` is of the bytes ST..SE (of the ISA..IEA for a TA1). */
const Source = z.object({
  senderId: z.string().max(15),
  receiverId: z.string().max(15),
  isa13: z.string().max(9),
  gs06: z.string().max(9),
  st02: z.string().max(9),
  sha256: z.string().length(64),
})
/** A reference of ours as it stood, or `#` for any other: a payer's own reference may name a patient. */
const Reference = z.string().max(50)
const Bits = z.int().min(0).max(255).nullable()

/**
 * One thing found in a file of the clearinghouse: an answer, an acknowledgement, or what could not be read. Codes and amounts; the
 * file itself lies sealed. Matching is by these references only (trace, then BHT03, then REF EJ), never by name, order or number.
 */
export const ReceivedItem = defineContract({
  name: 'ReceivedItem',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('kind', [
    /** One patient of a 271. */
    z.object({
      kind: z.literal('answer'),
      source: Source,
      /** Which patient of its ST, from 0: a payer may answer several in one. */
      patient: z.int().min(0).max(10_000),
      /** How many patients its ST answers: BHT03 names one inquiry only where there is one patient. */
      patients: z.int().min(1).max(10_000),
      traces: z.array(Reference).max(10),
      bht03: Reference.nullable(),
      patientAccount: Reference.nullable(),
      /** Whom the answer says it is from (NM109 of 2100A): often the payer's own number instead of the one that was asked. Absent in older items. */
      payerId: z.string().max(40).optional(),
      /** `PersonCheck` of whom the payer answered about, eight bits each, so that no name travels. Null: no reference of ours, or damaged. */
      person: z.object({ corrected: z.boolean(), birthDate: Bits, memberId: Bits, familyName: Bits, givenName: Bits }).nullable(),
      /** BHT04/05 in UTC as the payer says it; decides which of two answers is current. */
      answeredAt: z.iso.datetime().nullable(),
      serviceDate: IsoDate.nullable(),
      /** For the day of the answer. What counts is the day of the visit, which the reader of a file does not know: see `days`. */
      verdict: z.enum(verdicts),
      rule: z.string().max(60),
      /** What the answer says on which days (`verdictOn`); empty where it says nothing. */
      days: z.array(z.object({ from: IsoDate.nullable(), to: IsoDate.nullable(), verdict: z.enum(verdicts), rule: z.string().max(60) })).max(20),
      reasonCodes: z.array(z.string().max(12)).max(20),
      /** The whole request was turned down only for now (AAA 42, 80). */
      notNow: z.boolean(),
      copayCents: z.int().min(0).nullable(),
      /** For the rules of plausibility; flags only, since an item travels. What it says on the visit's day is in `days`. Absent in items from before them. */
      signs: z
        .object({
          says: z.enum(['yes', 'no', 'neither']),
          empty: z.boolean(),
          testMarked: z.boolean(),
          echo: z.array(z.enum(echoMismatches)).max(echoMismatches.length),
          hasDates: z.boolean(),
          hasPlan: z.boolean(),
        })
        .optional(),
      /** `damaged`: its own ST..SE does not verify, and the verdict is unknown. `in-damaged-file`: it does, the file around it does not. */
      state: z.enum(['whole', 'in-damaged-file', 'damaged']),
    }),
    /** TA1: what became of an interchange of ours. */
    z.object({
      kind: z.literal('interchange-ack'),
      source: Source,
      /** TA101 as a number; null when it is none. */
      isa13: z.int().min(0).max(999_999_999).nullable(),
      outcome: z.enum(['accepted', 'accepted-with-errors', 'rejected', 'unreadable']),
      note: z.string().max(3),
    }),
    /** 999 or 997: what became of a group of ours, and of the sets that it names. */
    z.object({
      kind: z.literal('group-ack'),
      source: Source,
      gs06: z.int().min(0).max(999_999_999).nullable(),
      functionalId: z.string().max(2),
      outcome: z.enum(['accepted', 'accepted-with-errors', 'partial', 'rejected', 'unreadable']),
      /** Sets not named: accepted only where the counts prove it. */
      unnamed: z.enum(['accepted', 'rejected', 'unknown']),
      sets: z
        .array(
          z.object({
            st02: z.string().max(9),
            outcome: z.enum(['accepted', 'accepted-with-errors', 'rejected']),
            reasons: z.array(z.string().max(40)).max(10),
          }),
        )
        .max(500),
    }),
    /** 277CA: accepted or rejected is all that is read. */
    z.object({ kind: z.literal('claim-ack'), source: Source, outcome: z.enum(['accepted', 'rejected', 'mixed', 'unknown']) }),
    /** Anything else that is whole, and everything that is not. `at`: bytes from the start of the file. */
    z.object({ kind: z.literal('unreadable'), problem: z.string().max(40), at: z.int().min(0), set: z.string().max(3).nullable() }),
  ]),
})

/** An item, as the event that carries it. */
export const ItemReceived = defineContract({
  name: 'ItemReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: z.iso.datetime(), item: ReceivedItem.schema }),
})
