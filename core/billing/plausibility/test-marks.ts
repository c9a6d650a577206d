import type { Detector } from './seen.ts'

/** A test system knows nothing about real members. */
export const testMarks: Detector = ({ signs }) => (signs.testMarked ? 1 : 0)
