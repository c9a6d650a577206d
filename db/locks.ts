import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LockStore } from '@heliox/core/ports'
import { makePlaces, orAborted } from './lock-places.ts'
import type { Client, Pool } from './pool.ts'
import type { Deps } from './store-deps.ts'

/**
 * Locks that live in a connection of ours (`pg_try_advisory_lock`): whoever dies gives them back, since the server notices. Who waits holds
 * no connection and asks again, and within one process they stand in line, so that only the first of each line asks.
 *
 * Whoever holds one holds a connection: at most `heldMax` at a time in a process, which leaves the rest of the pool to everybody else. No clinic
 * has more than `ofOneTenantMax` of these places, since each may be held for as long as its partner takes; a place that comes free goes to the
 * clinic that has the fewest.
 */
const heldMax = 6
const ofOneTenantMax = 4
const askAgainMs = { least: 20, most: 60 }

export function makeLocks({ pool, vault }: Pick<Deps, 'pool' | 'vault'>): LockStore {
  const lines = new Map<string, Promise<void>>()
  const places = makePlaces(heldMax, ofOneTenantMax)
  return {
    async serially(tenantId, scope, keys, signal, work) {
      // Everybody takes them in one order, so that nobody waits for somebody who waits for them.
      const ids = [...new Set(keys.map((key) => lockId([tenantId, scope, key])))].sort()
      const left: (() => void)[] = []
      try {
        for (const id of ids) {
          const leave = await inLine(lines, id, signal)
          if (!leave) return undefined
          left.push(leave)
        }
        const free = await places.take(tenantId, signal)
        if (!free) return undefined
        left.push(free)
        const client = await locked(pool, ids, signal)
        if (!client) return undefined
        try {
          return { value: await work() }
        } finally {
          await unlock(client, ids)
        }
      } finally {
        for (const leave of left.reverse()) leave()
      }
    },
    keyOf: async (tenantId, parts) => (await vault.fingerprint(tenantId, JSON.stringify(parts))).toString('hex'),
  }
}

/** 64 bits: two keys of one number would only wait for each other. */
const lockId = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE(0).toString()

/** Behind those of this process who wait for the same; undefined when `signal` aborts first. */
async function inLine(lines: Map<string, Promise<void>>, id: string, signal: AbortSignal): Promise<(() => void) | undefined> {
  const before = lines.get(id) ?? Promise.resolve()
  let leave: () => void = () => undefined
  const mine = new Promise<void>((resolve) => {
    leave = resolve
  })
  const line = before.then(() => mine)
  lines.set(id, line)
  void line.then(() => {
    if (lines.get(id) === line) lines.delete(id)
  })
  if (await orAborted(before, signal)) return leave
  leave()
  return undefined
}

/** A connection that holds all of them: all or none, so that nobody holds one while they wait for another. */
async function locked(pool: Pool, ids: readonly string[], signal: AbortSignal): Promise<Client | undefined> {
  while (!signal.aborted) {
    const client = await connected(pool, signal)
    if (!client) return undefined
    try {
      const taken: string[] = []
      for (const id of ids) {
        const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS locked', [id])
        if (!rows[0]?.locked) break
        taken.push(id)
      }
      if (taken.length === ids.length) return client
      await giveBack(client, taken)
    } catch (error) {
      client.release(true)
      throw error
    }
    client.release()
    await sleep(askAgainMs.least + Math.random() * (askAgainMs.most - askAgainMs.least))
  }
  return undefined
}

/** Undefined when none of the pool came free in time: one that comes later goes back. */
async function connected(pool: Pool, signal: AbortSignal): Promise<Client | undefined> {
  const connecting = pool.connect()
  const arrived = connecting.then(() => undefined)
  if (await orAborted(arrived, signal)) return connecting
  void connecting.then(
    (late) => late.release(),
    () => undefined,
  )
  return undefined
}

/** A connection that cannot say that it gave the locks back is closed, which gives them back. */
async function unlock(client: Client, ids: readonly string[]): Promise<void> {
  try {
    await giveBack(client, ids)
    client.release()
  } catch {
    client.release(true)
  }
}
async function giveBack(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { rows } = await client.query<{ unlocked: boolean }>('SELECT pg_advisory_unlock($1::bigint) AS unlocked', [id])
    if (!rows[0]?.unlocked) throw new Error('a lock was not ours any more')
  }
}
