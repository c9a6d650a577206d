import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type LoginRole, migrate, protectDatabase, type RolePasswords } from './migrate.ts'
import { seed } from './seed/index.ts'

/** Fixed: roles belong to the server, and several test processes share it. */
export const testPasswords: RolePasswords = { hub_api: 'hub-test-only', hub_engine: 'hub-test-only', hub_relay: 'hub-test-only', hub_bus: 'hub-test-only' }
const seededAt = new Date('2026-01-05T12:00:00Z')

export interface TestDatabase {
  name: string
  ownerUrl: string
  urlAs(role: LoginRole): string
  /** The key file that the seed sealed with. */
  kmsFile: string
  drop(): Promise<void>
}

const serverUrl = (): string => {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: a PostgreSQL superuser URL for throw-away databases (make test starts one)')
  return url
}

/**
 * A database of its own for one test file, cloned from a migrated template in about 100 ms. The template's name carries the
 * hash of the migrations, so it is made once per server and per schema.
 */
export async function freshDatabase(options: { seed?: boolean } = {}): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl() })
  await admin.connect()
  const name = `hub_test_${randomBytes(6).toString('hex')}`
  try {
    const template = await templateOf(admin)
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  } finally {
    await admin.end()
  }
  const ownerUrl = urlOf(name)
  await withClient(ownerUrl, protectDatabase)
  const folder = mkdtempSync(join(tmpdir(), 'hub-test-'))
  const kmsFile = join(folder, 'kms.json')
  if (options.seed) await seed({ ownerUrl, kmsFile, now: seededAt, connections: {} })
  return {
    name,
    ownerUrl,
    urlAs(role) {
      const url = new URL(ownerUrl)
      url.username = role
      url.password = testPasswords[role]
      return url.href
    },
    kmsFile,
    async drop() {
      rmSync(folder, { recursive: true, force: true })
      await withClient(serverUrl(), (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}

/** Read when this module is, together with the migrations themselves: an edit during a run must not name an old schema anew. */
const migrationsHash = ((): string => {
  const folder = join(import.meta.dirname, 'migrations')
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 16)
})()
const templateLock = 7_240_611_902

/** One process makes the template; the others wait. It gets its name last, so a half-made one is never used. */
async function templateOf(admin: pg.Client): Promise<string> {
  const template = `hub_template_${migrationsHash}`
  await admin.query('SELECT pg_advisory_lock($1)', [templateLock])
  try {
    const there = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
    if (there.rowCount !== 0) return template
    const building = `${template}_building`
    await admin.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`)
    await admin.query(`CREATE DATABASE ${building}`)
    await migrate(urlOf(building), { passwords: testPasswords })
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${template}`)
    return template
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [templateLock])
  }
}

function urlOf(database: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

async function withClient<T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await fn(client)
  } finally {
    await client.end()
  }
}
