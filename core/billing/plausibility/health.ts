import { z } from 'zod'

export const latenciesMax = 64
export const bodiesMax = 256
export const weeksMax = 9
export const daysMax = 24
export const toldMax = 256
const count = z.number().min(0).max(1_000_000)
const Week = z.object({ week: z.int(), yes: count, no: count })
/** Of the yeses of one day: how many have no dates, no plan, neither. */
const Day = z.object({ day: z.int(), yes: count, noDates: count, noPlan: count, neither: count })

const Doubts = z.array(z.enum(['canary-active', 'canary-inactive'])).max(2)

/**
 * What one payer usually does, learned from answers that were believed, and how it does now. Bounded: about 20 kB of JSON. Keyed hashes
 * are cut short; of a patient nothing can be read from them.
 */
export const PayerHealth = z.object({
  /** Of the last days with yeses, believed ones and those in doubt for nothing else than what is told here. Oldest first. */
  days: z.array(Day).max(daysMax),
  /** Of believed answers, newest last, in ms. */
  latencies: z.array(z.number().min(0)).max(latenciesMax),
  /** Yeses, newest last, believed or not: what they said, and about whom. */
  bodies: z.array(z.tuple([z.string().max(16), z.string().max(8)])).max(bodiesMax),
  /** Believed yeses and noes of the weeks before, for work days and for free ones. Oldest first. */
  weeks: z.object({ work: z.array(Week).max(weeksMax), free: z.array(Week).max(weeksMax) }),
  /** How unlike the usual share the last answers are, to both sides. */
  run: z
    .object({ up: z.number(), down: z.number(), at: z.iso.datetime(), /** Since when they speak against it. */ since: z.iso.datetime().optional() })
    .nullable(),
  /** Who moved them, by what was said of them, in which hour since 1970; the newest last. */
  told: z
    .array(z.tuple([z.string().max(8), z.enum(['yes', 'no']), z.int()]))
    .max(toldMax)
    .optional(),
  /** Canaries whose last answer was false. `from`: their last right one before; since then anybody may have been answered falsely. */
  canary: z.object({ doubts: Doubts, since: z.iso.datetime(), from: z.iso.datetime().optional() }).nullable(),
  /** The last time in which they were, that is over: what was said in it is not believed, whenever it arrives. */
  lied: z.object({ doubts: Doubts, from: z.iso.datetime(), to: z.iso.datetime() }).optional(),
})
export type PayerHealth = z.output<typeof PayerHealth>

/** Of a payer that nobody has asked yet. */
export const emptyHealth: PayerHealth = {
  days: [],
  latencies: [],
  bodies: [],
  weeks: { work: [], free: [] },
  run: null,
  canary: null,
}

/**
 * Of a payer of which something was known that cannot be read any more. Whether its canaries were answered falsely is not known either, so each
 * that is asked about is a doubt until it is answered right.
 */
export function unreadableHealth(canaries: readonly ('active' | 'inactive')[], now: Date): PayerHealth {
  const doubts = [...new Set(canaries)].map((known) => (known === 'active' ? ('canary-inactive' as const) : ('canary-active' as const)))
  return { ...emptyHealth, canary: doubts.length > 0 ? { doubts: doubts.sort(), since: now.toISOString() } : null }
}
