import type { Pool } from '@heliox/db'

interface Waiting {
  eventId: string
  resolve(fresh: boolean): void
  reject(error: unknown): void
}

/**
 * As our applies do it: the inbox's key and the effect in one commit. Whoever comes while a commit runs shares the next one, so
 * that a database is not asked a hundred thousand times. The effects' table has no key: it would hide a second one.
 */
export class Inbox {
  #waiting: Waiting[] = []
  #running = false
  readonly #pool: Pool
  readonly #tenantId: string

  constructor(pool: Pool, tenantId: string) {
    this.#pool = pool
    this.#tenantId = tenantId
  }

  async make(): Promise<void> {
    await this.#pool.query('CREATE TABLE effects (event_id uuid NOT NULL)')
  }

  /** Whether it was the first time. */
  apply(eventId: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ eventId, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0)
      try {
        const fresh = await this.#commit(batch.map(({ eventId }) => eventId))
        // Of two deliveries of one event in the same batch, one is the first.
        for (const { eventId, resolve } of batch) resolve(fresh.delete(eventId))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#running = false
  }

  async #commit(eventIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.#pool.query<{ event_id: string }>(
      `WITH fresh AS (
         INSERT INTO clinical.inbox (tenant_id, event_id, flow, step, applied_at)
           SELECT $1, id, 'chaos', 'apply', now() FROM unnest($2::uuid[]) AS id ON CONFLICT DO NOTHING RETURNING event_id)
       INSERT INTO effects (event_id) SELECT event_id FROM fresh RETURNING event_id`,
      [this.#tenantId, eventIds],
    )
    return new Set(rows.map((row) => row.event_id))
  }
}
