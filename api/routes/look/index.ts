import { actorText } from '@heliox/core/identity'
import { colourIsReadable } from '@heliox/core/messages'
import type { ClinicLook } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import { cleanLogo } from '../../kit/logo.ts'
import { logoUrlOf } from '../../kit/logo-url.ts'
import { mount } from '../../kit/mount.ts'
import { getClinicLook, saveClinicLook } from './schemas.ts'

/** Colour, logo, languages and phone: what is on every page of a patient. */
export function lookHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const view = (tenantId: string, { logoSha256, ...look }: ClinicLook) => ({ ...look, logoUrl: logoUrlOf(tenantId, logoSha256) })

  mount(app, deps, getClinicLook, async ({ caller: { user } }) => view(user.tenantId, await deps.look.read(user.tenantId)))

  mount(app, deps, saveClinicLook, async ({ caller: { user, actor }, body, now }) => {
    const { brandColour, contactPhone } = body
    const [preferred, ...others] = body.languages
    if (!colourIsReadable(brandColour)) throw new Refusal('invalid', [{ path: 'brandColour', message: 'must be dark enough for white text' }])
    const logo = typeof body.logo === 'string' ? await cleanLogo(body.logo) : body.logo
    if (typeof body.logo === 'string' && !logo) throw new Refusal('invalid', [{ path: 'logo', message: 'must be a PNG or JPEG of at most 40 kB' }])
    if (!preferred) throw new Refusal('invalid', [{ path: 'languages', message: 'must name a language' }])
    const saved = await deps.look.save(user.tenantId, { brandColour, contactPhone, languages: [preferred, ...others], logo }, actorText(actor), now)
    clinics.forget(user.tenantId)
    return view(user.tenantId, saved)
  })
}
