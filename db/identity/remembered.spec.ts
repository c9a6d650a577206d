import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'

describe('a form at a link that is only remembered', () => {
  let hub: TestHub
  let link: LinkFacts
  let linkSha256: string
  before(async () => {
    hub = await openTestHub()
  })
  beforeEach(async () => {
    const [token, tokenSha256] = newToken()
    const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes' }
    linkSha256 = tokenSha256
    await hub.api.stores.clinic.createVisit(hub.tenantId, details, { token, tokenSha256, expiresAt: new Date('2026-02-10T00:00:00Z') }, 'user:desk', hub.now)
    link = await lookUp()
  })
  after(() => hub.close())

  async function lookUp(proofs: readonly string[] = []): Promise<LinkFacts> {
    const found = await hub.api.stores.intake.findLink(linkSha256, hub.now, proofs)
    if (!found) throw new Error('the link was not found')
    return found
  }
  const submit = (meta: Partial<ReturnType<typeof submitMeta>> = {}, now = hub.now) =>
    hub.api.stores.intake.submit(link, submission, { ...submitMeta(), rememberedSha256: linkSha256, ...meta, browserSha256: newToken()[1] }, now)
  const written = async (): Promise<unknown> => {
    const found = await hub.owner.query(
      `SELECT (SELECT count(*)::int FROM identity.phi_documents WHERE intake_id = $1) AS documents, (SELECT count(*)::int FROM identity.outbox
         WHERE intake_id = $1 AND event_type = 'intake.submitted.v1') AS events, (SELECT count(*)::int FROM identity.patient_phi) AS patients`,
      [link.intakeId],
    )
    return found.rows[0]
  }
  const asOwner = (sql: string, values: unknown[]) => hub.owner.query(sql, values)

  it('is kept as it is at one that was looked up', async () => {
    expect(await submit()).to.equal('submitted')
    expect(await written()).to.deep.include({ documents: 1, events: 1 })
    expect((await lookUp()).status).to.equal('submitted')
  })

  it('is kept with the proof that the browser gave, and is stale once that has ended', async () => {
    const [, proof] = newToken()
    await asOwner('UPDATE identity.intake_sessions SET guarded = true WHERE id = $1', [link.intakeId])
    await asOwner(
      `INSERT INTO identity.intake_proofs (tenant_id, id, intake_id, token_sha256, proved_at, expires_at) VALUES ($1, gen_random_uuid(), $2, $3, $4, $5)`,
      [hub.tenantId, link.intakeId, proof, hub.now, new Date(hub.now.getTime() + 3_600_000)],
    )
    link = await lookUp([proof])
    expect(link.proof).to.equal('given')
    await asOwner('UPDATE identity.intake_proofs SET ended_at = $2 WHERE intake_id = $1', [link.intakeId, hub.now])
    expect(await submit({ proofSha256s: [proof] })).to.equal('stale')
    await asOwner('UPDATE identity.intake_proofs SET ended_at = NULL WHERE intake_id = $1', [link.intakeId])
    expect(await submit(), 'a browser without it').to.equal('stale')
    expect(await submit({ proofSha256s: [proof] })).to.equal('submitted')
  })

  const changes: [title: string, change: () => Promise<unknown>][] = [
    ['another link was made', () => asOwner('UPDATE identity.intake_sessions SET link_sha256 = $2 WHERE id = $1', [link.intakeId, newToken()[1]])],
    ['the link was revoked', () => asOwner('UPDATE identity.intake_sessions SET revoked_at = $2 WHERE id = $1', [link.intakeId, hub.now])],
    ['the link ran out', () => asOwner('UPDATE identity.intake_sessions SET expires_at = $2 WHERE id = $1', [link.intakeId, hub.now])],
    ['the link asks for the proof', () => asOwner('UPDATE identity.intake_sessions SET guarded = true WHERE id = $1', [link.intakeId])],
    [
      'the visit was moved',
      () =>
        asOwner(`UPDATE clinical.appointments SET starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day' WHERE id = $1`, [
          link.visitId,
        ]),
    ],
    ['the visit was called off', () => asOwner(`UPDATE clinical.appointments SET status = 'cancelled' WHERE id = $1`, [link.visitId])],
  ]
  for (const [title, change] of changes)
    it(`is stale, and nothing is written, when ${title} meanwhile`, async () => {
      const before = await written()
      await change()
      expect(await submit()).to.equal('stale')
      expect(await written()).to.deep.equal(before)
    })

  it('is stale at a clinic that is not active any more', async () => {
    const status = await asOwner('SELECT status::text AS s FROM identity.tenants WHERE tenant_id = $1', [hub.tenantId])
    await asOwner(`UPDATE identity.tenants SET status = 'suspended' WHERE tenant_id = $1`, [hub.tenantId])
    try {
      expect(await submit()).to.equal('stale')
    } finally {
      await asOwner('UPDATE identity.tenants SET status = $2 WHERE tenant_id = $1', [hub.tenantId, status.rows[0]?.s])
    }
  })

  it('that was sent already is stale, under its own key and any other: whoever looks it up learns which', async () => {
    const meta = submitMeta()
    expect(await submit({ ...meta, rememberedSha256: linkSha256 })).to.equal('submitted')
    expect(await submit({ ...meta, rememberedSha256: linkSha256 })).to.equal('stale')
    expect(await submit({ ...meta, rememberedSha256: null })).to.equal('replayed')
    expect(await submit()).to.equal('stale')
  })

  it('of another clinic is stale, whatever the caller believes', async () => {
    link = { ...link, tenantId: hub.otherTenantId }
    expect(await submit()).to.equal('stale')
  })
})
