import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { newLink, openTestHub, type TestHub } from '../fixtures.ts'
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
  const about = (visitId: string, tenantId = hub.tenantId, limit = 50) =>
    hub.api.stores.accesses.about(tenantId, { visitId, others: [] }, { from: at(0), to: at(3600) }, limit)
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
})
