import type { ItemGroup, OverrideItem } from '../client.gen.ts'

export type QueueRow = { is: 'item'; key: string; item: OverrideItem } | { is: 'group'; key: string; group: ItemGroup }

/**
 * Items and groups in one order. A group of many stands where its soonest visit would: a bad day at one payer is one row, and
 * whoever comes first to the clinic still comes first in the queue. By age, groups come first.
 */
export function queueRows(items: readonly OverrideItem[], groups: readonly ItemGroup[], sort: 'visit' | 'age'): QueueRow[] {
  const rows: QueueRow[] = items.map((item) => ({ is: 'item', key: item.id, item }))
  const time = (iso: string | null): number => (iso === null ? Number.POSITIVE_INFINITY : Date.parse(iso))
  const ordered = [...groups].sort((a, b) => time(b.soonestVisitAt) - time(a.soonestVisitAt))
  for (const group of ordered) {
    const row: QueueRow = { is: 'group', key: `group-${group.incidentId}`, group }
    const at =
      sort === 'age' ? 0 : rows.findIndex((other) => time(other.is === 'item' ? other.item.visitAt : other.group.soonestVisitAt) >= time(group.soonestVisitAt))
    rows.splice(at < 0 ? rows.length : at, 0, row)
  }
  return rows
}
