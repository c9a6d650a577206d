import { accessCodeOf, type GivenConsent, SignatureRecord } from '@heliox/core/compliance'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { demoConsentTexts } from '../../../db/seed/consent-texts.ts'
import { buildApp } from '../../app.ts'
import { hillside, lakeside, linkHeaders, makeWorld, staffHeaders, type World } from '../../testing/fakes.ts'

describe('a consent that is taken back at the clinic', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  function signed(status: 'submitted' | 'expired' = 'submitted') {
    const { facts, token } = world.link({ status, proof: 'given' })
    const given: GivenConsent[] = demoConsentTexts
      .filter(({ language, kind }) => language === 'en' && kind !== 'telehealth')
      .map((text, n) => ({ id: `00000000-0000-4000-8000-00000000020${n}`, text, signedAt: '2026-03-01T16:05:09.000Z', withdrawnAt: null }))
    const record = SignatureRecord.parse({
      signature: { typedName: 'Amira Haddad', language: 'en', drawing: null, accessCode: accessCodeOf(facts.intakeId) },
      ...{ consents: [], from: { userAgent: 'test', ip: '192.0.2.44' }, at: '2026-03-01T16:05:09.000Z' },
    })
    world.consents.set(facts.intakeId, { given, record, recordSha256: 'e'.repeat(64), later: [] })
    return { intakeId: facts.intakeId, token }
  }
  const atDesk = (tenantId = lakeside) => staffHeaders(world.session(['front-desk'], tenantId).cookie)
  const record = (intakeId: string, kind: string, body: object = { cameBy: 'phone' }, headers = atDesk()) =>
    app.inject({ method: 'POST', url: `/api/clinic/visits/${intakeId}/consents/${kind}/withdrawal`, headers, payload: body })
  const list = async (intakeId: string) =>
    (await app.inject({ url: `/api/clinic/visits/${intakeId}/consents`, headers: atDesk() })).json().items as {
      kind: string
      withdrawnAt: string | null
      recorded: unknown
    }[]

  it('says who wrote it down and how the patient said it; repeating it changes neither', async () => {
    const { intakeId } = signed()
    expect((await record(intakeId, 'sms')).statusCode).to.equal(204)
    expect((await record(intakeId, 'sms', { cameBy: 'letter' })).statusCode, 'again').to.equal(204)
    const items = await list(intakeId)
    expect(items.filter(({ withdrawnAt }) => withdrawnAt).map(({ kind, recorded }) => [kind, recorded])).to.deep.equal([
      ['sms', { name: 'Dana Desk', cameBy: 'phone' }],
    ])
    expect(items.filter(({ recorded }) => recorded)).to.have.length(1)
    const written = world.audits.filter(({ action }) => action === 'consent.withdraw')
    expect(written.map(({ resource }) => resource)).to.deep.equal([`intake:${intakeId} consent:sms`])
    expect(written[0]?.actor).to.match(/^user:/)
  })

  it('needs no link that still opens', async () => {
    const { intakeId, token } = signed('expired')
    expect((await app.inject({ url: '/api/intake/consents', headers: linkHeaders(token) })).statusCode).to.equal(410)
    expect((await record(intakeId, 'card-authorisation', { cameBy: 'letter' })).statusCode).to.equal(204)
  })

  it('is none where it was not given, at another clinic, or where nobody says how it came', async () => {
    const { intakeId } = signed()
    expect((await record(intakeId, 'telehealth')).statusCode).to.equal(404)
    expect((await record(intakeId, 'sms', { cameBy: 'phone' }, atDesk(hillside))).statusCode).to.equal(404)
    for (const [kind, body] of [
      ['sms', {}],
      ['sms', { cameBy: 'dream' }],
      ['nothing', { cameBy: 'phone' }],
    ] as const)
      expect((await record(intakeId, kind, body)).statusCode).to.be.oneOf([400, 422])
    expect((await list(intakeId)).every(({ withdrawnAt }) => withdrawnAt === null)).to.equal(true)
  })
})
