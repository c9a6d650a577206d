import { actorText, contactOf, linkEnd } from '@heliox/core/identity'
import { limits } from '@heliox/core/kit'
import type { VisitChangeOutcome, VisitView, VisitWish } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal, type RefusalCode } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import type { RouteInput } from '../../kit/route.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { photoUrl } from '../uploads/photos.ts'
import { changeVisit, createLink, createVisit, forgetChart, getPhotoUrl, getVisit, listPhotos, listVisits } from './schemas.ts'

const yearMs = 366 * 24 * 3600 * 1000
const refusalOf = {
  'not-found': 'not-found',
  'changed-meanwhile': 'changed-meanwhile',
  'not-possible': 'visit-not-possible',
  'too-early': 'visit-too-early',
  elsewhere: 'schedule-elsewhere',
  handover: 'schedule-handover',
} as const satisfies Record<Exclude<VisitChangeOutcome['is'], 'changed' | 'same'>, RefusalCode>

const withLists = (visit: VisitView) => ({ ...visit, changes: [...visit.changes] })

function startOf(startsAt: string, now: Date): Date {
  const start = new Date(startsAt)
  if (start > now && start.getTime() <= now.getTime() + yearMs) return start
  throw new Refusal('invalid', [{ path: 'startsAt', message: 'must be in the future, within a year' }])
}
function wishOf(body: RouteInput<typeof changeVisit>['body'], now: Date): VisitWish {
  if (body.change !== 'moved') return body
  const startsAt = startOf(body.startsAt, now)
  const wish = { change: body.change, startsAt, endsAt: new Date(startsAt.getTime() + body.minutes * 60_000) }
  return body.practitioner === undefined ? wish : { ...wish, practitioner: body.practitioner }
}

/** The front desk: visits and their links, and the photos that were found clean. */
export function clinicHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { clinic, settings } = deps
  const patientUrl = (token: string): string => new URL(`/i/${token}`, settings.publicUrl).href

  mount(app, deps, createVisit, async ({ caller: { user, actor }, body, now, request }) => {
    const { contact: typed, ...details } = body
    const startsAt = startOf(details.startsAt, now)
    const contact = typed && contactOf(typed, await clinic.tenant(user.tenantId))
    if (contact === null) throw new Refusal('invalid', [{ path: 'contact.phone', message: 'must be a phone number; one of another country begins with +' }])
    const token = newToken()
    const expiresAt = linkEnd(new Date(startsAt.getTime() + details.minutes * 60_000), now)
    const link = { token, tokenSha256: tokenHash(token), expiresAt }
    const made = await clinic.createVisit(user.tenantId, { ...details, contact }, link, actorText(actor), now, request.traceparent)
    if (made === 'elsewhere' || made === 'handover') throw new Refusal(`schedule-${made}`)
    if (made === 'booked-already') throw new Refusal('visit-booked-already')
    return {
      ...made,
      reference: referenceOf(made.intakeId),
      patientUrl: patientUrl(token),
      expiresAt: expiresAt.toISOString(),
    }
  })

  mount(app, deps, getVisit, async ({ caller: { user }, params }) => withLists(found(await deps.visits.find(user.tenantId, params.visitId))))

  mount(app, deps, changeVisit, async ({ caller: { user, actor }, params, headers, body, now, request }) => {
    const revision = Number(headers['if-match'].slice(1, -1))
    const changed = await deps.visits.change(user.tenantId, params.visitId, revision, wishOf(body, now), actorText(actor), now, request.traceparent)
    if ('visit' in changed) return withLists(changed.visit)
    throw new Refusal(refusalOf[changed.is])
  })

  mount(app, deps, forgetChart, async ({ caller: { user, actor }, params, body: { knownSince, reason }, now }) => {
    const wish = { knownSince: new Date(knownSince), reason }
    const outcome = await deps.visits.forgetChart(user.tenantId, params.visitId, wish, actorText(actor), now)
    if ('visit' in outcome) return withLists(outcome.visit)
    throw new Refusal(refusalOf[outcome.is])
  })

  mount(app, deps, createLink, async ({ caller: { user, actor }, params: { intakeId }, now, correlationId }) => {
    const endsAt = found(await clinic.visitEnd(user.tenantId, intakeId))
    const expiresAt = linkEnd(endsAt, now)
    if (expiresAt <= now) throw new Refusal('visit-over')
    const token = newToken()
    const outcome = await clinic.renewLink(user.tenantId, intakeId, { token, tokenSha256: tokenHash(token), expiresAt }, actorText(actor), correlationId, now)
    if (outcome === 'not-found') throw new Refusal('not-found')
    if (outcome === 'submitted') throw new Refusal('intake-closed')
    // The link was ended for it: made anew, it would take the former patient to the visit of another.
    if (outcome === 'of-another') throw new Refusal('visit-not-possible')
    return { patientUrl: patientUrl(token), expiresAt: expiresAt.toISOString() }
  })

  mount(app, deps, listVisits, ({ caller: { user }, query }) => deps.ops.journeys(user.tenantId, query))

  mount(app, deps, listPhotos, async ({ caller: { user }, params }) => {
    const photos = await clinic.uploads(user.tenantId, params.intakeId)
    return listPhotos.success.body.parse({ items: photos })
  })

  mount(app, deps, getPhotoUrl, async ({ caller, params: { uploadId }, now, correlationId }) => {
    const { user, actor } = caller
    if (found(await clinic.cleanUpload(user.tenantId, uploadId)) === 'form-not-sent') throw new Refusal('form-not-sent')
    // Audited first: a URL that was handed out and not written down is worse than a line for one that was not.
    await deps.audit.audit(
      user.tenantId,
      { actor: actorText(actor), action: 'photo.read', resource: uploadId, purpose: 'view insurance card', outcome: 'ok', correlationId },
      now,
    )
    const endsAt = new Date(now.getTime() + limits.clearUrlSecondsMax * 1000)
    const [url, thumbUrl] = (['full', 'thumb'] as const).map((size) => photoUrl(deps, caller, uploadId, size, endsAt)) as [string, string]
    return { url, thumbUrl, contentType: 'image/jpeg' as const, expiresAt: endsAt.toISOString() }
  })
}
