import { randomUUID } from 'node:crypto'
import { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import type { ConsentText } from '@heliox/core/compliance'
import { consentKinds } from '@heliox/core/compliance'
import type { Role } from '@heliox/core/identity'
import { type Adapter, defineAdapter, limits, neverStop, sha256Hex } from '@heliox/core/kit'
import type {
  BulkRelease,
  CorrectionOffer,
  FlowDelivery,
  IncidentListItem,
  LinkFacts,
  LiveFigures,
  OpsChange,
  ServiceAccount,
  SessionUser,
} from '@heliox/core/ports'
import { type Journey, referenceOf } from '@heliox/core/reporting'
import { createLog } from '@heliox/hub/log'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { hashPassword } from '../kit/password.ts'
import { newToken, tokenHash } from '../kit/token.ts'
import { fakeBulkReleases } from './fake-bulk.ts'
import { fakePayers } from './fake-payers.ts'
import { anItem, fakeQueue, type KeptDecision, type KeptItem, type QueueWorld } from './fake-queue.ts'

/** In-memory stand-ins for the stores: two clinics of this region, one of another. The real stores are in `stores.spec.ts`. */
export const now = new Date('2026-03-02T10:00:00.000Z')
export const visitStartsAt = '2026-03-04T15:20:00.000Z'
export const password = 'correct horse battery staple'
export const lakeside = randomUUID()
export const hillside = randomUUID()
export const rhein = randomUUID()
const regionOf = (tenantId: string): string => (tenantId === rhein ? 'eu-west' : 'us-east')

interface Upload {
  id: string
  intakeId: string
  tenantId: string
  kind: string
  status: string
  contentType: string
  quarantineKey: string
  cleanKey: string | null
}
export interface World {
  deps: ApiDeps
  logLines: string[]
  links: Map<string, LinkFacts>
  sessions: Map<string, SessionUser>
  uploads: Map<string, Upload>
  overrides: Map<string, KeptItem>
  decisions: Map<string, KeptDecision>
  views: QueueWorld['views']
  rules: QueueWorld['rules']
  incidents: Map<string, IncidentListItem & { tenantId: string }>
  journeys: Map<string, Journey & { tenantId: string }>
  bulkReleases: Map<string, BulkRelease & { tenantId: string }>
  submits: { intakeId: string; key: string; body: string; meta: unknown }[]
  /** By tenant and intake: what a patient is asked to put right. */
  offers: Map<string, CorrectionOffer>
  corrections: { intakeId: string; key: string; fields: unknown; payerName: string | null }[]
  connections: Map<string, { adapterId: string; config: unknown; secrets: unknown; updatedAt: string }>
  audits: { tenantId: string; actor: string; action: string; resource: string; outcome: string; purpose?: string }[]
  figures: LiveFigures
  deliveries: (FlowDelivery & { tenantId: string })[]
  /** By hash of the token. */
  accounts: Map<string, ServiceAccount & { tenantId: string }>
  /** A program's token. */
  account(of?: Partial<ServiceAccount> & { tenantId?: string }): { token: string; id: string }
  stops: string[]
  journeyChanged(change: { tenantId: string; intakeId: string }): void
  opsChanged(change: OpsChange): void
  link(of?: Partial<LinkFacts>): { token: string; facts: LinkFacts }
  session(roles: Role[], tenantId?: string): { cookie: string; user: SessionUser }
  override(of?: Partial<KeptItem>): string
  incident(of?: Partial<IncidentListItem> & { tenantId?: string }): string
  upload(link: LinkFacts, of?: Partial<Upload>): Upload
  clinicTexts(language: string): ConsentText[]
}

const clearinghouse: Adapter = defineAdapter({
  id: 'clearinghouse',
  title: 'Clearinghouse',
  config: z.object({ restUrl: z.url(), submitterId: z.string().length(15) }),
  secrets: z.object({ restToken: z.string().min(8) }),
  health: async () => ({ ok: true, text: 'fine' }),
  operations: (op) => ({
    checkEligibility: op({
      summary: 'Ask the payer.',
      version: 1,
      input: EligibilityInquiry,
      output: EligibilityAnswer,
      rejection: EligibilityRejection,
      replay: 'safe',
      payerOf: ({ payerId }) => payerId,
      breaker: { timeoutMs: 1, errorThresholdPercent: 50, volumeThreshold: 1, resetTimeoutMs: 1, inFlightMax: 1 },
      retry: { attemptsMax: 1, firstDelayMs: 1, delayMsMax: 1 },
      call: async () => {
        throw new Error('the api never calls a partner')
      },
    }),
  }),
})

const texts = (language: string): ConsentText[] =>
  consentKinds.map((kind, at) => {
    const body = `${kind} in ${language}`
    return {
      id: `00000000-0000-4000-8000-${language === 'en' ? '1' : '2'}0000000000${at}`,
      kind,
      language: language as 'en',
      title: kind,
      body,
      sha256: sha256Hex(body),
    }
  })

const journeyOf = (facts: LinkFacts): Journey & { tenantId: string } => ({
  tenantId: facts.tenantId,
  intakeId: facts.intakeId,
  visitId: facts.visitId,
  reference: referenceOf(facts.intakeId),
  startsAt: facts.startsAt,
  practitioner: facts.practitioner,
  intake: facts.status === 'submitted' ? 'submitted' : 'created',
  eligibility: null,
  askedByFile: false,
  provisional: null,
  answer: null,
  changed: null,
  nextTry: null,
  payment: null,
  writeback: 'none',
  photosExpected: 0,
  photosClean: 0,
  photosRejected: 0,
  held: 0,
  updatedAt: now.toISOString(),
})

export function makeWorld(settings: Partial<ApiDeps['settings']> = {}): World {
  const handlers = new Set<(change: { tenantId: string; intakeId: string }) => void>()
  const opsHandlers = new Set<(change: OpsChange) => void>()
  const logLines: string[] = []
  const world: World = {
    logLines,
    links: new Map(),
    sessions: new Map(),
    uploads: new Map(),
    overrides: new Map(),
    incidents: new Map(),
    journeys: new Map(),
    bulkReleases: new Map(),
    submits: [],
    offers: new Map(),
    corrections: [],
    connections: new Map(),
    audits: [],
    figures: { payers: [], breakers: [], flows: [], throughput: [], partners: [] },
    deliveries: [],
    accounts: new Map(),
    decisions: new Map(),
    views: new Map(),
    rules: { confirmNeedsTwo: false },
    stops: [],
    journeyChanged: (change) => {
      for (const handler of handlers) handler(change)
    },
    opsChanged: (change) => {
      for (const handler of opsHandlers) handler(change)
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
        expiresAt: '2026-03-04T15:40:00.000Z',
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
        cleanKey: null,
        ...of,
      }
      world.uploads.set(id, upload)
      return upload
    },
    clinicTexts: texts,
    deps: undefined as never,
  }
  world.deps = depsOf(world, { handlers, opsHandlers }, settings)
  return world
}

