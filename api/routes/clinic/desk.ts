import { instantOf, localTime } from '@heliox/core/catalog'
import { actorText, contactOf } from '@heliox/core/identity'
import { clinicCountryOf, languageTags } from '@heliox/core/kit'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { dayRowsMax, getContact, getLink, getPaper, importVisits, listDay, listNames, revokeLink, saveContact, showCode } from './desk-schemas.ts'
import { makeImport } from './import.ts'

const dayMs = 24 * 3600 * 1000

/** From the first midnight to the one after the last day, on the clinic's clock: a day there has 23 hours in spring. */
function spanOf(query: { from?: string | undefined; days: number }, timeZone: string, now: Date): { from: Date; to: Date } {
  const from = query.from ?? localTime(now, timeZone).date
  const after = new Date(Date.parse(`${from}T00:00:00Z`) + query.days * dayMs).toISOString().slice(0, 10)
  return { from: instantOf({ date: from, minutes: 0 }, timeZone), to: instantOf({ date: after, minutes: 0 }, timeZone) }
}

/** The front desk's day: who comes, how each is reached, their link, visits out of a file, and what is printed when nothing else works. */
export function deskHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { desk, contacts, visits, clinic, proofs } = deps

  mount(app, deps, listDay, async ({ caller: { user }, query, now }) => {
    const { from, to } = spanOf(query, (await clinics.of(user.tenantId)).timeZone, now)
    const { items, cut } = await desk.between(user.tenantId, from, to, dayRowsMax, now)
    const withdrawn = await deps.consents.withdrawn(
      user.tenantId,
      items.map(({ journey }) => journey.intakeId),
    )
    const rows = items.map((item) => ({ ...item, withdrawn: [...(withdrawn.get(item.journey.intakeId) ?? [])] }))
    return { from: from.toISOString(), to: to.toISOString(), items: rows, cut }
  })

  mount(app, deps, listNames, async ({ caller: { user, actor }, query, now }) => {
    const { from, to } = spanOf(query, (await clinics.of(user.tenantId)).timeZone, now)
    const visitIds = await desk.visitIds(user.tenantId, from, to, dayRowsMax)
    const known = await contacts.read(user.tenantId, visitIds, 'front desk list', actorText(actor), now)
    return { items: [...known].map(([visitId, { givenName, familyName, birthDate, language }]) => ({ visitId, givenName, familyName, birthDate, language })) }
  })

  mount(app, deps, getContact, async ({ caller: { user, actor }, params: { visitId }, now }) => {
    found(await visits.find(user.tenantId, visitId))
    // The version first: of a change in between the older one is told, and the save that goes by it is refused.
    const { revision = 0, byStaff = true } = (await contacts.revisions(user.tenantId, [visitId])).get(visitId) ?? {}
    const contact = (await contacts.read(user.tenantId, [visitId], 'front desk', actorText(actor), now)).get(visitId) ?? null
    return { contact, source: contact && (byStaff ? ('staff' as const) : ('patient' as const)), version: revision }
  })

  mount(app, deps, saveContact, async ({ caller: { user, actor }, params: { visitId }, headers, body, now }) => {
    const contact = body.contact && contactOf(body.contact, await clinic.tenant(user.tenantId))
    if (body.contact && !contact)
      throw new Refusal('invalid', [{ path: 'contact.phone', message: 'must be a phone number; one of another country begins with +' }])
    const seen = Number(headers['if-match'].slice(1, -1))
    const outcome = await contacts.save(user.tenantId, visitId, contact, actorText(actor), now, { seen, clears: body.clears })
    if (outcome === 'not-found') throw new Refusal('not-found')
    if (outcome === 'changed-meanwhile') throw new Refusal('changed-meanwhile')
    // Of one person for good: for another one the desk books another visit.
    if (outcome === 'sent') throw new Refusal('intake-closed')
    if (outcome === 'typed') throw new Refusal('typed-already')
    // Nothing over nothing is no change, and was not counted.
    const version = contact ? seen + 1 : Math.min(seen + 1, (await contacts.revisions(user.tenantId, [visitId])).get(visitId)?.revision ?? 0)
    return { contact, source: contact && ('staff' as const), version }
  })

  mount(app, deps, getLink, async ({ caller: { user }, params, now }) => found(await desk.link(user.tenantId, params.intakeId, now)))

  mount(app, deps, revokeLink, async ({ caller: { user, actor }, params, now, correlationId }) => {
    const outcome = await clinic.revokeLink(user.tenantId, params.intakeId, actorText(actor), correlationId, now)
    if (outcome === 'not-found') throw new Refusal('not-found')
    return undefined
  })

  mount(app, deps, showCode, async ({ caller: { user, actor }, params, now }) => {
    const shown = await proofs.showCode(user.tenantId, params.intakeId, actorText(actor), now)
    if (shown === 'not-found') throw new Refusal('not-found')
    return shown
  })

  const runImport = makeImport(deps)
  mount(app, deps, importVisits, async ({ caller: { user, actor }, body, now, request, correlationId }) =>
    runImport(await clinics.of(user.tenantId), body, { actor: actorText(actor), now, traceparent: request.traceparent, correlationId }),
  )

  mount(app, deps, getPaper, async ({ caller: { user } }) => {
    const { name, phone, timeZone, region, languages, consentTexts, forms } = await clinics.of(user.tenantId)
    return {
      name,
      phone,
      timeZone,
      country: clinicCountryOf({ region, timeZone }),
      languages,
      consents: languageTags.flatMap((language) => consentTexts[language]),
      forms,
    }
  })
}
