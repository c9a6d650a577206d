import {
  type ChannelFacts,
  channelPartner,
  isVisitNews,
  type LeaveNow,
  type MessageChannel,
  type MessageKind,
  mayLeave,
  needsTextConsent,
  textsPerVisitMax,
  visitNews,
} from '@heliox/core/messaging'
import type { StepRef } from '@heliox/core/ports'
import { findVisit } from '../clinical/visits.ts'
import { standingOf } from '../compliance/consents.ts'
import { fetchCode } from '../identity/proofs.ts'
import { type Reach, reachOf } from '../identity/reach.ts'
import type { Tx } from '../tenancy.ts'
import { openAbout } from './incidents.ts'
import { clinicClock } from './message-settings.ts'
import { findMessage, type MessageRow } from './messages.ts'
import { textsTakenUp } from './opt-outs.ts'
import { knownVisit } from './visit-news.ts'
import { wayFacts } from './way-facts.ts'

/** A carrier or the partner refuses what the clinic sends as such. While that is open, only texts that somebody waits for go that way. */
export const refusedSender = (channel: MessageChannel) =>
  ({ kind: 'messages-refused', partner: channelPartner[channel], about: { is: 'partner', id: channelPartner[channel] } }) as const

export const keyOf = (reach: Reach, channel: MessageChannel): string | null => (channel === 'sms' ? reach.phoneKey : reach.mailKey)

