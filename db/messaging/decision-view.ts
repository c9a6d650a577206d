import type { ItemDecision } from '@heliox/core/ports'
import type { DecisionRow } from './decisions.ts'
import { unknownPerson } from './queue-rows.ts'

/** Everybody whose name the decisions need. */
export const peopleOf = (rows: readonly DecisionRow[]): string[] => rows.flatMap((row) => [row.decidedBy, ...(row.secondBy ? [row.secondBy] : [])])

export function toDecision(row: DecisionRow, people: ReadonlyMap<string, string>): ItemDecision {
  const person = (userId: string) => ({ userId, name: people.get(userId) ?? unknownPerson })
  const scheduled = row.state === 'scheduled' ? row.dueAt.toISOString() : null
  return {
    id: row.id,
    overrideId: row.overrideId,
    action: row.action,
    state: row.state,
    reason: row.reason,
    by: person(row.decidedBy),
    at: row.decidedAt.toISOString(),
    second: row.secondBy && row.secondAt ? { ...person(row.secondBy), at: row.secondAt.toISOString() } : null,
    carryOutAt: scheduled,
    undoUntil: row.undoable ? scheduled : null,
    endedAt: row.endedAt?.toISOString() ?? null,
    refusedWhy: row.refusedWhy,
    bulkReleaseId: row.bulkReleaseId,
    option: row.chosenOption,
  }
}
