import { limits } from '@heliox/core/kit'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, submission, visitStartsAt, type World } from './testing/fakes.ts'

const key = 'key-0123456789abcdef'

describe('intake', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const submit = (token: string, body: unknown, idempotencyKey: string | null = key) =>
    app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(token), ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}) },
      payload: body as Record<string, unknown>,
    })

  it('tells the form everything it needs in one answer, and marks the intake as opened', async () => {
    const { token, facts } = world.link()
    world.connections.set(`${facts.tenantId} stripe`, {
      adapterId: 'stripe',
      config: { scriptUrl: 'https://js.stripe.com/v3/', publishableKey: 'pk_test_1', apiBase: 'https://api.stripe.com' },
      secrets: { secretKey: 'sk_secret' },
      updatedAt: '2026-03-01T00:00:00Z',
    })
    const answer = await app.inject({ url: '/api/intake', headers: linkHeaders(token) })
    expect(answer.statusCode).to.equal(200)
    const view = answer.json()
    expect(view).to.include({ intakeId: facts.intakeId, status: 'opened', statusUrl: `http://hub.example/status/${token}` })
    expect(view.clinic).to.deep.equal({
      name: 'Lakeside Clinic',
      phone: '+1 512 555 0100',
      brandColour: '#1f6f5c',
      timeZone: 'America/Chicago',
      country: 'US',
      languages: ['en', 'es'],
      logoUrl: null,
    })
    expect(view.card).to.deep.equal({ scriptUrl: 'https://js.stripe.com/v3/', publishableKey: 'pk_test_1', bankAccounts: false, currency: 'USD' })
    expect(view.consentTexts.en).to.have.lengthOf(6)
    expect(view.consentTexts.es).to.have.lengthOf(6)
    expect(answer.body).to.not.contain('sk_secret')
    expect(world.links.size).to.equal(1)
    expect(facts.status).to.equal('opened')
  })

  it('refuses a photo that is too large or of another type before there is a URL, and one more than the form says it takes', async () => {
    const { token, facts } = world.link()
    const photo = { kind: 'card-front', contentType: 'image/jpeg', bytes: 10, sha256: 'a'.repeat(64) }
    const ask = (payload: Record<string, unknown>) => app.inject({ method: 'POST', url: '/api/intake/uploads', headers: linkHeaders(token), payload })
    const large = await ask({ ...photo, bytes: 10 * 1024 * 1024 + 1 })
    expect(large.json().error.fields).to.deep.equal([{ path: 'bytes', message: 'must be at most 10485760' }])
    const page = await ask({ ...photo, contentType: 'image/svg+xml' })
    expect(page.json().error.fields[0].path).to.equal('contentType')
    expect(world.uploads.size).to.equal(0)
    const told = (await app.inject({ url: '/api/intake', headers: linkHeaders(token) })).json().limits.uploadsMax
    expect(told).to.equal(limits.uploadsPerIntakeMax)
    for (let i = 0; i < told; i += 1) world.upload(facts)
    expect((await ask({ ...photo, kind: 'card-back' })).json().error.code).to.equal('too-many-uploads')
  })

  it('takes a submit once: the same key and body get the same answer, other ones a 409', async () => {
    const { token, facts } = world.link()
    const first = await submit(token, submission())
    expect(first.statusCode).to.equal(202)
    expect(first.json().statusUrl).to.equal(`http://hub.example/status/${token}`)
    const again = await submit(token, submission())
    expect(again.statusCode).to.equal(202)
    expect(again.json()).to.deep.equal(first.json())
    const other = await submit(token, submission({ signature: { typedName: 'A. Haddad', language: 'en' } }))
    expect([other.statusCode, other.json().error.code]).to.deep.equal([409, 'idempotency-conflict'])
    const late = await submit(token, submission(), 'another-key-0123456789')
    expect([late.statusCode, late.json().error.code]).to.deep.equal([409, 'intake-closed'])
    expect(world.submits.map((s) => s.intakeId)).to.deep.equal([facts.intakeId])
  })

  it('can be stopped before and after the commit of a submit', async () => {
    await submit(world.link().token, submission())
    expect(world.stops).to.deep.equal(['begin', 'commit'])
  })

  it('hands the trace on to the submit, and begins one when there is none', async () => {
    const traced = world.link()
    const trace = '0af7651916cd43dd8448eb211c80319c'
    await app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(traced.token), 'idempotency-key': key, traceparent: `00-${trace}-b7ad6b7169203331-01` },
      payload: submission(),
    })
    await submit(world.link().token, submission())
    const [first, second] = world.submits.map((s) => (s.meta as { traceparent: string }).traceparent)
    expect(first).to.match(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
    expect(first).to.not.contain('b7ad6b7169203331')
    expect(second).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })

  it('needs the idempotency key', async () => {
    const answer = await submit(world.link().token, submission(), null)
    expect(answer.statusCode).to.equal(400)
    expect(answer.json().error.fields).to.deep.equal([{ path: 'header.idempotency-key', message: 'must be string' }])
    expect(world.submits).to.deep.equal([])
  })

  it('refuses a field too many, a payer that is not listed, a photo of someone else, a consent that was not shown', async () => {
    const { token, facts } = world.link()
    const refusedPath = async (body: Record<string, unknown>) => {
      const answer = await submit(token, body)
      expect(answer.statusCode).to.equal(400)
      return answer.json().error.fields.map((f: { path: string }) => f.path)
    }
    expect(await refusedPath(submission({ ssn: 'x' }))).to.deep.equal([''])
    const { answers } = submission() as { answers: Record<string, unknown> }
    expect(await refusedPath(submission({ answers: { ...answers, payerId: 'NOBODY' } }))).to.deep.equal(['answers.payerId'])
    expect(await refusedPath(submission({ uploadIds: [world.upload(world.link().facts).id] }))).to.deep.equal(['uploadIds.0'])
    expect(await refusedPath(submission({ uploadIds: [world.upload(facts, { status: 'expected' }).id] }))).to.deep.equal(['uploadIds.0'])
    const { consents } = submission() as { consents: Record<string, unknown>[] }
    const spanish = world.clinicTexts('es')[0]
    const wrong = consents.map((c, at) => (at === 0 ? { ...c, textId: spanish?.id, textSha256: spanish?.sha256 } : c))
    expect(await refusedPath(submission({ consents: wrong }))).to.include('consents.0')
    expect(await refusedPath(submission({ confirmationTokenId: 'ctoken_abcdef' }))).to.deep.equal(['consents'])
    expect(world.submits).to.deep.equal([])
  })

  it('opens nothing more after the submit, and keeps showing the status until 90 days after the visit', async () => {
    const { token, facts } = world.link({ status: 'submitted' })
    const upload = { kind: 'card-front', contentType: 'image/jpeg', bytes: 10, sha256: 'a'.repeat(64) }
    const refused = await app.inject({ method: 'POST', url: '/api/intake/uploads', headers: linkHeaders(token), payload: upload })
    expect(refused.json().error.code).to.equal('intake-closed')
    // The link as such has ended long ago; what it was submitted with still shows its status.
    facts.expiresAt = '2026-01-01T00:00:00.000Z'
    const status = async () => (await app.inject({ url: '/api/intake/status', headers: linkHeaders(token) })).statusCode
    expect(await status()).to.equal(200)
    facts.startsAt = new Date(new Date(visitStartsAt).getTime() - 100 * 24 * 3600 * 1000).toISOString()
    expect(await status()).to.equal(410)
  })

  it('says "checking" right after a submit, while the read model has not heard of it', async () => {
    const { token, facts } = world.link({ status: 'submitted' })
    world.journeys.delete(facts.intakeId)
    const status = (await app.inject({ url: '/api/intake/status', headers: linkHeaders(token) })).json()
    expect(status).to.include({ intake: 'submitted', settled: false })
    expect(status.lines.map((l: { subject: string; tone: string }) => [l.subject, l.tone])).to.deep.equal([
      ['intake', 'confirmed'],
      ['insurance', 'checking'],
    ])
  })
})
