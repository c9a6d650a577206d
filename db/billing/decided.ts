import type { IntakeCorrected } from '@heliox/core/identity'
import type { ValueOf } from '@heliox/core/kit'
import type { CaseDecided } from '@heliox/core/messaging'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { recordAnswer } from './answers.ts'
import { askAgain } from './ask-again.ts'
import { queueInquiry } from './inquiries.ts'
import { lockRequest } from './requests.ts'

/** The payer is asked again about the same visit with the new details; what it said of the old ones counts no more. */
export async function askCorrected(tx: Tx, { intakeId, payer }: ValueOf<typeof IntakeCorrected>, at: Emission): Promise<void> {
  const found = await tx.query<{ id: string }>('SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND intake_id = $2 ORDER BY id', [
    ...[tx.tenantId, intakeId],
  ])
  // Nothing is found when the details were put right before the form itself arrived here, and then its question goes out with the new ones.
  for (const { id } of found.rows) {
    const request = await lockRequest(tx, id)
    if (request) await askAgain(tx, request, { corrected: true, ...(payer ? { payer } : {}) }, at)
  }
}

/** What a person decided about an answer. Their word is an answer like a payer's, marked as theirs; the 271 stays what it is. */
export async function carryOutDecision(tx: Tx, { requestId, decision }: ValueOf<typeof CaseDecided>, at: Emission): Promise<void> {
  const request = await lockRequest(tx, requestId)
  if (!request) throw new Error('the eligibility request of this decision is not there')
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
          ...{ saidAt: null, receivedAt: at.now, state: 'whole' as const, notNow: false, contested: false, itemId: null, suspicions: [], outdated: false },
        },
        at,
      )
      return
    case 'ask-again':
      await askAgain(tx, request, {}, at)
      return
    case 'ask-by-batch':
      await tx.query(`UPDATE billing.eligibility_requests SET status = 'requested', answered_at = NULL, asked_again_at = $3 WHERE tenant_id = $1 AND id = $2`, [
        ...[tx.tenantId, requestId, at.now],
      ])
      await queueInquiry(tx, { ...request, status: 'requested' }, 'no-real-time-answer', at.now, at)
      return
    case 'leave':
  }
}
