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

export function schedule(house: Clearinghouse, folders: Folders, deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) {
    const { name, what, torn } = delivery
    const put = (bytes: Buffer, as: string): void => {
      const kept = folders.put('from-clearinghouse', name, bytes)
      house.journal.add(house.clock.now(), kept ? as : 'folder-full', { file: name, bytes: bytes.length })
    }
    house.clock.at(new Date(delivery.dueMs), what, () => {
      const bytes = written(house, delivery)
      if (!bytes) return
      if (!torn) return put(bytes, 'file-ready')
      put(bytes.subarray(0, Math.floor(bytes.length * torn.share)), 'file-torn')
      if (torn.restAfterMs !== undefined) house.clock.after(torn.restAfterMs, `${what}, whole`, () => put(bytes, 'file-ready'))
    })
  }
}

/** A file that cannot be written (a value holds a delimiter of the scenario's format) is one line of the log: the others go on. */
function written(house: Clearinghouse, delivery: Delivery): Buffer | undefined {
  try {
    return Buffer.from(delivery.text(house.clock.now()), 'latin1')
  } catch {
    house.journal.add(house.clock.now(), 'file-not-written', { file: delivery.name })
    return undefined
  }
}
