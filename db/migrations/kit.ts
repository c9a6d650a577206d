import type { Knex } from 'knex'

/**
 * What the migrations share. It is part of released history: a change here changes what a new database gets, so it may only
 * grow. Lists are written out in place of being imported from core for the same reason; `migrate.spec.ts` compares them.
 */
export const schemas = ['identity', 'clinical', 'compliance', 'billing', 'media', 'messaging', 'catalog', 'reporting'] as const
export type Schema = (typeof schemas)[number]
export const loginRoles = ['hub_api', 'hub_engine', 'hub_relay', 'hub_bus'] as const
export const ownerOf = (schema: Schema): string => `ctx_${schema}`
/** The one role that sees several tenants. It owns nothing but the functions listed in `db/lists.ts`, and nobody can log in as it. */
export const acrossRole = 'ctx_across'

/** '' is what a pooled connection has after a `SET LOCAL`; a bare cast would throw there, and `IS NULL` would lie [M]. */
const tenantMatches = `tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** Runs SQL as the owner of a schema, so that what it makes belongs to that owner, whoever migrates. */
export async function asOwner(knex: Knex, schema: Schema, sql: string): Promise<void> {
  await knex.raw(`SET LOCAL ROLE ${ownerOf(schema)};\n${sql};\nRESET ROLE`)
}

type Grants = Partial<Record<'hub_api' | 'hub_engine', string>>

/**
 * Row-level security of one tenant table. The tenant policy is RESTRICTIVE, so that no later policy can OR it away, and it
 * names its roles: a restrictive policy for PUBLIC would also bind the claim functions, which would then see nothing and say
 * nothing [M]. The owner is bound too; only `ctx_across` is not, and only where `across` says so.
 */
export function tenantTable(schema: Schema, table: string, grants: Grants, across?: string): string {
  const name = `${schema}.${table}`
  const roles = ['hub_api', 'hub_engine', ownerOf(schema)].join(', ')
  const lines = [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    // TRUNCATE ignores policies [M], and rows of the hub are marked, not deleted: not even the owner keeps either.
    `REVOKE DELETE, TRUNCATE ON ${name} FROM ${ownerOf(schema)}`,
    `CREATE POLICY tenant_only ON ${name} AS RESTRICTIVE FOR ALL TO ${roles} USING (${tenantMatches}) WITH CHECK (${tenantMatches})`,
    `CREATE POLICY tenant_rows ON ${name} FOR ALL TO ${roles} USING (${tenantMatches}) WITH CHECK (${tenantMatches})`,
    ...Object.entries(grants).map(([role, what]) => `GRANT ${what} ON ${name} TO ${role}`),
  ]
  if (across !== undefined) {
    lines.push(`CREATE POLICY across_rows ON ${name} FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true)`, `GRANT ${across} ON ${name} TO ${acrossRole}`)
  }
  return lines.join(';\n')
}

interface FunctionSpec {
  /** `identity.find_link(p_hash text)`: name and argument list with types. */
  signature: string
  returns: string
  /** plpgsql, from DECLARE or BEGIN on. */
  body: string
  callers: readonly string[]
  volatility?: 'VOLATILE' | 'STABLE'
}

function functionSql(spec: FunctionSpec): string {
  return [
    `CREATE FUNCTION ${spec.signature} RETURNS ${spec.returns} LANGUAGE plpgsql ${spec.volatility ?? 'VOLATILE'} SECURITY DEFINER`,
    `SET search_path = pg_catalog, pg_temp AS $body$\n${spec.body}\n$body$;`,
    `REVOKE ALL ON FUNCTION ${identityArguments(spec.signature)} FROM PUBLIC;`,
    `GRANT EXECUTE ON FUNCTION ${identityArguments(spec.signature)} TO ${spec.callers.join(', ')}`,
  ].join('\n')
}
/** `f(p_a text, p_b uuid)` -> `f(text, uuid)`. */
function identityArguments(signature: string): string {
  const [name, list] = signature.split('(')
  const types = (list ?? '').replace(/\)\s*$/, '').split(',')
  return `${name}(${types.map((a) => a.trim().split(/\s+/).slice(1).join(' ')).join(', ')})`
}

/** A function of one context that others may call inside their commit; owned by the context, bound to the tenant like it. */
export async function contextFunction(knex: Knex, schema: Schema, spec: FunctionSpec): Promise<void> {
  await asOwner(knex, schema, functionSql(spec))
}

/** A function that sees several tenants; it must be in `db/lists.ts` with its reason. */
export async function acrossFunction(knex: Knex, schema: Schema, spec: FunctionSpec): Promise<void> {
  await asOwner(knex, schema, `GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${acrossRole}`)
  await knex.raw(`SET LOCAL ROLE ${acrossRole};\n${functionSql(spec)};\nRESET ROLE`)
  await asOwner(knex, schema, `REVOKE CREATE ON SCHEMA ${schema} FROM ${acrossRole}`)
}
