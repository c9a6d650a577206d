import { checkDiffers, matchOf, namedRequests, verdictOn } from '@heliox/core/billing'
import { fetchPatient, openFields } from '../identity/patients.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { recordAnswer } from './answers.ts'
import { markAnswered, queueForLater } from './inquiries.ts'
import { heldKey, hold, type ItemOf, type Kept, partner, setFate, settleMatched, type Taking, tellUnmatched, tellUnreadable } from './received-items.ts'
import { existingRequests, lockRequest, type RequestRow } from './requests.ts'

type AnswerItem = ItemOf<'answer'>

/** One patient of a 271: found by our own references, or held for a person. */
export async function takeAnswer(context: Taking, kept: Kept, item: AnswerItem): Promise<void> {
  const { tx, now } = context
  const named = namedRequests(item)
  const ids = [...new Set([...named.traces, named.bht03 ?? [], named.patientAccount ?? []].flat())]
  const match = matchOf(item, await existingRequests(tx, ids))
  if (match.is === 'orphan') {
    await hold(tx, kept, ids.map(heldKey.request), now)
    await tellUnmatched(tx, kept.fileId, now)
    return
  }
  const request = match.is === 'matched' ? await lockRequest(tx, match.requestId) : undefined
  if (!request || !(await isOurPatient(context, request, item))) {
    await setFate(tx, kept.id, 'ambiguous', {}, now)
    await tellUnmatched(tx, kept.fileId, now)
    return
  }
  const contested = kept.rivals.some((rival) => rival.requestId === request.id)
  await record(context, kept, item, request, contested)
  await setFate(tx, kept.id, contested ? 'conflict' : 'applied', { requestId: request.id }, now)
  if (kept.rivals.length > 0) await tellConflict(context, kept, contested ? request.id : null)
  if (item.state !== 'whole') await tellUnreadable(tx, kept.fileId, now)
  await settleMatched(tx, kept.fileId, now)
}

/**
 * Who was answered about, in bits that travel, against whom we asked about: gateways mix answers up under load, and the trace is
 * what they copy. Opened for this question alone, and audited.
 */
async function isOurPatient({ tx, vault, now }: Taking, request: RequestRow, item: AnswerItem): Promise<boolean> {
  const trace = item.traces[0]
  if (!item.person || trace === undefined) return true
  const fields = ['memberId', 'givenName', 'familyName', 'birthDate'] as const
  const sealed = await fetchPatient(tx, request.patientId, fields, 'eligibility', now)
  const asked = (await openFields(vault, tx.tenantId, request.patientId, sealed, fields)) as Record<(typeof fields)[number], string>
  return checkDiffers(item.person, trace, asked) === null
}

const tellConflict = ({ tx, now }: Taking, kept: Kept, requestId: string | null): Promise<boolean> =>
  raiseIncident(
    tx,
    { kind: 'conflicting-answer', partner, payerId: null, about: requestId ? { is: 'request', id: requestId } : { is: 'file', id: kept.fileId }, count: 1 },
    now,
  )

async function record(context: Taking, kept: Kept, item: AnswerItem, request: RequestRow, contested: boolean): Promise<void> {
  const { tx, now } = context
  // What counts is the day of the visit: a yes or a no for another day says nothing about it.
  const aboutADay = item.days.length > 0 || ['active', 'inactive', 'mixed'].includes(item.verdict)
  const told = aboutADay ? verdictOn(item.days, request.serviceDate) : item
  const answer = {
    ...{ verdict: told.verdict, rule: told.rule, reasonCodes: item.reasonCodes, copayCents: item.copayCents, manual: false, state: item.state },
    ...{ saidAt: item.answeredAt === null ? null : new Date(item.answeredAt), receivedAt: kept.receivedAt, contested, itemId: kept.id },
  }
  // Out of a damaged file it is kept in history only, and the request goes on waiting until a whole file brings it again.
  const counts = item.state !== 'in-damaged-file' && !contested
  if (counts) await markAnswered(tx, request.id, now)
  const later = counts && item.notNow && item.state === 'whole' && request.status === 'requested' && (await queueForLater(tx, request, context))
  // Asked often enough, "not now" is what the payer has to say.
  await recordAnswer(
    tx,
    (await lockRequest(tx, request.id)) ?? request,
    { ...answer, notNow: item.notNow && (later || request.status === 'answered') },
    context,
  )
}
