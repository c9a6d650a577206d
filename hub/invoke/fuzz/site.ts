import { PayerCalendar } from '@heliox/core/catalog'
import type { EffectLedger } from '@heliox/core/ports'
import { makeStores, openPool, openVault, type Pool, type Stores, type Vault } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase } from '@heliox/db/testing'
import type { World } from './world.ts'

export const stepName = 'ask partner'
/** Behind it: what follows from the answer, in our own database. */
export const applyStep = 'record'
/** Where a sequence begins: on a working morning, in the last days of a month. */
export const beganMs = Date.parse('2026-02-26T15:00:00Z')
/** At night nobody asks it, and no try grows older. */
export const hoursOfPayer = PayerCalendar.parse({
  timeZone: 'America/New_York',
  closed: [0, 1, 2, 3, 4, 5, 6].flatMap((day) => [
    { day, from: '00:00', to: '08:00' },
    { day, from: '18:00', to: '24:00' },
  ]),
})

export interface Engine {
  name: string
  stores: Stores
}

/** A ledger that is broken in one way, to see that the run finds it. */
export type Breakage = (real: EffectLedger, world: World) => EffectLedger

/** What the sequences of one lane share: a database with three engines' stores, and a flow of their own. */
export interface Site {
  region: string
  tenantId: string
  flow: string
  pool: Pool
  vault: Vault
  /** Sees every row, past the policies. */
  owner: Pool
  engines: readonly [Engine, Engine, Engine]
  ledgerOf(engine: Engine, world: World): EffectLedger
}
export interface TestSite {
  lane(flow: string, breakage?: Breakage): Promise<Site>
  close(): Promise<void>
}

export async function openSite(): Promise<TestSite> {
  const db = await freshDatabase({ seed: true })
  const pool = openPool(db.urlAs('hub_engine'), { max: 20 })
  const owner = openPool(db.ownerUrl, { max: 8 })
  const vault = openVault({ pool, kmsFile: db.kmsFile })
  // The run asks for the rows of one root event all the time, which nobody else does.
  await owner.query('CREATE INDEX ON messaging.outbox (root_id) WHERE only_flow IS NOT NULL')
  // It ends with its database: no commit of it is worth waiting for the disk.
  await owner.query(`ALTER DATABASE ${db.name} SET synchronous_commit = off`)
  const engineOf = (name: string): Engine => ({
    name,
    stores: makeStores({ pool, vault, process: name, clock: { now: () => new Date(beganMs) } }),
  })
  const engines = [engineOf('engine-a'), engineOf('engine-b'), engineOf('engine-c')] as const
  const { id: tenantId, region } = demo.lakeside
  return {
    async lane(flow, breakage) {
      await owner.query(
        'INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at) VALUES ($1, $2, 1, 100, $3), ($1, $2, 2, 0, $3) ON CONFLICT DO NOTHING',
        [tenantId, flow, new Date(beganMs)],
      )
      const ledgerOf = ({ stores: { ledger } }: Engine, world: World): EffectLedger => breakage?.(ledger, world) ?? ledger
      return { region, tenantId, flow, pool, vault, owner, engines, ledgerOf }
    },
    async close() {
      await Promise.all([pool.end(), owner.end()])
      await db.drop()
    },
  }
}
