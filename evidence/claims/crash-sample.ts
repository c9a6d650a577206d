import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { runMatrix } from '../chaos/matrix.ts'
import { shortcomings } from '../chaos/report.ts'

const runs = 60
/** The first sixty of the matrix by this seed: no pair twice. */
const seed = 5

/** Sixty kills at sixty of the pairs of barrier and process, under load: nothing lost, nothing twice, nothing for nobody. */
export async function claimCrashSample(): Promise<ClaimLine> {
  const matrix = await runMatrix({ runs, seed, progress: (line) => process.stderr.write(`  ${line}\n`) })
  const short = shortcomings(matrix, runs)
  for (const line of short) process.stderr.write(`${line}\n`)
  const { lost, duplicated, phantom, withPeople, doubted } = matrix.counted
  return {
    name: 'effects.crash-sample',
    figures: { runs: matrix.runs.length, seed, intakes: matrix.intakes, lost, duplicated, phantom, withPeople, doubted },
    ok: short.length === 0,
  }
}
