import type { Detector } from './seen.ts'

const median = (sorted: readonly number[]): number => {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
/** Of one that is the normal's, in standard deviations. */
const madScale = 1.4826
/** Below this the clock and the network speak, not the payer. */
const spreadMin = 0.1

/** Much faster than this payer can look anybody up. By median and median deviation of the logarithm: single slow answers move neither. */
export const fastAnswer: Detector = ({ signs, latencyMs }, { latencies }, _payer, _now, numbers) => {
  if (signs.says !== 'yes' || latencyMs === null || latencies.length < numbers.latenciesMin) return 0
  const logs = latencies.map((ms) => Math.log(Math.max(ms, 1))).sort((a, b) => a - b)
  const usual = median(logs)
  const spread = Math.max(spreadMin, madScale * median(logs.map((value) => Math.abs(value - usual)).sort((a, b) => a - b)))
  const under = (usual - Math.log(Math.max(latencyMs, 1))) / spread
  const share = (under - numbers.fastFrom) / (numbers.fastFull - numbers.fastFrom)
  return numbers.fast * Math.min(1, Math.max(0, share))
}
