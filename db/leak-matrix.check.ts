import { expect } from 'chai'
import pg from 'pg'
import {
  crossForeignKey,
  type ForeignKey,
  fill,
  type Leak,
  operations,
  printed,
  probe,
  type Setting,
  settings,
  type Table,
  tablesOf,
  tenantA,
  tenantB,
} from './leak-matrix.ts'
import { crossTenantFunctions, crossTenantTables, globalTables, tenantSettingFunctions } from './lists.ts'
import { acrossRole, loginRoles, ownerOf, schemas } from './migrations/kit.ts'
import { freshDatabase, type TestDatabase } from './testing.ts'

/** The leak matrix: one failing cell is a tenant that sees, changes or points at another's row. */
describe('leak matrix', function () {
  this.timeout(180_000)
  let db: TestDatabase
  let client: pg.Client
  let tables: Table[]
  before(async () => {
    db = await freshDatabase()
    client = new pg.Client({ connectionString: db.ownerUrl })
    await client.connect()
    // A month beside the rest, so that a partition that is opened later is judged too.
    await client.query(`SELECT messaging.open_ledger_month('2026-01-01')`)
    tables = await tablesOf(client, schemas, Object.keys(globalTables))
    await fill(client, tables)
  })
  after(async () => {
    await client.end()
    await db.drop()
  })
  const boundRoles = [...loginRoles, ...schemas.map(ownerOf)]
  const run = async (roles: readonly string[], over: readonly Table[]): Promise<{ leaks: Leak[]; tried: number }> => {
    const all = { leaks: [] as Leak[], tried: 0 }
    for (const role of roles) {
      for (const setting of settings) {
        const { leaks, tried } = await probe(db.ownerUrl, role, setting, over)
        all.leaks.push(...leaks)
        all.tried += tried
      }
    }
    return all
  }

  it('has a row of both tenants in every table', async () => {
    for (const table of tables) {
      const found = await client.query<{ n: number }>(`SELECT count(DISTINCT tenant_id)::int AS n FROM ${table.name}`)
      expect(found.rows[0]?.n, table.name).to.equal(2)
    }
    expect(tables.length).to.be.greaterThan(40)
  })

  it('shows no role another tenant’s row, and lets none write one', async () => {
    const { leaks, tried } = await run(boundRoles, tables)
    const texts = leaks.map((leak) => Object.values(leak).join(' | '))
    expect(texts.join('\n')).to.equal('')
    expect(tried).to.be.at.least(boundRoles.length * settings.length * tables.length * operations.length)
  })

  it('shows ctx_across the listed tables only, and lets it change nothing but an outbox row’s mark and time', async () => {
    const { leaks } = await run([acrossRole], tables)
    const seen = new Set(leaks.filter((leak) => leak.operation === 'select').map((leak) => leak.table))
    expect([...seen].sort()).to.deep.equal(Object.keys(crossTenantTables).sort())
    const changed = leaks.filter((leak) => leak.operation !== 'select' && !(leak.operation === 'update' && leak.table.endsWith('.outbox')))
    expect(changed).to.deep.equal([])
  })

  it('lets no foreign key point at another tenant’s row', async () => {
    const found = await client.query<ForeignKey>(
      `SELECT c.conname AS name, c.conrelid::regclass::text AS table, r.rolname AS owner,
         (SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS columns
       FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_roles r ON r.oid = t.relowner JOIN pg_namespace n ON n.oid = t.relnamespace
       WHERE c.contype = 'f' AND c.conparentid = 0 AND n.nspname = ANY ($1)`,
      [schemas],
    )
    // A key on the tenant alone points at the tenant: policies decide who may write that.
    const keys = found.rows.filter((key) => key.columns.length > 1)
    expect(keys.length).to.be.greaterThan(5)
    for (const key of keys) {
      const table = tables.find((one) => one.name === key.table)
      if (!table) throw new Error(`no table ${key.table}`)
      const others = found.rows.filter((one) => one.table === key.table && one.name !== key.name)
      expect(await crossForeignKey(client, key, table, others)).to.equal(undefined)
    }
  })

  it('fails on a foreign key that leaves the tenant out, on a table with one row a tenant too', async () => {
    await client.query(`CREATE UNIQUE INDEX planted_target ON clinical.schedule_handovers (id);
      CREATE TABLE clinical.planted (tenant_id uuid PRIMARY KEY, handover_id uuid REFERENCES clinical.schedule_handovers (id));
      ALTER TABLE clinical.planted OWNER TO ${ownerOf('clinical')}; INSERT INTO clinical.planted VALUES ('${tenantA.tenantId}', NULL)`)
    try {
      const table = (await tablesOf(client, ['clinical'], [])).find((one) => one.name === 'clinical.planted')
      if (!table) throw new Error('nothing planted')
      const key = { name: 'planted_handover_id_fkey', table: table.name, owner: ownerOf('clinical'), columns: ['handover_id'] }
      expect(await crossForeignKey(client, key, table, [])).to.match(/lets a row of one tenant point/)
    } finally {
      await client.query('DROP TABLE clinical.planted; DROP INDEX clinical.planted_target')
    }
  })

  it('gets nothing of another tenant from any function', async () => {
    const found = await client.query<{ name: string; arguments: string[]; roles: string[] }>(
      `SELECT p.oid::regprocedure::text AS name, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t) AS arguments,
         ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = ANY ($2) AND has_function_privilege(r.oid, p.oid, 'EXECUTE')) AS roles
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY ($1) AND p.prorettype <> 'trigger'::regtype`,
      [schemas, loginRoles],
    )
    const listed = new Set([...Object.keys(crossTenantFunctions), ...Object.keys(tenantSettingFunctions)])
    const bound = found.rows.filter((fn) => !listed.has(fn.name) && fn.roles.length > 0)
    expect(bound.length).to.be.greaterThan(4)
    const before = await rowsOf(tenantB.tenantId)
    for (const fn of bound) {
      for (const role of fn.roles) {
        for (const setting of ['none', 'A', 'empty'] satisfies Setting[]) {
          const { text, after } = await callAs(role, setting, fn)
          for (const canary of [tenantB.id, tenantB.text]) expect(text, `${fn.name} as ${role}`).to.not.include(canary)
          expect(after, `${fn.name} as ${role} changed another tenant`).to.equal(before)
        }
      }
    }
    expect(
      (
        await callAs('hub_api', 'B', {
          name: 'identity.open_document(uuid,text,text,timestamp with time zone)',
          arguments: ['uuid', 'text', 'text', 'timestamp with time zone'],
        })
      ).text,
    ).to.include(tenantB.text)
  })

  it('gives each listed function to one role, which gets nothing for a key that fits nobody', async () => {
    const before = await rowsOf(tenantB.tenantId)
    for (const name of [...Object.keys(crossTenantFunctions), ...Object.keys(tenantSettingFunctions)]) {
      const roles = await client.query<{ role: string }>(
        `SELECT r.rolname::text AS role FROM pg_roles r WHERE r.rolname = ANY ($2) AND has_function_privilege(r.oid, $1::regprocedure, 'EXECUTE')`,
        [name, loginRoles],
      )
      const role = /outbox/.test(name) ? 'hub_relay' : /tenants_|breakers_/.test(name) ? 'hub_engine' : 'hub_api'
      expect(roles.rows, name).to.deep.equal([{ role }])
      if (!/find_/.test(name)) continue
      const { text, after } = await callAs(role, 'A', { name, arguments: name.replace(/^.*\(|\)$/g, '').split(',') })
      expect(text, name).to.equal('[]')
      expect(after, name).to.equal(before)
    }
  })

  it('tells the engine which tenants have work, and nothing else of them', async () => {
    const both = [{ tenant_id: tenantA.tenantId }, { tenant_id: tenantB.tenantId }]
    for (const [name, args] of [
      ['billing.tenants_waiting', []],
      ['identity.tenants_connected', ['text']],
    ] as const) {
      const { text } = await callAs('hub_engine', 'A', { name, arguments: [...args] }, [`'${tenantB.text}'`])
      const rows = JSON.parse(text) as { tenant_id: string }[]
      expect(
        rows.every((row) => both.some((one) => JSON.stringify(one) === JSON.stringify(row))),
        name,
      ).to.equal(true)
      expect(rows.length, name).to.be.greaterThan(0)
    }
  })

  it('lets no login role raise a control counter', async () => {
    const found = await client.query<{ role: string }>(
      `SELECT r.rolname::text AS role FROM pg_roles r WHERE r.rolname = ANY ($1) AND has_function_privilege(r.oid, 'messaging.raise_control_counter(text,integer)', 'EXECUTE')`,
      [loginRoles],
    )
    expect(found.rows).to.deep.equal([])
  })

  it('marks and puts off the very row that was named, tenant and id together', async () => {
    const before = await rowsOf(tenantB.tenantId)
    const call = (name: string, tenantId: string) =>
      callAs('hub_relay', 'A', { name, arguments: ['uuid[]', 'uuid[]', 'timestamp with time zone'] }, [
        `ARRAY['${tenantId}'::uuid]`,
        `ARRAY['${tenantB.id}'::uuid]`,
        `'2026-01-01'`,
      ])
    for (const schema of schemas) {
      for (const name of [`${schema}.outbox_mark`, `${schema}.outbox_put_off`]) {
        expect((await call(name, tenantA.tenantId)).after, name).to.equal(before)
        expect((await call(name, tenantB.tenantId)).after, name).to.not.equal(before)
      }
    }
  })

  it('submits into the tenant of its own argument only, whatever intake the document names', async () => {
    const before = await rowsOf(tenantB.tenantId)
    const document = JSON.stringify({ intakeId: tenantB.id, tenantId: tenantB.tenantId, now: '2025-12-01T00:00:00Z', idempotencyKey: 'x' })
    const submit = { name: 'identity.submit_intake', arguments: ['uuid', 'jsonb', 'bytea', 'integer', 'bytea', 'bytea'] }
    for (const setting of ['none', 'A', 'B'] satisfies Setting[]) {
      const given = [`'${tenantA.tenantId}'`, pg.escapeLiteral(document), `'x'`, '1', `'x'`, `'x'`]
      const { text, after } = await callAs('hub_api', setting, submit, given)
      expect(text).to.equal('[{"submit_intake":"closed"}]')
      expect(after).to.equal(before)
    }
  })

  it('fails on a table that somebody adds without a policy', async () => {
    await client.query(`CREATE TABLE media.planted (tenant_id uuid NOT NULL, id uuid NOT NULL, note text, PRIMARY KEY (tenant_id, id));
      GRANT SELECT, INSERT, UPDATE, DELETE ON media.planted TO hub_api`)
    const planted = (await tablesOf(client, ['media'], [])).filter((table) => table.name === 'media.planted')
    await fill(client, planted)
    const { leaks } = await run(['hub_api'], planted)
    expect(new Set(leaks.map((leak) => leak.operation))).to.deep.equal(new Set(['select', 'insert', 'update', 'update-move', 'delete', 'upsert']))
    await client.query('DROP TABLE media.planted')
  })

  it('fails on a plain view over a tenant table', async () => {
    await client.query('CREATE VIEW media.planted AS SELECT * FROM media.uploads; GRANT SELECT ON media.planted TO hub_api')
    const planted = (await tablesOf(client, ['media'], [])).filter((table) => table.name === 'media.planted')
    expect((await run(['hub_api'], planted)).leaks.length).to.be.greaterThan(0)
    await client.query('DROP VIEW media.planted')
  })

  it('lets no login role change what all tenants share', async () => {
    for (const name of Object.keys(globalTables)) {
      for (const role of loginRoles) {
        const found = await client.query<{ may: boolean }>(`SELECT has_table_privilege($1, $2, 'UPDATE, DELETE, TRUNCATE') AS may`, [role, name])
        expect(found.rows[0]?.may, `${role} on ${name}`).to.equal(false)
      }
    }
  })

  /** Everything of one tenant, as the superuser sees it. */
  async function rowsOf(tenantId: string, on: pg.Client = client): Promise<string> {
    const texts: string[] = []
    for (const table of tables) texts.push(printed((await on.query(`SELECT * FROM ${table.name} WHERE tenant_id = $1`, [tenantId])).rows))
    return texts.join('\n')
  }

  /** Calls it with B's ids wherever it takes one, or with what is given; rolled back. */
  async function callAs(
    role: string,
    setting: Setting,
    fn: { name: string; arguments: string[] },
    given?: readonly string[],
  ): Promise<{ text: string; after: string }> {
    const on = new pg.Client({ connectionString: db.ownerUrl })
    await on.connect()
    const values: Readonly<Record<string, string>> = {
      uuid: `'${tenantB.id}'`,
      'uuid[]': `ARRAY['${tenantB.id}'::uuid]`,
      text: `'x'`,
      'text[]': `ARRAY['x']`,
      integer: '1',
      boolean: 'true',
      bytea: `'x'::bytea`,
      jsonb: `'{}'::jsonb`,
      'timestamp with time zone': `'2026-01-01'`,
      date: `'2026-01-01'`,
    }
    try {
      await on.query('BEGIN')
      const own = setting === 'A' ? tenantA.tenantId : setting === 'B' ? tenantB.tenantId : ''
      if (setting !== 'none') await on.query(`SELECT set_config('app.tenant_id', $1, true)`, [own])
      await on.query(`SET LOCAL ROLE ${role}; SAVEPOINT one`)
      const list = fn.arguments.map((type, i) => {
        const value = given?.[i] ?? values[type]
        if (!value) throw new Error(`leak matrix: teach it the argument type ${type}`)
        return `${value}::${type}`
      })
      const text = await on.query(`SELECT * FROM ${fn.name.split('(')[0]}(${list.join(', ')})`).then(
        (result) => printed(result.rows),
        async (error: Error) => {
          await on.query('ROLLBACK TO SAVEPOINT one')
          return error.message
        },
      )
      await on.query('RESET ROLE')
      return { text, after: await rowsOf(tenantB.tenantId, on) }
    } finally {
      await on.end()
    }
  }
})
