import { clinicalApplies } from '@heliox/core/clinical'
import { type FlowPalette, type FlowRelease, parseRelease, releaseHash } from '@heliox/core/flows'
import { applyType, type EventSpec, type Log, type NodeSpec } from '@heliox/core/kit'
import type { FlowStore } from '@heliox/core/ports'
import { eventByType } from '@heliox/core/registry'
import { expect } from 'chai'
import type { NodeRedHost } from './node-red-host.ts'
import { makeReleases, type Releases } from './releases.ts'

const [attach] = clinicalApplies
const consume: NodeSpec = {
  type: 'hub.consume',
  kind: 'consume',
  in: null,
  ports: [{ name: 'ok', contract: 'same' }],
  settlesWhenOpen: false,
  effect: false,
  summary: '',
}
const apply: NodeSpec = {
  type: applyType(attach.name, attach.version),
  kind: 'apply',
  in: attach.input.id,
  ports: [{ name: 'ok', contract: 'same' }],
  settlesWhenOpen: true,
  effect: true,
  summary: '',
  emits: attach.emits,
}
const palette: FlowPalette = {
  specs: new Map([consume, apply].map((spec) => [spec.type, spec])),
  events: eventByType as ReadonlyMap<string, EventSpec>,
  contracts: new Map([[attach.input.id, attach.input]]),
}

function release(version: number, changes: Record<string, unknown> = {}): FlowRelease {
  const hub = { name: 'intake', version, enters: ['intake.submitted.v1'], leaves: [...attach.emits], maxSeconds: 30, maxInFlight: 4 }
  return parseRelease([
    { id: 'tab', type: 'tab', label: 'Intake', disabled: false, info: '', env: [], hub },
    { id: 'in', type: 'hub.consume', z: 'tab', name: 'submitted', x: 100, y: 100, events: ['intake.submitted.v1'], wires: [['attach']] },
    { id: 'attach', type: apply.type, z: 'tab', name: 'attach patient', x: 300, y: 100, wires: [[]], ...changes },
  ])
}
const shipped = (flow: FlowRelease, version = 1, lockedHash?: string) => ({ name: 'intake', version, hash: releaseHash(flow), release: flow, lockedHash })

describe('hub/flows-runtime releases', () => {
  let releases: Releases
  let deployed: string[][]
  let stored: Map<string, unknown>
  let registered: 'new' | 'same' | 'changed'
  let types: Set<string>
  let asked: number
  let errors: string[]

  beforeEach(() => {
    deployed = []
    stored = new Map()
    registered = 'new'
    types = new Set([consume.type, apply.type])
    asked = 0
    const host: NodeRedHost = {
      deploy: async (nodes) => {
        deployed.push(nodes.map((node) => String(node.id)))
      },
      knows: (type) => types.has(type),
      inject: () => undefined,
      stop: async () => undefined,
    }
    const flows: FlowStore = {
      pin: async () => ({ is: 'settled' }),
      settle: async () => undefined,
      holdBug: async () => undefined,
      registerRelease: async () => registered,
      release: async (flow, version) => {
        asked += 1
        return stored.get(`${flow}@${version}`)
      },
    }
    errors = []
    const log: Log = { info: () => undefined, warn: () => undefined, error: ({ text }) => errors.push(String(text)) }
    releases = makeReleases({ host, flows, palette, clock: { now: () => new Date('2026-01-05T15:00:00Z') }, log })
  })

  async function failure(promise: Promise<unknown>): Promise<string> {
    return promise.then(
      () => 'it did not fail',
      (error: Error) => error.message,
    )
  }

  it('deploys what ships under ids of its version, and knows where an event enters', async () => {
    await releases.loadShipped([shipped(release(1))])
    expect(deployed).to.deep.equal([['intake@1/tab', 'intake@1/in', 'intake@1/attach']])
    const loaded = await releases.ensure('intake', 1)
    expect(loaded?.entry('intake.submitted.v1')).to.equal('intake@1/in')
    expect(loaded?.entry('intake.created.v1')).to.equal(undefined)
    expect(asked).to.equal(0)
  })

  it('refuses to start on a release that changed after it was registered', async () => {
    registered = 'changed'
    expect(await failure(releases.loadShipped([shipped(release(1))]))).to.match(/intake@1 is not the release that was registered.*new version/)
    expect(deployed).to.deep.equal([])
  })

  it('refuses to start on a release that differs from the lock', async () => {
    expect(await failure(releases.loadShipped([shipped(release(1), 1, 'f'.repeat(64))]))).to.contain('released-version-changed')
    expect(deployed).to.deep.equal([])
  })

  it('refuses to start on a release that breaks a rule of the checker', async () => {
    const bad = release(1, { type: 'function', func: 'return msg' })
    expect(await failure(releases.loadShipped([shipped(bad)]))).to.match(/intake@1 may not run: /)
    expect(deployed).to.deep.equal([])
  })

  it('refuses a release whose node types this engine does not have', async () => {
    types.delete(apply.type)
    expect(await failure(releases.loadShipped([shipped(release(1))]))).to.contain(apply.type)
  })

  it('fetches a pinned release that it does not have, once for all who wait', async () => {
    stored.set('intake@2', release(2))
    const both = await Promise.all([releases.ensure('intake', 2), releases.ensure('intake', 2)])
    expect(both.map((loaded) => loaded?.manifest.version)).to.deep.equal([2, 2])
    expect(asked).to.equal(1)
    expect(deployed).to.have.length(1)
    expect(releases.newest('intake')?.manifest.version).to.equal(2)
  })

  it('says that there is none, and asks again next time', async () => {
    expect(await releases.ensure('intake', 3)).to.equal(undefined)
    stored.set('intake@3', release(3))
    expect((await releases.ensure('intake', 3))?.manifest.version).to.equal(3)
  })

  it('does not run a fetched release that it may not run, and says why in the log only', async () => {
    stored.set('intake@4', release(4, { type: 'exec' }))
    stored.set('intake@5', 'no release at all')
    expect(await releases.ensure('intake', 4)).to.equal(undefined)
    expect(await releases.ensure('intake', 5)).to.equal(undefined)
    expect(errors).to.have.length(2)
    expect(errors[0]).to.match(/intake@4 may not run/)
    expect(deployed).to.deep.equal([])
  })
})
