import { storageFaultOf } from '@heliox/core/kit'
import type { Client, Pool } from './pool.ts'

/** One transaction on one connection: `begin`, the work, COMMIT; ROLLBACK when it throws. A tenant's work goes through `withTenant`. */
export async function transaction<T>(pool: Pool, begin: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // Nobody is there to roll back, or it is a server that has become a standby: the next connection may find the one that writes.
    if (leadsNowhere(error)) broken = error
    else
      await client.query('ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError
      })
    throw error
  } finally {
    // A connection whose rollback failed may still be inside the transaction: it is closed, never reused.
    client.release(broken)
  }
}

const leadsNowhere = (error: unknown): error is Error => ['away', 'read-only'].includes(storageFaultOf(error) ?? '')
