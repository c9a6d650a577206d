import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { newLink, newToken, openTestHub, type TestHub } from '../fixtures.ts'
import { demo } from '../seed/demo.ts'

const contact = VisitContact.parse({ givenName: 'Ruth', familyName: 'Okafor', phone: '+13125550142' })

describe('who saw a patient’s name, and when', () => {
  let hub: TestHub
  const visitIds: string[] = []
  before(async () => {
    hub = await openTestHub()
    for (let n = 0; n < 12; n += 1) {
      const { visitId } = await newLink(hub)
      visitIds.push(visitId)
      await hub.api.stores.contacts.save(hub.tenantId, visitId, contact, 'user:desk', at(-1000))
    }
  })
  after(() => hub?.close())

  const at = (seconds: number): Date => new Date(hub.now.getTime() + seconds * 1000)
  const read = (ids: readonly string[], actor: string, seconds: number, tenantId = hub.tenantId) =>
    hub.api.stores.contacts.read(tenantId, ids, 'front desk list', actor, at(seconds))
  const span = () => ({ from: at(0), to: at(3600) })
  const about = async (visitId: string, tenantId = hub.tenantId, limit = 50) =>
    (await hub.api.stores.accesses.about(tenantId, { visitId, others: [] }, span(), { limit, linesMax: 10_000 })).lines
  const [colleague] = demo.lakeside.users

  it('tells of each visit in a long list, not of the first few only, and by the name of the colleague', async () => {
    const unknown = randomUUID()
    await read([...visitIds, unknown], `user:${colleague?.id}`, 10)
    for (const visitId of visitIds) {
      expect(await about(visitId)).to.deep.equal([
        {
          ...{ at: at(10).toISOString(), actor: { kind: 'user', name: colleague?.displayName }, action: 'contact.read' },
          ...{ purpose: 'front desk list', outcome: 'ok', subjects: 12 },
        },
      ])
    }
    expect(await about(unknown), 'whose name is not known was not seen').to.deep.equal([])
  })

  it('tells of a short list and of one visit alike, the newest first, and never another clinic’s', async () => {
    const [one = '', two = '', three = ''] = visitIds
    await read([one, two], `patient:${randomUUID()}`, 20)
    await read([one], 'service:engine-1', 30)
    await read([one], 'user:desk', 4000)
    expect((await about(one)).map(({ actor, subjects }) => [actor.kind, actor.name, subjects])).to.deep.equal([
      ['service', 'engine-1', 1],
      ['patient', null, 2],
      ['user', colleague?.displayName, 12],
    ])
    expect((await about(two)).map(({ subjects }) => subjects)).to.deep.equal([2, 12])
    expect(await about(three)).to.have.length(1)
    expect(await about(one, hub.tenantId, 2)).to.have.length(2)
    expect(await about(one, hub.otherTenantId)).to.deep.equal([])
  })

  it('reads no more of a long log than it is told to, the newest, and says since when; never another clinic’s', async () => {
    const [one = ''] = visitIds
    const read = (linesMax: number, tenantId = hub.tenantId) =>
      hub.api.stores.accesses.about(tenantId, { visitId: one, others: [] }, span(), { limit: 50, linesMax })
    const whole = await read(1000)
    expect([whole.lines.length, whole.whole, whole.from]).to.deep.equal([3, true, at(0)])
    const part = await read(2)
    expect([part.lines, part.whole, part.from]).to.deep.equal([whole.lines.slice(0, 2), false, new Date(at(10).getTime() + 1)])
    expect(await read(1, hub.otherTenantId)).to.deep.equal({ lines: [], from: at(0), whole: true })
  })

  it('binds the ids of a list to its line in the audit, and neither can be changed or is anybody’s to read', async () => {
    const { rows } = await hub.owner.query<{ resource: string; ids: string[] }>(
      `SELECT a.resource, l.subject_ids AS ids FROM compliance.audit_lists l JOIN compliance.audit_logs a ON a.tenant_id = l.tenant_id AND a.id = l.audit_id`,
    )
    expect(rows).to.have.length(1)
    expect(rows[0]?.ids).to.deep.equal([...visitIds].sort())
    expect(rows[0]?.resource).to.equal(`visits:12 sha256:${sha256Hex([...visitIds].sort().join())}`)
    const refused = async (sql: string) =>
      hub.owner.query(sql).then(
        () => 'done',
        (error: Error) => error.message,
      )
    expect(await refused(`UPDATE compliance.audit_lists SET subject_ids = subject_ids[1:1]`)).to.match(/only grows/)
    expect(await hub.api.pool.query('SELECT 1 FROM compliance.audit_lists').catch((error: Error) => error.message)).to.match(/permission denied/)
  })

  it('reads more than one line holds in several lines, each with its own ids', async () => {
    const many = [...Array.from({ length: 510 }, () => randomUUID()), ...visitIds]
    expect((await read(many, 'service:engine-1', 40)).size).to.equal(12)
    expect((await about(visitIds[3] ?? ''))[0]).to.include({ at: at(40).toISOString(), subjects: 12 })
  })

  it('tells of what belongs to a visit by an id of its own: codes, messages, what waited for a person and its papers, money', async () => {
    const { stores } = hub.api
    await stores.connectionAdmin.save(hub.tenantId, 'twilio', {}, { webhookToken: 'x'.repeat(32) }, 'user:admin', at(-900))
    const book = async () => {
      const [token, tokenSha256] = newToken()
      const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes', contact }
      const ended = new Date('2026-02-10T00:00:00Z')
      const made = await stores.clinic.createVisit(hub.tenantId, details, { token, tokenSha256, expiresAt: ended }, 'user:desk', at(-900))
      if (typeof made === 'string') throw new Error(made)
      return made
    }
    const [link, other] = [await book(), await book()]
    const [item, input, charge, refund] = Array.from({ length: 4 }, () => randomUUID())
    await hub.owner.query(
      `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, cause, owner, staff_text, attempts, envelope, opened_at, intake_id, input_document_id)
       VALUES ($1, $2, gen_random_uuid(), 'eligibility', 3, 'check', 'unavailable', 'ops', 'away', 1, '{}', $3, $4, $5)`,
      [hub.tenantId, item, at(1), link.intakeId, input],
    )
    await hub.owner.query(
      `INSERT INTO billing.charges (tenant_id, id, series_id, attempt, intake_id, patient_id, purpose, amount_minor, currency, customer_id, payment_method_id, status, first_at,
         requested_by, created_at, updated_at)
       VALUES ($1, $2, $2, 1, $3, gen_random_uuid(), 'copay', 2500, 'USD', 'cus_1', 'pm_1', 'requested', $4, 'user:x', $4, $4)`,
      [hub.tenantId, charge, link.intakeId, at(1)],
    )
    await hub.owner.query(
      `INSERT INTO billing.refunds (tenant_id, id, charge_id, intake_id, patient_id, amount_minor, currency, reason, status, requested_by, created_at, updated_at)
       VALUES ($1, $2, $3, $4, gen_random_uuid(), 500, 'USD', 'other', 'requested', 'user:x', $5, $5)`,
      [hub.tenantId, refund, charge, link.intakeId, at(1)],
    )
    const write = (action: string, resource: string, seconds: number) =>
      stores.audit.audit(hub.tenantId, { actor: 'user:x', action, resource, outcome: 'ok' }, at(seconds))
    const before = (await about(link.visitId)).length
    const sending = await stores.messages.send(hub.tenantId, link.intakeId, { kind: 'invitation', channel: 'sms', atOnce: true }, 'user:x', at(50))
    expect(sending.is).to.equal('sent')
    await write('override.resolve', `override:${item} answer`, 51)
    await write('phi.open-document', `document:${input}`, 52)
    await write('payment.charge', `charge:${charge}`, 53)
    await write('payment.refund', `refund:${refund} other`, 54)
    await write('phi.open-document', `document:${randomUUID()}`, 55)
    const lines = (await about(link.visitId)).slice(0, -before || undefined)
    expect(lines.map(({ action }) => action)).to.deep.equal(['payment.refund', 'payment.charge', 'phi.open-document', 'override.resolve', 'message.send'])
    expect((await about(other.visitId)).map(({ action }) => action)).to.not.include.members(['payment.charge'])
    expect((await about(other.visitId)).map(({ action }) => action)).to.not.include('override.resolve')
  })

  it('tells who was sent or shown a code', async () => {
    const link = await newLink(hub)
    await hub.api.stores.contacts.save(hub.tenantId, link.visitId, contact, 'user:desk', at(-900))
    await hub.api.stores.proofs.showCode(hub.tenantId, link.intakeId, 'user:x', at(60))
    const { rows } = await hub.owner.query<{ id: string }>('SELECT id FROM identity.proof_codes WHERE intake_id = $1', [link.intakeId])
    await hub.api.stores.audit.audit(hub.tenantId, { actor: 'service:engine-1', action: 'code.open', resource: `code:${rows[0]?.id}`, outcome: 'ok' }, at(61))
    const of = { visitId: link.visitId, others: [link.intakeId] }
    const { lines } = await hub.api.stores.accesses.about(hub.tenantId, of, span(), { limit: 50, linesMax: 10_000 })
    expect(lines.map(({ action }) => action).slice(0, 2)).to.deep.equal(['code.open', 'code.show'])
  })
})
