import { randomUUID } from 'node:crypto'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, newLink, newToken, openTestHub, photoWish, submission, submitMeta, type TestHub } from '../fixtures.ts'

describe('submit', () => {
  let hub: TestHub
  let link: LinkFacts
  before(async () => {
    hub = await openTestHub()
  })
  beforeEach(async () => {
    link = await newLink(hub)
  })
  after(() => hub.close())
  const submit = (body = submission, meta = submitMeta(), now = hub.now) =>
    hub.api.stores.intake.submit(link, body, { ...meta, browserSha256: newToken()[1] }, now)
  const counts = async (): Promise<Record<string, number>> => {
    const tables = ['identity.patients', 'identity.patient_phi', 'identity.phi_documents', 'identity.outbox', 'compliance.audit_logs']
    const found = await Promise.all(tables.map((table) => hub.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)))
    return Object.fromEntries(tables.map((table, i) => [table, found[i]?.rows[0]?.n ?? -1]))
  }

  /** What travels to the database meanwhile. */
  async function statements(work: () => Promise<unknown>): Promise<number> {
    await hub.api.vault.warm(hub.tenantId)
    const client = await hub.api.pool.connect()
    let sent = 0
    const original = client.query
    client.query = ((...args: never[]) => {
      sent += 1
      return (original as (...a: never[]) => unknown).apply(client, args)
    }) as typeof client.query
    client.release()
    await work()
    client.query = original
    return sent
  }

  it('is one statement in one round trip, and so is the look at its link before it', async () => {
    const hash = (await linkHash()) ?? ''
    expect(await statements(async () => expect(await submit()).to.equal('submitted'))).to.equal(1)
    expect(await statements(async () => expect(await hub.api.stores.intake.findLink(hash, hub.now)).to.be.an('object'))).to.equal(1)
  })

  it('writes patient, answers, signature, event and audit together', async () => {
    const before = await counts()
    expect(await submit()).to.equal('submitted')
    const after = await counts()
    for (const table of Object.keys(before)) expect(after[table], table).to.equal((before[table] ?? 0) + 1)
    const found = await hub.api.stores.intake.findLink((await linkHash()) ?? '', hub.now)
    expect(found?.status).to.equal('submitted')
  })

  it('tells the event in ids and codes, with the day of the visit in the clinic’s zone', async () => {
    await drainAll(hub, 'identity')
    link = { ...link, startsAt: '2026-02-10T03:30:00Z' }
    await submit()
    const rows = await drainAll(hub, 'identity')
    const payload = rows.find((row) => row.envelope.type === 'intake.submitted.v1')?.envelope.payload as Record<string, unknown>
    expect(payload).to.include({ serviceDate: '2026-02-09', payerId: 'HELIO1', submittedAt: hub.now.toISOString(), visitId: link.visitId })
    expect(rows.map((row) => row.envelope.process)).to.include('api-1')
  })

  it('makes one submit and nineteen replays of twenty equal requests', async () => {
    const meta = submitMeta()
    const before = await counts()
    const results = await Promise.all(Array.from({ length: 20 }, () => submit(submission, meta)))
    expect(results.filter((result) => result === 'submitted')).to.have.length(1)
    expect(results.filter((result) => result === 'replayed')).to.have.length(19)
    expect((await counts())['identity.patients']).to.equal((before['identity.patients'] ?? 0) + 1)
  })

  it('takes one of twenty requests under different keys', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => submit()))
    expect(results.filter((result) => result === 'submitted')).to.have.length(1)
    expect(results.filter((result) => result === 'closed')).to.have.length(19)
  })

  it('says conflict to the same key with another body', async () => {
    const meta = submitMeta()
    await submit(submission, meta)
    const changed = { ...submission, answers: { ...submission.answers, memberId: 'HX00000' } }
    expect(await submit(changed, meta)).to.equal('conflict')
  })

  it('stores nothing after the link ran out, for an unknown intake, or under another tenant', async () => {
    const before = await counts()
    expect(await submit(submission, submitMeta(), new Date('2026-02-10T00:00:00Z'))).to.equal('closed')
    const own = link
    link = { ...own, intakeId: randomUUID() }
    expect(await submit()).to.equal('closed')
    link = { ...own, tenantId: hub.otherTenantId }
    expect(await submit()).to.equal('closed')
    expect(await counts()).to.deep.equal(before)
  })

  it('passes on only uploads of this intake', async () => {
    const own = randomUUID()
    const foreign = randomUUID()
    await hub.api.stores.intake.requestUpload(link, photoWish(own), hub.now)
    await hub.api.stores.intake.requestUpload(await newLink(hub), photoWish(foreign), hub.now)
    await drainAll(hub, 'identity')
    await submit({ ...submission, uploadIds: [own, foreign, randomUUID()] })
    const [row] = (await drainAll(hub, 'identity')).filter((one) => one.envelope.type === 'intake.submitted.v1')
    expect(row?.envelope.payload).to.deep.include({ uploadIds: [own] })
  })

  it('leaves nothing of the patient readable in any table', async () => {
    const answers = { ...submission.answers, givenName: 'Lapwinggiven', familyName: 'Lapwingfamily', memberId: 'LAPWING123' }
    await submit({ ...submission, answers, signature: { ...submission.signature, typedName: 'Lapwinggiven Lapwingfamily' } })
    const tables = await hub.owner.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname ~ '^[a-z]+$'
         AND n.nspname NOT IN ('information_schema', 'pgboss')`,
    )
    for (const { name } of tables.rows) {
      const hits = await hub.owner.query(
        `SELECT 1 FROM ${name} t WHERE t::text ~* 'lapwing' OR encode(convert_to(t::text, 'UTF8'), 'escape') ~* 'lapwing' LIMIT 1`,
      )
      expect(hits.rowCount, name).to.equal(0)
    }
  })

  async function linkHash(): Promise<string | undefined> {
    const found = await hub.owner.query<{ link_sha256: string }>('SELECT link_sha256 FROM identity.intake_sessions WHERE id = $1', [link.intakeId])
    return found.rows[0]?.link_sha256
  }
})
