import pg from 'pg'
import type { TestHub } from './fixtures.ts'
import { filled } from './hot-rows.ts'
import { makeStores, type Stores } from './stores.ts'
import { openVault } from './vault.ts'

/** Who asks, and how PostgreSQL went about it. */
export interface Watched {
  /** The stores over connections of this role that report their plans; what was reported before is forgotten. */
  storesAs(role: string): { pool: pg.Pool; stores: Stores }
  /** Since the last `storesAs`. */
  plans(): readonly string[]
  /** Filled tables that some of these plans read from end to end. */
  scanned(): string[]
  /** Statements that read many rows by an index and threw them away: it served the clinic, and not what was asked. */
  passedOver(): string[]
  end(): Promise<void>
}

/** A table’s name for that of its partition. */
const wholeOf = (name: string): string => name.replace(/_(rest|\d{4}_\d\d)$/, '')

/** A third of what each clinic has of most things (`hot-rows.ts`). */
const passedOverMax = 300

/**
 * Under row-level security an index serves a condition only when its operator is leakproof, so a plan is judged as the role
 * that runs it, over filled tables. `auto_explain` reports the plan of every statement that the real store methods send, those
 * inside functions too; a sequential scan of a filled table fails.
 */
export function watchPlans(hub: TestHub): Watched {
  let plans: string[] = []
  const pools: pg.Pool[] = []
  const closed: Promise<void>[] = []
  return {
    plans: () => plans,
    scanned() {
      const names = new Set(filled)
      const hits = plans
        .flatMap((plan) => [...plan.matchAll(/Seq Scan on (\w+\.\w+)/g)].map((match) => wholeOf(match[1] ?? '')))
        .filter((name) => names.has(name))
      return [...new Set(hits)].sort()
    },
    passedOver() {
      const wasteful = plans.filter((plan) => [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].some(([, rows]) => Number(rows) > passedOverMax))
      return [...new Set(wasteful.map((plan) => /Query Text: (.*)/.exec(plan)?.[1] ?? plan))]
    },
    storesAs(role) {
      // Only a superuser may ask for plans, so it becomes the role after.
      const settings = {
        session_preload_libraries: 'auto_explain',
        'auto_explain.log_min_duration': '0',
        'auto_explain.log_nested_statements': 'on',
        'auto_explain.log_verbose': 'on',
        'auto_explain.log_analyze': 'on',
        'auto_explain.log_level': 'notice',
        client_min_messages: 'notice',
      }
      const options = Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' ')
      const pool = new pg.Pool({
        connectionString: hub.db.ownerUrl,
        max: 1,
        options,
        onConnect: async (client) => {
          await client.query(`SET SESSION AUTHORIZATION ${role}`)
        },
      })
      pools.push(pool)
      plans = []
      pool.on('connect', (client) => {
        client.on('notice', (notice) => plans.push(notice.message ?? ''))
        closed.push(new Promise((resolve) => client.on('end', () => resolve())))
      })
      const vault = openVault({ pool: hub.engine.pool, kmsFile: hub.db.kmsFile })
      return { pool, stores: makeStores({ pool, vault, process: 'test-1', clock: { now: () => hub.now } }) }
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.end()))
      // A pool says that it has ended before its connections have: the database goes next, and would break them off.
      await Promise.all(closed)
    },
  }
}
