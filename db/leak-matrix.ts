import pg from 'pg'

/**
 * Every table × role × tenant setting × operation, generated from pg_catalog. Each tenant has one made-up row in each table,
 * all of whose ids and texts name the tenant, so that a leak shows wherever it comes out. Run on a scratch database only:
 * CHECK constraints are dropped first, since a made-up row could not meet them.
 */
interface Tenant {
  name: 'A' | 'B'
  tenantId: string
  /** Every other uuid of its rows. */
  id: string
  text: string
}
export const tenantA: Tenant = { name: 'A', tenantId: 'aaaaaaaa-0000-4000-8000-00000000000a', id: 'aaaaaaaa-1111-4111-8111-00000000000a', text: 'canary-a' }
export const tenantB: Tenant = { name: 'B', tenantId: 'bbbbbbbb-0000-4000-8000-00000000000b', id: 'bbbbbbbb-1111-4111-8111-00000000000b', text: 'canary-b' }
/** For rows that must clash with nobody's. */
const nobody = { id: 'cccccccc-1111-4111-8111-00000000000c', text: 'canary-new' }

export const settings = ['none', 'A', 'B', 'empty'] as const
export type Setting = (typeof settings)[number]
export const operations = ['select', 'insert', 'update', 'update-move', 'delete', 'truncate', 'upsert'] as const
export type Operation = (typeof operations)[number]

interface Column {
  name: string
  type: string
  enumFirst: string | null
  generated: boolean
  /** Of a partition: the value that its rows have there. */
  value: string | null
}
export interface Table {
  name: string
  isView: boolean
  columns: Column[]
  primaryKey: string[]
  /** Tables that its rows are in; it has one of each tenant in each of them. None: in itself. */
  partitions: number
}

export async function tablesOf(client: pg.Client, schemas: readonly string[], leaveOut: readonly string[]): Promise<Table[]> {
  const found = await client.query<Table>(
    `SELECT c.oid::regclass::text AS name, c.relkind IN ('v', 'm') AS "isView",
       (SELECT json_agg(json_build_object('name', a.attname, 'type', CASE WHEN t.typtype = 'e' THEN 'enum' ELSE format_type(a.atttypid, NULL) END,
          'enumFirst', (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1),
          'generated', a.attidentity <> '' OR a.attgenerated <> '',
          'value', CASE WHEN c.relispartition AND t.typname = 'date' THEN coalesce(substring(pg_get_expr(c.relpartbound, c.oid) FROM '''(.+)'''), '1970-01-01') END)
          ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       coalesce((SELECT json_agg(a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
         WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS "primaryKey",
       (SELECT count(*)::int FROM pg_inherits i WHERE i.inhparent = c.oid) AS partitions
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname = ANY ($1) AND c.oid::regclass::text <> ALL ($2) ORDER BY 1`,
    [schemas, leaveOut],
  )
  return found.rows
}

function literal(column: Column, tenantId: string, who: { id: string; text: string }): string {
  if (column.name === 'tenant_id') return `'${tenantId}'`
  if (column.value !== null) return pg.escapeLiteral(column.value)
  if (column.type === 'enum') return pg.escapeLiteral(column.enumFirst ?? '')
  if (column.type === 'uuid') return `'${who.id}'`
  if (column.type === 'text') return `'${who.text}'`
  if (column.type === 'text[]') return `ARRAY['${who.text}']`
  if (column.type === 'uuid[]') return `ARRAY['${who.id}']::uuid[]`
  if (column.type === 'bytea') return `'${who.text}'::bytea`
  if (column.type === 'jsonb') return `jsonb_build_object('canary', '${who.text}')`
  if (column.type === 'boolean') return 'false'
  if (/^(integer|bigint|smallint)$/.test(column.type)) return '1'
  if (column.type === 'xid8') return 'pg_current_xact_id()'
  if (/^(date|timestamp)/.test(column.type)) return `'2026-01-01'`
  throw new Error(`leak matrix: teach it the type ${column.type}`)
}

