/** TRN02, BHT03 and REF EJ of a 270 of ours: from the request's random id, so it names nobody, and a payer gives it back. */
export const traceOf = (requestId: string): string => requestId.replaceAll('-', '').toUpperCase()

/** The request that such a reference means, in whatever letters it comes back; undefined for a reference that is not ours. */
export function requestOfTrace(reference: string): string | undefined {
  const hex = /^\s*([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\s*$/i.exec(reference)
  return hex?.slice(1).join('-').toLowerCase()
}

/** What an answer says it answers. */
export interface MatchKeys {
  /** TRN02, the likeliest first. */
  traces: readonly string[]
  bht03: string | null
  /** REF EJ. */
  patientAccount: string | null
  /** Patients in its ST. */
  patients: number
}
export type Match =
  | { is: 'matched'; requestId: string; by: 'trace' | 'bht03' | 'patient-account' }
  /** Its references name several requests of ours, or contradict each other: a person decides. */
  | { is: 'ambiguous'; requestIds: string[] }
  | { is: 'orphan' }

/** Every request that a reference of the answer could mean: what must be looked up. BHT03 speaks for one patient only. */
export function namedRequests(keys: MatchKeys): { traces: string[]; bht03: string | undefined; patientAccount: string | undefined } {
  const of = (reference: string | null): string | undefined => (reference === null ? undefined : requestOfTrace(reference))
  return {
    traces: [...new Set(keys.traces.flatMap((trace) => of(trace) ?? []))],
    bht03: keys.patients === 1 ? of(keys.bht03) : undefined,
    patientAccount: of(keys.patientAccount),
  }
}

/**
 * Which request an answer belongs to: by TRN02, else by BHT03 where its ST has one patient, else by REF EJ; exact each time. Never by
 * name, birth date, order or control number: a wrong match is another patient's cover. A later reference that names another request
 * of ours makes it nobody's: gateways under load mix answers up. `candidates`: those of the named requests that exist.
 */
export function matchOf(keys: MatchKeys, candidates: ReadonlySet<string>): Match {
  const named = namedRequests(keys)
  const known = (ids: readonly (string | undefined)[]): string[] => [...new Set(ids.flatMap((id) => (id !== undefined && candidates.has(id) ? [id] : [])))]
  const all = known([...named.traces, named.bht03, named.patientAccount])
  const [requestId] = all
  if (requestId === undefined) return { is: 'orphan' }
  if (all.length > 1) return { is: 'ambiguous', requestIds: all }
  const by = known(named.traces).length > 0 ? 'trace' : named.bht03 === requestId ? 'bht03' : 'patient-account'
  return { is: 'matched', requestId, by }
}
