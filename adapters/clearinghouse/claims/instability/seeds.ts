/** Years on which the numbers of `core/billing/plausibility/numbers.ts` were fitted (`fit.ts`). */
export const fitting = [11, 12, 13, 14]
/** Years of which `make claims` gives the figures: none of them was looked at while fitting. */
export const judging = [40301, 40302, 40303, 40304]
