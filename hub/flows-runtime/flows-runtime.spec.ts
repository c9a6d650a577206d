import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { EligibilityAnswer } from '@heliox/core/billing'
import { type Envelope, type Log, type NodeSpec, neverStop } from '@heliox/core/kit'
import { UploadCompleted, UploadOutcome } from '@heliox/core/media'
import type { FlowNode, FlowStore, NodeRuntime, Step, StepHandler } from '@heliox/core/ports'
import { expect } from 'chai'
import { makeInFlight } from '../breaker/index.ts'
import type { Verdict } from '../bus/index.ts'
import { StepFailure } from '../invoke/index.ts'
import { testEnvelope } from '../invoke/testing.ts'
import { type Deliveries, makeDeliveries } from './deliveries.ts'
import { makeDispatcher } from './dispatcher.ts'
import { bootNodeRed, type NodeRedHost } from './node-red-host.ts'
import { makeAttach } from './settlement.ts'

/** A real Node-RED, in this process, with nodes of this test's own and a flow store in memory. */

interface RedApi {
  nodes: {
    createNode(node: FlowNode, config: unknown): void
    registerType(type: string, build: (this: FlowNode, config: unknown) => void): void
  }
  settings: { heliox: NodeRuntime & { registerTestTypes(red: RedApi): void } }
}

const phi = {
  verdict: 'active',
  basis: { eb: [1], rule: 'r', inferred: false },
  trace: 'SECRET-TRACE',
  planName: 'Jane Roe Gold',
  planDates: [],
  copays: [],
  manual: false,
} as const
const photo = (): unknown => ({ uploadId: randomUUID(), intakeId: randomUUID(), kind: 'card-front', quarantineKey: 'q/1', parts: null })

function spec(type: string, changes: Partial<NodeSpec> = {}): NodeSpec {
  return { type, kind: 'map', in: 'any', ports: [{ name: 'ok', contract: 'same' }], settlesWhenOpen: true, effect: false, summary: '', ...changes }
}

