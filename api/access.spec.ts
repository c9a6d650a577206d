import { fhir } from '@heliox/adapters/fhir/adapter'
import { type ConsentText, SignatureRecord } from '@heliox/core/compliance'
import { authorize, permissions, type Role, roles } from '@heliox/core/identity'
import { expect } from 'chai'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { demoConsentTexts } from '../db/seed/consent-texts.ts'
import { buildApp } from './app.ts'
import type { RouteSpec } from './kit/route.ts'
import { apiRoutes } from './routes/registry.ts'
import { aBulkRelease } from './testing/fake-bulk.ts'
import { aChoice, asked, options } from './testing/fake-choice.ts'
import { aPayment } from './testing/fake-payments.ts'
import { aProposal, aView } from './testing/fake-queue.ts'
import { aDifference, aHandover } from './testing/fake-scheduler.ts'
import { hillside, lakeside, linkHeaders, makeWorld, rhein, staffHeaders, visitStartsAt, type World } from './testing/fakes.ts'

/** Bodies that are right, so that what is answered is the access decision and not a field. */
const bodies: Record<string, Record<string, unknown>> = {
  requestUpload: { kind: 'card-front', contentType: 'image/jpeg', bytes: 1000, sha256: 'a'.repeat(64) },
  sendMessage: { kind: 'invitation' },
  setOptOut: { out: true },
  recordWithdrawal: { cameBy: 'phone' },
  saveMessageRules: { quiet: { fromMinutes: 1260, untilMinutes: 480 }, senderName: null },
  createVisit: { startsAt: visitStartsAt, minutes: 20, practitioner: 'Dr Lin' },
  saveContact: { contact: { givenName: 'Ada', familyName: 'Moreno' } },
  importVisits: { text: 'date,time,practitioner,givenName,familyName', dryRun: true },
  changeVisit: { change: 'cancelled', reason: 'patient-asked' },
  forgetChart: { knownSince: '2026-01-05T09:00:00.000Z', reason: 'another-person' },
  openAnswers: { purpose: 'correct-data', fields: ['memberId'] },
  openOverrideInput: { purpose: 'compare-with-card' },
  openChoice: { purpose: 'compare-with-chart' },
  openAttempt: { purpose: 'compare-with-card' },
  openDecision: { purpose: 'compare-with-card' },
  decideOverride: { decisionId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d12', action: 'retry', reason: 'partner-is-back', note: 'asked again' },
  saveView: { name: 'Mine', filter: {}, sort: 'visit' },
  saveOpsRules: { confirmNeedsTwo: true },
  saveClinicLook: { brandColour: '#0f5f6b', contactPhone: '+1 512 555 0100', languages: ['en', 'es'] },
  closeIncident: { reason: 'partner-is-back' },
  planBulkRelease: { action: 'retry', selection: { cause: 'timeout' } },
  startBulkRelease: {
    ...{ bulkReleaseId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d11', action: 'retry', selection: { cause: 'timeout' } },
    ...{ ratePerMinute: 60, reason: 'partner-is-back', note: 'asked again' },
  },
  requeueDeadLetter: { queue: 'flow.eligibility', id: 'd1' },
  createServiceAccount: { name: 'wall display', role: 'live' },
  decideScheduleDifference: {
    ...{ decisionId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d14', counts: 'ours', reason: 'done-by-mistake' },
    ...{ hereRevision: 1, thereRevision: 2 },
  },
  setDualRun: { on: true },
  handOverSchedule: { to: 'legacy-scheduler' },
  createCharge: { chargeId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d14', amountMinor: 2500 },
  askMethod: { requestId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d17' },
  leaveMethod: {
    methodId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d18',
    confirmationTokenId: 'ctoken_12345678',
    authorisation: { textId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d1a', textSha256: 'a'.repeat(64), granted: true },
  },
  createRefund: { refundId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d15', amountMinor: 500, reason: 'charged-too-much' },
  createPlan: { planId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d16', instalments: [{ dueOn: '2026-04-01', amountMinor: 5000 }] },
  saveForm: { definition: null },
  saveConsentTexts: { texts: { en: { title: 'x', body: 'y' }, es: { title: 'x', body: 'y' } } },
  savePayerSettings: { settings: { route: 'batch' }, version: 0 },
  saveConnection: { config: { restUrl: 'http://payer.example', submitterId: 'LAKESIDE0000001' }, secrets: { restToken: 'a-long-token' } },
}

/** Things that belong to one clinic, by the name of the path parameter that points at them. */
function thingsOf(world: World, tenantId: string): Record<string, string> {
  const { facts } = world.link({ tenantId })
  const text = demoConsentTexts.find(({ kind }) => kind === 'telehealth') as ConsentText
  const given = [{ id: text.id, text, signedAt: '2026-03-01T16:05:09.000Z', withdrawnAt: null }]
  const record = { signature: { typedName: 'A', language: text.language }, consents: [], from: { userAgent: '', ip: '' }, at: given[0]?.signedAt }
  world.consents.set(facts.intakeId, { given, record: SignatureRecord.parse(record), recordSha256: 'e'.repeat(64), later: [] })
  const release = aBulkRelease(tenantId)
  world.bulkReleases.set(release.id, release)
  const overrideId = world.override({ tenantId, intakeId: facts.intakeId })
  world.decisions.clear()
  return {
    overrideId,
    choiceId: world.override({ tenantId, ...aChoice }),
    decisionId: aProposal(world, world.override({ tenantId })),
    attemptId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d13.1',
    viewId: aView(world, tenantId),
    bulkReleaseId: release.id,
    incidentId: world.incident({ tenantId }),
    intakeId: facts.intakeId,
    channel: 'sms',
    visitId: facts.visitId,
    // The photos of a form that was not sent are nobody's to open.
    uploadId: world.upload(world.link({ tenantId, status: 'submitted' }).facts, { status: 'clean', clean: { key: 'k', sha256: 'a'.repeat(64) } }).id,
    adapterId: 'clearinghouse',
    payerId: 'HELIO1',
    formId: 'health',
    consentKind: 'telehealth',
    handoverId: aHandover(tenantId),
    differenceId: aDifference(tenantId),
    chargeId: aPayment(tenantId),
    planId: aPayment(tenantId),
    accountId: world.account({ tenantId }).id,
  }
}

const request = (route: RouteSpec, things: Record<string, string>, headers: Record<string, string>): InjectOptions => ({
  method: route.method,
  url: route.url.replace(/:([A-Za-z]+)/g, (_, name: string) => things[route.operationId === 'openChoice' ? 'choiceId' : name] ?? name),
  headers: { 'if-match': '"1"', ...headers },
  ...(bodies[route.operationId] ? { payload: bodies[route.operationId] } : {}),
  // A stream never ends by itself.
  ...(route.stream ? { payloadAsStream: true } : {}),
})

/** Reads which clinic's things a foreign id points at: those must be answered as if they were not there. */
const pointsAtOneThing = (route: RouteSpec) =>
  route.params !== undefined && (route.url.includes(':intakeId') || !/adapterId|payerId|formId|consentKind/.test(route.url))

describe('access: every route, every role, every clinic', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    world.deps.adapters = [...world.deps.adapters, fhir]
    world.choice = { asked, options }
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  async function status(options: InjectOptions): Promise<number> {
    const answer = await app.inject(options)
    if (options.payloadAsStream) answer.stream().destroy()
    return answer.statusCode
  }
  const staffRoutes = apiRoutes.filter((route) => route.access.by === 'session' || route.access.by === 'session-or-service')

  it('knows an action in the role data for every route that is not open to anyone', () => {
    for (const route of apiRoutes) {
      if ('action' in route.access) expect(permissions, route.operationId).to.have.property(route.access.action)
      if (route.access.by === 'anyone') expect(route.access.why, route.operationId).to.be.a('string').with.length.above(10)
    }
    expect(apiRoutes.filter((r) => r.access.by === 'anyone').map((r) => r.operationId)).to.have.members([
      'signIn',
      'getHealth',
      'getReadiness',
      'getPublicKeys',
    ])
  })

  it('mounts every route of the registry, and nothing that does not say who may come in', async () => {
    for (const route of apiRoutes) expect(app.hasRoute({ method: route.method, url: route.url }), route.operationId).to.equal(true)
    const other = await buildApp(world.deps)
    expect(() => other.get('/api/secret-door', async () => 'in')).to.throw(/GET \/api\/secret-door does not say who may come in/)
    await other.close()
  })

  for (const route of staffRoutes) {
    const { access } = route
    if (access.by !== 'session' && access.by !== 'session-or-service') continue
    it(`${route.operationId}: exactly the roles of ${access.action}, and the refusals are audited`, async () => {
      for (const role of roles) {
        const { cookie, user } = world.session([role])
        const allowed = authorize({ kind: 'user', userId: user.userId, tenantId: lakeside, roles: [role] }, access.action, { tenantId: lakeside })
        world.audits.length = 0
        const got = await status(request(route, thingsOf(world, lakeside), staffHeaders(cookie)))
        if (allowed) expect(got, role).to.be.within(200, 299)
        else {
          expect(got, role).to.equal(403)
          expect(world.audits.map((a) => [a.action, a.outcome, a.actor])).to.deep.equal([[access.action, 'denied', `user:${user.userId}`]])
        }
      }
    })

    it(`${route.operationId}: nobody without a session, no patient, no ended session, no clinic of another region`, async () => {
      const everyone: Role[] = [...roles]
      const things = thingsOf(world, lakeside)
      expect(await status(request(route, things, { 'x-hub-request': '1' }))).to.equal(401)
      expect(await status(request(route, things, { ...linkHeaders(world.link().token), 'x-hub-request': '1' }))).to.equal(401)
      const ended = world.session(everyone)
      ended.user.expiresAt = world.deps.clock.now().toISOString()
      expect(await status(request(route, things, staffHeaders(ended.cookie)))).to.equal(401)
      expect(await status(request(route, things, staffHeaders(world.session(everyone, rhein).cookie)))).to.equal(421)
    })

    if (pointsAtOneThing(route)) {
      it(`${route.operationId}: another clinic's id is not there, for every role`, async () => {
        for (const role of roles) {
          const { cookie } = world.session([role], hillside)
          const got = await app.inject(request(route, thingsOf(world, lakeside), staffHeaders(cookie)))
          const mayAtAll = authorize({ kind: 'user', userId: '', tenantId: hillside, roles: [role] }, access.action, { tenantId: hillside })
          if (route.operationId === 'listPhotos' && mayAtAll) expect(got.json(), role).to.deep.equal({ items: [] })
          else expect(got.statusCode, role).to.equal(mayAtAll ? 404 : 403)
        }
        expect([...world.decisions.values()].map((one) => one.state)).to.deep.equal(['proposed'])
      })
    }

    if (route.method !== 'GET') {
      it(`${route.operationId}: not from another site`, async () => {
        const { cookie } = world.session([...roles])
        const things = thingsOf(world, lakeside)
        const own = { cookie, 'x-hub-request': '1', host: 'hub.example' }
        expect(await status(request(route, things, { cookie }))).to.equal(403)
        expect(await status(request(route, things, { ...own, origin: 'https://evil.example' }))).to.equal(403)
        expect(await status(request(route, things, { ...own, origin: 'null' }))).to.equal(403)
        expect(await status(request(route, things, { ...own, 'sec-fetch-site': 'cross-site' }))).to.equal(403)
        expect(await status(request(route, things, { ...own, origin: 'http://hub.example', 'sec-fetch-site': 'same-origin' }))).to.be.within(200, 299)
      })
    }
  }

  for (const route of staffRoutes) {
    const withToken = (token: string) => status(request(route, thingsOf(world, lakeside), { authorization: `Service ${token}`, 'x-hub-request': '1' }))
    if (route.access.by === 'session') {
      it(`${route.operationId}: no program, whatever its token`, async () => {
        expect(await withToken(world.account().token)).to.equal(401)
      })
      continue
    }
    it(`${route.operationId}: a program of this clinic, until its token ends`, async () => {
      const { token, id } = world.account()
      expect(await withToken(token)).to.equal(200)
      await world.deps.serviceAccounts.end(lakeside, id, 'user:1', world.deps.clock.now())
      expect(await withToken(token)).to.equal(401)
      expect(await withToken(world.account({ expiresAt: world.deps.clock.now().toISOString() }).token)).to.equal(401)
      expect(await withToken('x'.repeat(43))).to.equal(401)
      expect(await withToken(world.account({ tenantId: rhein }).token)).to.equal(421)
    })
    it(`${route.operationId}: it only reads, since a program's call is not told from a forged one`, () => {
      expect(route.method).to.equal('GET')
    })
  }

  for (const route of apiRoutes.filter((r) => r.access.by === 'link')) {
    it(`${route.operationId}: only with a link, and never with a session in its place`, async () => {
      const things = {
        channel: 'sms',
        uploadId: world.upload(world.link().facts).id,
      }
      expect(await status(request(route, things, {}))).to.equal(401)
      expect(await status(request(route, things, staffHeaders(world.session([...roles]).cookie)))).to.equal(401)
    })

    it(`${route.operationId}: unknown, revoked and made-up links are told the same; another region's is 421; an ended one 410`, async () => {
      const things = { uploadId: world.upload(world.link().facts).id }
      const told = new Set<string>()
      for (const token of ['x'.repeat(43), 'short', world.link({ status: 'revoked' }).token]) {
        const answer = await app.inject({ ...request(route, things, linkHeaders(token)), payloadAsStream: false })
        expect(answer.statusCode).to.equal(404)
        const { error } = answer.json()
        told.add(`${error.code} ${error.message}`)
      }
      expect(told.size).to.equal(1)
      expect(await status(request(route, things, linkHeaders(world.link({ tenantId: rhein }).token)))).to.equal(421)
      expect(await status(request(route, things, linkHeaders(world.link({ status: 'expired' }).token)))).to.equal(410)
      expect(await status(request(route, things, linkHeaders(world.link({ expiresAt: world.deps.clock.now().toISOString() }).token)))).to.equal(410)
    })
  }

  it('does not let one patient complete the photo of another', async () => {
    const other = world.link()
    const photo = world.upload(other.facts, { status: 'expected' })
    const answer = await app.inject({ method: 'POST', url: `/api/intake/uploads/${photo.id}/complete`, headers: linkHeaders(world.link().token) })
    expect(answer.statusCode).to.equal(404)
    expect(photo.status).to.equal('expected')
  })
})
