/**
 * Reject reasons (AAA03, X12 element 901) that only the patient can put right: who they are, and what is on the card. Everything
 * else is the clinic's, ours or the payer's to solve. Screens and notices both ask here, so that they never say different things.
 */
const patientReasonCodes: ReadonlySet<string> = new Set(['58', '64', '65', '66', '67', '71', '72', '73', '74', '75', '77', '78'])

/** One such reason is enough: without it put right the payer will not answer, whatever else is wrong. */
export const patientCanPutRight = (reasonCodes: readonly string[]): boolean => reasonCodes.some((code) => patientReasonCodes.has(code))
