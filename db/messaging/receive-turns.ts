import type { Tx } from '../tenancy.ts'

/**
 * One statement takes the turn or finds that it is not ours: another looks now and its lease is alive, or somebody looked too
 * short a while ago. The number tells a turn from the next one, so that whoever comes late gives back nothing that is not theirs.
 */
export async function takeTurn(tx: Tx, receiver: string, owner: string, times: { everyMs: number; leaseMs: number }, now: Date): Promise<number | undefined> {
  const taken = await tx.query<{ turn: number }>(
    `INSERT INTO messaging.receive_turns AS t (tenant_id, receiver, turn, owner, looked_at, lease_until) VALUES ($1, $2, 1, $3, $4, $5)
     ON CONFLICT (tenant_id, receiver) DO UPDATE SET turn = t.turn + 1, owner = excluded.owner, looked_at = excluded.looked_at, lease_until = excluded.lease_until
     WHERE (t.lease_until IS NULL OR t.lease_until <= $4) AND t.looked_at <= $6
     RETURNING turn`,
    [tx.tenantId, receiver, owner, now, new Date(now.getTime() + times.leaseMs), new Date(now.getTime() - times.everyMs)],
  )
  return taken.rows[0]?.turn
}

export async function giveBack(tx: Tx, receiver: string, turn: number): Promise<void> {
  await tx.query('UPDATE messaging.receive_turns SET lease_until = NULL WHERE tenant_id = $1 AND receiver = $2 AND turn = $3', [tx.tenantId, receiver, turn])
}
