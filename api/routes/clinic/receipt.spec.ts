import { accessCodeOf, type GivenConsent, SignatureRecord } from '@heliox/core/compliance'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { demoConsentTexts } from '../../../db/seed/consent-texts.ts'
import { buildApp } from '../../app.ts'
import { lakeside, makeWorld, staffHeaders, type World } from '../../testing/fakes.ts'

const signedAt = '2026-03-01T16:05:09.000Z'

describe('the signed record at the front desk', () => {
  let world: World
  let app: FastifyInstance
  let asked: unknown[]
  beforeEach(async () => {
    world = makeWorld()
    asked = []
    const { receipt } = world.deps.consents
    world.deps.consents.receipt = (of, at, staff) => {
      asked.push([of, staff])
      return receipt(of, at, staff)
    }
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  function signed(): string {
    const { facts } = world.link({ status: 'submitted', proof: 'given' })
    const given: GivenConsent[] = demoConsentTexts
      .filter(({ language }) => language === 'de')
      .map((text, n) => ({ id: `00000000-0000-4000-8000-00000000020${n}`, text, signedAt, withdrawnAt: null }))
    const record = SignatureRecord.parse({
      signature: { typedName: 'Amira Haddad', language: 'de', drawing: null, accessCode: accessCodeOf(facts.intakeId) },
      consents: given.map(({ text }) => ({ textId: text.id, textSha256: text.sha256 })),
      ...{ from: { userAgent: 'test', ip: '192.0.2.44' }, at: signedAt, timeZone: 'America/Chicago', patient: { givenName: 'Amira', familyName: 'Haddad' } },
    })
    world.consents.set(facts.intakeId, { given, record, recordSha256: 'e'.repeat(64), later: [] })
    return facts.intakeId
  }
  const get = (intakeId: string, roles: Parameters<World['session']>[0]) => {
    const { cookie } = world.session(roles, lakeside)
    return app.inject({ url: `/api/clinic/visits/${intakeId}/receipt`, headers: staffHeaders(cookie) })
  }

  it('is a PDF to save, in the language that was signed in, asked for in the name of who opens it', async () => {
    const intakeId = signed()
    const answer = await get(intakeId, ['front-desk'])
    expect(answer.statusCode, answer.body).to.equal(200)
    expect(answer.headers).to.include({
      ...{ 'content-type': 'application/pdf', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(answer.headers['content-disposition']).to.match(/^attachment; filename="HX-[0-9A-Z-]+\.pdf"$/)
    expect(answer.rawPayload.subarray(0, 5).toString('latin1')).to.equal('%PDF-')
    expect(answer.rawPayload.toString('latin1')).to.contain('/Lang (de')
    expect(asked).to.have.length(1)
    const [[of, staff]] = asked as [[unknown, string]]
    expect(of).to.deep.equal({ tenantId: lakeside, intakeId })
    expect(staff).to.match(/^user:/)
  })

  it('is opened for nobody else, and is not there where nothing was signed', async () => {
    const intakeId = signed()
    expect((await get(intakeId, ['ops'])).statusCode).to.equal(403)
    expect((await app.inject({ url: `/api/clinic/visits/${intakeId}/receipt` })).statusCode).to.equal(401)
    expect((await get('not-an-id', ['front-desk'])).statusCode).to.equal(400)
    expect(asked, 'nothing was opened').to.deep.equal([])
    expect((await get(world.link().facts.intakeId, ['front-desk'])).statusCode).to.equal(404)
  })
})
