import type { Knex } from 'knex'
import { acrossRole, loginRoles, ownerOf, schemas } from './kit.ts'

/** Roles belong to the server, not to the database: another database's migrator may make them at the same moment. */
const createRole = (role: string, kind: 'LOGIN' | 'NOLOGIN'): string => `
DO $do$ BEGIN
  CREATE ROLE ${role} ${kind} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $do$`

/** A migrator that is no superuser must be a member of the owners to act as them. */
const joinRole = (role: string): string => `
DO $do$ BEGIN
  IF NOT pg_has_role(current_user, '${role}', 'MEMBER') THEN
    EXECUTE format('GRANT ${role} TO %I', current_user);
  END IF;
END $do$`

export async function up(knex: Knex): Promise<void> {
  for (const role of loginRoles) await knex.raw(createRole(role, 'LOGIN'))
  for (const role of [...schemas.map(ownerOf), acrossRole]) {
    await knex.raw(createRole(role, 'NOLOGIN'))
    await knex.raw(joinRole(role))
  }
  await knex.raw('REVOKE ALL ON SCHEMA public FROM PUBLIC')
  for (const schema of schemas) {
    await knex.raw(`CREATE SCHEMA ${schema} AUTHORIZATION ${ownerOf(schema)}`)
    await knex.raw(`SET LOCAL ROLE ${ownerOf(schema)}; GRANT USAGE ON SCHEMA ${schema} TO hub_api, hub_engine, hub_relay; RESET ROLE`)
  }
  // The queue library makes and migrates its own tables; hub_bus reaches this schema and nothing else (db/lists.ts).
  await knex.raw(joinRole('hub_bus'))
  await knex.raw('CREATE SCHEMA pgboss AUTHORIZATION hub_bus')
}
