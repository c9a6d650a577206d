import { randomUUID } from 'node:crypto'
import type { LinkFacts, OpsChange, SessionUser } from '@heliox/core/ports'
import { type Journey, nothingYet, referenceOf } from '@heliox/core/reporting'
import type { ApiDeps } from '../deps.ts'
import { newToken, tokenHash } from '../kit/token.ts'
import { lakeside, now, regionOf, texts, visitStartsAt } from './clinics.ts'
import { fakeDeps } from './fake-deps.ts'
import { anItem } from './fake-queue.ts'
import type { Upload, World } from './world.ts'

/** In-memory stand-ins for the stores. The real stores are in `stores.spec.ts`. */
export { hillside, lakeside, linkHeaders, now, password, rhein, staffHeaders, submission, visitStartsAt } from './clinics.ts'
export type { World } from './world.ts'

const journeyOf = (facts: LinkFacts): Journey & { tenantId: string } => ({
  ...nothingYet,
  tenantId: facts.tenantId,
  intakeId: facts.intakeId,
  visitId: facts.visitId,
  reference: referenceOf(facts.intakeId),
  startsAt: facts.startsAt,
  practitioner: facts.practitioner,
  visitStatus: facts.visitStatus,
  intake: facts.status === 'submitted' ? 'submitted' : 'created',
  updatedAt: now.toISOString(),
})

export function makeWorld(settings: Partial<ApiDeps['settings']> = {}): World {
  const handlers = new Set<(change: { tenantId: string; intakeId: string }) => void>()
  const opsHandlers = new Set<(change: OpsChange) => void>()
  const clinicHandlers = new Set<(tenantId: string | null) => void>()
  const logLines: string[] = []
  const world: World = {
    logLines,
    links: new Map(),
    sessions: new Map(),
    uploads: new Map(),
    objects: new Map(),
    overrides: new Map(),
    incidents: new Map(),
    journeys: new Map(),
    bulkReleases: new Map(),
    submits: [],
    offers: new Map(),
    corrections: [],
    consents: new Map(),
    connections: new Map(),
    ofAnother: new Set(),
    audits: [],
    figures: { payers: [], breakers: [], flows: [], throughput: [], partners: [] },
    deliveries: [],
    accounts: new Map(),
    decisions: new Map(),
    views: new Map(),
    rules: { confirmNeedsTwo: false },
    choice: { asked: {}, options: {} },
    stops: [],
    optOuts: new Map(),
    journeyChanged: (change) => {
      for (const handler of handlers) handler(change)
    },
    opsChanged: (change) => {
      for (const handler of opsHandlers) handler(change)
    },
    clinicChanged: (tenantId) => {
      for (const handler of clinicHandlers) handler(tenantId)
    },
    link: (of = {}) => {
      const token = newToken()
      const facts: LinkFacts = {
        tenantId: lakeside,
        region: regionOf(of.tenantId ?? lakeside),
        intakeId: randomUUID(),
        visitId: randomUUID(),
        status: 'created',
        startsAt: visitStartsAt,
        endsAt: '2026-03-04T15:40:00.000Z',
        practitioner: 'Dr Okafor',
        visitStatus: 'booked',
        expiresAt: '2026-03-04T15:40:00.000Z',
        proof: 'not-asked',
        ...of,
      }
      world.links.set(tokenHash(token), facts)
      world.journeys.set(facts.intakeId, journeyOf(facts))
      return { token, facts }
    },
    session: (roles, tenantId = lakeside) => {
      const token = newToken()
      const user: SessionUser = {
        sessionId: randomUUID(),
        userId: randomUUID(),
        tenantId,
        region: regionOf(tenantId),
        displayName: 'Sam Desk',
        email: 'sam@lakeside.example',
        roles,
        expiresAt: '2026-03-02T18:00:00.000Z',
      }
      world.sessions.set(tokenHash(token), user)
      return { cookie: `hub_session=${token}`, user }
    },
    override: (of = {}) => {
      const item = anItem({ tenantId: lakeside, ...of }, { openedAt: now.toISOString(), visitAt: visitStartsAt })
      world.overrides.set(item.id, item)
      return item.id
    },
    incident: (of = {}) => {
      const id = randomUUID()
      world.incidents.set(id, {
        tenantId: lakeside,
        id,
        kind: 'batch-refused',
        partner: 'clearinghouse',
        payerId: null,
        payerName: null,
        about: { is: 'batch', id: randomUUID() },
        count: 1,
        status: 'open',
        openedAt: now.toISOString(),
        lastAt: now.toISOString(),
        closedAt: null,
        reason: null,
        closedBy: null,
        canSendAgain: true,
        ...of,
      })
      return id
    },
    account: (of = {}) => {
      const token = newToken()
      const times = { createdAt: now.toISOString(), expiresAt: '2027-03-02T10:00:00.000Z', endedAt: null }
      const account = { tenantId: lakeside, id: randomUUID(), name: 'wall display', role: 'live' as const, createdBy: 'user:1', ...times, ...of }
      world.accounts.set(tokenHash(token), account)
      return { token, id: account.id }
    },
    upload: (link, of = {}) => {
      const id = randomUUID()
      const upload: Upload = {
        id,
        intakeId: link.intakeId,
        tenantId: link.tenantId,
        kind: 'card-front',
        status: 'quarantined',
        contentType: 'image/jpeg',
        quarantineKey: `${link.tenantId}/${link.intakeId}/${id}`,
        ...{ bytes: null, sha256: null, partBytes: null, clean: null },
        ...of,
      }
      world.uploads.set(id, upload)
      return upload
    },
    clinicTexts: texts,
    deps: undefined as never,
  }
  world.deps = fakeDeps(world, { handlers, opsHandlers, clinicHandlers }, settings)
  return world
}
