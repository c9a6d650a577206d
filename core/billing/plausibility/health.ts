import { z } from 'zod'

export const latenciesMax = 64
export const bodiesMax = 256
export const weeksMax = 9
const count = z.number().min(0).max(1_000_000)
const Week = z.object({ week: z.int(), yes: count, no: count })

/**
 * What one payer usually does, learned from answers that were believed, and how it does now. Bounded: about 20 kB of JSON. Keyed hashes
 * are cut short; of a patient nothing can be read from them.
 */
export const PayerHealth = z.object({
  /** Of believed yeses; both halved together when they grow, so that a payer may change. */
  yes: z.object({ answers: count, noDates: count, noPlan: count, neither: count }),
  /** Of believed answers, newest last, in ms. */
  latencies: z.array(z.number().min(0)).max(latenciesMax),
  /** Yeses, newest last, believed or not: what they said, and about whom. */
  bodies: z.array(z.tuple([z.string().max(16), z.string().max(8)])).max(bodiesMax),
  /** Believed yeses and noes of the weeks before, for work days and for free ones. Oldest first. */
  weeks: z.object({ work: z.array(Week).max(weeksMax), free: z.array(Week).max(weeksMax) }),
  /** How unlike the usual share the last answers are, to both sides. */
  run: z.object({ up: z.number(), down: z.number(), at: z.iso.datetime() }).nullable(),
  /** Canaries whose last answer was false. */
  canary: z.object({ doubts: z.array(z.enum(['canary-active', 'canary-inactive'])).max(2), since: z.iso.datetime() }).nullable(),
})
export type PayerHealth = z.output<typeof PayerHealth>

/** Of a payer that nobody has asked yet. */
export const emptyHealth: PayerHealth = {
  yes: { answers: 0, noDates: 0, noPlan: 0, neither: 0 },
  latencies: [],
  bodies: [],
  weeks: { work: [], free: [] },
  run: null,
  canary: null,
}
