import { randomUUID } from 'node:crypto'
import {
  chooseChannel,
  isVisitNews,
  type Leave,
  type LeaveFacts,
  type MessageChannel,
  type MessageKind,
  type MessageReason,
  mayLeave,
} from '@heliox/core/messaging'
import { findVisit } from '../clinical/visits.ts'
import { reachOf } from '../identity/reach.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { channelFacts, keyOf } from './message-leave.ts'
import { clinicClock } from './message-settings.ts'
import { findWaiting, insertMessage, type NewMessage, requestMessage } from './messages.ts'
import { knownVisit } from './visit-news.ts'

/** So many of one kind for one visit in an hour; a code has limits of its own. */
const perHourMax = 6

export interface Wish {
  intakeId: string
  kind: MessageKind
  channel: MessageChannel | 'auto'
  aboutId: string | null
  atOnce: boolean
  requestedBy: string
  notAfter: Date | null
  /** In place of which one that could not be delivered. */
  insteadOf: string | null
  /** Its number among those of its kind; reminders have the first, so that rounds that meet make one. Default: the next. */
  n?: number
  /** Leaves a row that says why nothing is sent, where nobody waits for an answer. */
  keepRefusal: boolean
}
export type Planned = { is: 'planned'; id: string } | { is: 'not-possible'; reason: MessageReason } | { is: 'not-found' | 'too-many' | 'there' }

/**
 * One message in one commit: by which channel, now or when it is no longer quiet; or the reason why not. Whoever else plans one for this visit waits for
 * the end of it: two that counted at one moment would take the same number, and the second, a mail in place of a lost text perhaps, would be dropped.
 * An invitation that waits for the end of quiet hours is the answer to whoever asks for one by that channel, however often: at once, and it leaves now.
 */
export async function planMessage(tx: Tx, wish: Wish, at: Emission): Promise<Planned> {
  const reach = await reachOf(tx, wish.intakeId, at.now, wish.kind === 'code')
  const visit = reach && (await findVisit(tx, reach.visitId))
  if (!reach || !visit) return { is: 'not-found' }
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('messaging.messages ' || $1 || ' ' || $2, 0))`, [tx.tenantId, visit.id])
  const waiting = wish.kind === 'invitation' ? await findWaiting(tx, wish) : []
  const waits = (channel: MessageChannel) => waiting.find((row) => row.channel === channel)
  const sms = await channelFacts(tx, reach, wish.intakeId, wish.kind, 'sms')
  const facts = {
    // One that waits is counted already.
    sms: { ...sms, atLimit: sms.atLimit && !waits('sms') },
    mail: await channelFacts(tx, reach, wish.intakeId, wish.kind, 'mail'),
  }
  const chosen = chooseChannel(wish.kind, facts, wish.channel)
  const channel = 'channel' in chosen ? chosen.channel : wish.channel === 'auto' ? (reach.phoneKey ? 'sms' : 'mail') : wish.channel
  const now: LeaveFacts = {
    ...facts[channel],
    ...{ kind: wish.kind, channel, earlier: 'none', wanted: true, intake: reach.status, visit, plannedRevision: visit.revision, link: reach.link },
    ...{ linkRenewed: false, addressChanged: false, atOnce: wish.atOnce },
    knownStart: isVisitNews(wish.kind) ? ((await knownVisit(tx, visit, null))?.startsAt ?? null) : null,
  }
  const leave: Leave = 'reason' in chosen ? { go: 'no', reason: chosen.reason } : mayLeave(now, await clinicClock(tx), at.now)
  if ('reason' in leave && !wish.keepRefusal) return { is: 'not-possible', reason: leave.reason }
  const there = waits(channel)
  if (there && !('reason' in leave)) {
    const as = { visitRevision: visit.revision, addressKey: keyOf(reach, channel), atOnce: wish.atOnce }
    if (there.status === 'planned' && !('until' in leave)) await requestMessage(tx, there, as, at)
    return { is: 'planned', id: there.id }
  }
  const sofar = await countSoFar(tx, visit.id, wish.kind, at.now)
  // What stands in for a message that was counted is not counted against it.
  if (wish.n === undefined && wish.kind !== 'code' && wish.insteadOf === null && sofar.hour >= perHourMax) return { is: 'too-many' }
  const id = randomUUID()
  const message: NewMessage = {
    ...{ id, intakeId: wish.intakeId, visitId: visit.id, visitRevision: visit.revision, kind: wish.kind, n: wish.n ?? sofar.last + 1, channel },
    ...{ aboutId: wish.aboutId, addressKey: keyOf(reach, channel), atOnce: wish.atOnce, requestedBy: wish.requestedBy, notAfter: wish.notAfter },
    insteadOf: wish.insteadOf,
    is:
      'reason' in leave
        ? { status: 'suppressed', reason: leave.reason }
        : 'until' in leave
          ? { status: 'planned', dueAt: leave.until }
          : { status: 'requested' },
  }
  return (await insertMessage(tx, message, at)) ? { is: 'planned', id } : { is: 'there' }
}

/** How many there are of a kind, over all revisions of the visit. */
async function countSoFar(tx: Tx, visitId: string, kind: MessageKind, now: Date): Promise<{ last: number; hour: number }> {
  const found = await tx.query<{ last: number; hour: number }>(
    `SELECT coalesce(max(n), 0)::int AS last, count(*) FILTER (WHERE created_at > $4)::int AS hour FROM messaging.messages
     WHERE tenant_id = $1 AND visit_id = $2 AND kind = $3`,
    [tx.tenantId, visitId, kind, new Date(now.getTime() - 3_600_000)],
  )
  return found.rows[0] ?? { last: 0, hour: 0 }
}
