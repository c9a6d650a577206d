import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import knexModule, { type Knex } from 'knex'
import pg from 'pg'
import { migrate } from './migrate.ts'
import { up as activateV2 } from './migrations/0015-activate-eligibility-v2.ts'
import { up as activateV3 } from './migrations/0022-activate-eligibility-v3.ts'
import { up as whatTheFirstWritebackWrote } from './migrations/0042-what-the-first-writeback-wrote.ts'
import { migrations } from './migrations/index.ts'
import { seed } from './seed/index.ts'
import { freshDatabase, testPasswords } from './testing.ts'

/** An empty database of its own, for tests of the migrator itself. */
async function emptyDatabase(): Promise<{ url: string; name: string; drop(): Promise<void> }> {
  const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await admin.connect()
  const name = `hub_test_${randomBytes(6).toString('hex')}`
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(process.env.TEST_DATABASE_URL ?? '')
  url.pathname = `/${name}`
  return {
    url: url.href,
    name,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
async function ask<R extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<R>(sql, values)).rows
  } finally {
    await client.end()
  }
}

/** The schema as it was before this migration. */
async function migrateUntil(url: string, knex: Knex, name: string): Promise<void> {
  const first = migrations.filter((migration) => migration.name < name)
  await ask(url, 'CREATE SCHEMA IF NOT EXISTS migrations')
  const migrationSource = {
    getMigrations: async () => [...first],
    getMigrationName: (migration: (typeof migrations)[number]) => migration.name,
    getMigration: async (migration: (typeof migrations)[number]) => ({ up: migration.up, down: () => Promise.reject(new Error('forward only')) }),
  }
  await knex.migrate.latest({ migrationSource, schemaName: 'migrations', tableName: 'applied' })
}

