import { checkFlow, type FlowPalette, formatFinding, releaseId } from '@heliox/core/flows'
import { hubPalette } from '@heliox/nodes/specs'
import { loadReleases, readLock } from './releases.ts'

/** One line per release, findings beneath it; the number of findings is the result. */
export function flowsCheck(print: (line: string) => void = console.log, palette: FlowPalette = hubPalette): number {
  const lock = readLock()
  const releases = loadReleases()
  let count = 0
  for (const { name, version, hash, release } of releases) {
    const id = releaseId(name, version)
    const lockedHash = lock[id]
    const findings = checkFlow(release, palette, { lockedHash })
    count += findings.length
    const state = findings.length > 0 ? `${findings.length} findings` : lockedHash ? 'ok' : 'ok, not locked yet: make gen locks it'
    print(`flow ${id} ${hash.slice(0, 12)} nodes=${release.length - 1} ${state}`)
    for (const finding of findings) print(`  ${formatFinding(finding)}`)
  }
  const gone = Object.keys(lock).filter((id) => !releases.some(({ name, version }) => releaseId(name, version) === id))
  for (const id of gone) print(`flow ${id} is in the lock and not on disk; a released version stays while anything may name it`)
  return count + gone.length
}
