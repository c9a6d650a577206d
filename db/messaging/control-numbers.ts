import type { Tx } from '../tenancy.ts'

/**
 * The counter and the key in one function call and one commit (a transaction of its own: others stand in line until it ends). A key that never
 * is sent keeps its number; nobody else gets it.
 */
export async function takeNumber(tx: Tx, sequence: string, key: string, now: Date): Promise<{ number: number; takenAt: Date }> {
  const taken = await tx.query<{ number: number; takenAt: Date }>('SELECT number, taken_at AS "takenAt" FROM messaging.take_control_number($1, $2, $3)', [
    sequence,
    key,
    now,
  ])
  const row = taken.rows[0]
  if (!row) throw new Error('taking a control number gave none')
  return row
}
