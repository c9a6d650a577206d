import { errorFields } from '@heliox/hub/log'
import pg from 'pg'
import { type BusLog, type BusMessage, messageBytesMax, type PublishOutcome } from '../bus.ts'
import type { JobData } from './job.ts'
import { type Store, schema } from './store.ts'

/** One transaction for the batch: each message becomes one job per queue that takes its key. */
export async function publish(store: Store, log: BusLog, messages: readonly BusMessage[]): Promise<PublishOutcome[]> {
  if (messages.length === 0) return []
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<PublishOutcome[]>((resolve) => {
    timer = setTimeout(() => resolve(messages.map(() => 'unknown')), store.confirmTimeoutMs)
  })
  try {
    return await Promise.race([attempt(store, log, messages), late])
  } finally {
    clearTimeout(timer)
  }
}

async function attempt(store: Store, log: BusLog, messages: readonly BusMessage[]): Promise<PublishOutcome[]> {
  try {
    return await store.transaction(async (db) => {
      const keys = [...new Set(messages.map((message) => message.routingKey))]
      const bound = await db.executeSql(`select event, name from ${schema}.subscription where event = any($1)`, [keys])
      const queuesOf = Map.groupBy(bound.rows as { event: string; name: string }[], (row) => row.event)
      const jobsOf = new Map<string, { data: JobData }[]>()
      const outcomes = messages.map((message): PublishOutcome => {
        const queues = queuesOf.get(message.routingKey) ?? []
        if (queues.length === 0 || tooLarge(message)) return 'refused'
        for (const { name } of queues) {
          const jobs = jobsOf.get(name) ?? []
          jobs.push({ data: { id: message.id, key: message.routingKey, body: message.body } })
          jobsOf.set(name, jobs)
        }
        return 'confirmed'
      })
      for (const [queue, jobs] of jobsOf) await store.boss.insert(queue, jobs, { db })
      await store.notify(db, jobsOf.keys())
      return outcomes
    })
  } catch (error) {
    log.warn({ messages: messages.length, ...errorFields(error) }, 'publish failed')
    if (!refusedByServer(error)) return messages.map(() => 'unknown')
    if (messages.length === 1) return ['refused']
    // One message that the database will not take must not hold the others back.
    const outcomes: PublishOutcome[] = []
    for (const message of messages) outcomes.push(...(await attempt(store, log, [message])))
    return outcomes
  }
}

const tooLarge = (message: BusMessage): boolean => Buffer.byteLength(JSON.stringify(message.body)) > messageBytesMax

/** Data exceptions and constraint violations: the server answered and rolled back. Everything else leaves the outcome open. */
const refusedByServer = (error: unknown): boolean => error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')
