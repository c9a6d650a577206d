import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { listForms, saveForm } from './schemas.ts'

/** A clinic's own questions. */
export function formHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  mount(app, deps, listForms, async ({ caller: { user } }) => ({ items: await deps.intakes.forms(user.tenantId) }))

  mount(app, deps, saveForm, async ({ caller: { user, actor }, params, headers, body, now }) => {
    const wish = { id: params.formId, seen: Number(headers['if-match'].slice(1, -1)), definition: body.definition }
    const saved = await deps.forms.save(user.tenantId, wish, actorText(actor), now)
    if (saved === 'changed-meanwhile' || saved === 'too-many-forms') throw new Refusal(saved)
    clinics.forget(user.tenantId)
    return saved
  })
}
