import type { Clearinghouse } from '../clearinghouse.ts'
import type { SentInterchange } from '../x12/read.ts'
import { type OutGroup, type OutInterchange, writeInterchange } from '../x12/write.ts'
import type { Folders } from './folders.ts'

/** One file that will lie in /from-clearinghouse. */
export interface Delivery {
  name: string
  dueMs: number
  what: string
  /** At its moment: the stamps inside are of then. */
  text(at: Date): string
  /** Only the first part of it; the rest, if ever, so much later under the same name. */
  torn?: { share: number; restAfterMs: number | undefined }
}

/** As the interchange asked: back to its sender, with its delimiters unless the scenario has others. */
export function backTo(house: Clearinghouse, sent: SentInterchange, control: number) {
  return (at: Date, parts: { ta1?: OutInterchange['ta1']; groups?: readonly OutGroup[]; usage?: string }): string =>
    writeInterchange({
      from: sent.receiver,
      to: sent.sender,
      usage: parts.usage ?? sent.usage,
      control,
      at,
      delimiters: house.format(sent.delimiters),
      ta1: parts.ta1 ?? [],
      groups: parts.groups ?? [],
    })
}

/** Newest first: the same moments, handed out from the last file to the first. */
export function reversed(deliveries: readonly Delivery[]): Delivery[] {
  const moments = deliveries.map(({ dueMs }) => dueMs).sort((a, b) => a - b)
  return deliveries
    .toReversed()
    .sort((a, b) => b.dueMs - a.dueMs)
    .map((delivery, n) => ({ ...delivery, dueMs: moments[n] ?? delivery.dueMs }))
}

/** As it will lie there, written out: whoever starts after a kill knows nothing of the interchange that it answers. */
interface Planned {
  id: number
  dueMs: number
  what: string
  name: string
  /** Null: a value holds a delimiter of the scenario's format. One line of the log; the others go on. */
  text: string | null
  torn: { share: number; restAfterMs: number | null } | null
}

/** What will come back, by the clock. */
export class Deliveries {
  readonly #house: Clearinghouse
  readonly #folders: Folders
  readonly #waiting = new Map<number, Planned>()
  #next = 1
  readonly #plan: (planned: Planned) => void
  readonly #done: (id: number) => void
  readonly clear: () => void

  constructor(house: Clearinghouse, folders: Folders) {
    this.#house = house
    this.#folders = folders
    this.#plan = house.journal.change('delivery', (planned) => {
      this.#waiting.set(planned.id, planned)
      this.#next = planned.id + 1
    })
    this.#done = house.journal.change('delivery-done', (id) => {
      this.#waiting.delete(id)
    })
    this.clear = house.journal.change('deliveries-forgotten', () => this.#waiting.clear())
  }

  schedule(deliveries: readonly Delivery[]): void {
    for (const { name, what, dueMs: fraction, text, torn } of deliveries) {
      const dueMs = Math.trunc(fraction)
      this.#add({ dueMs, what, name, text: written(text, new Date(dueMs)), torn: torn ? { share: torn.share, restAfterMs: torn.restAfterMs ?? null } : null })
    }
  }
  /** After a restart: what waited waits again. */
  resume(): void {
    for (const planned of this.#waiting.values()) this.#await(planned)
  }

  #add(planned: Omit<Planned, 'id'>): void {
    const whole = { id: this.#next, ...planned }
    this.#plan(whole)
    this.#await(whole)
  }
  #await(planned: Planned): void {
    const { clock, journal } = this.#house
    clock.at(new Date(planned.dueMs), planned.what, () => journal.together(() => this.#handOver(planned)))
  }
  #handOver({ id, dueMs, what, name, text, torn }: Planned): void {
    this.#done(id)
    if (text === null) this.#house.log.add('file-not-written', { file: name })
    else if (!torn) this.#put(name, text, 'file-ready')
    else this.#put(name, text.slice(0, Math.floor(text.length * torn.share)), 'file-torn')
    if (text !== null && torn && torn.restAfterMs !== null) this.#add({ dueMs: dueMs + torn.restAfterMs, what: `${what}, whole`, name, text, torn: null })
  }
  #put(name: string, text: string, as: string): void {
    const kept = this.#folders.put('from-clearinghouse', name, Buffer.from(text, 'latin1'))
    this.#house.log.add(kept ? as : 'folder-full', { file: name, bytes: text.length })
  }
}

function written(text: Delivery['text'], at: Date): string | null {
  try {
    return text(at)
  } catch {
    return null
  }
}
