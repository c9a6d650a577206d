/** One line per step while it works, with the time since the start. Silent in tests. */
export type Progress = (text: string) => void

export function printedProgress(): Progress {
  const startedMs = performance.now()
  return (text) => process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
}
export const silent: Progress = () => undefined
