import { randomUUID } from 'node:crypto'
import { VisitChanged } from '@heliox/core/clinical'
import { IntakeCorrected } from '@heliox/core/identity'
import { CaseFinding, Notice, NotificationWritten } from '@heliox/core/messaging'
import { closeWaiting, recordCase } from '../messaging/cases.ts'
import { followVisit } from '../messaging/follow-visit.ts'
import { holdBack, recordMessage, recordMessageFact } from '../messaging/message-receipts.ts'
import { messageCorrection, messageNotice, messageVisit, planCode } from '../messaging/message-wishes.ts'
import { emit } from '../outbox.ts'
import { type ApplyFunction, applyOf } from './context.ts'

/** Once per (intake, template, subject), whichever event asked for it. */
const notify = applyOf(Notice, async ({ intakeId, template, aboutId }, context) => {
  const { tx } = context
  const id = randomUUID()
  const inserted = await tx.query(
    `INSERT INTO messaging.notifications (tenant_id, id, intake_id, template, about_id, written_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING`,
    [tx.tenantId, id, intakeId, template, aboutId, context.now],
  )
  if (inserted.rowCount !== 1) return
  await emit(
    tx,
    {
      type: 'notification.written.v1',
      contract: NotificationWritten,
      payload: { notificationId: id, intakeId, template },
      aggregateType: 'notification',
      aggregateId: id,
      aggregateVersion: 1,
      intakeId,
    },
    context,
  )
})

export const messagingFunctions: Readonly<Record<string, ApplyFunction>> = {
  'messaging.notify': notify,
  'messaging.record-case': applyOf(CaseFinding, (finding, context) => recordCase(context, finding)),
  'messaging.close-waiting': applyOf(IntakeCorrected, (corrected, context) => closeWaiting(context, corrected)),
  'messaging.follow-visit': applyOf(VisitChanged, (changed, context) => followVisit(context, changed)),
  'messaging.message-notice': messageNotice,
  'messaging.message-correction': messageCorrection,
  'messaging.message-visit': messageVisit,
  'messaging.plan-code': planCode,
  'messaging.hold-back-message': holdBack,
  'messaging.record-message': recordMessage,
  'messaging.record-message-fact': recordMessageFact,
}