describe('migrate', () => {
  const names = migrations.map((migration) => migration.name)

  it('runs every file of the folder, in order', () => {
    const files = readdirSync(join(import.meta.dirname, 'migrations')).filter((file) => /^\d{4}-/.test(file))
    expect(names).to.deep.equal(files.sort().map((file) => file.replace(/\.ts$/, '')))
  })

  it('lets two migrators run at the same moment, and a third time do nothing', async () => {
    const db = await emptyDatabase()
    try {
      const ran = await Promise.all([1, 2].map(() => migrate(db.url, { passwords: testPasswords })))
      expect(ran.map((list) => list.length).sort()).to.deep.equal([0, names.length])
      expect(await migrate(db.url, { passwords: testPasswords })).to.deep.equal([])
    } finally {
      await db.drop()
    }
  })

  it('goes on after a migrator that died while it was running', async () => {
    const db = await emptyDatabase()
    try {
      await migrate(db.url, { passwords: testPasswords })
      await ask(db.url, 'UPDATE migrations.applied_lock SET is_locked = 1')
      expect(await migrate(db.url, { passwords: testPasswords })).to.deep.equal([])
    } finally {
      await db.drop()
    }
  })

  it('needs no superuser: a role that may make roles and owns the database is enough, for the seed too', async () => {
    const db = await emptyDatabase()
    const folder = await freshDatabase()
    const role = `hub_test_migrator_${randomBytes(4).toString('hex')}`
    const hubRoles = (await ask<{ name: string }>(db.url, `SELECT rolname AS name FROM pg_roles WHERE rolname ~ '^(ctx|hub)_' AND rolname !~ 'test'`)).map(
      (row) => row.name,
    )
    try {
      await ask(
        db.url,
        `CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD 'hub-test-only'; ALTER DATABASE ${db.name} OWNER TO ${role}; ALTER SCHEMA public OWNER TO ${role}`,
      )
      // On a server of its own it would have made these roles, and so have the right to pass them on.
      await ask(db.url, `GRANT ${hubRoles.join(', ')} TO ${role} WITH ADMIN OPTION`)
      const url = new URL(db.url)
      url.username = role
      url.password = 'hub-test-only'
      expect(await migrate(url.href, { passwords: testPasswords })).to.deep.equal(names)
      await seed({ ownerUrl: url.href, kmsFile: folder.kmsFile, now: new Date('2026-01-05T12:00:00Z'), connections: {} })
      expect(await ask(db.url, 'SELECT count(*)::int AS n FROM identity.tenants')).to.deep.equal([{ n: 2 }])
    } finally {
      await db.drop()
      await folder.drop()
      await ask(process.env.TEST_DATABASE_URL ?? '', `DROP ROLE IF EXISTS ${role}`)
    }
  })

  it('brings a database of the first release up to date with its rows: an answer of then is still the answer', async () => {
    const db = await emptyDatabase()
    const knex = knexModule({ client: 'pg', connection: { connectionString: db.url }, pool: { min: 0, max: 1 } })
    try {
      await migrateUntil(db.url, knex, '0012')
      const id = '018f3c00-0000-7000-8000-0000000000b1'
      await ask(db.url, `INSERT INTO catalog.payers VALUES ('OLD1', 'Old Payer', 'America/New_York')`)
      await ask(db.url, `INSERT INTO billing.coverages VALUES ($1, $1, $1, $1, 'OLD1', 'active', '2026-01-05', '2026-01-05')`, [id])
      await ask(
        db.url,
        `INSERT INTO billing.eligibility_requests VALUES ($1, $1, $1, $1, $1, $1, 'OLD1', 'Old Payer', '2026-02-09', 'answered', 2, '2026-01-05', '2026-01-05')`,
        [id],
      )
      await ask(db.url, `INSERT INTO billing.eligibility_answers VALUES ($1, $1, $1, 'active', 'plan-active', '{}', 2500, false, '2026-01-05')`, [id])
      await ask(
        db.url,
        `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, created_at, updated_at)
         VALUES ($1, $1, $1, '2026-02-09', '2026-02-10', 'Dr Lin', '2026-01-05', '2026-01-05')`,
        [id],
      )
      await ask(
        db.url,
        `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, cause, owner, staff_text, attempts, envelope, opened_at, intake_id)
         VALUES ($1, $1, $1, 'eligibility', 1, 'ask payer', 'timeout', 'ops', 'No answer.', 3, '{}', '2026-01-05', $1)`,
        [id],
      )
      expect(await migrate(db.url, { passwords: testPasswords })).to.deep.equal(names.filter((name) => name >= '0012'))
      const waiting = await ask(db.url, `SELECT kind::text AS kind, visit_at = '2026-02-09' AND sort_at = visit_at AS "knowsVisit" FROM messaging.overrides`)
      expect(waiting).to.deep.equal([{ kind: 'delivery', knowsVisit: true }])
      const found = await ask(
        db.url,
        `SELECT r.status::text AS status, a.verdict::text AS verdict, a.state::text AS state, a.contested, p.route::text AS route
         FROM billing.eligibility_requests r JOIN billing.eligibility_answers a ON a.request_id = r.id JOIN catalog.payers p ON p.id = r.payer_id`,
      )
      expect(found).to.deep.equal([{ status: 'answered', verdict: 'active', state: 'whole', contested: false, route: 'real-time' }])
    } finally {
      await knex.destroy()
      await db.drop()
    }
  })

  it('brings a ledger that was one table into its months: answered, waiting and held rows are what they were', async () => {
    const db = await emptyDatabase()
    const knex = knexModule({ client: 'pg', connection: { connectionString: db.url }, pool: { min: 0, max: 1 } })
    const id = (n: number): string => `018f3c00-0000-7000-8000-0000000000c${n}`
    try {
      await migrateUntil(db.url, knex, '0025')
      // Pinned by UTC in January, though it is still December in New York; and one that was tried again in the month after its pin.
      for (const [n, pinnedAt] of [
        [1, '2026-01-01T01:00:00Z'],
        [2, '2025-12-31T23:00:00Z'],
      ] as const) {
        const values = [id(0), id(n), pinnedAt]
        await ask(
          db.url,
          `INSERT INTO messaging.pins (tenant_id, root_id, flow, version, aggregate_id, pinned_at, updated_at) VALUES ($1, $2, 'eligibility', 1, $2, $3, $3)`,
          values,
        )
        await ask(
          db.url,
          `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, flow_version, state, fencing, tries, round_started_at, attempt_at, ended_at, waited_ms)
           VALUES ($1, $2, $2, 'eligibility', 'ask payer', 1, 'failed', 2, 1, $3, '2026-01-09', '2026-01-10', 3600000)`,
          values,
        )
        await ask(db.url, `INSERT INTO messaging.effect_attempts (tenant_id, effect_id, fencing, owner, started_at) VALUES ($1, $2, 2, 'engine-1', $3)`, values)
      }
      const item = `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, effect_id, cause, owner, staff_text, attempts, envelope, opened_at)
         VALUES ($1, $2, $2, 'eligibility', 1, 'ask payer', $2, 'timeout', 'ops', 'No answer.', 1, '{}', '2026-01-10')`
      await ask(db.url, item, [id(0), id(2)])
      await migrate(db.url, { passwords: testPasswords })
      const found = await ask(
        db.url,
        `SELECT e.tableoid::regclass::text AS effect, a.tableoid::regclass::text AS attempt, a.owner, e.tries, e.last_sent_at = '2026-01-10' AS sent,
           e.retry_until - e.round_started_at = interval '25 hours' AS until, o.ledger_month = e.ledger_month AS held
         FROM messaging.effects e JOIN messaging.effect_attempts a ON a.ledger_month = e.ledger_month AND a.effect_id = e.id
         LEFT JOIN messaging.overrides o ON o.effect_id = e.id ORDER BY e.ledger_month`,
      )
      const same = { owner: 'engine-1', tries: 1, sent: true, until: true }
      expect(found).to.deep.equal([
        { effect: 'messaging.effects_2025_12', attempt: 'messaging.effect_attempts_2025_12', ...same, held: true },
        { effect: 'messaging.effects_2026_01', attempt: 'messaging.effect_attempts_2026_01', ...same, held: null },
      ])
      const bound = await ask(
        db.url,
        `SELECT count(*)::int AS n FROM pg_class WHERE relforcerowsecurity AND oid::regclass::text ~ '^messaging.(effects|effect_attempts|overrides|pins)'
           AND relkind IN ('r', 'p')`,
      )
      expect(bound, 'each table and partition is bound to its tenant again').to.deep.equal([{ n: 10 }])
    } finally {
      await knex.destroy()
      await db.drop()
    }
  })

  it('gives eligibility v2 and the batches to every clinic that runs eligibility, and to no other', async () => {
    const db = await freshDatabase()
    const [running, idle] = ['018f3c00-0000-7000-8000-0000000000a1', '018f3c00-0000-7000-8000-0000000000a2']
    const knex = knexModule({ client: 'pg', connection: { connectionString: db.ownerUrl }, pool: { min: 0, max: 1 } })
    try {
      await ask(
        db.ownerUrl,
        `INSERT INTO catalog.flow_activations VALUES ($1, 'eligibility', 1, 100, '2026-01-05T12:00:00Z'), ($2, 'intake', 1, 100, '2026-01-05T12:00:00Z')`,
        [running, idle],
      )
      for (let i = 0; i < 2; i += 1) await knex.transaction((trx) => activateV2(trx as unknown as Knex))
      const found = await ask(db.ownerUrl, `SELECT tenant_id, flow || '@' || version AS flow FROM catalog.flow_activations ORDER BY 1, 2`)
      expect(found).to.deep.equal([
        ...['clearinghouse-batch@1', 'eligibility@1', 'eligibility@2'].map((flow) => ({ tenant_id: running, flow })),
        { tenant_id: idle, flow: 'intake@1' },
      ])
      const forced = await ask(db.ownerUrl, `SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = 'catalog.flow_activations'::regclass`)
      expect(forced, 'and the table’s owner is bound to its tenant again').to.deep.equal([{ forced: true }])
    } finally {
      await knex.destroy()
      await db.drop()
    }
  })

  it('gives eligibility v3 and the flows around a doubt to every clinic that runs v2, and to no other', async () => {
    const db = await freshDatabase()
    const [running, idle] = ['018f3c00-0000-7000-8000-0000000000a1', '018f3c00-0000-7000-8000-0000000000a2']
    const knex = knexModule({ client: 'pg', connection: { connectionString: db.ownerUrl }, pool: { min: 0, max: 1 } })
    try {
      await ask(
        db.ownerUrl,
        `INSERT INTO catalog.flow_activations VALUES ($1, 'eligibility', 2, 100, '2026-01-05T12:00:00Z'), ($2, 'intake', 1, 100, '2026-01-05T12:00:00Z')`,
        [running, idle],
      )
      for (let i = 0; i < 2; i += 1) await knex.transaction((trx) => activateV3(trx as unknown as Knex))
      const found = await ask(db.ownerUrl, `SELECT flow || '@' || version AS flow FROM catalog.flow_activations WHERE tenant_id = $1 ORDER BY 1`, [running])
      const flows = ['case-decision@1', 'clearinghouse-batch@2', 'eligibility-case@1', 'eligibility@2', 'eligibility@3', 'intake-corrected@1', 'notify@2']
      expect(found.map((row) => row.flow)).to.deep.equal([...flows, 'payer-canary@1'])
      expect(await ask(db.ownerUrl, `SELECT count(*)::int AS n FROM catalog.flow_activations WHERE tenant_id = $1`, [idle])).to.deep.equal([{ n: 1 }])
      const forced = await ask(db.ownerUrl, `SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = 'catalog.flow_activations'::regclass`)
      expect(forced, 'and the table’s owner is bound to its tenant again').to.deep.equal([{ forced: true }])
    } finally {
      await knex.destroy()
      await db.drop()
    }
  })

  it('takes what the first write-back wrote for what chart and hub agreed on, where the visit was not changed since', async () => {
    const db = await freshDatabase()
    const knex = knexModule({ client: 'pg', connection: { connectionString: db.ownerUrl }, pool: { min: 0, max: 1 } })
    const [written, changed, waiting] = ['a1', 'a2', 'a3'].map((end) => `018f3c00-0000-7000-8000-0000000000${end}`)
    try {
      const insert = `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, status, writeback, changed_at, changed_by, created_at, updated_at)
        VALUES ($1, $1, $1, '2026-02-09T15:00Z', '2026-02-09T15:20Z', 'Dr. Reyes', 'booked', $2, $3, CASE WHEN $3::timestamptz IS NOT NULL THEN 'ehr'::clinical.visit_changer END, '2026-01-05Z', '2026-01-05Z')`
      await ask(db.ownerUrl, insert, [written, 'written', null])
      await ask(db.ownerUrl, insert, [changed, 'written', '2026-01-06T12:00:00Z'])
      await ask(db.ownerUrl, insert, [waiting, 'none', null])
      for (let i = 0; i < 2; i += 1) await knex.transaction((trx) => whatTheFirstWritebackWrote(trx as unknown as Knex))
      const found = await ask(
        db.ownerUrl,
        'SELECT id, agreed_status::text AS status, agreed_starts_at = starts_at AS same FROM clinical.appointments ORDER BY id',
      )
      expect(found).to.deep.equal([
        { id: written, status: 'booked', same: true },
        { id: changed, status: null, same: null },
        { id: waiting, status: null, same: null },
      ])
      const forced = await ask(db.ownerUrl, `SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = 'clinical.appointments'::regclass`)
      expect(forced, 'and the table’s owner is bound to its tenant again').to.deep.equal([{ forced: true }])
    } finally {
      await knex.destroy()
      await db.drop()
    }
  })

  it('refuses a password that is too short to be one', async () => {
    const db = await emptyDatabase()
    try {
      const error = await migrate(db.url, { passwords: { ...testPasswords, hub_relay: 'short' } }).catch((e: Error) => e.message)
      expect(error).to.equal('the password of hub_relay has fewer than 8 characters')
    } finally {
      await db.drop()
    }
  })

  it('lets nobody in but the hub’s roles', async () => {
    const db = await freshDatabase()
    try {
      const found = await ask(
        db.ownerUrl,
        `SELECT has_database_privilege('public', current_database(), 'CONNECT') AS anyone, has_database_privilege('hub_api', current_database(), 'CREATE') AS make`,
      )
      expect(found).to.deep.equal([{ anyone: false, make: false }])
      expect(await ask(db.urlAs('hub_bus'), 'SELECT current_user::text AS me')).to.deep.equal([{ me: 'hub_bus' }])
      const refused = await ask(db.urlAs('hub_bus'), 'SELECT * FROM identity.tenants').catch((e: Error) => e.message)
      expect(refused).to.match(/permission denied/)
    } finally {
      await db.drop()
    }
  })
})
