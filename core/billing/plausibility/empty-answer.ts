import type { Detector } from './seen.ts'

/** Whole, and says neither yes nor no: what stands in for a payer, not what a payer says. */
export const emptyAnswer: Detector = ({ signs }) => (signs.empty ? 1 : 0)
