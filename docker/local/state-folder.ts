import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/**
 * Where stacks keep their data. PostgreSQL refuses to run as root, so as root its files belong to another user, who may not
 * be able to read the checkout (a clone under a folder of mode 0700): then the state lives outside, one folder per checkout.
 */
export const stateRoot =
  process.env.HUB_STATE ??
  (process.getuid?.() === 0 ? `/var/tmp/heliox-hub-${createHash('sha256').update(checkout).digest('hex').slice(0, 8)}` : `${checkout}/.state`)

/** US Core profiles that the operator loaded (`npm run -s hub -- fhir load FILE`); every stack of this checkout checks against them. */
export const usCoreFolder = `${stateRoot}/us-core`

export function stateFolder(name: string): string {
  const folder = `${stateRoot}/${name}`
  mkdirSync(folder, { recursive: true })
  // Whatever the umask: the unprivileged user must be able to pass through.
  for (const path of [stateRoot, folder]) chmodSync(path, 0o755)
  return folder
}

/** An unprivileged user every Debian has; only used when we are root. */
export const serviceUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
