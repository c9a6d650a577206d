import type { Pool } from './pool.ts'

/** What pg_catalog says of the hub's own schemas, as findings: empty when all is well (C-7). */
export interface Finding {
  rule: string
  what: string
}

const own = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND n.nspname <> ALL ($1)`

/** Each rule is one query that returns what breaks it, as `schema.object` text. `$1` is the list of library schemas. */
const rules: Readonly<Record<string, string>> = {
  'no foreign key crosses schemas': `
    SELECT c.conrelid::regclass || ' -> ' || c.confrelid::regclass AS what FROM pg_constraint c
    JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid JOIN pg_namespace n ON n.oid = a.relnamespace
    WHERE c.contype = 'f' AND a.relnamespace <> b.relnamespace AND ${own}`,
  'a foreign key carries the tenant': `
    SELECT c.conrelid::regclass || ' ' || c.conname AS what FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid JOIN pg_namespace n ON n.oid = a.relnamespace
    WHERE c.contype = 'f' AND ${own} AND NOT EXISTS (
      SELECT 1 FROM unnest(c.conkey, c.confkey) AS k(here, there)
      JOIN pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = k.here AND f.attname = 'tenant_id'
      JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.there AND t.attname = 'tenant_id')`,
  'every timestamp is timestamptz': `
    SELECT a.attrelid::regclass || '.' || a.attname AS what FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('timestamp'::regtype, 'timetz'::regtype) AND ${own}`,
  'a status column is an enum': `
    SELECT a.attrelid::regclass || '.' || a.attname AS what FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${own}
      AND (a.attname ~ '(^|_)(status|state)$' OR a.attname IN ('verdict', 'outcome', 'resolution', 'cause')) AND t.typtype <> 'e'
      AND a.attrelid::regclass::text <> 'reporting.journey_steps'`,
  'every outbox has its columns': `
    SELECT n.nspname || '.outbox lacks ' || w.col AS what FROM pg_namespace n
    CROSS JOIN unnest(ARRAY['id', 'aggregate_id', 'aggregate_type', 'event_type', 'payload', 'created_at', 'processed_at', 'status', 'tenant_id', 'root_id',
      'aggregate_version', 'traceparent', 'available_at', 'intake_id', 'only_flow', 'attempt']) AS w(col)
    WHERE n.nspname = ANY ($2) AND ${own} AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = to_regclass(n.nspname || '.outbox') AND a.attname = w.col)`,
  'every context has its inbox': `SELECT s AS what FROM unnest($2::text[]) AS s WHERE to_regclass(s || '.inbox') IS NULL`,
  'a table has a tenant, or stands on the list': `
    SELECT c.oid::regclass::text AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'f') AND ${own} AND c.oid::regclass::text <> ALL ($3)
      AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull AND a.atttypid = 'uuid'::regtype)`,
  'row-level security is forced': `
    SELECT c.oid::regclass::text AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${own} AND c.oid::regclass::text <> ALL ($3) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  'a restrictive tenant policy binds whoever a permissive one lets in': `
    SELECT c.oid::regclass || ' lets in ' || r.rolname AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_policy p ON p.polrelid = c.oid AND p.polpermissive CROSS JOIN LATERAL unnest(p.polroles) AS u(role)
    LEFT JOIN pg_roles r ON r.oid = u.role
    WHERE ${own} AND coalesce(r.rolname, 'public') <> 'ctx_across' AND NOT EXISTS (
      SELECT 1 FROM pg_policy t WHERE t.polrelid = c.oid AND NOT t.polpermissive AND t.polcmd = '*' AND u.role = ANY (t.polroles)
        AND pg_get_expr(t.polqual, t.polrelid) ~ 'tenant_id = \\(NULLIF\\(current_setting\\(''app.tenant_id''::text, true\\), ''''::text\\)\\)::uuid'
        AND pg_get_expr(t.polwithcheck, t.polrelid) = pg_get_expr(t.polqual, t.polrelid))`,
  'a restrictive policy never names PUBLIC': `
    SELECT c.oid::regclass::text AS what FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${own} AND 0 = ANY (p.polroles)`,
  'a table belongs to its context': `
    SELECT c.oid::regclass || ' belongs to ' || r.rolname AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    WHERE n.nspname = ANY ($2) AND ${own} AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND r.rolname <> 'ctx_' || n.nspname`,
  'no hub role has more than it needs': `
    SELECT r.rolname AS what FROM pg_roles r WHERE r.rolname ~ '^(hub|ctx)_' AND r.rolname = ANY ($4)
      AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR (r.rolname LIKE 'ctx%' AND r.rolcanlogin))`,
  'a login role owns nothing': `
    SELECT r.rolname || ' owns ' || c.oid::regclass AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname LIKE 'hub\\_%' AND ${own}`,
  'nobody may truncate': `
    SELECT c.oid::regclass || ' by ' || r.rolname AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN pg_roles r WHERE c.relkind IN ('r', 'p') AND ${own} AND r.rolname = ANY ($4) AND r.rolname LIKE 'hub\\_%' AND has_table_privilege(r.oid, c.oid, 'TRUNCATE, TRIGGER, REFERENCES')`,
  // Rows of the hub are marked, not deleted: the owner of a tenant table keeps neither right, though an owner could take it back.
  'nobody may delete': `
    SELECT c.oid::regclass || ' by ' || r.rolname AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN pg_roles r WHERE c.relkind IN ('r', 'p') AND ${own} AND r.rolname = ANY ($4) AND (r.rolname LIKE 'hub\\_%' OR c.oid::regclass::text <> ALL ($3))
      AND has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE')`,
  'a view sees what its reader sees': `
    SELECT c.oid::regclass::text AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND ${own} AND NOT coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=true'] AND NOT coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=on']`,
  'there is no materialized view': `
    SELECT c.oid::regclass::text AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND ${own}`,
  'a definer function has a fixed search path': `
    SELECT p.oid::regprocedure::text AS what FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND ${own} AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']`,
  'no function is for everybody': `
    SELECT p.oid::regprocedure::text AS what FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${own} AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0))`,
  'a definer function belongs to a context, or to ctx_across': `
    SELECT p.oid::regprocedure || ' belongs to ' || r.rolname AS what FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
    WHERE p.prosecdef AND ${own} AND (r.rolsuper OR r.rolbypassrls OR r.rolname NOT IN ('ctx_' || n.nspname, 'ctx_across'))`,
  'ctx_across reaches listed columns only to read': `
    SELECT c.oid::regclass || ' ' || x.privilege_type AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) x
    JOIN pg_roles r ON r.oid = x.grantee WHERE r.rolname = 'ctx_across' AND ${own} AND NOT (c.relname = 'outbox' AND x.privilege_type = 'SELECT')`,
  'a unique key begins with the tenant, or stands on the list': `
    SELECT n.nspname || '.' || ic.relname AS what FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE i.indisunique AND c.relkind IN ('r', 'p') AND ${own} AND c.oid::regclass::text <> ALL ($3) AND a.attname <> 'tenant_id'`,
  // Columns that an index only carries (INCLUDE) are read, not looked up by.
  'no index on a type that row-level security cannot use': `
    SELECT i.indexrelid::regclass || ' on ' || a.attname AS what FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
    WHERE ${own} AND c.relrowsecurity AND NOT i.indisunique AND k.place <= i.indnkeyatts AND (t.typtype IN ('e', 'r') OR t.typcategory = 'A' OR t.typname IN ('numeric', 'jsonb', 'tsvector') OR am.amname <> 'btree')`,
}

export interface Lists {
  librarySchemas: readonly string[]
  contexts: readonly string[]
  globalTables: readonly string[]
  roles: readonly string[]
}
export const ruleNames = Object.keys(rules)

export async function auditCatalog(pool: Pool, lists: Lists): Promise<Finding[]> {
  const findings: Finding[] = []
  const values = [lists.librarySchemas, lists.contexts, lists.globalTables, lists.roles]
  for (const [rule, sql] of Object.entries(rules)) {
    // A parameter that a query does not name would have no type: only those up to the highest one used are sent.
    const used = Math.max(...[...sql.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))
    const typed = [...Array(used).keys()].map((i) => `$${i + 1}::text[] IS NOT NULL`).join(' AND ')
    const found = await pool.query<{ what: string }>(`SELECT q.what FROM (${sql}) q WHERE ${typed}`, values.slice(0, used))
    findings.push(...found.rows.map(({ what }) => ({ rule, what })))
  }
  return findings
}
