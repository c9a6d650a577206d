/** The numbers of the rules, as data. */
export type Numbers = Readonly<Record<keyof typeof fitted, number>>

/**
 * Fitted on the scripted years of the seeds that `adapters/clearinghouse/claims/instability/seeds.ts` calls `fitting`, by `fit.ts` beside
 * it; the figures of `make claims` come from other seeds.
 */
export const fitted = {
  /** The scores of all rules together, from which on an answer is not believed. */
  enough: 1,
  /** Below this a rule is not named beside the others. */
  named: 0.2,

  /** Only the payer's id differs: clearinghouses put a payer's own id in place of theirs. */
  payerEcho: 0.4,

  /** No dates or no plan: how many days with yeses are needed, which part of them is left out, and how rare must be what is missing now. */
  habitDaysMin: 6,
  habitDaysLeftOut: 0.35,
  habitRare: 0.02,

  /** For each other member who was told the same. */
  sharedBody: 0.5,

  /** Latency: how many are needed; how far under the median, in robust standard deviations of its logarithm, begins and is as much as it gets. */
  latenciesMin: 20,
  fastFrom: 3,
  fastFull: 8,
  fast: 0.6,

  /** Share of yeses: how many answers are needed; the share that a lie makes of the rest; the sum at which it is enough. */
  rateAnswersMin: 60,
  rateLie: 0.85,
  rateUp: 3.4,
  rateDown: 7,
  /** The sum goes no higher, so that the first answers of the other kind end it. */
  rateCap: 1.15,
  /** Of a sum; an hour with few answers says little about the next day. */
  rateHalfLifeHours: 48,
  /** The same word about the same member counts once in this time: not fitted, it is the half-life, in which the first has lost half its weight. */
  rateAgainHours: 48,
}
