import type { IntakeCorrected } from '@heliox/core/identity'
import type { ValueOf } from '@heliox/core/kit'
import type { CaseDecided } from '@heliox/core/messaging'
import type { ApplyContext } from '../applies/context.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { recordAnswer } from './answers.ts'
import { askAgain } from './ask-again.ts'
import { queueInquiry } from './inquiries.ts'
import { lockRequest } from './requests.ts'

type Heard = Emission & { envelope: Pick<ApplyContext['envelope'], 'occurredAt' | 'aggregateVersion'> }

/**
 * The payer is asked again about the same visit with the new details; what it said of the old ones counts no more. Corrections arrive in any
 * order: the payer is that of the newest, as the stored details are.
 */
export async function askCorrected(tx: Tx, { intakeId, payer }: ValueOf<typeof IntakeCorrected>, at: Heard): Promise<void> {
  const version = at.envelope.aggregateVersion
  const found = await tx.query<{ id: string }>('SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND intake_id = $2 ORDER BY id', [
    ...[tx.tenantId, intakeId],
  ])
  // Nothing is found when the details were put right before the form itself arrived here, and then its question goes out with the new ones.
  for (const { id } of found.rows) {
    const request = await lockRequest(tx, id)
    if (!request) continue
    const newest = payer && version > request.payerVersion ? payer : undefined
    if (newest) await tx.query('UPDATE billing.eligibility_requests SET payer_version = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id, version])
    await askAgain(tx, request, { corrected: true, ...(newest ? { payer: newest } : {}) }, at)
  }
}

/**
 * What a person decided about an answer. Their word is an answer like a payer's, marked as theirs; the 271 stays what it is. Decided before the
 * patient's data were corrected, it is about other data: kept and without effect. The corrected question is under way or answered, and told.
 */
export async function carryOutDecision(tx: Tx, { requestId, decision, decidedAt }: ValueOf<typeof CaseDecided>, at: Heard): Promise<void> {
  const request = await lockRequest(tx, requestId)
  if (!request) throw new Error('the eligibility request of this decision is not there')
  const outdated = request.correctedAt !== null && new Date(decidedAt ?? at.envelope.occurredAt) < request.correctedAt
  if (outdated && decision !== 'confirm' && decision !== 'mark-inactive') return
  switch (decision) {
    case 'confirm':
    case 'mark-inactive':
      await recordAnswer(
        tx,
        request,
        {
          ...{
            verdict: decision === 'confirm' ? ('active' as const) : ('inactive' as const),
            rule: 'by-hand',
            reasonCodes: [],
            copayCents: null,
            manual: true,
          },
          ...{ saidAt: null, receivedAt: at.now, state: 'whole' as const, notNow: false, contested: false, itemId: null, suspicions: [], outdated },
        },
        at,
      )
      return
    case 'ask-again':
      await askAgain(tx, request, {}, at)
      return
    case 'ask-by-batch':
      await tx.query(
        `UPDATE billing.eligibility_requests SET status = 'requested', answered_at = NULL, asked_again_at = $3, recheck_at = NULL, recheck_why = NULL
         WHERE tenant_id = $1 AND id = $2`,
        [...[tx.tenantId, requestId, at.now]],
      )
      await queueInquiry(tx, { ...request, status: 'requested' }, 'no-real-time-answer', at.now, at)
      return
    case 'leave':
  }
}
