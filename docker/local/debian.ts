import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Progress } from './progress.ts'

/** What the tests need beyond npm, by the file that shows it is there. */
const packages = [
  { name: 'rabbitmq-server', file: '/usr/lib/rabbitmq/bin/rabbitmq-server', why: 'the bus every shared deployment runs' },
  { name: 'chromium', file: '/usr/bin/chromium', why: 'the screens in a real browser' },
] as const
export type DebianPackage = (typeof packages)[number]['name']

const missing = (wanted: readonly DebianPackage[]) => packages.filter((p) => wanted.includes(p.name) && !existsSync(p.file))

/** Installs what is missing when it can (root on Debian); returns what it could not get, by name. Nothing is started. */
export function ensureDebianPackages(wanted: readonly DebianPackage[], progress: Progress): string[] {
  const todo = missing(wanted)
  if (todo.length === 0) return []
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return todo.map((p) => p.name)
  for (const p of todo) progress(`installing ${p.name} (${p.why})`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  spawnSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' })
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...todo.map((p) => p.name)], { env, stdio: 'ignore' })
  return missing(wanted).map((p) => p.name)
}
