import { type CaseCause, CaseOpened, type Owner } from '@heliox/core/messaging'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

interface Told {
  version: number
  kind: 'delivery' | 'case'
  requestId: string | null
  intakeId: string | null
  payerId: string | null
  cause: CaseCause
}

/** Somebody else must act on this item, which must be locked. Of a case it is told again, as what it is now. */
export async function giveTo(tx: Tx, id: string, owner: Owner, at: Emission): Promise<void> {
  const found = await tx.query<Told>(
    `UPDATE messaging.overrides SET owner = $3::messaging.hold_owner, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND owner <> $3::messaging.hold_owner
     RETURNING version, kind::text AS kind, request_id AS "requestId", intake_id AS "intakeId", payer_id AS "payerId", cause::text AS cause`,
    [tx.tenantId, id, owner],
  )
  const item = found.rows[0]
  if (item?.kind !== 'case') return
  const { version, kind: _, ...about } = item
  await emit(
    tx,
    {
      ...{ type: 'case.opened.v1', contract: CaseOpened, payload: CaseOpened.schema.parse({ overrideId: id, owner, ...about }) },
      ...{ aggregateType: 'override', aggregateId: id, aggregateVersion: version, intakeId: about.intakeId },
    },
    at,
  )
}
