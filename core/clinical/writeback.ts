/** What a refused write-back asks for. */
type AfterRefusal =
  /** Somebody made a chart like this in between, or the one we knew is no longer there: look for it again, and ask a person if need be. */
  | 'search-again'
  /** Two charts for one person: a person must bring them together in the EHR. */
  | 'tell-somebody'
  /** The visit's place was given to somebody else: its link ends, and a person is told whose it is. */
  | 'tell-whose'
  /** The desk sees that it was refused. */
  | 'nothing'

/** The appointment of the visit names another patient in the chart by now. Nothing is written, and a person decides. */
export const ofAnother = 'appointment-of-another'

/** A chart that nobody finds for good is a matter for people, not for one more round. */
export const searchesMax = 3

const searchedAgain: ReadonlySet<string> = new Set(['chart-appeared', 'chart-gone', 'chart-merged'])
/** The chart that we took for this patient's is none any more. */
const forgotten: ReadonlySet<string> = new Set(['chart-gone', 'chart-merged'])

export function afterRefusal(codes: readonly string[], searches: number): AfterRefusal {
  if (codes.includes('duplicate-created')) return 'tell-somebody'
  if (codes.includes(ofAnother)) return 'tell-whose'
  if (!codes.some((code) => searchedAgain.has(code))) return 'nothing'
  return searches < searchesMax ? 'search-again' : 'tell-somebody'
}
export const forgetsChart = (codes: readonly string[]): boolean => codes.some((code) => forgotten.has(code))

/** Why staff let the hub forget a chart: it is somebody else's, the patient has another one, or what they say elsewhere. */
export const forgetReasons = ['another-person', 'another-chart', 'other'] as const
export type ForgetReason = (typeof forgetReasons)[number]

/** Whether the chart may not say the newest though it was just written: an older delivery came late, or the visit was changed meanwhile. */
export function isOutdated(
  written: { coverVersion: number; askedAt: Date },
  known: { coverVersion: number; changedAt: Date | null; agreesNow: boolean },
): boolean {
  if (written.coverVersion < known.coverVersion) return true
  return known.changedAt !== null && known.changedAt > written.askedAt && !known.agreesNow
}
