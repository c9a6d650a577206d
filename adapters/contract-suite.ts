import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { type Adapter, type CallContext, type ControlNumbers, type FaultKind, type ObjectStore, type Operation, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { memoryLocks, memoryNumbers, noObjects } from './testing.ts'

/** A simulator as a child process on a free port. */
export interface Simulator {
  url: string
  /** Its ready line, for what only some simulators have. */
  ready: Readonly<Record<string, unknown>>
  effects(): Promise<Record<string, { count: number; byKey: Record<string, number> }>>
  fault(mode: string, times?: number): Promise<void>
  reset(): Promise<void>
  /** One more request to the control port. */
  control(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>
  post(path: string): Promise<void>
  stop(): Promise<void>
  /** `kill -9`: nothing of it is said, written or closed any more. */
  kill(): Promise<void>
}

const contractModes = ['answers', 'rejects', 'drops', 'stalls', 'throttles', 'refuses-key', 'answers-garbage', 'accepts-then-drops'] as const
type ContractMode = (typeof contractModes)[number]

/** How the suite reaches one partner. */
interface SimHarness {
  start(): Promise<Simulator>
  connection(sim: Simulator): { config: unknown; secrets: Record<string, string> }
  /** Buckets for adapters that move bytes. */
  objects?: ObjectStore
  operations: Record<
    string,
    {
      /** Made anew for every case. */
      input(sim: Simulator): Promise<unknown>
      /** Sends the simulator's `rejects`; otherwise an input that the partner turns down. */
      rejectedInput?(sim: Simulator): Promise<unknown>
      /** The name in `GET /_sim/effects`; the key of the effect, when it is not the idempotency key. */
      effect: string
      /** Where the partner's protocol makes another fault right than the usual one. */
      faults?: Partial<Record<ContractMode, readonly FaultKind[]>>
      /** Runs before what the partner knows is looked up: what it says of its own accord may take it a while. */
      beforeReconcile?(sim: Simulator): Promise<void>
      /** A case that cannot be for this partner, with the reason. */
      skip?: Partial<Record<ContractMode, string>>
    }
  >
}

const usualFaults: Record<Exclude<ContractMode, 'answers' | 'rejects'>, readonly FaultKind[]> = {
  drops: ['uncertain', 'unavailable'],
  stalls: ['timeout'],
  throttles: ['throttled'],
  'refuses-key': ['credentials'],
  'answers-garbage': ['contract'],
  'accepts-then-drops': ['uncertain'],
}
/** Long enough for a real answer on a busy machine, short enough for a test of silence. */
const answerMs = 10_000
const silenceMs = 800

/** Registers what every partner must keep: one suite per operation, then health. */
export function adapterContract(adapter: Adapter, harness: SimHarness): void {
  describe(`${adapter.id}: contract with its simulator`, () => {
    let sim: Simulator
    before(async () => {
      sim = await harness.start()
    })
    beforeEach(() => sim.reset())
    after(() => sim.stop())

    it('has a harness for every operation', () => {
      expect(Object.keys(harness.operations).sort()).to.deep.equal(Object.keys(adapter.operations).sort())
    })
    for (const [name, op] of Object.entries(adapter.operations)) operationContract(name, op, harness, () => sim)

    describe('health', () => {
      it('is green when the partner is up', async () => {
        const health = await adapter.health(makeContext(harness, sim).ctx)
        expect(health).to.include({ ok: true })
      })
      it('is red, and throws nothing, when the partner hangs up or is gone', async () => {
        await sim.fault('drops')
        const { ctx, lines } = makeContext(harness, sim)
        expect(await adapter.health(ctx)).to.include({ ok: false })
        const gone = { ...sim, url: await closedUrl() }
        const health = await adapter.health(makeContext(harness, gone).ctx)
        expect(health).to.include({ ok: false })
        expectNoSecrets([...lines, health.text], harness, sim)
      })
    })
  })
}

function operationContract(name: string, op: Operation<never, never>, harness: SimHarness, getSim: () => Simulator): void {
  const facts = harness.operations[name]
  if (!facts) return
  const promise = (mode: ContractMode, title: string, run: (sim: Simulator) => Promise<void>): void => {
    const reason = facts.skip?.[mode]
    if (reason !== undefined) it(`${mode}: not for this partner: ${reason}`, () => expect(reason.length, 'a reason is a sentence').to.be.greaterThan(20))
    else it(`${mode}: ${title}`, () => run(getSim()))
  }
  const effectsOf = async (sim: Simulator) => (await sim.effects())[facts.effect] ?? { count: 0, byKey: {} }

  describe(name, () => {
    promise('answers', 'gives an answer of the contract, and once for one key', async (sim) => {
      const attempt = makeAttempt(op, harness, sim, await facts.input(sim))
      const first = await attempt.call()
      expect(first.is).to.equal('ok')
      expect(op.output.schema.safeParse(first.value).success, 'the answer fits its contract').to.equal(true)
      expect(await attempt.call()).to.deep.equal(first)
      expect((await effectsOf(sim)).count).to.equal(1)
      attempt.expectNoSecrets()
    })
    promise('rejects', 'gives a "no" as an answer, not as a fault', async (sim) => {
      if (!facts.rejectedInput) await sim.fault('rejects')
      const attempt = makeAttempt(op, harness, sim, await (facts.rejectedInput ?? facts.input)(sim))
      const answer = await attempt.call()
      expect(answer.is).to.equal('rejected')
      expect(op.rejection.schema.safeParse(answer.value).success, 'the rejection fits its contract').to.equal(true)
      attempt.expectNoSecrets()
    })
    for (const mode of ['drops', 'stalls', 'throttles', 'refuses-key', 'answers-garbage'] as const)
      promise(mode, 'is a fault of the right kind, and the next call answers', async (sim) => {
        const attempt = makeAttempt(op, harness, sim, await facts.input(sim))
        await sim.fault(mode)
        const fault = await attempt.fault(mode === 'stalls' ? silenceMs : answerMs)
        expect(fault.kind).to.be.oneOf([...(facts.faults?.[mode] ?? usualFaults[mode])])
        expect((await effectsOf(sim)).count, 'effects').to.equal(0)
        await sim.fault('answers')
        expect((await attempt.call()).is).to.equal('ok')
        expect((await effectsOf(sim)).count, 'effects').to.equal(1)
        attempt.expectNoSecrets()
      })
    promise('accepts-then-drops', 'is unknown, and asking again finds the one effect', async (sim) => {
      const attempt = makeAttempt(op, harness, sim, await facts.input(sim))
      await sim.fault('accepts-then-drops', 1)
      const fault = await attempt.fault(answerMs)
      expect(fault.kind).to.be.oneOf([...(facts.faults?.['accepts-then-drops'] ?? usualFaults['accepts-then-drops'])])
      expect((await effectsOf(sim)).count, 'effects after the lost answer').to.equal(1)
      if (op.replay === 'never') await facts.beforeReconcile?.(sim)
      const answer = op.replay === 'never' ? await attempt.reconcile() : await attempt.call()
      expect(answer).to.have.property('is', 'ok')
      if (op.replay !== 'never') await facts.beforeReconcile?.(sim)
      if (op.reconcile) expect(await attempt.reconcile(), 'reconcile agrees with the repeat').to.deep.equal(answer)
      const { count, byKey } = await effectsOf(sim)
      expect(count, 'effects').to.equal(1)
      expect(Object.values(byKey)).to.deep.equal([1])
      attempt.expectNoSecrets()
    })
  })
}

/** One effect: the same key and input, however often it is sent. */
function makeAttempt(op: Operation<never, never>, harness: SimHarness, sim: Simulator, input: unknown) {
  const idempotencyKey = randomUUID()
  const parsed = op.input.schema.parse(input) as never
  const texts: string[] = []
  const numbers = memoryNumbers()
  const run = async <T>(work: (ctx: CallContext<never, never>) => Promise<T>, timeoutMs: number): Promise<T> => {
    const { ctx, lines } = makeContext(harness, sim, { idempotencyKey, timeoutMs, numbers })
    try {
      return await work(ctx)
    } finally {
      texts.push(...lines)
    }
  }
  return {
    call: () => run((ctx) => op.call(parsed, ctx), answerMs),
    reconcile: () => run(async (ctx) => (op.reconcile ? op.reconcile(parsed, ctx) : 'cannot-tell'), answerMs),
    async fault(timeoutMs: number): Promise<PartnerFault> {
      try {
        await run((ctx) => op.call(parsed, ctx), timeoutMs)
      } catch (error) {
        if (!(error instanceof PartnerFault)) throw error
        texts.push(error.message, error.detail ?? '')
        return error
      }
      throw new Error('an answer came where a fault was due')
    },
    expectNoSecrets: () => expectNoSecrets(texts, harness, sim),
  }
}

function makeContext(harness: SimHarness, sim: Simulator, options: { idempotencyKey?: string; timeoutMs?: number; numbers?: ControlNumbers } = {}) {
  const lines: string[] = []
  const write = (fields: Record<string, unknown>, text: string): void => {
    lines.push(JSON.stringify(fields), text)
  }
  const { config, secrets } = harness.connection(sim)
  const ctx: CallContext<unknown, unknown> = {
    config,
    secrets,
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
    signal: AbortSignal.timeout(options.timeoutMs ?? answerMs),
    log: { info: write, warn: write, error: write },
    now: () => new Date('2026-11-23T15:00:00Z'),
    production: false,
    objects: harness.objects ?? noObjects,
    numbers: options.numbers ?? memoryNumbers(),
    locks: memoryLocks(),
  }
  return { ctx: ctx as CallContext<never, never>, lines }
}

function expectNoSecrets(texts: readonly string[], harness: SimHarness, sim: Simulator): void {
  for (const secret of Object.values(harness.connection(sim).secrets)) expect(texts.join('\n')).not.to.include(secret)
}

/** Starts `main.ts` of a simulator with this Node, on a free port, and waits for its ready line. */
export async function startSimulator(main: URL, env: Record<string, string>): Promise<Simulator> {
  const child = spawn(process.execPath, [main.pathname], { env: { ...process.env, SIM_PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const { url, control, ready } = await readyLine(child)
  const send: Simulator['control'] = async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(new URL(path, control), { method, ...init, signal: AbortSignal.timeout(answerMs) })
    if (!response.ok) throw new Error(`simulator ${path}: HTTP ${response.status}`)
    return response.json()
  }
  return {
    url,
    ready,
    control: send,
    effects: async () => (await send('GET', '/_sim/effects')) as Awaited<ReturnType<Simulator['effects']>>,
    fault: async (mode, times) => void (await send('POST', '/_sim/faults', { mode, times: times ?? null })),
    reset: async () => void (await send('POST', '/_sim/reset', {})),
    post: async (path) => void (await send('POST', path, {})),
    stop: () => stopChild(child, 'SIGTERM'),
    kill: () => stopChild(child, 'SIGKILL'),
  }
}

/** `control`: where the control port is another one than the partner's own (the scanner speaks no HTTP). */
async function readyLine(child: ChildProcess): Promise<{ url: string; control: string; ready: Record<string, unknown> }> {
  if (!child.stdout) throw new Error('the simulator has no stdout')
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  try {
    for await (const line of lines) {
      const said: unknown = JSON.parse(line)
      if (typeof said !== 'object' || said === null || !('ready' in said) || !('url' in said) || typeof said.url !== 'string') continue
      return { url: said.url, control: 'control' in said && typeof said.control === 'string' ? said.control : said.url, ready: { ...said } }
    }
    throw new Error('the simulator ended before it was ready')
  } finally {
    clearTimeout(timer)
    // Nobody reads on: what it prints later must not fill the pipe and stop it.
    child.stdout.resume()
  }
}
/** Where nobody listens: a port that was free a moment ago. */
async function closedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
async function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
