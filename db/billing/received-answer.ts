import { checkDiffers, matchOf, namedRequests, personCheckReference, type Suspicion, saysCover, verdictOn } from '@heliox/core/billing'
import { fetchPatient, openFields } from '../identity/patients.ts'
import { quietMs, raiseIncident, settleQuietIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { recordAnswer } from './answers.ts'
import { askedSince, isToOldQuestion, markAnswered, queueForLater } from './inquiries.ts'
import { judgeAnswer } from './plausibility.ts'
import {
  heldKey,
  hold,
  type ItemOf,
  type Kept,
  partner,
  rivalsFor,
  setFate,
  settleMatched,
  type Taking,
  tellUnmatched,
  tellUnreadable,
} from './received-items.ts'
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
  const rivals = kept.rivals ? await rivalsFor(tx, kept.id, request.id) : []
  const contested = await record(context, kept, item, request, rivals)
  await setFate(tx, kept.id, contested ? 'conflict' : 'applied', { requestId: request.id }, now)
  if (kept.rivals) await tellConflict(context, kept, rivals.length > 0 ? request.id : null)
  if (item.state !== 'whole') await tellUnreadable(tx, kept.fileId, now)
  await settleMatched(tx, kept.fileId, now)
}

/**
 * Who was answered about, in bits that travel, against whom we asked about: gateways mix answers up under load, and the reference is
 * what they copy. Whom nobody can tell is not ours: it waits for a person. Opened for this question alone, and audited. A damaged one
 * says nothing about anybody.
 */
async function isOurPatient({ tx, vault, now }: Taking, request: RequestRow, item: AnswerItem): Promise<boolean> {
  if (item.state === 'damaged') return true
  const reference = personCheckReference(item)
  if (!item.person || reference === undefined) return false
  const fields = ['memberId', 'givenName', 'familyName', 'birthDate'] as const
  const sealed = await fetchPatient(tx, request.patientId, fields, 'eligibility', now)
  const asked = (await openFields(vault, tx.tenantId, request.patientId, sealed, fields)) as Record<(typeof fields)[number], string>
  return checkDiffers(item.person, reference, asked) === null
}

const tellConflict = ({ tx, now }: Taking, kept: Kept, requestId: string | null): Promise<boolean> =>
  raiseIncident(
    tx,
    { kind: 'conflicting-answer', partner, payerId: null, about: requestId ? { is: 'request', id: requestId } : { is: 'file', id: kept.fileId }, count: 1 },
    now,
  )

/** Only what is whole and says something can be doubted, and only once its patient is known to be ours. Nobody waited, so how fast it came tells nothing. */
async function doubtsOf({ tx, now }: Taking, request: RequestRow, { signs, state, notNow }: AnswerItem, saidAt: Date | null): Promise<readonly Suspicion[]> {
  if (!signs || state !== 'whole' || notNow) return []
  return (await judgeAnswer(tx, request.payerId, { signs: { ...signs, body: null, subject: null }, latencyMs: null }, saidAt, now)).suspicions
}

/** True when it is contested: none of the answers that it is at odds with counts. */
async function record(context: Taking, kept: Kept, item: AnswerItem, request: RequestRow, rivalItems: readonly string[]): Promise<boolean> {
  const { tx, now } = context
  // What counts is the day of the visit: a yes or a no for another day says nothing about it.
  const aboutADay = item.days.length > 0 || saysCover(item.verdict)
  const told = aboutADay ? verdictOn(item.days, request.serviceDate) : item
  const saidAt = item.answeredAt === null ? null : new Date(item.answeredAt)
  const answer = {
    ...{ verdict: told.verdict, rule: told.rule, reasonCodes: item.reasonCodes, copayCents: item.copayCents, manual: false, state: item.state },
    ...{ saidAt, receivedAt: kept.receivedAt, contested: rivalItems.length > 0, rivalItems, itemId: kept.id },
    outdated: await isToOldQuestion(tx, request, { payerId: item.payerId ?? null, at: saidAt }),
    suspicions: await doubtsOf(context, request, item, saidAt),
  }
  // Out of a damaged file it is kept in history only, and the request goes on waiting until a whole file brings it again.
  const counts = item.state !== 'in-damaged-file' && !answer.contested && !answer.outdated
  // Written again under new numbers, a "not now" of a round before must neither end the round that is under way nor use one up.
  const stale = item.notNow && (await askedSince(tx, request.id, saidAt ?? kept.receivedAt))
  if (counts && !stale) await markAnswered(tx, request.id, now)
  const later = counts && !stale && item.notNow && item.state === 'whole' && request.status === 'requested' && (await queueForLater(tx, request, context))
  // Asked often enough, "not now" is what the payer has to say.
  const fate = await recordAnswer(
    tx,
    (await lockRequest(tx, request.id)) ?? request,
    {
      ...answer,
      notNow: item.notNow && (later || stale || request.status === 'answered' || request.currentAnswerId !== null),
      goesOn: !counts || stale || later,
    },
    context,
  )
  if (item.signs && item.state === 'whole' && !item.notNow) await tellDoubt(tx, request.payerId, answer.suspicions.length > 0, now)
  return fate === 'contested'
}

async function tellDoubt(tx: Tx, payerId: string, doubted: boolean, now: Date): Promise<void> {
  const cause = { kind: 'implausible-answers', partner, about: { is: 'payer', id: payerId } } as const
  if (doubted) await raiseIncident(tx, { ...cause, payerId, count: 1 }, now)
  else await settleQuietIncident(tx, cause, new Date(now.getTime() - quietMs), now)
}
