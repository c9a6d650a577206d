import { randomUUID } from 'node:crypto'
import { limits } from '@heliox/core/kit'
import { partKey, partsOf } from '@heliox/core/media'
import type { UploadFacts } from '@heliox/core/ports'
import { errorFields } from '@heliox/hub/log'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { servePhotos } from './photos.ts'
import { completeUpload, requestUpload } from './schemas.ts'

/**
 * A phone in a waiting room loses its connection in the middle of a photo. So a photo travels in parts, each an object of its own with a signed
 * PUT of its own, straight into quarantine; what has arrived stays there, and only the rest is sent again.
 */
export function uploadHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { intakes, objects } = deps

  /** The lengths of the parts of an upload, and which of them lie in quarantine as they should. */
  async function parts({ quarantineKey, bytes, partBytes }: UploadFacts): Promise<{ key: string; bytes: number; arrived: boolean }[]> {
    if (bytes === null || partBytes === null) return []
    const there = await objects.inQuarantine(`${quarantineKey}/`)
    return partsOf(bytes, partBytes).map((length, at) => {
      const key = partKey(quarantineKey, at)
      return { key, bytes: length, arrived: there.get(key) === length }
    })
  }

  mount(app, deps, requestUpload, async ({ caller: { link, use }, body, now, request }) => {
    if (use === 'sent') throw new Refusal('intake-closed')
    if (link.visitStatus === 'cancelled') throw new Refusal('visit-cancelled')
    const id = randomUUID()
    const wish = { ...body, id, quarantineKey: `${link.tenantId}/${link.intakeId}/${id}`, partBytes: limits.uploadPartBytes }
    const stored = await intakes.requestUpload(link, wish, now)
    if (stored === 'too-many') throw new Refusal('too-many-uploads')
    const { upload, begun } = stored
    const fresh = () => partsOf(body.bytes, wish.partBytes).map((bytes, at) => ({ key: partKey(upload.quarantineKey, at), bytes, arrived: false }))
    const known = begun
      ? fresh()
      : await parts(upload).catch((error: unknown) => {
          // Sending a part again is harmless: the store being slow to list must not keep the patient from going on.
          request.log.warn({ ...errorFields(error) }, 'the store does not list what has arrived')
          return fresh()
        })
    const expiresSeconds = limits.uploadUrlSecondsMax
    const signed = await Promise.all(
      known.map(async ({ key, bytes, arrived }) => ({
        bytes,
        putUrl: arrived ? null : await objects.putUrl(key, { contentType: body.contentType, bytes, expiresSeconds }),
      })),
    )
    return {
      uploadId: upload.id,
      parts: signed,
      headers: { 'content-type': body.contentType },
      expiresAt: new Date(now.getTime() + expiresSeconds * 1000).toISOString(),
    }
  })

  mount(app, deps, completeUpload, async ({ caller: { link }, params, now, request }) => {
    const upload = found(await intakes.upload(link, params.uploadId))
    if (upload.status === 'expected') {
      const known = await parts(upload).catch((error: unknown) => {
        request.log.warn({ ...errorFields(error) }, 'the store does not list what has arrived')
        throw new Refusal('storage-away')
      })
      if (known.some(({ arrived }) => !arrived)) throw new Refusal('upload-incomplete')
    }
    const done = await intakes.completeUpload(link, params.uploadId, now, request.traceparent)
    if (done === 'not-found') throw new Refusal('not-found')
    return { uploadId: params.uploadId }
  })

  servePhotos(app, deps)
}
