import { argon2Sync, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, photoWish, sha256, submittedIntake, type TestHub } from '../fixtures.ts'
import { demo } from '../seed/demo.ts'

const hourMs = 3_600_000

describe('accounts, connections and links', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  const later = (ms: number): Date => new Date(hub.now.getTime() + ms)

  it('finds a login by clinic and address, with a hash that the demo password opens', async () => {
    const found = await hub.api.stores.accounts.login('lakeside', 'OPS@lakeside.example')
    expect(found).to.include({ tenantId: hub.tenantId, region: 'us-east', userId: demo.lakeside.users[1]?.id })
    const [, kind, , numbers, salt, tag] = (found?.passwordHash ?? '').split('$')
    expect([kind, numbers]).to.deep.equal(['argon2id', 'm=19456,t=2,p=1'])
    const nonce = Buffer.from(salt ?? '', 'base64')
    const again = argon2Sync('argon2id', { message: demo.password, nonce, parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 })
    expect(again.toString('base64').replaceAll('=', '')).to.equal(tag)
    expect(await hub.api.stores.accounts.login('rhein', 'ops@lakeside.example')).to.equal(undefined)
  })

  it('opens a session by its token’s hash until it ends or runs out', async () => {
    const { accounts } = hub.api.stores
    const userId = demo.lakeside.users.find(({ roles }) => roles.includes('admin'))?.id ?? ''
    const token = sha256(randomUUID())
    const sessionId = await accounts.createSession(hub.tenantId, userId, token, later(hourMs), hub.now)
    expect(await accounts.session(token, hub.now)).to.deep.include({ sessionId, userId, roles: ['admin'], email: 'admin@lakeside.example' })
    expect(await accounts.session(token, later(hourMs))).to.equal(undefined)
    expect(await accounts.session(sha256('other'), hub.now)).to.equal(undefined)
    await accounts.endSession(token, hub.now)
    await accounts.endSession(token, hub.now)
    expect(await accounts.session(token, hub.now)).to.equal(undefined)
  })

  it('gives the engine a connection’s secrets and the admin their names only', async () => {
    const { connectionAdmin } = hub.api.stores
    await connectionAdmin.save(hub.tenantId, 'fhir', { baseUrl: 'https://a.example' }, { token: 'CANARY-secret' }, 'user:admin', hub.now)
    await connectionAdmin.save(hub.tenantId, 'fhir', { baseUrl: 'https://b.example' }, { token: 'CANARY-second' }, 'user:admin', hub.now)
    const listed = await connectionAdmin.list(hub.tenantId)
    expect(listed).to.have.length(1)
    const settings = { adapterId: 'fhir', config: { baseUrl: 'https://b.example' }, secretNames: ['token'], updatedAt: hub.now.toISOString() }
    expect(listed[0]).to.deep.include(settings)
    expect(JSON.stringify(listed)).not.to.contain('CANARY')
    expect(await hub.engine.stores.connections.connection(hub.tenantId, 'fhir')).to.deep.equal({
      config: { baseUrl: 'https://b.example' },
      secrets: { token: 'CANARY-second' },
      hookKey: null,
    })
    await connectionAdmin.save(hub.tenantId, 'fhir', { baseUrl: 'https://c.example' }, undefined, 'user:admin', hub.now)
    expect(await hub.engine.stores.connections.connection(hub.tenantId, 'fhir'), 'undefined secrets keep those that are stored').to.deep.equal({
      config: { baseUrl: 'https://c.example' },
      secrets: { token: 'CANARY-second' },
      hookKey: null,
    })
    expect(await hub.engine.stores.connections.connection(hub.otherTenantId, 'fhir')).to.equal(undefined)
    expect(await hub.api.pool.query('SELECT secrets_sealed FROM identity.connections').catch((e: Error) => e.message)).to.match(/permission denied/)
  })

  it('opens a link once, and says expired when its time is over', async () => {
    const link = await newLink(hub)
    const { intake } = hub.api.stores
    await intake.open(link, hub.now)
    await intake.open(link, hub.now)
    const hash = await hub.owner.query<{ link_sha256: string; version: number }>('SELECT link_sha256, version FROM identity.intake_sessions WHERE id = $1', [
      link.intakeId,
    ])
    expect(hash.rows[0]?.version).to.equal(2)
    expect((await intake.findLink(hash.rows[0]?.link_sha256 ?? '', hub.now))?.status).to.equal('opened')
    expect((await intake.findLink(hash.rows[0]?.link_sha256 ?? '', new Date('2026-02-10T00:00:00Z')))?.status).to.equal('expired')
    expect(await intake.findLink(sha256('nothing'), hub.now)).to.equal(undefined)
  })

  it('gives the intake form its payers, texts and colours', async () => {
    const { intake } = hub.api.stores
    expect((await intake.payers()).map((payer) => payer.id)).to.deep.equal(['DUALS5', 'HELIO1', 'NORTH2', 'QUIET3', 'RURAL6', 'SLOWB4'])
    for (const language of demo.lakeside.languages) {
      const texts = (await intake.consentTexts(hub.tenantId)).filter((text) => text.language === language)
      expect(texts.map((text) => text.kind)).to.deep.equal(['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature', 'sms', 'telehealth'])
      for (const text of texts) expect(sha256(`${text.title}\n\n${text.body}`)).to.equal(text.sha256)
    }
    expect(await intake.branding(hub.tenantId)).to.deep.equal({
      brandColour: demo.lakeside.brandColour,
      contactPhone: demo.lakeside.contactPhone,
      languages: ['en', 'es'],
      logoSha256: null,
    })
  })

  it('keeps the trace of the request in the events of a visit, an opened link and a photo', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { intake, clinic } = hub.api.stores
    for (const schema of ['clinical', 'identity', 'media']) await drainAll(hub, schema)
    const startsAt = new Date(hub.now.getTime() + 86_400_000)
    const token = { token: randomUUID(), tokenSha256: sha256(randomUUID()), expiresAt: startsAt }
    await clinic.createVisit(hub.tenantId, { startsAt: startsAt.toISOString(), minutes: 30, practitioner: 'Dr A' }, token, 'user:desk', hub.now, traceparent)
    const link = await intake.findLink(token.tokenSha256, hub.now)
    if (!link) throw new Error('no link')
    await intake.open(link, hub.now, traceparent)
    const id = randomUUID()
    await intake.requestUpload(link, photoWish(id), hub.now)
    await intake.completeUpload(link, id, hub.now, traceparent)
    const told = (await Promise.all(['clinical', 'identity', 'media'].map((schema) => drainAll(hub, schema)))).flat()
    expect(told.map((row) => [row.envelope.type, row.envelope.traceparent])).to.have.deep.members(
      ['visit.created.v1', 'intake.created.v1', 'intake.opened.v1', 'upload.completed.v1'].map((type) => [type, traceparent]),
    )
  })

  it('takes eight photos of an intake and no ninth, and completes one once', async () => {
    const link = await newLink(hub)
    const { intake, clinic } = hub.api.stores
    const ids = Array.from({ length: 9 }, () => randomUUID())
    const results = await Promise.all(ids.map((id) => intake.requestUpload(link, photoWish(id), hub.now)))
    expect(results.filter((result) => result !== 'too-many')).to.have.length(8)
    const id = ids[results.findIndex((result) => result !== 'too-many')] ?? ''
    expect(await intake.completeUpload(link, id, hub.now)).to.equal('ok')
    expect(await intake.completeUpload(link, id, hub.now)).to.equal('ok')
    expect(await intake.completeUpload(link, randomUUID(), hub.now)).to.equal('not-found')
    expect(await intake.upload(link, id)).to.include({ quarantineKey: `q/${id}`, contentType: 'image/jpeg', status: 'quarantined', bytes: 1_000 })
    expect(await intake.upload(await newLink(hub), id), 'another intake’s photo').to.equal(undefined)
    expect(await clinic.cleanUpload(hub.tenantId, id), 'not scanned').to.equal(undefined)
    expect((await clinic.uploads(hub.tenantId, link.intakeId)).length).to.equal(8)
  })

  it('audits who read which fields of a patient, also when the read then fails, and keeps the API out', async () => {
    const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'read').catch((error: Error) => error.message)
    const { phi } = hub.engine.stores
    const { envelope } = await submittedIntake(hub)
    const { patientId } = envelope.payload as { patientId: string }
    const read = (id: string, fields: string[]) => phi.readPatient(hub.tenantId, id, fields, 'eligibility', 'service:x', hub.now)
    const nobody = randomUUID()
    expect(await read(patientId, ['memberId'])).to.deep.equal({ memberId: 'HX99871' })
    expect(await failure(read(nobody, ['memberId']))).to.equal('the patient is not there')
    expect(await failure(read(patientId, ['shoeSize']))).to.equal('the answers have no field shoeSize')
    const audited = await hub.owner.query(
      `SELECT resource, purpose, outcome::text AS outcome FROM compliance.audit_logs WHERE actor = 'service:x' ORDER BY recorded_at`,
    )
    expect(audited.rows).to.deep.equal([
      { resource: `patient:${patientId} fields:memberId`, purpose: 'eligibility', outcome: 'ok' },
      { resource: `patient:${nobody} fields:memberId`, purpose: 'eligibility', outcome: 'error' },
      { resource: `patient:${patientId} fields:shoeSize`, purpose: 'eligibility', outcome: 'ok' },
    ])
    await hub.owner.query(
      `INSERT INTO identity.patient_phi SELECT tenant_id, patient_id, 'identifiers', key_version, sealed, updated_at FROM identity.patient_phi WHERE patient_id = $1`,
      [patientId],
    )
    const part = await hub.owner.query<{ sealed: Buffer }>(`SELECT sealed FROM identity.patient_phi WHERE part = 'identifiers'`)
    const swapped = hub.api.vault.open(hub.tenantId, { table: 'identity.patient_phi', row: `${patientId}/identifiers` }, part.rows[0]?.sealed as Buffer)
    expect(await failure(swapped), 'one part in the place of another').to.not.equal('read')
    expect(await failure(hub.api.vault.open(hub.tenantId, { table: 'identity.patient_phi', row: patientId }, part.rows[0]?.sealed as Buffer))).to.not.equal(
      'read',
    )
    const patients = hub.api.pool.query('SELECT * FROM identity.patient_phi')
    expect(await failure(patients)).to.match(/permission denied/)
  })
})
