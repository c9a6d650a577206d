import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

describe('pins and releases', () => {
  let hub: TestHub
  let envelope: Envelope
  before(async () => {
    hub = await openTestHub()
    envelope = (await submittedIntake(hub)).envelope
  })
  after(() => hub.close())
  const another = (): Envelope => ({ ...envelope, rootId: randomUUID(), aggregateId: randomUUID() })
  const versionOf = async (one: Envelope, flow: string): Promise<number | string> => {
    const pin = await hub.engine.stores.flows.pin(one, flow, hub.now)
    return pin.is === 'open' ? pin.version : pin.is
  }
  const activate = (flow: string, version: number, percent: number) =>
    hub.owner.query(
      `INSERT INTO catalog.flow_activations VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, flow, version) DO UPDATE SET percent = excluded.percent`,
      [hub.tenantId, flow, version, percent, hub.now],
    )

  it('keeps a delivery on its version when another is activated', async () => {
    await activate('kept', 1, 100)
    expect(await versionOf(envelope, 'kept')).to.equal(1)
    await activate('kept', 2, 100)
    expect(await versionOf(envelope, 'kept')).to.equal(1)
    expect(await versionOf(another(), 'kept')).to.equal(2)
    await activate('kept', 2, 0)
    expect(await versionOf(another(), 'kept'), 'rolled back by activation').to.equal(1)
  })

  it('splits by percentage, and gives one aggregate the same version each time', async () => {
    await activate('split', 1, 100)
    await activate('split', 2, 20)
    const roots = Array.from({ length: 200 }, another)
    const versions = await Promise.all(roots.map((root) => versionOf(root, 'split')))
    expect(versions.filter((version) => version === 2).length).to.be.within(15, 70)
    const sameAggregate = await Promise.all(roots.map((root) => versionOf({ ...root, rootId: randomUUID() }, 'split')))
    expect(sameAggregate).to.deep.equal(versions)
  })

  it('pins once when two engines get the same delivery', async () => {
    const one = another()
    await activate('race', 1, 50)
    await activate('race', 2, 50)
    const versions = await Promise.all(Array.from({ length: 10 }, () => versionOf(one, 'race')))
    expect(new Set(versions).size).to.equal(1)
  })

  it('says which flow has no activation', async () => {
    const error = await hub.engine.stores.flows.pin(envelope, 'nowhere', hub.now).catch((e: Error) => e.message)
    expect(error).to.equal('no activation of flow nowhere for this tenant')
  })

  it('stays settled, whatever is said later', async () => {
    const one = another()
    await versionOf(one, 'intake')
    await hub.engine.stores.flows.settle(one, 'intake', 'retrying', hub.now)
    expect(await versionOf(one, 'intake')).to.equal(1)
    await hub.engine.stores.flows.settle(one, 'intake', 'done', hub.now)
    await hub.engine.stores.flows.settle(one, 'intake', 'held', hub.now)
    expect(await versionOf(one, 'intake')).to.equal('settled')
  })

  it('stores a release once, knows it again, and tells when it was changed', async () => {
    const { flows } = hub.engine.stores
    const release = { nodes: [{ id: 'a' }] }
    expect(await flows.registerRelease('demo', 1, 'a'.repeat(64), release, hub.now)).to.equal('new')
    expect(await flows.registerRelease('demo', 1, 'a'.repeat(64), release, hub.now)).to.equal('same')
    expect(await flows.registerRelease('demo', 1, 'b'.repeat(64), { nodes: [] }, hub.now)).to.equal('changed')
    expect(await flows.release('demo', 1)).to.deep.equal(release)
    expect(await flows.release('demo', 2)).to.equal(undefined)
  })
})
