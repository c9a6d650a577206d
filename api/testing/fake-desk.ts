import type { VisitContact } from '@heliox/core/identity'
import type { ApiDeps } from '../deps.ts'
import { now } from './clinics.ts'
import { fakeProofs } from './fake-patients.ts'
import type { World } from './world.ts'

/** The front desk's days in memory. What the database adds is tried in `db/stores-desk.spec.ts`. */
export function fakeDesk(world: World): Pick<ApiDeps, 'desk' | 'contacts' | 'proofs'> {
  const contacts = new Map<string, VisitContact>()
  const imported = new Map<string, { visitId: string; intakeId: string }>()
  const standing = (visitId: string) => {
    const journey = [...world.journeys.values()].find((one) => one.visitId === visitId)
    return journey?.visitStatus === 'cancelled' ? ('cancelled' as const) : ('there' as const)
  }
  const links = (tenantId: string) => [...world.links.values()].filter((link) => link.tenantId === tenantId)
  const between = (tenantId: string, from: Date, to: Date) =>
    [...world.journeys.values()].filter(
      ({ tenantId: whose, startsAt }) => whose === tenantId && startsAt !== null && new Date(startsAt) >= from && new Date(startsAt) < to,
    )
  return {
    desk: {
      between: async (tenantId, from, to, limit, at) => {
        const found = between(tenantId, from, to)
        const items = found.slice(0, limit).map((journey) => {
          const ofAnother = journey.visitId !== null && world.ofAnother.has(journey.visitId)
          const link = links(tenantId).find((one) => one.intakeId === journey.intakeId)
          const isOver = journey.intake !== 'submitted' && link !== undefined && new Date(link.expiresAt) <= at
          return { journey, message: null, contactRevision: 0, ofAnother, linkEnded: isOver || link?.status === 'revoked' }
        })
        return { items, cut: found.length > limit }
      },
      visitIds: async (tenantId, from, to) => between(tenantId, from, to).flatMap(({ visitId }) => visitId ?? []),
      link: async (tenantId, intakeId) => {
        const link = links(tenantId).find((one) => one.intakeId === intakeId)
        return link && { status: link.status, canBeSent: true }
      },
      imported: async (tenantId, texts) =>
        new Map(
          texts.flatMap((text) => {
            const ids = imported.get(`${tenantId} ${text}`)
            return ids ? [[text, standing(ids.visitId)] as const] : []
          }),
        ),
      visitsAt: async (tenantId, moments) =>
        [...world.journeys.values()].flatMap(({ tenantId: whose, visitId, startsAt, practitioner }) =>
          whose === tenantId && visitId && startsAt && practitioner && moments.some((at) => at.getTime() === Date.parse(startsAt))
            ? [{ visitId, startsAt, practitioner, is: standing(visitId) }]
            : [],
        ),
      importVisit: async (tenantId, { text, details, anew }, link) => {
        const there = imported.get(`${tenantId} ${text}`)
        const is = there && standing(there.visitId)
        if (there && is && !(anew && is === 'cancelled')) return { is, ...there }
        const { facts } = world.link({ tenantId, startsAt: details.startsAt, practitioner: details.practitioner, expiresAt: link.expiresAt.toISOString() })
        const ids = { visitId: facts.visitId, intakeId: facts.intakeId }
        contacts.set(facts.visitId, details.contact)
        imported.set(`${tenantId} ${text}`, ids)
        return { is: 'booked', ...ids }
      },
    },
    contacts: {
      revisions: async (_, visitIds) => new Map(visitIds.flatMap((id) => (contacts.has(id) ? [[id, { revision: 1, byStaff: true }] as const] : []))),
      save: async (tenantId, visitId, contact) => {
        if (!links(tenantId).some((link) => link.visitId === visitId)) return 'not-found'
        if (contact) contacts.set(visitId, contact)
        else contacts.delete(visitId)
        return 'saved'
      },
      read: async (tenantId, visitIds, purpose, actor) => {
        world.audits.push({ tenantId, actor, action: 'contact.read', resource: `visits:${visitIds.length}`, outcome: 'ok', purpose })
        return new Map(visitIds.flatMap((id) => (contacts.has(id) ? [[id, contacts.get(id) as VisitContact] as const] : [])))
      },
    },
    proofs: {
      ...fakeProofs.proofs,
      showCode: async (tenantId, intakeId) =>
        links(tenantId).some((link) => link.intakeId === intakeId)
          ? { code: '123456', expiresAt: new Date(now.getTime() + 600_000).toISOString() }
          : 'not-found',
    },
  }
}
