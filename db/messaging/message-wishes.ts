import { VisitChanged } from '@heliox/core/clinical'
import { CodeAsked, CorrectionAsked } from '@heliox/core/identity'
import { messageOfNotice, Notice } from '@heliox/core/messaging'
import { type ApplyContext, applyOf } from '../applies/context.ts'
import { findVisit } from '../clinical/visits.ts'
import { fetchContacts, openContact } from '../identity/contacts.ts'
import { keepReach, reachOf } from '../identity/reach.ts'
import { stillWanted } from './message-leave.ts'
import { isTold } from './messages.ts'
import { planMessage, type Wish } from './plan-message.ts'
import { newsOf } from './visit-news.ts'

const byHub = ({ process }: ApplyContext): Pick<Wish, 'requestedBy' | 'insteadOf'> => ({ requestedBy: `service:${process}`, insteadOf: null })

/** Something to do or to know. Who wants no texts and has no mailbox reads it on the page of the visit; a row says why nothing was sent. */
async function tell(intakeId: string, kind: 'confirm-asked' | 'news' | 'correction-asked', aboutId: string | null, context: ApplyContext): Promise<void> {
  if (!(await stillWanted(context.tx, { kind, intakeId, aboutId, notAfter: null }, context.now))) return
  await knowReach(intakeId, context)
  const wish = { intakeId, kind, channel: 'auto', aboutId, atOnce: false, notAfter: null, keepRefusal: true } as const
  await planMessage(context.tx, { ...wish, ...byHub(context) }, context)
}

export const messageNotice = applyOf(Notice, async ({ intakeId, template, aboutId }, context) => {
  const kind = messageOfNotice(template)
  if (kind === null || (await isTold(context.tx, intakeId, kind, aboutId))) return
  await tell(intakeId, kind, aboutId, context)
})
export const messageCorrection = applyOf(CorrectionAsked, ({ intakeId }, context) => tell(intakeId, 'correction-asked', null, context))

/**
 * The visit is read as it is by now, not taken from the event: of two changes in a row it does not matter which one arrives last, and each revision
 * of a visit is told once, by the unique key. A visit that begins before anybody could read of it is told of no more.
 */
export const messageVisit = applyOf(VisitChanged, async ({ visitId, intakeId }, context) => {
  const visit = await findVisit(context.tx, visitId)
  if (!visit) throw new Error('the visit that changed is not there')
  const kind = visit.startsAt > context.now ? await newsOf(context.tx, visit, null) : null
  if (kind === null) return
  await knowReach(intakeId, context)
  const wish = { intakeId, kind, channel: 'auto', aboutId: null, atOnce: false, notAfter: null, n: 1, keepRefusal: true } as const
  await planMessage(context.tx, { ...wish, ...byHub(context) }, context)
})

/** The patient waits for it: at once, whatever the hour. Where that channel cannot be, the other one. */
export const planCode = applyOf(CodeAsked, async ({ intakeId, codeId, channel, expiresAt }, context) => {
  await knowReach(intakeId, context)
  const wish = { intakeId, kind: 'code', aboutId: codeId, atOnce: true, notAfter: new Date(expiresAt), ...byHub(context) } as const
  const planned = await planMessage(context.tx, { ...wish, channel, keepRefusal: false }, context)
  if (planned.is === 'not-possible') await planMessage(context.tx, { ...wish, channel: 'auto', keepRefusal: true }, context)
})

/** Whoever is told that something comes is reached by what the contact says, also where its keys were not kept with it. */
async function knowReach(intakeId: string, { tx, vault, now }: ApplyContext): Promise<void> {
  const reach = await reachOf(tx, intakeId, now, true)
  if (!reach || reach.phoneKey !== null || reach.mailKey !== null) return
  const [sealed] = await fetchContacts(tx, [reach.visitId], 'message', now, true)
  if (sealed) await keepReach(tx, vault, reach.visitId, await openContact(vault, tx.tenantId, sealed))
}