describe('hub/flows-runtime', () => {
  let host: NodeRedHost
  let folder: string
  let deliveries: Deliveries
  let spied: unknown[]
  let reached: { step: string; input: unknown; at: Step }[]
  let lines: string[] = []
  let held: { step: string; cause: string; staffText: string }[]
  let settled: string[]
  let waiting: { step: string; release: () => void }[]
  let pinned: 'open' | 'settled'
  let failSettle: Error | undefined

  const write = (fields: Record<string, unknown>, text: string): void => {
    lines.push(inspect({ ...fields, text }, { depth: 9 }))
  }
  const log: Log = { info: write, warn: write, error: write }
  const clock = { now: () => new Date('2026-01-05T15:00:00.000Z') }

  const pass: StepHandler = async (input, at) => {
    reached.push({ step: at.ref.step, input, at })
    return { is: 'pass' }
  }
  const types: [NodeSpec, StepHandler][] = [
    [spec('test.consume', { kind: 'consume', in: null }), pass],
    [spec('test.pass'), pass],
    [spec('test.seal'), async () => ({ is: 'next', port: 'ok', contract: EligibilityAnswer, value: phi, manual: true, suspicions: ['fast-answer'] })],
    [spec('test.picky', { in: UploadOutcome.id }), pass],
    [
      spec('test.throw'),
      () => {
        throw new Error('sync: Jane Roe')
      },
    ],
    [
      spec('test.reject'),
      async () => {
        await new Promise((resolve) => setImmediate(resolve))
        throw new Error('async: Jane Roe')
      },
    ],
    [spec('test.step-failure'), async () => Promise.reject(new StepFailure('contract', 'The input of x is not Y.v1.'))],
    [spec('test.outage'), async () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))],
    [spec('test.wait'), (_input, at) => new Promise((resolve) => waiting.push({ step: at.ref.step, release: () => resolve({ is: 'pass' }) }))],
    [spec('test.held', { ports: [{ name: 'held', contract: 'held' }] }), async () => ({ is: 'held' })],
    [spec('test.hold', { in: 'held', ports: [] }), async () => ({ is: 'settle', outcome: 'held' })],
    [spec('test.retrying'), async () => ({ is: 'settle', outcome: 'retrying' })],
    [spec('test.later'), async () => ({ is: 'later', delayMs: 1_500 })],
  ]

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heliox-nodes-'))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'test.js'), 'export default (RED) => RED.settings.heliox.registerTestTypes(RED)\n')
    await writeFile(join(folder, 'test.html'), '')
    deliveries = makeDeliveries()
    const attach = makeAttach({ deliveries, log })
    const registerTestTypes = (RED: RedApi): void => {
      for (const [nodeSpec, handler] of types) {
        RED.nodes.registerType(nodeSpec.type, function (this: FlowNode, config) {
          RED.nodes.createNode(this, config)
          attach(this, nodeSpec, handler)
        })
      }
      // Not through the wrapper: what any foreign node, hook or log would see of a message.
      RED.nodes.registerType('test.spy', function (this: FlowNode, config) {
        RED.nodes.createNode(this, config)
        this.on('input', (msg, send, done) => {
          spied.push(msg)
          send([msg])
          done()
        })
      })
    }
    const runtime = { services: undefined as never, attach, registerTestTypes }
    host = await bootNodeRed({ nodesDirs: [folder], log, onNodeError: () => undefined, runtime })
  })
  after(async () => {
    await host.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    spied = []
    reached = []
    lines = []
    held = []
    settled = []
    waiting = []
    pinned = 'open'
    failSettle = undefined
  })

  const flows: FlowStore = {
    pin: async (_envelope, flow) => (pinned === 'open' ? { is: 'open', flow, version: 1, ledgerMonth: '2026-01-01', generationOf: {} } : { is: 'settled' }),
    settle: async (_envelope, _flow, outcome) => {
      if (failSettle) throw failSettle
      settled.push(outcome)
    },
    holdBug: async (ref, cause, staffText) => {
      held.push({ step: ref.step, cause, staffText })
    },
    registerRelease: async () => 'same',
    release: async () => undefined,
  }

  interface Runner {
    run(body?: unknown): Promise<Verdict>
    envelope: Envelope
  }
  /** Deploys `consume` wired to the given chain of node types; each step is named like its type. */
  async function flow(chain: readonly string[], options: { maxSeconds?: number; maxInFlight?: number; extraWire?: string } = {}): Promise<Runner> {
    const name = `t-${randomUUID().slice(0, 8)}`
    const id = (i: number): string => `${name}@1/${i}`
    const tab = `${name}@1/tab`
    const all = ['test.consume', ...chain]
    const nodes = all.map((type, i) => ({
      id: id(i),
      type,
      z: tab,
      name: `${type.replace('test.', '')}`,
      x: 10,
      y: 10,
      wires: i + 1 < all.length ? [[id(i + 1)]] : [[]],
    }))
    const extra = options.extraWire ? [{ id: id(99), type: options.extraWire, z: tab, name: 'second', x: 10, y: 10, wires: [[]] }] : []
    if (options.extraWire) nodes[0]?.wires[0]?.push(id(99))
    await host.deploy([{ id: tab, type: 'tab', label: name, disabled: false }, ...nodes, ...extra])
    const manifest = {
      name,
      version: 1,
      enters: ['upload.completed.v1'],
      leaves: [],
      maxSeconds: options.maxSeconds ?? 20,
      maxInFlight: options.maxInFlight ?? 8,
    }
    const release = { manifest, entry: (type: string) => (type === 'upload.completed.v1' ? id(0) : undefined) }
    const dispatch = makeDispatcher(name, {
      region: 'us-east',
      releases: { ensure: async () => release, newest: () => release, loadShipped: async () => undefined },
      flows,
      deliveries,
      inFlight: makeInFlight(),
      inject: host.inject,
      clock,
      stop: neverStop,
      log,
    })
    const envelope = testEnvelope('upload.completed.v1', UploadCompleted.id, photo())
    return { envelope, run: (body = envelope) => dispatch(body) }
  }
  /** Node-RED hands a message on in a later turn of the loop: a few turns, so that what must not come would have come. */
  async function idle(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  async function until(condition: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + 5_000
    while (!condition()) {
      if (performance.now() > deadlineMs) throw new Error('waited too long')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  it('carries an event through its nodes and acknowledges it once, as done', async () => {
    const { run, envelope } = await flow(['test.pass', 'test.pass'])
    expect(await run()).to.deep.equal({ is: 'ack' })
    expect(settled).to.deep.equal(['done'])
    expect(reached.map((r) => r.step)).to.deep.equal(['consume', 'pass', 'pass'])
    expect(reached[0]?.input).to.deep.equal(envelope.payload)
    expect(reached[0]?.at.ref).to.include({ rootId: envelope.rootId, tenantId: envelope.tenantId, version: 1 })
    expect(deliveries.size()).to.equal(0)
  })

  for (const type of ['test.throw', 'test.reject']) {
    it(`holds for an engineer when a node fails (${type}); the process lives and no word of the error is kept`, async () => {
      const { run } = await flow([type, 'test.pass'])
      expect(await run()).to.deep.equal({ is: 'ack' })
      expect(held).to.have.length(1)
      expect(held[0]).to.include({ step: type.replace('test.', ''), cause: 'bug' })
      expect(settled).to.deep.equal(['held'])
      expect(JSON.stringify(held) + lines.join('\n')).not.to.contain('Jane Roe')
      const next = await flow(['test.pass'])
      expect(await next.run()).to.deep.equal({ is: 'ack' })
    })
  }

  it('says what it knows when a value is not its contract', async () => {
    const { run } = await flow(['test.step-failure'])
    await run()
    expect(held).to.deep.equal([{ step: 'step-failure', cause: 'contract', staffText: 'The input of x is not Y.v1.' }])
  })

  it('refuses a message of another contract than the step takes', async () => {
    const { run } = await flow(['test.picky'])
    await run()
    expect(held[0]).to.include({ step: 'picky', cause: 'contract' })
    expect(reached.map((r) => r.step)).to.deep.equal(['consume'])
  })

  it('hands the delivery back when storage cannot be reached, and opens no override', async () => {
    const { run } = await flow(['test.outage'])
    expect(await run()).to.deep.equal({ is: 'later', delayMs: 1_000 })
    expect(held).to.deep.equal([])
    expect(settled).to.deep.equal([])
  })

  it('hands the delivery back when the end of it cannot be written', async () => {
    const { run } = await flow(['test.pass'])
    failSettle = new Error('Connection terminated unexpectedly')
    expect((await run()).is).to.equal('later')
    failSettle = new Error('a bug in the store')
    let thrown: unknown
    await run().catch((error: unknown) => {
      thrown = error
    })
    expect(thrown).to.equal(failSettle)
    expect(deliveries.size()).to.equal(0)
  })

  it('settles once when a fan-out comes to two ends', async () => {
    const { run } = await flow(['test.pass'], { extraWire: 'test.pass' })
    expect(await run()).to.deep.equal({ is: 'ack' })
    expect(settled).to.deep.equal(['done'])
    expect(deliveries.size()).to.equal(0)
  })

  it('stops the second message of a fan-out once the first has settled', async () => {
    const { run } = await flow(['test.wait', 'test.pass'], { extraWire: 'test.pass' })
    expect(await run()).to.deep.equal({ is: 'ack' })
    expect(reached.map((r) => r.step)).to.deep.equal(['consume', 'second'])
    waiting[0]?.release()
    await idle()
    expect(reached.map((r) => r.step)).to.deep.equal(['consume', 'second'])
    expect(settled).to.deep.equal(['done'])
  })

  it('settles what takes too long as overdue, and drops what comes after', async () => {
    const { run } = await flow(['test.wait', 'test.spy'], { maxSeconds: 0.05 })
    expect(await run()).to.deep.equal({ is: 'ack' })
    expect(held[0]).to.include({ step: 'wait', cause: 'overdue' })
    expect(settled).to.deep.equal(['held'])
    waiting[0]?.release()
    await idle()
    expect(reached.map((r) => r.step)).to.deep.equal(['consume'])
    expect(spied).to.deep.equal([])
    expect(settled).to.deep.equal(['held'])
  })

  it('lets no patient data be seen in a message: not as JSON, inspected, cloned, nor in an error', async () => {
    const { run } = await flow(['test.seal', 'test.spy', 'test.pass'])
    await run()
    const message = spied[0] as { payload: unknown; hub: unknown }
    const sights = [
      JSON.stringify(message),
      inspect(message, { depth: 20, showHidden: true }),
      JSON.stringify(structuredClone(JSON.parse(JSON.stringify(message)))),
      inspect(structuredClone(message.payload), { depth: 20 }),
      String(message.payload),
      String(new Error(`bad ${message.payload}`)),
    ]
    for (const sight of sights) expect(sight).not.to.match(/Jane|SECRET/)
    expect(inspect(message)).to.contain('Sealed<EligibilityAnswer.v1>')
    const last = reached.at(-1)
    expect(last?.input).to.deep.equal(phi)
    expect(last?.at)
      .to.include({ manual: true })
      .and.to.deep.include({ suspicions: ['fast-answer'] })
  })

  it('opens a sealed value after Node-RED has cloned the message, and forgets it when the delivery settles', async () => {
    const { run } = await flow(['test.seal', 'test.pass', 'test.spy', 'test.pass'])
    await run()
    const handle = (spied[0] as { payload: { id: string } }).payload
    const again = deliveries.open(testEnvelope('upload.completed.v1', UploadCompleted.id, photo()), { flow: 'f', version: 1, ledgerMonth: '2026-01-01' }, '')
    expect(again.unwrap(handle)).to.equal(handle)
    const cloned = structuredClone(again.wrap(EligibilityAnswer, phi))
    expect(again.unwrap(cloned)).to.deep.equal(phi)
    again.settle({ is: 'done' })
    expect(again.unwrap(cloned)).to.equal(cloned)
    expect(again.settle({ is: 'held' })).to.equal(false)
  })

  it('settles as held at the hold node, and as held when the port is left open', async () => {
    const wired = await flow(['test.held', 'test.hold'])
    expect(await wired.run()).to.deep.equal({ is: 'ack' })
    const open = await flow(['test.held'])
    expect(await open.run()).to.deep.equal({ is: 'ack' })
    expect(settled).to.deep.equal(['held', 'held'])
    expect(held).to.deep.equal([])
  })

  it('acknowledges what the ledger will deliver again, and hands back what is busy', async () => {
    expect(await (await flow(['test.retrying'])).run()).to.deep.equal({ is: 'ack' })
    expect(settled).to.deep.equal(['retrying'])
    expect(await (await flow(['test.later'])).run()).to.deep.equal({ is: 'later', delayMs: 1_500 })
    expect(settled).to.deep.equal(['retrying'])
  })

  it('acknowledges a delivery that was settled before, without running it', async () => {
    const { run } = await flow(['test.pass'])
    pinned = 'settled'
    expect(await run()).to.deep.equal({ is: 'ack' })
    expect(reached).to.deep.equal([])
  })

  it('gives one tenant half of the places, so that another tenant always finds one', async () => {
    const { run, envelope } = await flow(['test.wait'], { maxInFlight: 2 })
    const first = run()
    await until(() => waiting.length === 1)
    expect((await run()).is).to.equal('later')
    const other = run({ ...envelope, tenantId: randomUUID() })
    await until(() => waiting.length === 2)
    for (const { release } of waiting) release()
    expect(await Promise.all([first, other])).to.deep.equal([{ is: 'ack' }, { is: 'ack' }])
  })

  it('keeps a delivery alive while another flow is deployed', async () => {
    const { run } = await flow(['test.wait', 'test.pass'])
    const running = run()
    await until(() => waiting.length === 1)
    await flow(['test.pass'])
    waiting[0]?.release()
    expect(await running).to.deep.equal({ is: 'ack' })
    expect(settled).to.deep.equal(['done'])
  })

  it('has none of the nodes that hold code or open a connection', () => {
    for (const type of ['function', 'exec', 'http request', 'http in', 'file', 'delay', 'template', 'change', 'mqtt in', 'inject', 'debug', 'tcp in']) {
      expect(host.knows(type), type).to.equal(false)
    }
    for (const type of ['switch', 'junction', 'link in', 'link out', 'catch', 'comment']) expect(host.knows(type), type).to.equal(true)
  })

  describe('refuses as a dead letter, before anything is written', () => {
    const cases: [string, (envelope: Envelope) => unknown, RegExp][] = [
      ['what is no envelope', () => ({ hello: 'Jane Roe' }), /not an envelope/],
      ['another region', (e) => ({ ...e, region: 'eu-west' }), /another region/],
      ['an unknown event', (e) => ({ ...e, type: 'made.up.v1' }), /no event made.up.v1/],
      ['a foreign contract', (e) => ({ ...e, contract: 'UploadCompleted.v9' }), /carries UploadCompleted.v1/],
      ['a payload of the wrong shape', (e) => ({ ...e, payload: { uploadId: 'Jane Roe' } }), /payload is not UploadCompleted.v1/],
    ]
    for (const [what, change, reason] of cases) {
      it(what, async () => {
        const { run, envelope } = await flow(['test.pass'])
        const verdict = await run(change(envelope))
        if (verdict.is !== 'dead') throw new Error(`it was ${verdict.is}`)
        expect(verdict.reason).to.match(reason).and.not.contain('Jane')
        expect(reached).to.deep.equal([])
        expect(settled).to.deep.equal([])
      })
    }
  })
})
