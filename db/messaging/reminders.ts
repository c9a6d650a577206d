import { isVisitNews, type ReminderKind, reminderKinds, reminderSpan } from '@heliox/core/messaging'
import type { ReadTo, ReminderPlaces, Skipped } from '@heliox/core/ports'
import { findVisit } from '../clinical/visits.ts'
import { reachOf } from '../identity/reach.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { keyOf } from './message-leave.ts'
import { lockDue, type MessageRow, moveMessage, requestMessage } from './messages.ts'
import { oneByOne } from './one-by-one.ts'
import { planMessage } from './plan-message.ts'

interface Begun {
  count: number
  skipped: readonly Skipped[]
}

/**
 * Odd rows stay due, and they come first in every reading: a clinic with as many of them as one reading takes would ask for nothing else, for ever.
 * So a reading goes on behind the last, and the one after a page that was not full begins with the first again.
 */
const theFirst = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' }
export const fromTheFirst: ReminderPlaces = { waited: null, 'reminder-72h': null, 'reminder-24h': null }
function readTo(page: readonly { readAt: string; id: string }[], limit: number): ReadTo {
  const last = page.at(-1)
  return last && page.length === limit ? { at: last.readAt, id: last.id } : null
}

/** Messages that waited for the end of quiet hours. Whether they may still leave is asked by the flow, at the moment of sending. */
export async function requestDue(tx: Tx, limit: number, at: Emission, after: ReadTo): Promise<Begun & { readTo: ReadTo }> {
  const due = await lockDue(tx, limit, at.now, after ?? theFirst)
  const skipped = await oneByOne(
    tx,
    due,
    ({ id }) => `message:${id}`,
    (row) => requestOne(tx, row, at),
  )
  return { count: due.length - skipped.length, skipped, readTo: readTo(due, limit) }
}
async function requestOne(tx: Tx, row: MessageRow, at: Emission): Promise<void> {
  const visit = await findVisit(tx, row.visitId)
  const reach = await reachOf(tx, row.intakeId, at.now, row.kind === 'code')
  if (!visit || !reach) throw new Error('the visit of the message is not there')
  const isReminder = (reminderKinds as readonly string[]).includes(row.kind)
  // A reminder is about the time that it was made for, and so is news of it: a newer change has news of its own. Everything else is about the visit
  // as it is when it leaves.
  if ((isReminder || isVisitNews(row.kind)) && row.visitRevision !== visit.revision) await moveMessage(tx, row, { status: 'suppressed', reason: 'moved' }, at)
  else await requestMessage(tx, row, { visitRevision: visit.revision, addressKey: keyOf(reach, row.channel), atOnce: row.atOnce }, at)
}

/**
 * Reminders whose time has come, of forms that are not sent. One per visit, revision and kind, whichever engine is first: the unique key decides.
 * Of a visit that was booked or moved later than the reminder would have left, there is none.
 */
export async function beginReminders(tx: Tx, limit: number, at: Emission, after = fromTheFirst): Promise<Begun & { readTo: Omit<ReminderPlaces, 'waited'> }> {
  let count = 0
  const skipped: Skipped[] = []
  const places: Record<ReminderKind, ReadTo> = { 'reminder-72h': null, 'reminder-24h': null }
  for (const kind of reminderKinds) {
    const due = await withoutReminder(tx, kind, limit, at.now, after[kind] ?? theFirst)
    places[kind] = readTo(due, limit)
    const odd = await oneByOne(
      tx,
      due,
      ({ intakeId }) => `intake:${intakeId}`,
      async ({ intakeId }) => {
        if (await remind(tx, intakeId, kind, at)) count += 1
      },
    )
    skipped.push(...odd)
  }
  return { count, skipped, readTo: places }
}

async function remind(tx: Tx, intakeId: string, kind: ReminderKind, at: Emission): Promise<boolean> {
  const wish = { intakeId, kind, channel: 'auto', aboutId: null, atOnce: false, notAfter: null, insteadOf: null, n: 1, keepRefusal: true } as const
  return (await planMessage(tx, { ...wish, requestedBy: tx.actor }, at)).is === 'planned'
}

type WithoutReminder = { intakeId: string; id: string; readAt: string }
async function withoutReminder(tx: Tx, kind: ReminderKind, limit: number, now: Date, after: typeof theFirst): Promise<WithoutReminder[]> {
  // The span of a visit that begins at the epoch: how far before a visit it opens and closes.
  const span = reminderSpan(kind, new Date(0))
  const [fromMs, untilMs] = [-span.from.getTime(), -span.until.getTime()]
  const found = await tx.query<WithoutReminder>(
    `SELECT a.intake_id AS "intakeId", a.id, a.starts_at::text AS "readAt" FROM clinical.appointments a CROSS JOIN LATERAL identity.reach_of(a.intake_id, $2) r
     WHERE a.tenant_id = $1 AND a.status IN ('proposed', 'booked') AND a.starts_at BETWEEN $3 AND $4
       AND (a.starts_at, a.id) > ($8::timestamptz, $9::uuid)
       AND greatest(a.created_at, a.changed_at) <= a.starts_at - $5 * interval '1 millisecond'
       AND NOT EXISTS (SELECT 1 FROM messaging.messages m WHERE m.tenant_id = a.tenant_id AND m.visit_id = a.id AND m.visit_revision = a.revision
         AND m.kind::text = $6)
       AND r.status IN ('created', 'opened') AND NOT r.typed AND (r.phone_key IS NOT NULL OR r.mail_key IS NOT NULL)
     ORDER BY a.starts_at, a.id LIMIT $7`,
    [tx.tenantId, now, new Date(now.getTime() + untilMs), new Date(now.getTime() + fromMs), fromMs, kind, limit, after.at, after.id],
  )
  return found.rows
}
