import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { releaseId } from '@heliox/core/flows'
import { eventWords } from '@heliox/core/registry'
import { loadReleases, readLock } from './releases.ts'
import { stepWords } from './step-words.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
/** The words for what happens, where the screens can read them: they import nothing of flows and events. */
function wordsFile(): string {
  const rows = Object.entries({ ...eventWords, ...stepWords })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([step, words]) => `  ${quoted(step)}: ${quoted(words)},\n`)
  return `// Generated from core/registry/event-words.ts and flows/step-words.ts by \`make gen\`.\nexport const stepWords: Readonly<Record<string, string>> = {\n${rows.join('')}}\n`
}

/**
 * The lock with what is new on disk. An entry that is there is never replaced: a changed release keeps its old hash here, and
 * the check refuses it. And the words of events and steps for the screens. By path from the root of the repository.
 */
export function generate(): Record<string, string> {
  const found = loadReleases().map(({ name, version, hash }) => [releaseId(name, version), hash])
  const lock = { ...Object.fromEntries(found), ...readLock() }
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { 'flows/flows.lock.json': `${JSON.stringify(sorted, null, 2)}\n`, 'ui/src/step-words.gen.ts': wordsFile() }
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(generate())) {
    const file = join(import.meta.dirname, '..', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}
