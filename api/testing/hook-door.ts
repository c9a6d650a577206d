import type { Adapter } from '@heliox/core/kit'
import { makeStores, openPool, openVault, type Pool, type Stores } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { buildApp } from '../app.ts'
import { makeWorld } from './fakes.ts'

export const now = new Date('2026-01-05T13:00:00.000Z')

/** A partner's door at a real database, for a clinic here and one of another region. */
export interface HookDoor {
  app: FastifyInstance
  database: TestDatabase
  pool: Pool
  publicUrl: string
  logLines: string[]
  path: string
  pathElsewhere: string
  /** With a clock of its own where one is given. */
  stores(process?: string, clock?: { now(): Date }): Stores
  /** As the owner of the database, past every policy. */
  rows<R extends pg.QueryResultRow>(text: string): Promise<R[]>
  /** How many calls of it the hub holds. */
  kept(): Promise<number>
  close(): Promise<void>
}

export async function openHookDoor(adapter: Adapter, config: unknown, secrets: object): Promise<HookDoor> {
  const database = await freshDatabase({ seed: true })
  const pool = openPool(database.urlAs('hub_api'), { max: 6 })
  const stores: HookDoor['stores'] = (process = 'api-1', clock = { now: () => now }) =>
    makeStores({ pool, vault: openVault({ pool, kmsFile: database.kmsFile }), process, clock })
  const { connectionAdmin, hooks } = stores()
  const pathOf = async (tenantId: string): Promise<string> => {
    await connectionAdmin.save(tenantId, adapter.id, config, secrets, 'user:admin', now)
    return `/hooks/${adapter.id}/${(await connectionAdmin.list(tenantId)).find(({ adapterId }) => adapterId === adapter.id)?.hookKey}`
  }
  const [path, pathElsewhere] = [await pathOf(demo.lakeside.id), await pathOf(demo.rhein.id)]
  const { deps, logLines } = makeWorld({})
  const app = await buildApp({ ...deps, clock: { now: () => now }, hooks, adapters: [...deps.adapters, adapter] })
  await app.ready()
  const rows = async <R extends pg.QueryResultRow>(text: string): Promise<R[]> => {
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    try {
      return (await client.query<R>(text)).rows
    } finally {
      await client.end()
    }
  }
  return {
    ...{ app, database, pool, logLines, path, pathElsewhere, stores, rows },
    publicUrl: deps.settings.publicUrl,
    kept: async () => (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM messaging.received_files WHERE receiver = '${adapter.id}.events'`))[0]?.n ?? 0,
    async close() {
      await app.close()
      await pool.end()
      await database.drop()
    },
  }
}
