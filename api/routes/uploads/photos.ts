import { actorText } from '@heliox/core/identity'
import { limits, sha256Hex } from '@heliox/core/kit'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import type { StaffCaller } from '../../kit/caller.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { parseOrRefuse } from '../../kit/fields.ts'

const sizes = ['full', 'thumb'] as const
type Size = (typeof sizes)[number]
const Params = z.object({ uploadId: z.uuid(), size: z.enum(sizes) })
const Query = z.object({ until: z.coerce.number().int().min(0), pass: z.string().max(64) })

/** It is a picture and nothing else: no script, no frame, no form, no plugin, whatever its bytes turn out to be. */
const policy = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** For one look by one member of staff, in the browser that asked. Handing it out is what is audited, so nothing is shown without. */
export function photoUrl(deps: ApiDeps, caller: StaffCaller, uploadId: string, size: Size, endsAt: Date): string {
  const facts = { tenantId: caller.user.tenantId, holder: caller.tokenSha256, uploadId, size, endsAt: endsAt.getTime() }
  return `/api/clinic/photos/${uploadId}/${size}?until=${facts.endsAt}&pass=${deps.objects.pass.sign(facts)}`
}

/**
 * The one way out for a photo. The bytes are read whole, held against the hash that the scan wrote down, and only then is the first of them
 * sent: what was put in their place in the bucket, by whomever, is not served.
 */
export function servePhotos(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/api/clinic/photos/:uploadId/:size', { config: { access: { by: 'session', action: 'photo.read' } } }, async (request, reply) => {
    const { uploadId, size } = parseOrRefuse(Params, request.params, 'path')
    const { until, pass } = parseOrRefuse(Query, request.query, 'query')
    const { user, actor, tokenSha256 } = request.caller as StaffCaller
    const facts = { tenantId: user.tenantId, holder: tokenSha256, uploadId, size, endsAt: until }
    if (!deps.objects.pass.fits(facts, pass)) throw new Refusal('not-found')
    const now = deps.clock.now()
    if (until <= now.getTime()) throw new Refusal('photo-url-ended')
    const upload = found(await deps.clinic.cleanUpload(user.tenantId, uploadId))
    if (upload === 'form-not-sent') throw new Refusal('form-not-sent')
    const wanted = size === 'thumb' ? upload.thumb : upload.photo
    const bytes = found(await deps.objects.get('clean', wanted.key, limits.uploadBytesMax))
    if (sha256Hex(bytes) !== wanted.sha256) {
      request.log.error({ uploadId, size }, 'a clean photo is not what was scanned: refused')
      await deps.audit.audit(
        user.tenantId,
        { actor: actorText(actor), action: 'photo.read', resource: uploadId, outcome: 'denied', correlationId: request.id },
        now,
      )
      throw new Refusal('photo-changed')
    }
    return reply
      .header('content-security-policy', policy)
      .header('content-disposition', `inline; filename="${upload.kind}.jpg"`)
      .header('cache-control', 'private, no-store')
      .type('image/jpeg')
      .send(bytes)
  })
}
