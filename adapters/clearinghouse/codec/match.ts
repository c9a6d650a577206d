import type { PatientAnswer } from './answer.ts'

/** The references of an answer, the likeliest first; what is not in the form of ours only as `#`. */
interface ReferenceKeys {
  traces: string[]
  bht03: string | null
  patientAccount: string | null
}

/** TRN02, BHT03 and REF EJ of ours: the request's random id as 32 hexadecimal digits. It names nobody. */
const isOurForm = (reference: string): boolean => /^[0-9A-F]{32}$/i.test(reference.trim())
/** A payer's own reference may name a patient, so it does not travel; nor does its hash, which a list of member ids would turn back. */
const safeReference = (reference: string): string => (isOurForm(reference) ? reference.trim() : '#')

const tracesMax = 10

/**
 * By what an answer may be matched. TRN03 says whose a trace is; TRN01 `2` is "yours, given back", and some payers give ours back as
 * `1`. Where another's trace was given back to us and none of ours, the answer is not ours, whatever BHT03 and REF EJ say.
 */
export function matchKeysOf({ match }: Pick<PatientAnswer, 'match'>, traceOrigin: string): ReferenceKeys {
  const rank = ({ type, id, origin }: (typeof match.traces)[number]): number =>
    (isOurForm(id) ? 0 : 4) + (origin?.trim() === traceOrigin ? 0 : 2) + (type === '2' ? 0 : 1)
  const traces = match.traces.filter(({ id }) => id.trim() !== '').toSorted((a, b) => rank(a) - rank(b))
  const isForeign = traces.some(({ type }) => type === '2') && !traces.some(({ id }) => isOurForm(id))
  const reference = (value: string | undefined): string | null => (value === undefined || isForeign ? null : safeReference(value))
  return {
    traces: [...new Set(traces.map(({ id }) => safeReference(id)))].slice(0, tracesMax),
    bht03: reference(match.bht03),
    patientAccount: reference(match.patientAccount),
  }
}
