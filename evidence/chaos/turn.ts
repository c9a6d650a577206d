import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Stack } from '../../docker/local/stack.ts'
import { Clearinghouse } from '../demo/clearinghouse.ts'

/** No look for files takes that long: a turn that lasts longer is of somebody who died. */
const lookSeconds = 4
const bitMoreSeconds = 5

/**
 * An engine that died while it fetched files has the turn at the door for nearly three minutes more, and with it everybody who waits for a
 * file. Here they pass at once, while no engine runs: one that did would take its own calls for lost.
 */
export async function freeTurn(stack: Stack): Promise<boolean> {
  const clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
  const endMs = performance.now() + lookSeconds * 1000
  const first = await turnOf(stack, await clearinghouse.now())
  for (let held = first; held !== undefined && held.turn === first?.turn; held = await turnOf(stack, await clearinghouse.now())) {
    if (performance.now() > endMs) {
      await stack.child('engine').stop()
      await clearinghouse.pass(Math.max(0, held.leftSeconds) + bitMoreSeconds)
      await stack.restart('engine')
      return true
    }
    await sleep(200)
  }
  return false
}

async function turnOf(stack: Stack, now: Date): Promise<{ turn: number; leftSeconds: number } | undefined> {
  const client = new pg.Client({ connectionString: stack.ownerUrl })
  await client.connect()
  try {
    const sql = `SELECT turn, extract(epoch FROM lease_until - $1)::float8 AS "leftSeconds" FROM messaging.receive_turns WHERE lease_until > $1 LIMIT 1`
    return (await client.query<{ turn: number; leftSeconds: number }>(sql, [now])).rows[0]
  } finally {
    await client.end()
  }
}
