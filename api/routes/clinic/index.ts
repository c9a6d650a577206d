import { actorText, linkEnd } from '@heliox/core/identity'
import { limits } from '@heliox/core/kit'
import { referenceOf } from '@heliox/core/reporting'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { createLink, createVisit, getPhotoUrl, listPhotos, listVisits } from './schemas.ts'

const yearMs = 366 * 24 * 3600 * 1000

/** The front desk: visits and their links, and the photos that were found clean. */
export function clinicHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { clinic, settings } = deps
  const patientUrl = (token: string): string => new URL(`/i/${token}`, settings.publicUrl).href

  mount(app, deps, createVisit, async ({ caller: { user, actor }, body, now, request }) => {
    const startsAt = new Date(body.startsAt)
    if (startsAt <= now || startsAt.getTime() > now.getTime() + yearMs) {
      throw new Refusal('invalid', [{ path: 'startsAt', message: 'must be in the future, within a year' }])
    }
    const token = newToken()
    const expiresAt = linkEnd(new Date(startsAt.getTime() + body.minutes * 60_000), now)
    const made = await clinic.createVisit(user.tenantId, body, { tokenSha256: tokenHash(token), expiresAt }, actorText(actor), now, request.traceparent)
    return {
      ...made,
      reference: referenceOf(made.intakeId),
      patientUrl: patientUrl(token),
      expiresAt: expiresAt.toISOString(),
    }
  })

  mount(app, deps, createLink, async ({ caller: { user, actor }, params: { intakeId }, now, correlationId }) => {
    const endsAt = found(await clinic.visitEnd(user.tenantId, intakeId))
    if (endsAt <= now) throw new Refusal('visit-over')
    const token = newToken()
    const expiresAt = linkEnd(endsAt, now)
    const outcome = await clinic.renewLink(user.tenantId, intakeId, { tokenSha256: tokenHash(token), expiresAt }, actorText(actor), correlationId, now)
    if (outcome === 'not-found') throw new Refusal('not-found')
    if (outcome === 'submitted') throw new Refusal('intake-closed')
    return { patientUrl: patientUrl(token), expiresAt: expiresAt.toISOString() }
  })

  mount(app, deps, listVisits, ({ caller: { user }, query }) => deps.ops.journeys(user.tenantId, query))

  mount(app, deps, listPhotos, async ({ caller: { user }, params }) => {
    const photos = await clinic.uploads(user.tenantId, params.intakeId)
    return listPhotos.success.body.parse({ items: photos })
  })

  mount(app, deps, getPhotoUrl, async ({ caller: { user, actor }, params, now, correlationId }) => {
    const photo = found(await clinic.cleanUpload(user.tenantId, params.uploadId))
    // Audited first: a URL that was handed out and not written down is worse than a line for one that was not.
    await deps.audit.audit(
      user.tenantId,
      { actor: actorText(actor), action: 'photo.read', resource: params.uploadId, purpose: 'view insurance card', outcome: 'ok', correlationId },
      now,
    )
    const expiresSeconds = limits.clearUrlSecondsMax
    const url = await deps.objects.getUrl(photo.cleanKey, { contentType: photo.contentType, expiresSeconds })
    return getPhotoUrl.success.body.parse({ url, contentType: photo.contentType, expiresAt: new Date(now.getTime() + expiresSeconds * 1000).toISOString() })
  })
}