interface Changes {
  handlers: Set<(change: { tenantId: string; intakeId: string }) => void>
  opsHandlers: Set<(change: OpsChange) => void>
}
function depsOf(world: World, { handlers, opsHandlers }: Changes, settings: Partial<ApiDeps['settings']>): ApiDeps {
  const hash = hashPassword(password)
  return {
    settings: {
      production: true,
      region: 'us-east',
      process: 'api-1',
      publicUrl: 'http://hub.example',
      objectsOrigin: 'http://objects.example',
      uiFolder: '/nowhere',
      liveUrls: {},
      ...settings,
    },
    clock: { now: () => now },
    log: createLog({ level: 'debug', process: 'api-1', region: 'us-east' }, { write: (line: string) => void world.logLines.push(line) }),
    intakes: {
      findLink: async (sha) => world.links.get(sha),
      open: async (link) => {
        link.status = 'opened'
      },
      branding: async () => ({ brandColour: '#1f6f5c', contactPhone: '+1 512 555 0100' }),
      payers: async () => [{ id: 'HELIO1', name: 'Helio Health Plan', timeZone: 'America/Chicago' }],
      consentTexts: async (_tenantId, language) => texts(language),
      requestUpload: async (link, upload) => {
        if ([...world.uploads.values()].filter((u) => u.intakeId === link.intakeId).length >= limits.uploadsPerIntakeMax) return 'too-many'
        world.uploads.set(upload.id, { ...upload, intakeId: link.intakeId, tenantId: link.tenantId, status: 'expected', cleanKey: null })
        return 'ok'
      },
      completeUpload: async (link, id) => {
        const upload = world.uploads.get(id)
        if (!upload || upload.intakeId !== link.intakeId) return 'not-found'
        if (upload.status === 'expected') upload.status = 'quarantined'
        return 'ok'
      },
      upload: async (link, id) => {
        const upload = world.uploads.get(id)
        return upload?.intakeId === link.intakeId ? upload : undefined
      },
      submit: async (link, submission, meta) => {
        const body = JSON.stringify(submission)
        const same = world.submits.find((s) => s.intakeId === link.intakeId && s.key === meta.idempotencyKey)
        if (same) return same.body === body ? 'replayed' : 'conflict'
        if (link.status === 'submitted') return 'closed'
        world.submits.push({ intakeId: link.intakeId, key: meta.idempotencyKey, body, meta })
        link.status = 'submitted'
        return 'submitted'
      },
    },
    accounts: {
      login: async (slug, email) => {
        const tenantId = { lakeside, hillside, rhein }[slug]
        if (!tenantId || email !== 'ops@lakeside.example') return undefined
        return { tenantId, region: regionOf(tenantId), userId: randomUUID(), passwordHash: await hash }
      },
      createSession: async (tenantId, userId, tokenSha256, expiresAt) => {
        const { user } = world.session(['ops'], tenantId)
        world.sessions.set(tokenSha256, { ...user, userId, expiresAt: expiresAt.toISOString() })
        return user.sessionId
      },
      session: async (sha) => world.sessions.get(sha),
      endSession: async (sha) => void world.sessions.delete(sha),
    },
    ops: {
      journey: async (tenantId, intakeId) => {
        const journey = world.journeys.get(intakeId)
        return journey?.tenantId === tenantId ? { journey, steps: [] } : undefined
      },
      journeys: async (tenantId) => {
        const items = [...world.journeys.values()].filter((j) => j.tenantId === tenantId)
        return { items, total: items.length, nextCursor: null }
      },
    },
    clinic: {
      tenant: async (id) => ({ id, slug: 'lakeside', name: 'Lakeside Clinic', region: regionOf(id), timeZone: 'America/Chicago', npi: '1234567893' }),
      createVisit: async (tenantId, details, link) => {
        const { facts } = world.link({ tenantId, startsAt: details.startsAt, practitioner: details.practitioner, expiresAt: link.expiresAt.toISOString() })
        world.links.set(link.tokenSha256, facts)
        return { visitId: facts.visitId, intakeId: facts.intakeId }
      },
      visitEnd: async (tenantId, intakeId) => {
        const link = [...world.links.values()].find((l) => l.tenantId === tenantId && l.intakeId === intakeId)
        return link && new Date(link.endsAt)
      },
      renewLink: async (tenantId, intakeId, link, actor) => {
        const old = [...world.links].find(([, l]) => l.tenantId === tenantId && l.intakeId === intakeId)
        if (!old) return 'not-found'
        if (old[1].status === 'submitted') return 'submitted'
        world.links.delete(old[0])
        world.links.set(link.tokenSha256, { ...old[1], expiresAt: link.expiresAt.toISOString() })
        world.audits.push({ tenantId, actor, action: 'link.renew', resource: `intake:${intakeId}`, outcome: 'ok' })
        return 'renewed'
      },
      uploads: async (tenantId, intakeId) =>
        [...world.uploads.values()].filter((u) => u.tenantId === tenantId && u.intakeId === intakeId).map((u) => ({ ...u, reason: null })),
      cleanUpload: async (tenantId, id) => {
        const upload = world.uploads.get(id)
        if (upload?.tenantId !== tenantId || upload.status !== 'clean' || !upload.cleanKey) return undefined
        return { intakeId: upload.intakeId, cleanKey: upload.cleanKey, contentType: upload.contentType }
      },
    },
    connections: {
      list: async (tenantId) =>
        [...world.connections.entries()]
          .filter(([key]) => key.startsWith(tenantId))
          .map(([, c]) => ({ adapterId: c.adapterId, config: c.config, secretNames: Object.keys((c.secrets ?? {}) as object), updatedAt: c.updatedAt })),
      save: async (tenantId, adapterId, config, secrets, actor, at) => {
        world.audits.push({ tenantId, actor, action: 'connection.save', resource: adapterId, outcome: 'ok' })
        const key = `${tenantId} ${adapterId}`
        world.connections.set(key, { adapterId, config, secrets: secrets ?? world.connections.get(key)?.secrets, updatedAt: at.toISOString() })
      },
    },
    queue: fakeQueue(world),
    incidents: {
      list: async (tenantId, filter) => {
        const items = [...world.incidents.values()].filter(
          (i) => i.tenantId === tenantId && i.status === filter.status && (!filter.kind || i.kind === filter.kind),
        )
        return { items, total: items.length, nextCursor: null }
      },
      find: async (tenantId, id) => {
        const item = world.incidents.get(id)
        return item?.tenantId === tenantId ? item : undefined
      },
      close: async (tenantId, id, reason, actor, at) => {
        const item = world.incidents.get(id)
        if (item?.tenantId !== tenantId) return 'not-found'
        if (item.status === 'resolved') return 'already-closed'
        Object.assign(item, { status: 'resolved', reason, closedBy: actor, closedAt: at.toISOString() })
        return 'closed'
      },
      sendAgain: async (tenantId, id, actor, at) => {
        const item = world.incidents.get(id)
        if (item?.tenantId !== tenantId) return { is: 'not-found' }
        if (item.status === 'resolved') return { is: 'already-closed' }
        if (!item.canSendAgain) return { is: 'nothing-to-send' }
        Object.assign(item, { status: 'resolved', reason: 'sent-again', closedBy: actor, closedAt: at.toISOString() })
        return { is: 'queued', inquiries: 3 }
      },
    },
    bulkReleases: fakeBulkReleases(world.bulkReleases, (tenantId) =>
      [...world.overrides.values()].filter((o) => o.tenantId === tenantId && o.status === 'open'),
    ),
    payers: fakePayers(world.audits),
    live: {
      weather: async () => world.figures,
      figures: async () => world.figures,
      depths: async () => world.figures.flows,
      deliveries: async (tenantId, flow, state, page) =>
        world.deliveries.filter((d) => d.tenantId === tenantId && d.flow === flow && d.state === state).slice(page.from, page.from + page.limit),
      delivery: async (tenantId, flow, rootId) => world.deliveries.find((d) => d.tenantId === tenantId && d.flow === flow && d.rootId === rootId),
    },
    corrections: {
      asked: async (tenantId, intakeId) => world.offers.has(`${tenantId} ${intakeId}`),
      offer: async (link) => world.offers.get(`${link.tenantId} ${link.intakeId}`),
      submit: async (link, fields, meta) => {
        const earlier = world.corrections.find((one) => one.intakeId === link.intakeId && one.key === meta.idempotencyKey)
        if (earlier) return JSON.stringify(earlier.fields) === JSON.stringify(fields) ? 'replayed' : 'conflict'
        const offer = world.offers.get(`${link.tenantId} ${link.intakeId}`)
        if (!offer || Object.keys(fields).some((name) => !(offer.fields as readonly string[]).includes(name))) return 'not-asked'
        world.corrections.push({ intakeId: link.intakeId, key: meta.idempotencyKey, fields, payerName: meta.payerName })
        world.offers.delete(`${link.tenantId} ${link.intakeId}`)
        return 'corrected'
      },
      askPatient: async () => 'asked',
      open: async (tenantId, intakeId, fields, purpose, actor) => {
        if (!(world.journeys.get(intakeId)?.tenantId === tenantId)) return undefined
        world.audits.push({ tenantId, actor, action: 'phi.read', resource: `intake:${intakeId}`, outcome: 'ok', purpose })
        return Object.fromEntries(fields.map((name) => [name, `of ${name}`]))
      },
      correct: async () => 'corrected',
    },
    serviceAccounts: {
      find: async (sha) => {
        const account = world.accounts.get(sha)
        return account && account.endedAt === null && new Date(account.expiresAt) > now ? { ...account, region: regionOf(account.tenantId) } : undefined
      },
      list: async (tenantId) => [...world.accounts.values()].filter((a) => a.tenantId === tenantId),
      create: async (tenantId, { name, role, tokenSha256, expiresAt }, actor, at) => {
        if (world.accounts.size >= 20) return 'too-many'
        const id = randomUUID()
        const times = { createdAt: at.toISOString(), expiresAt: expiresAt.toISOString(), endedAt: null }
        world.accounts.set(tokenSha256, { tenantId, id, name, role, createdBy: actor, ...times })
        return id
      },
      end: async (tenantId, id, _actor, at) => {
        const account = [...world.accounts.values()].find((a) => a.id === id && a.tenantId === tenantId && a.endedAt === null)
        if (!account) return 'not-found'
        account.endedAt = at.toISOString()
        return 'ended'
      },
    },
    audit: { audit: async (tenantId, entry) => void world.audits.push({ tenantId, ...entry }) },
    changes: {
      onJourney: async (handler) => {
        handlers.add(handler)
        return async () => void handlers.delete(handler)
      },
      onOps: async (handler) => {
        opsHandlers.add(handler)
        return async () => void opsHandlers.delete(handler)
      },
    },
    objects: {
      putUrl: async (key, o) => `http://objects.example/quarantine/${key}?bytes=${o.bytes}&type=${encodeURIComponent(o.contentType)}`,
      getUrl: async (key) => `http://objects.example/clean/${key}`,
    },
    adapters: [clearinghouse],
    deadLetters: {
      list: async (tenantId) =>
        tenantId === lakeside ? [{ id: 'd1', queue: 'flow.eligibility', type: 'x.v1', intakeId: null, reason: 'poison', diedAt: null }] : [],
      requeue: async (tenantId, _queue, id) => tenantId === lakeside && id === 'd1',
      counts: async (tenantId) => new Map(tenantId === lakeside ? [['flow.eligibility', 1]] : []),
    },
    flows: async () => [{ name: 'eligibility', version: 1, hash: 'f'.repeat(64), enters: ['eligibility.requested.v1'], leaves: [] }],
    stop: async (at) => {
      world.stops.push(at)
      return neverStop(at)
    },
    ready: async () => undefined,
  }
}

/** A submit as the browser sends it. */
export function submission(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    answers: {
      givenName: 'Amira',
      familyName: 'Haddad',
      birthDate: '1984-05-06',
      payerSex: 'F',
      phone: '+1 512 555 0123',
      email: null,
      address: { line1: '12 Canal St', line2: null, city: 'Austin', state: 'TX', postalCode: '78701' },
      payerId: 'HELIO1',
      memberId: 'XQ4711',
      groupNumber: null,
    },
    consents: texts('en')
      .filter((t) => t.kind !== 'card-authorisation')
      .map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true })),
    signature: { typedName: 'Amira Haddad', language: 'en', drawing: null },
    uploadIds: [],
    confirmationTokenId: null,
    ...over,
  }
}
export const staffHeaders = (cookie: string): Record<string, string> => ({ cookie, 'x-hub-request': '1' })
export const linkHeaders = (token: string): Record<string, string> => ({ authorization: `Intake ${token}` })
