/**
 * The limits of the answer's contract, said again: importing them would load every contract of billing into a process that only reads a
 * file. A test holds them equal.
 */
export const answerSegmentsMax = 10_000
export const segmentCharsMax = 2_000