function insertSql(table: Table, tenantId: string, who: { id: string; text: string }): string {
  const columns = table.columns.filter((column) => !column.generated)
  const names = columns.map((column) => column.name).join(', ')
  return `INSERT INTO ${table.name} (${names}) VALUES (${columns.map((column) => literal(column, tenantId, who)).join(', ')})`
}

/** One row of each tenant in every table, past all keys and triggers. */
export async function fill(client: pg.Client, tables: readonly Table[]): Promise<void> {
  const checks = await client.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint WHERE contype = 'c' AND coninhcount = 0 AND conrelid::regclass::text = ANY ($1)`,
    [tables.map((table) => table.name)],
  )
  for (const check of checks.rows) await client.query(`ALTER TABLE ${check.table} DROP CONSTRAINT ${pg.escapeIdentifier(check.name)}`)
  await client.query(`SET session_replication_role = replica`)
  for (const table of tables.filter((one) => !one.isView && one.partitions === 0)) {
    for (const tenant of [tenantA, tenantB]) await client.query(insertSql(table, tenant.tenantId, tenant))
  }
  await client.query(`RESET session_replication_role`)
}

const foreignTo = (setting: Setting): readonly Tenant[] => (setting === 'A' ? [tenantB] : setting === 'B' ? [tenantA] : [tenantA, tenantB])
const ownOf = (setting: Setting): Tenant | undefined => (setting === 'A' ? tenantA : setting === 'B' ? tenantB : undefined)

interface Attempt {
  sql: string
  /** Rows that may come back or be touched; an error is fine only when it is "insufficient privilege". */
  rowsMax: number
}

function attempts(table: Table, operation: Operation, setting: Setting, readable: readonly string[], writable: readonly string[]): Attempt[] {
  const own = ownOf(setting)
  const ownRows = own ? Math.max(1, table.partitions) : 0
  if (operation === 'select') {
    return [{ sql: `SELECT ${readable.length > 0 ? readable.join(', ') : '*'} FROM ${table.name}`, rowsMax: ownRows }]
  }
  if (table.isView) return []
  if (operation === 'truncate') return [{ sql: `TRUNCATE ${table.name} CASCADE`, rowsMax: -1 }]
  if (operation === 'delete') return [{ sql: `DELETE FROM ${table.name}`, rowsMax: ownRows }]
  if (operation === 'update') {
    const column = writable.find((name) => name !== 'tenant_id') ?? table.columns[0]?.name
    return [{ sql: `UPDATE ${table.name} SET ${column} = ${column}`, rowsMax: ownRows }]
  }
  return foreignTo(setting).map((foreign) => {
    if (operation === 'update-move') return { sql: `UPDATE ${table.name} SET tenant_id = '${foreign.tenantId}'`, rowsMax: 0 }
    if (operation === 'insert') return { sql: insertSql(table, foreign.tenantId, nobody), rowsMax: 0 }
    const target = `ON CONFLICT (${table.primaryKey.join(', ')}) DO UPDATE SET tenant_id = excluded.tenant_id`
    return { sql: `${insertSql(table, foreign.tenantId, foreign)} ${target}`, rowsMax: 0 }
  })
}

export interface Leak {
  role: string
  table: string
  setting: Setting
  operation: Operation
  what: string
}

/** One role under one setting, over all tables; everything is rolled back. */
export async function probe(url: string, role: string, setting: Setting, tables: readonly Table[]): Promise<{ leaks: Leak[]; tried: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const leaks: Leak[] = []
  let tried = 0
  try {
    const rights = await columnRights(client, role)
    await client.query('BEGIN')
    // `none` is a connection on which the setting was never made: NULL, where a used connection has ''.
    if (setting !== 'none') await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [ownOf(setting)?.tenantId ?? ''])
    await client.query(`SET LOCAL ROLE ${role}`)
    for (const table of tables) {
      const readable = rights.filter((right) => right.table === table.name && right.readable).map((right) => right.column)
      const writable = rights.filter((right) => right.table === table.name && right.writable).map((right) => right.column)
      for (const operation of operations) {
        for (const attempt of attempts(table, operation, setting, readable, writable)) {
          tried += 1
          const what = await tryOnce(client, attempt, foreignTo(setting))
          if (what) leaks.push({ role, table: table.name, setting, operation, what })
        }
      }
    }
  } finally {
    await client.end()
  }
  return { leaks, tried }
}

async function tryOnce(client: pg.Client, attempt: Attempt, foreign: readonly Tenant[]): Promise<string | undefined> {
  await client.query('SAVEPOINT one')
  try {
    const result = await client.query(attempt.sql)
    const text = printed(result.rows)
    if (foreign.some((tenant) => text.includes(tenant.id) || text.includes(tenant.tenantId) || text.includes(tenant.text))) return 'shows another tenant'
    if ((result.rowCount ?? 0) > attempt.rowsMax) return `${result.rowCount ?? 0} rows, at most ${attempt.rowsMax}`
    return undefined
  } catch (error) {
    const { code, message } = error as pg.DatabaseError
    return code === '42501' ? undefined : `refused for another reason: ${code} ${message}`
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT one')
  }
}

/** Bytes as text, so that a canary inside them is seen too. */
export const printed = (rows: unknown): string =>
  JSON.stringify(rows, (_key, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value)) ?? ''

interface ColumnRight {
  table: string
  column: string
  readable: boolean
  writable: boolean
}
async function columnRights(client: pg.Client, role: string): Promise<ColumnRight[]> {
  const found = await client.query<ColumnRight>(
    `SELECT c.oid::regclass::text AS table, a.attname AS column, has_column_privilege($1, c.oid, a.attnum, 'SELECT') AS readable,
       has_column_privilege($1, c.oid, a.attnum, 'UPDATE') AS writable
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%'
       AND n.nspname <> 'information_schema'`,
    [role],
  )
  return found.rows
}

export interface ForeignKey {
  name: string
  table: string
  owner: string
  columns: string[]
}
/** A row of A that points at B's row must be refused by the key itself: foreign keys do not look through policies (measured). */
export async function crossForeignKey(client: pg.Client, key: ForeignKey, table: Table, others: readonly ForeignKey[]): Promise<string | undefined> {
  await client.query('BEGIN')
  try {
    // The row's other keys would refuse it first: they are taken away for this one question.
    for (const other of others) await client.query(`ALTER TABLE ${other.table} DROP CONSTRAINT ${pg.escapeIdentifier(other.name)}`)
    // A table with one row a tenant has A's already: it would be refused as a second one, and the key never asked.
    await client.query(`SET LOCAL session_replication_role = replica; DELETE FROM ${key.table} WHERE tenant_id = '${tenantA.tenantId}'`)
    await client.query('SET LOCAL session_replication_role = origin')
    await client.query(`SET LOCAL ROLE ${key.owner}; SET LOCAL app.tenant_id = '${tenantA.tenantId}'`)
    const pointing = { ...table, columns: table.columns }
    const columns = pointing.columns.filter((column) => !column.generated)
    const values = columns.map((column) => {
      if (column.name === 'tenant_id') return `'${tenantA.tenantId}'`
      return literal(column, tenantA.tenantId, key.columns.includes(column.name) ? tenantB : nobody)
    })
    await client.query(`INSERT INTO ${key.table} (${columns.map((column) => column.name).join(', ')}) VALUES (${values.join(', ')})`)
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return `${key.table} ${key.name} lets a row of one tenant point at another's`
  } catch (error) {
    const { code, message } = error as pg.DatabaseError
    return code === '23503' ? undefined : `${key.table} ${key.name}: ${code} ${message}`
  } finally {
    await client.query('ROLLBACK')
  }
}
