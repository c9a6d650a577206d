import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contextNames } from '@heliox/core/kit'
import { expect } from 'chai'
import { auditCatalog, type Finding, ruleNames } from './audit-catalog.ts'
import { crossTenantFunctions, crossTenantKeys, globalTables, librarySchemas, tenantSettingFunctions } from './lists.ts'
import { loginRoles, ownerOf, schemas } from './migrations/kit.ts'
import { openPool, type Pool } from './pool.ts'
import { freshDatabase, type TestDatabase } from './testing.ts'

/** The architecture audit (C-7): read from pg_catalog and the lists, so that a new table is judged the day it is added. */
describe('architecture audit', () => {
  let db: TestDatabase
  let pool: Pool
  before(async () => {
    db = await freshDatabase()
    pool = openPool(db.ownerUrl, { max: 2 })
    // Partitions that come later are judged like the first.
    await pool.query(`SELECT messaging.open_ledger_month('2026-01-01')`)
  })
  after(async () => {
    await pool.end()
    await db.drop()
  })
  const lists = {
    librarySchemas: Object.keys(librarySchemas),
    contexts: [...schemas],
    globalTables: Object.keys(globalTables),
    roles: [...loginRoles, ...schemas.map(ownerOf), 'ctx_across'],
  }
  const audit = async (): Promise<Finding[]> => {
    const listedKeys = new Set(Object.keys(crossTenantKeys))
    return (await auditCatalog(pool, lists)).filter(({ rule, what }) => !(rule.startsWith('a unique key') && listedKeys.has(what)))
  }

  it('has the eight schemas', () => {
    expect([...schemas].sort()).to.deep.equal([...contextNames].sort())
  })

  it('finds nothing in the catalogue', async () => {
    expect(await audit()).to.deep.equal([])
  })

  it('lists exactly the functions that see several tenants', async () => {
    const found = await pool.query<{ name: string }>(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname = 'ctx_across' ORDER BY 1`,
    )
    expect(found.rows.map((row) => row.name)).to.deep.equal(Object.keys(crossTenantFunctions).sort())
  })

  it('lists exactly the functions that set the tenant', async () => {
    const found = await pool.query<{ name: string }>(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = ANY ($1) AND p.prosrc ~ 'set_config|SET LOCAL'`,
      [[...schemas]],
    )
    expect(found.rows.map((row) => row.name).sort()).to.deep.equal(Object.keys(tenantSettingFunctions).sort())
  })

  it('has nothing on its lists that is not there', async () => {
    const tables = await pool.query<{ name: string }>(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`,
    )
    const names = new Set(tables.rows.map((row) => row.name))
    expect([...Object.keys(globalTables), ...Object.keys(crossTenantKeys)].filter((name) => !names.has(name))).to.deep.equal([])
  })

  it('lets the bus’s role reach its own schema only', async () => {
    const found = await pool.query<{ nspname: string }>(
      `SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' AND has_schema_privilege('hub_bus', oid, 'USAGE')`,
    )
    expect(found.rows).to.deep.equal([{ nspname: 'pgboss' }])
  })

  // A rule that cannot fail proves nothing: each is shown something it must refuse, then the change is undone.
  const probe = 'ctx_breach_probe'
  const breaches: Readonly<Record<string, string>> = {
    'no foreign key crosses schemas': `ALTER TABLE media.uploads ADD FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id)`,
    'a foreign key carries the tenant': `CREATE TABLE media.bad (tenant_id uuid NOT NULL, payer text REFERENCES media.refs (id))`,
    'every timestamp is timestamptz': `ALTER TABLE media.uploads ADD bad timestamp`,
    'a status column is an enum': `ALTER TABLE media.uploads ADD scan_status text`,
    'every outbox has its columns': `ALTER TABLE media.outbox DROP COLUMN traceparent CASCADE`,
    'every context has its inbox': `DROP TABLE media.inbox`,
    'a table has a tenant, or stands on the list': `CREATE TABLE media.bad (id uuid PRIMARY KEY)`,
    'row-level security is forced': `ALTER TABLE media.uploads NO FORCE ROW LEVEL SECURITY`,
    'a restrictive tenant policy binds whoever a permissive one lets in': `CREATE POLICY bad ON media.uploads FOR SELECT TO hub_relay USING (true)`,
    'a restrictive policy never names PUBLIC': `CREATE POLICY bad ON media.uploads AS RESTRICTIVE TO PUBLIC USING (true)`,
    'a table belongs to its context': `ALTER TABLE media.uploads OWNER TO ctx_billing`,
    'no hub role has more than it needs': `CREATE ROLE ${probe} NOLOGIN BYPASSRLS`,
    'a login role owns nothing': `ALTER TABLE media.uploads OWNER TO hub_api`,
    'nobody may truncate': `GRANT TRUNCATE ON media.uploads TO hub_engine`,
    'nobody may delete': `GRANT DELETE ON media.uploads TO ctx_media`,
    'a view sees what its reader sees': `CREATE VIEW media.bad AS SELECT * FROM media.uploads`,
    'there is no materialized view': `CREATE MATERIALIZED VIEW media.bad AS SELECT * FROM media.uploads`,
    'a definer function has a fixed search path': `ALTER FUNCTION media.uploads_of_intake(uuid, uuid[]) RESET search_path`,
    'no function is for everybody': `GRANT EXECUTE ON FUNCTION media.uploads_of_intake(uuid, uuid[]) TO PUBLIC`,
    'a definer function belongs to a context, or to ctx_across': `ALTER FUNCTION media.uploads_of_intake(uuid, uuid[]) OWNER TO ctx_billing`,
    'ctx_across reaches listed columns only to read': `GRANT DELETE ON media.outbox TO ctx_across`,
    'a unique key begins with the tenant, or stands on the list': `CREATE UNIQUE INDEX bad ON media.uploads (quarantine_key)`,
    'no index on a type that row-level security cannot use': `CREATE INDEX bad ON media.uploads (tenant_id, status)`,
  }
  for (const rule of ruleNames) {
    it(`refuses a breach: ${rule}`, async () => {
      const client = await pool.connect()
      try {
        await client.query(`BEGIN; CREATE TABLE media.refs (id text PRIMARY KEY); ${breaches[rule] ?? 'SELECT no_breach_is_written_for_this_rule'}`)
        const one = { query: client.query.bind(client) } as unknown as Pool
        expect((await auditCatalog(one, { ...lists, roles: [...lists.roles, probe] })).map((finding) => finding.rule)).to.include(rule)
      } finally {
        await client.query('ROLLBACK')
        client.release()
      }
    })
  }

  it('writes each context’s tables from that context’s files only', () => {
    expect(crossWrites(sqlFiles())).to.deep.equal([])
    expect(crossWrites([{ file: 'billing/x.ts', text: 'UPDATE clinical.appointments SET a = 1' }])).to.deep.equal(['billing/x.ts writes clinical.appointments'])
  })

  it('writes SQL in context files, and in none of the mechanisms', () => {
    const mechanisms = ['stores.ts', 'stores-api.ts', 'stores-engine.ts', 'main.ts', 'index.ts', 'vault.ts', 'kms.ts']
    const writing = sqlFiles().filter(
      ({ file, text }) => mechanisms.includes(file) && /\b(INSERT INTO|UPDATE|DELETE FROM) \w+\.\w+/.test(text.replace(/INTO identity\.keys/, '')),
    )
    expect(writing.map(({ file }) => file)).to.deep.equal([])
  })
})

interface Source {
  file: string
  text: string
}
/** Application code of this folder: no tests, no migrations, no seed (which acts as each owner in turn). */
function sqlFiles(): Source[] {
  const root = import.meta.dirname
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|check)\.ts$|^(migrations|seed)\/|^(fixtures|hot-rows|testing|audit-catalog|lists)\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

/** The context of a file is its folder, or its name under `applies/`; `outbox.ts` and `vault.ts` serve one table each for all. */
function crossWrites(sources: readonly Source[]): string[] {
  const shared: Readonly<Record<string, string>> = { 'outbox.ts': 'messaging.outbox', 'vault.ts': 'identity.keys' }
  return sources.flatMap(({ file, text }) => {
    const context = /^applies\/(\w+)\.ts$/.exec(file)?.[1] ?? file.split('/')[0]
    const written = [...text.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+((\w+)\.\w+)/g)]
    return written.filter(([, table, schema]) => schema !== context && shared[file] !== table).map(([, table]) => `${file} writes ${table}`)
  })
}
