import { setTimeout as sleep } from 'node:timers/promises'
import knexModule, { type Knex } from 'knex'
import pg from 'pg'
import { migrations } from './migrations/index.ts'
import { loginRoles } from './migrations/kit.ts'

export type LoginRole = (typeof loginRoles)[number]
export type RolePasswords = Readonly<Record<LoginRole, string>>

const lockKey = 7_240_611_901
/** Knex's own table of what ran; its schema belongs to the migrator and no hub role can see it. */
const migrationsSchema = 'migrations'

const source: Knex.MigrationSource<(typeof migrations)[number]> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({
    up: migration.up,
    down: () => Promise.reject(new Error('migrations go forward only: write a new one')),
  }),
}

/**
 * Brings the database to the newest schema and sets the login roles' passwords. Safe to run twice, and by two processes at
 * once: the second waits on an advisory lock. Returns the names of the migrations that ran.
 */
export async function migrate(ownerUrl: string, options: { passwords: RolePasswords }): Promise<string[]> {
  const lock = new pg.Client({ connectionString: ownerUrl, application_name: 'heliox-migrate' })
  await lock.connect()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [lockKey])
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${migrationsSchema}`)
    const ran = await runMigrations(ownerUrl)
    await protectDatabase(lock)
    for (const role of loginRoles) await setPassword(lock, role, options.passwords[role])
    return ran
  } finally {
    await lock.end() // also frees the lock
  }
}

async function runMigrations(ownerUrl: string): Promise<string[]> {
  const knex = knexModule({ client: 'pg', connection: { connectionString: ownerUrl }, pool: { min: 0, max: 2 } })
  try {
    const config: Knex.MigratorConfig = { migrationSource: source, schemaName: migrationsSchema, tableName: 'applied' }
    // Knex marks "running" in a row that a killed migrator leaves behind; ours is the lock that counts, so the mark is stale.
    await knex.migrate.forceFreeMigrationsLock(config)
    const [, names] = (await knex.migrate.latest(config)) as [number, string[]]
    return names
  } finally {
    await knex.destroy()
  }
}

/** Rights on the database itself; a clone of a template does not inherit them. */
export async function protectDatabase(client: pg.Client): Promise<void> {
  const name = pg.escapeIdentifier((await client.query<{ name: string }>('SELECT current_database() AS name')).rows[0]?.name ?? '')
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${loginRoles.join(', ')}`)
}

/** Roles are shared by every database of the server: another database's migrator may be changing the same row. */
async function setPassword(client: pg.Client, role: LoginRole, password: string): Promise<void> {
  if (password.length < 8) throw new Error(`the password of ${role} has fewer than 8 characters`)
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)}`)
      return
    } catch (error) {
      if (attempt >= 20 || !/concurrently updated/.test((error as Error).message)) throw error
      await sleep(25 * attempt)
    }
  }
}
