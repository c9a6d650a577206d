import { randomUUID } from 'node:crypto'
import { type CallContext, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { memoryNumbers, noObjects } from '../testing.ts'
import { clearinghouse } from './adapter.ts'
import type { ClearinghouseConfig, ClearinghouseSecrets } from './config.ts'
import { inquiry } from './fixtures/inquiry.ts'

const token = `sim-${randomUUID()}`
const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: token })
const connection = (sim: Pick<Simulator, 'url'>) => ({
  config: { restUrl: sim.url, submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T', traceOrigin: '9HELIOXHUB' },
  secrets: { restToken: token },
})

adapterContract(clearinghouse, {
  start,
  connection,
  operations: { checkEligibility: { input: async () => ({ ...inquiry, requestId: randomUUID() }), effect: 'checkEligibility' } },
})

it('asks no clearinghouse about a patient without TLS, except on this machine', () => {
  const takes = (url: string) => clearinghouse.config.safeParse(connection({ url }).config).success
  expect(['https://gate.example/270', 'http://gate.example/270', 'http://127.0.0.1:9000'].map(takes)).to.deep.equal([true, false, true])
})

describe('The simulated payers', () => {
  let sim: Simulator
  before(async () => {
    sim = await start()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())
  const ask = (changes: Partial<typeof inquiry>) => {
    const { config, secrets } = connection(sim)
    const ctx: CallContext<ClearinghouseConfig, ClearinghouseSecrets> = {
      config: clearinghouse.config.parse(config),
      secrets,
      idempotencyKey: randomUUID(),
      signal: AbortSignal.timeout(5_000),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      now: () => new Date('2026-11-23T15:00:00Z'),
      production: false,
      objects: noObjects,
      numbers: memoryNumbers(),
    }
    return clearinghouse.operations.checkEligibility.call({ ...inquiry, requestId: randomUUID(), ...changes }, ctx).catch((error: unknown) => error)
  }

  it('cover their members, with a plan and copays', async () => {
    expect(await ask({})).to.have.nested.include({ is: 'ok', 'value.verdict': 'active', 'value.planName': 'HELIO GOLD', 'value.copays[0].amount': '25' })
    expect(await ask({ payerId: 'NORTH2' })).to.have.nested.include({ is: 'ok', 'value.verdict': 'active' })
  })
  it('say that a plan ended', async () => {
    expect(await ask({ memberId: 'INACT77' })).to.have.nested.include({ is: 'ok', 'value.verdict': 'inactive', 'value.basis.rule': 'plan-inactive' })
  })
  it('do not know a stranger, nor a payer that is not theirs', async () => {
    expect(await ask({ memberId: 'UNKNOWN5' })).to.have.nested.include({ is: 'rejected', 'value.reasons[0].code': '75' })
    expect(await ask({ payerId: 'NOBODY' })).to.have.nested.include({ is: 'rejected', 'value.reasons[0].code': '79' })
  })
  it('may never answer, and that is no effect', async () => {
    expect(await ask({ payerId: 'QUIET3' }))
      .to.be.instanceOf(PartnerFault)
      .and.include({ kind: 'unavailable' })
    expect(await sim.effects()).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
  })
  for (const [mode, kind] of [
    ['answers-truncated', 'contract'],
    ['answers-foreign', 'contract'],
    ['answers-document', 'unavailable'],
    ['breaks', 'unavailable'],
  ])
    it(`${mode}: is ${kind}, never a verdict`, async () => {
      await sim.fault(mode ?? '')
      expect(await ask({}))
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind })
    })
})
