import { verifyX12 } from './codec/verify.ts'

/**
 * Whether a file ends as it should: an interchange is begun and none is cut off. Everything else that may be wrong with it will not
 * get better by waiting, but a file without its IEA may still be growing.
 */
export function isFinished(file: Buffer): boolean {
  // The first letters of another ISA.
  if (/IS?$/.test(file.subarray(-2).toString('latin1'))) return false
  const { interchanges, problems, problemCount } = verifyX12(file)
  // Of very many problems only the first are told, and the end is not among them.
  return interchanges > 0 && problemCount === problems.length && problems.every(({ code }) => code !== 'truncated')
}