export async function channelFacts(tx: Tx, reach: Reach, intakeId: string, kind: MessageKind, channel: MessageChannel): Promise<ChannelFacts> {
  const atLimit = channel === 'sms' && kind !== 'code' && (await textsSoFar(tx, reach.visitId)) >= textsPerVisitMax
  return { ...(await standingFacts(tx, reach, intakeId, kind, channel)), atLimit }
}
/** Texts for a visit that left, may have left or are to leave. One that was refused at once, or held back, has not. */
async function textsSoFar(tx: Tx, visitId: string): Promise<number> {
  const found = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM messaging.messages WHERE tenant_id = $1 AND visit_id = $2 AND channel = 'sms' AND kind <> 'code'
       AND (status::text IN ('planned', 'requested', 'sent', 'undelivered', 'delivered') OR (status = 'suppressed' AND reason = 'link-ended'))`,
    [tx.tenantId, visitId],
  )
  return found.rows[0]?.n ?? 0
}
async function standingFacts(tx: Tx, reach: Reach, intakeId: string, kind: MessageKind, channel: MessageChannel): Promise<Omit<ChannelFacts, 'atLimit'>> {
  const way = await wayFacts(tx, channel, keyOf(reach, channel), kind)
  const asked = channel === 'sms' && needsTextConsent(kind)
  const halted = asked && (await openAbout(tx, 'messages-refused', channelPartner.sms)).length > 0
  return {
    ...way,
    connected: way.connected && !halted,
    textsWanted: asked && (await textsWanted(tx, reach, intakeId)),
  }
}

/** The form says it, once it was sent; until then the desk does. Taken back, it is so until they are taken up again. */
export async function textsWanted(tx: Tx, reach: Reach, intakeId: string): Promise<boolean> {
  const standing = await standingOf(tx, intakeId, 'sms')
  if (standing === 'withdrawn') return reach.phoneKey !== null && textsTakenUp(tx, intakeId, reach.phoneKey)
  return standing === 'not-asked' ? reach.smsAllowed : standing === 'given'
}

const doors = ['send text', 'send mail'] as const
/** By the newest generation of the effect, where there is one: whether this request was answered, or may have been carried out. */
async function earlierSend(tx: Tx, { ledgerMonth, rootId, flow }: StepRef): Promise<'none' | 'failed' | 'unknown' | 'answered'> {
  const found = await tx.query<{ state: string }>(
    `SELECT state::text AS state FROM messaging.effects WHERE tenant_id = $1 AND ledger_month = $2 AND root_id = $3 AND flow = $4 AND step = ANY ($5)
     ORDER BY generation DESC LIMIT 1`,
    [tx.tenantId, ledgerMonth, rootId, flow, doors],
  )
  const state = found.rows[0]?.state
  if (state === undefined) return 'none'
  if (state === 'succeeded' || state === 'rejected' || state === 'reconciled') return 'answered'
  return state === 'failed' ? 'failed' : 'unknown'
}

/** Whether what the message was planned for still is. */
export async function stillWanted(tx: Tx, row: Pick<MessageRow, 'kind' | 'intakeId' | 'aboutId' | 'notAfter'>, now: Date): Promise<boolean> {
  if (row.notAfter !== null && row.notAfter <= now) return false
  if (row.kind === 'correction-asked') {
    const found = await tx.query('SELECT 1 FROM identity.correction_offers WHERE tenant_id = $1 AND intake_id = $2 AND cardinality(fields) > 0', [
      tx.tenantId,
      row.intakeId,
    ])
    return found.rowCount === 1
  }
  if (row.kind === 'confirm-asked') {
    const found = await tx.query(`SELECT 1 FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND status = 'needs-you' LIMIT 1`, [
      tx.tenantId,
      row.intakeId,
    ])
    return found.rowCount === 1
  }
  return row.kind !== 'code' || (row.aboutId !== null && (await fetchCode(tx, row.aboutId, 'message', now)) !== undefined)
}

/** By the clock: of a link that was made after the message was asked for, what may lie in the ledger already knows nothing. */
async function linkRenewed(tx: Tx, row: MessageRow): Promise<boolean> {
  const found = await tx.query<{ renewed: boolean | null }>(
    'SELECT identity.link_made_at(intake_id) > requested_at AS renewed FROM messaging.messages WHERE tenant_id = $1 AND id = $2',
    [tx.tenantId, row.id],
  )
  return found.rows[0]?.renewed === true
}

/** Asked at each delivery, in one transaction: what is so at this moment decides, not what was so when it was planned. */
export async function leaveNow(tx: Tx, ref: StepRef, requestedVersion: number, messageId: string, now: Date): Promise<LeaveNow> {
  const row = await findMessage(tx, messageId)
  if (!row) throw new Error('the message is not there')
  // This delivery is of a request that was taken back, or it comes once more after its end: nothing may leave for it.
  if (row.status === 'planned') return { messageId, go: 'later', reason: null, until: row.dueAt?.toISOString() ?? null }
  if (row.status === 'suppressed' || row.requestedVersion !== requestedVersion)
    return { messageId, go: 'no', reason: row.reason ?? 'outcome-unknown', until: null }
  const reach = await reachOf(tx, row.intakeId, now, row.kind === 'code')
  const visit = await findVisit(tx, row.visitId)
  if (!reach || !visit) throw new Error('the visit of the message is not there')
  const known = isVisitNews(row.kind) ? await knownVisit(tx, visit, row.id) : undefined
  const leave = mayLeave(
    {
      ...(await standingFacts(tx, reach, row.intakeId, row.kind, row.channel)),
      // It is one of those that were counted, when it was planned.
      atLimit: false,
      ...{ kind: row.kind, channel: row.channel, atOnce: row.atOnce, plannedRevision: row.visitRevision, visit },
      earlier: await earlierSend(tx, ref),
      wanted: isVisitNews(row.kind) ? known !== undefined && visitNews(visit, known) === row.kind : await stillWanted(tx, row, now),
      knownStart: known?.startsAt ?? null,
      intake: reach.status,
      link: reach.link,
      linkRenewed: await linkRenewed(tx, row),
      addressChanged: keyOf(reach, row.channel) !== row.addressKey,
    },
    await clinicClock(tx),
    now,
  )
  return {
    messageId,
    go: leave.go,
    reason: 'reason' in leave ? leave.reason : null,
    until: 'until' in leave ? leave.until.toISOString() : null,
  }
}
