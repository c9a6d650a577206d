import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Progress } from './progress.ts'

/** What is needed beyond npm, by the file that shows it is there. */
const packages = [
  { name: 'rabbitmq-server', file: '/usr/lib/rabbitmq/bin/rabbitmq-server', why: 'the bus that every shared deployment runs' },
  { name: 'clamav-daemon', file: '/usr/sbin/clamd', why: 'the scanner that every shared deployment runs' },
  { name: 'openssh-server', file: '/usr/sbin/sshd', why: 'the SFTP server that most clearinghouses run' },
  { name: 'chromium', file: '/usr/bin/chromium', why: 'the screens in a real browser' },
  { name: 'iproute2', file: '/usr/bin/ip', why: 'brokers on networks that can be cut' },
] as const
type DebianPackage = (typeof packages)[number]['name']

const missing = (wanted: readonly DebianPackage[]) => packages.filter((p) => wanted.includes(p.name) && !existsSync(p.file))

/** Installs what is missing when it can (root on Debian); returns what it could not get, by name. Starts nothing. */
export function ensureDebianPackages(wanted: readonly DebianPackage[], progress: Progress): string[] {
  const todo = missing(wanted)
  if (todo.length === 0) return []
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return todo.map((p) => p.name)
  for (const p of todo) progress(`installing ${p.name} from Debian’s packages: ${p.why}`)
  // A package may start its own service; this keeps it from doing so while we install.
  const policy = '/usr/sbin/policy-rc.d'
  const script = '#!/bin/sh\n# heliox-hub: no service starts while it installs\nexit 101\n'
  // An installation that was interrupted left ours behind: it is taken away this time.
  const ours = !existsSync(policy) || readFileSync(policy, 'utf8') === script
  if (ours) writeFileSync(policy, script, { mode: 0o755 })
  try {
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-q', ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      })
    const install = () => apt('install', '-y', '--no-install-recommends', ...todo.map((p) => p.name))
    // The lists of a fresh machine are empty or old; asking for them costs seconds, so only when needed.
    if (install().status !== 0) {
      apt('update')
      const { status, stderr } = install()
      if (status !== 0) progress(`apt-get: ${stderr.trim().split('\n').at(-1)}`)
    }
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
  return missing(wanted).map((p) => p.name)
}
