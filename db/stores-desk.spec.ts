import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import { expect } from 'chai'
import { newLink, newToken, openTestHub, photoWish, submission, submitMeta, type TestHub } from './fixtures.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', phone: '+13125550142', language: 'en' })
const details = { startsAt: '2026-02-09T15:00:00.000Z', minutes: 20, practitioner: 'Dr Lin', contact }

describe('the front desk’s store', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())

  const link = () => {
    const [token, tokenSha256] = newToken()
    return { token, tokenSha256, expiresAt: new Date('2026-02-10T00:00:00Z') }
  }
  const importLine = (text: string, tenantId = hub.tenantId, anew = false) =>
    hub.api.stores.desk.importVisit(tenantId, { text, details, anew }, link(), 'user:desk', hub.now)
  const count = async (sql: string): Promise<number> => (await hub.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? -1

  it('books a line of a file once, however often and from however many sides at once it comes', async () => {
    const before = await count('clinical.appointments')
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => importLine('line one')))
    expect(outcomes.map(({ is }) => is).sort()).to.deep.equal(['booked', 'there', 'there', 'there', 'there', 'there'])
    expect(new Set(outcomes.map((one) => 'visitId' in one && one.visitId)).size).to.equal(1)
    expect(await count('clinical.appointments')).to.equal(before + 1)
    expect([...(await hub.api.stores.desk.imported(hub.tenantId, ['line one', 'line two']))]).to.deep.equal([['line one', 'there']])
  })

  it('knows nothing at one clinic of what another one imported, and keeps no word of the line', async () => {
    await importLine('line three')
    expect((await hub.api.stores.desk.imported(hub.otherTenantId, ['line three'])).size).to.equal(0)
    const kept = await hub.owner.query<{ row: string }>('SELECT i::text AS row FROM clinical.visit_imports i')
    expect(kept.rows.map(({ row }) => row).join()).to.not.match(/line|Okafor|Ruth/)
  })

  it('says that the visit of a line was called off, and books it anew only when that is wished, once', async () => {
    const made = await importLine('line of a cancelled')
    if (made.is !== 'booked') throw new Error('not booked')
    await hub.api.stores.visits.change(hub.tenantId, made.visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, 'user:desk', hub.now)
    expect([...(await hub.api.stores.desk.imported(hub.tenantId, ['line of a cancelled']))]).to.deep.equal([['line of a cancelled', 'cancelled']])
    expect((await importLine('line of a cancelled')).is).to.equal('cancelled')
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => importLine('line of a cancelled', hub.tenantId, true)))
    expect(outcomes.map(({ is }) => is).sort()).to.deep.equal(['booked', 'there', 'there'])
    expect([...(await hub.api.stores.desk.imported(hub.tenantId, ['line of a cancelled'])).values()]).to.deep.equal(['there'])
  })

  it('finds every visit at a moment, also behind more than five hundred of the same days', async () => {
    const [tenantId, moment] = [hub.tenantId, '2026-02-11T15:00:00.000Z']
    await hub.owner.query(
      `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, status, created_at, updated_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), at, at + interval '20 minutes', 'Dr Lin', 'booked', $3, $3
       FROM generate_series($2::timestamptz - interval '600 minutes', $2::timestamptz - interval '1 minute', interval '1 minute') AS at`,
      [tenantId, moment, hub.now],
    )
    const made = await hub.api.stores.desk.importVisit(
      ...([tenantId, { text: 'behind many', details: { ...details, startsAt: moment } }, link(), 'user:desk', hub.now] as const),
    )
    const at = await hub.api.stores.desk.visitsAt(tenantId, [new Date(moment)])
    expect(at).to.deep.equal([{ visitId: 'visitId' in made && made.visitId, startsAt: moment, practitioner: 'Dr Lin', is: 'there' }])
    expect(await hub.api.stores.desk.visitsAt(hub.otherTenantId, [new Date(moment)])).to.deep.equal([])
  })

  it('keeps the patient’s contact with the visit, and writes one line of audit for one reading', async () => {
    const made = await importLine('line four')
    if (!('visitId' in made)) throw new Error('not booked')
    const before = await count(`compliance.audit_logs WHERE action = 'contact.read'`)
    const known = await hub.api.stores.contacts.read(hub.tenantId, [made.visitId], 'front desk list', 'user:desk', hub.now)
    expect(known.get(made.visitId)?.familyName).to.equal('Okafor')
    expect(await count(`compliance.audit_logs WHERE action = 'contact.read'`)).to.equal(before + 1)
  })

  it('books a visit once, however often and at the same time it is asked for under one id, and not over another clinic’s', async () => {
    const visitId = randomUUID()
    const asked = { visitId, startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes' }
    const book = (tenantId: string) => hub.api.stores.clinic.createVisit(tenantId, asked, link(), 'user:desk', hub.now)
    const made = await Promise.all([1, 2, 3, 4].map(() => book(hub.tenantId)))
    expect(made.filter((one) => one === 'booked-already')).to.have.length(3)
    expect(made.find((one) => typeof one === 'object')).to.include({ visitId })
    expect(await book(hub.otherTenantId)).to.include({ visitId })
  })

  it('lets the second of two desks see what the first wrote before it writes over it', async () => {
    const made = await importLine('line of two desks')
    if (!('visitId' in made)) throw new Error('not booked')
    const { contacts } = hub.api.stores
    const seen = (await contacts.revisions(hub.tenantId, [made.visitId])).get(made.visitId)?.revision
    const save = (phone: string) =>
      contacts.save(hub.tenantId, made.visitId, { ...contact, phone }, 'user:desk', hub.now, seen === undefined ? undefined : { seen, clears: false })
    expect((await Promise.all([save('+13125550143'), save('+13125550144')])).sort()).to.deep.equal(['changed-meanwhile', 'saved'])
    expect((await contacts.revisions(hub.tenantId, [made.visitId])).get(made.visitId)).to.deep.equal({ revision: (seen ?? 0) + 1, byStaff: true })
    expect((await contacts.revisions(hub.otherTenantId, [made.visitId])).size).to.equal(0)
    const unnamed = await newLink(hub)
    expect(await contacts.save(hub.tenantId, unnamed.visitId, contact, 'user:desk', hub.now, { seen: 3, clears: false })).to.equal('changed-meanwhile')
    expect(await contacts.save(hub.tenantId, unnamed.visitId, contact, 'user:desk', hub.now, { seen: 0, clears: false })).to.equal('saved')
  })

  it('hears of what a patient types once it was sent, and loses no save of the desk to it', async () => {
    const { contacts, drafts, intake } = hub.api.stores
    const link = await newLink(hub)
    const [, proof] = newToken()
    const type = async (phone: string, seen: number) =>
      expect(
        await drafts.save(
          { ...link, proof: seen === 0 ? 'not-asked' : 'given' },
          { data: {}, birthDate: null, contact: { ...contact, phone } },
          seen,
          proof,
          hub.now,
        ),
      ).to.be.an('object')
    const read = async () => (await contacts.read(hub.tenantId, [link.visitId], 'front desk list', 'user:desk', hub.now)).get(link.visitId)?.phone
    const revision = async () => (await contacts.revisions(hub.tenantId, [link.visitId])).get(link.visitId)?.revision ?? 0
    await type('+13125550143', 0)
    await type('+13125550144', 1)
    expect([await read(), await revision()], 'not sent').to.deep.equal([undefined, 0])
    const body = { ...submission, answers: { ...submission.answers, phone: '+13125550145' } }
    expect(await intake.submit(link, body, { ...submitMeta(), proofSha256s: [proof] }, hub.now)).to.equal('submitted')
    expect([await read(), await revision()], 'sent').to.deep.equal(['+13125550145', 1])
    expect(
      await contacts.save(hub.tenantId, link.visitId, contact, 'user:desk', hub.now, { seen: 0, clears: false }),
      'over what the desk did not see',
    ).to.equal('changed-meanwhile')

    const other = await newLink(hub)
    expect(await drafts.save(other, { data: {}, birthDate: null, contact }, 0, newToken()[1], hub.now)).to.be.an('object')
    expect(await contacts.save(hub.tenantId, other.visitId, contact, 'user:desk', hub.now, { seen: 0, clears: true }), 'while the patient types').to.equal(
      'saved',
    )
    expect((await contacts.revisions(hub.tenantId, [other.visitId])).get(other.visitId)).to.deep.equal({ revision: 1, byStaff: true })
  })

  it('lists first the photos that the form names, and marks those that it does not', async () => {
    const link = await newLink(hub)
    const [again, named] = [randomUUID(), randomUUID()]
    for (const id of [again, named]) await hub.api.stores.intake.requestUpload(link, photoWish(id), hub.now)
    const photos = async () => (await hub.api.stores.clinic.uploads(hub.tenantId, link.intakeId)).map(({ id, sent }) => [id, sent])
    const told = (id: string, submitted: boolean) =>
      hub.owner.query(
        `INSERT INTO reporting.journey_photos (tenant_id, intake_id, upload_id, state, submitted) VALUES ($1, $2, $3, 'waiting', $4)
         ON CONFLICT (tenant_id, intake_id, upload_id) DO UPDATE SET submitted = excluded.submitted`,
        [hub.tenantId, link.intakeId, id, submitted],
      )
    await told(again, false)
    expect(
      (await photos()).map(([, sent]) => sent),
      'not sent yet',
    ).to.deep.equal([false, false])
    await told(named, true)
    expect(await photos()).to.deep.equal([
      [named, true],
      [again, false],
    ])
  })

  it('lists what begins in a span of time, the earliest first, and says when there is more', async () => {
    const intakes = []
    for (const [n, startsAt] of ['2026-03-02T15:00:00Z', '2026-03-02T14:00:00Z', '2026-03-03T06:00:00Z'].entries()) {
      const { intakeId, visitId } = await newLink(hub)
      await hub.owner.query(
        `INSERT INTO reporting.journeys (tenant_id, intake_id, visit_id, starts_at, first_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (tenant_id, intake_id) DO UPDATE SET starts_at = excluded.starts_at`,
        [hub.tenantId, intakeId, visitId, startsAt, hub.now],
      )
      intakes[n] = intakeId
    }
    const span = [new Date('2026-03-02T06:00:00Z'), new Date('2026-03-03T06:00:00Z')] as const
    const { items, cut } = await hub.api.stores.desk.between(hub.tenantId, ...span, 10, hub.now)
    expect(items.map(({ journey }) => journey.intakeId)).to.deep.equal([intakes[1], intakes[0]])
    expect(cut).to.equal(false)
    expect((await hub.api.stores.desk.between(hub.tenantId, ...span, 1, hub.now)).cut).to.equal(true)
    expect((await hub.api.stores.desk.between(hub.otherTenantId, ...span, 10, hub.now)).items).to.deep.equal([])
  })

  it('says whether a link still opens, never the link', async () => {
    const { intakeId } = await newLink(hub)
    expect(await hub.api.stores.desk.link(hub.tenantId, intakeId, hub.now)).to.deep.equal({ status: 'created', canBeSent: true })
    await hub.api.stores.clinic.revokeLink(hub.tenantId, intakeId, 'user:desk', 'c-1', hub.now)
    expect(await hub.api.stores.desk.link(hub.tenantId, intakeId, hub.now)).to.deep.equal({ status: 'revoked', canBeSent: false })
    expect(await hub.api.stores.desk.link(hub.otherTenantId, intakeId, hub.now)).to.equal(undefined)
  })

  it('says of each visit in the list whether its link has ended: by its time before the form came, or here', async () => {
    const startsAt = new Date('2026-03-20T15:00:00Z')
    const book = async () => {
      const { intakeId, visitId, expiresAt } = await newLink(hub)
      await hub.owner.query(
        `INSERT INTO reporting.journeys (tenant_id, intake_id, visit_id, starts_at, first_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (tenant_id, intake_id) DO UPDATE SET starts_at = excluded.starts_at`,
        [hub.tenantId, intakeId, visitId, startsAt, hub.now],
      )
      return { intakeId, expiresAt: new Date(expiresAt) }
    }
    const [open, revoked] = [await book(), await book()]
    await hub.api.stores.clinic.revokeLink(hub.tenantId, revoked.intakeId, 'user:desk', 'c-1', hub.now)
    const ended = async (now: Date) => {
      const { items } = await hub.api.stores.desk.between(hub.tenantId, startsAt, new Date(startsAt.getTime() + 60_000), 10, now)
      return new Map(items.map(({ journey, linkEnded }) => [journey.intakeId, linkEnded]))
    }
    const both = (first: boolean) =>
      new Map([
        [open.intakeId, first],
        [revoked.intakeId, true],
      ])
    expect(await ended(hub.now)).to.deep.equal(both(false))
    const before = new Date(open.expiresAt.getTime() - 1)
    expect(await ended(before)).to.deep.equal(both(false))
    expect(await ended(open.expiresAt)).to.deep.equal(both(true))
    expect((await hub.api.stores.desk.link(hub.tenantId, open.intakeId, before))?.status).to.equal('created')
    expect((await hub.api.stores.desk.link(hub.tenantId, open.intakeId, open.expiresAt))?.status).to.equal('expired')
  })
})
