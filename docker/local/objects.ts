import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { startChild } from './child.ts'
import type { Running } from './postgres.ts'

export interface RunningObjects extends Omit<Running, 'kill'> {
  accessKey: string
  secretKey: string
  buckets: { quarantine: string; clean: string }
}

/** Bucket names have at least three characters, lower case. */
const buckets = { quarantine: 'hub-quarantine', clean: 'hub-clean' } as const

/** The embedded S3 server as a child process. Its keys are made once per state folder. */
export async function startObjects(folder: string, port: number): Promise<RunningObjects> {
  const home = `${folder}/objects`
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const keysFile = `${folder}/objects-keys.json`
  if (!existsSync(keysFile)) {
    writeFileSync(keysFile, JSON.stringify({ accessKey: `HUB${randomBytes(8).toString('hex').toUpperCase()}`, secretKey: randomBytes(24).toString('hex') }), {
      mode: 0o600,
    })
  }
  const keys = JSON.parse(readFileSync(keysFile, 'utf8')) as { accessKey: string; secretKey: string }
  mkdirSync(`${folder}/logs`, { recursive: true })
  const child = await startChild({
    name: 'objects',
    file: 'docker/local/objects-main.ts',
    logFile: `${folder}/logs/objects.log`,
    env: {
      OBJECTS_PORT: String(port),
      OBJECTS_FOLDER: home,
      OBJECTS_BUCKETS: Object.values(buckets).join(','),
      OBJECTS_ACCESS_KEY: keys.accessKey,
      OBJECTS_SECRET_KEY: keys.secretKey,
    },
  })
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => child.stop(), ...keys, buckets }
}
