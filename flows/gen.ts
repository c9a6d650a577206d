import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { releaseId } from '@heliox/core/flows'
import { loadReleases, readLock } from './releases.ts'

/**
 * The lock with what is new on disk. An entry that is there is never replaced: a changed release keeps its old hash here, and
 * the check refuses it. By path from the root of the repository.
 */
export function generate(): Record<string, string> {
  const found = loadReleases().map(({ name, version, hash }) => [releaseId(name, version), hash])
  const lock = { ...Object.fromEntries(found), ...readLock() }
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { 'flows/flows.lock.json': `${JSON.stringify(sorted, null, 2)}\n` }
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(generate())) {
    const file = join(import.meta.dirname, '..', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}
