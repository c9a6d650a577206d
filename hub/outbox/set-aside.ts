interface Refusal {
  times: number
  nextAtMs: number
}

const firstWaitMs = 1_000
const waitMsMax = 60_000
/** Beyond it rows are tried again with everybody else; that many refusals mean an incident, not a bad row. */
const sizeMax = 1_000

/**
 * Rows that the bus refused (no queue takes the key, the queue is full). They stay in the outbox and are the oldest there, so
 * they would fill every batch; set aside, each is tried again after a growing wait and holds up nobody.
 */
export class SetAside {
  readonly #refusals = new Map<string, Refusal>()

  get size(): number {
    return this.#refusals.size
  }

  withoutWaiting<Row extends { id: string }>(rows: readonly Row[], now: Date): Row[] {
    return rows.filter((row) => (this.#refusals.get(row.id)?.nextAtMs ?? 0) <= now.getTime())
  }

  remember(confirmed: readonly { id: string }[], refused: readonly { id: string }[], now: Date): void {
    for (const { id } of confirmed) this.#refusals.delete(id)
    for (const { id } of refused) {
      const times = (this.#refusals.get(id)?.times ?? 0) + 1
      if (times === 1 && this.#refusals.size >= sizeMax) continue
      this.#refusals.set(id, { times, nextAtMs: now.getTime() + Math.min(firstWaitMs * 2 ** (times - 1), waitMsMax) })
    }
  }
}
