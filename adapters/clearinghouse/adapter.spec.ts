import { randomUUID } from 'node:crypto'
import { EligibilityAnswer, EligibilityAnswerV2 } from '@heliox/core/billing'
import { type FaultKind, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { clearinghouse } from './adapter.ts'
import { inquiry, inquiryV2 } from './fixtures/inquiry.ts'
import { contextOf } from './testing/context.ts'

const token = `sim-${randomUUID()}`
const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: token })
const sftpOf = (sim: Pick<Simulator, 'ready'>) => sim.ready.sftp as { host: string; port: number; hostKeySha256: string }
function connection(sim: Pick<Simulator, 'url' | 'ready'>) {
  const { host, port, hostKeySha256 } = sftpOf(sim)
  return {
    config: clearinghouse.config.parse({
      restUrl: sim.url,
      submitterId: 'HELIOXHUB',
      receiverId: 'CLEARSIM',
      usage: 'T',
      sftpHost: host,
      sftpPort: port,
      sftpUser: 'hub',
      sftpHostKeySha256: hostKeySha256,
    }),
    secrets: { restToken: token, sftpPassword: token },
  }
}
const batch = () => ({
  batchId: randomUUID(),
  inquiries: [1, 2, 3].map((number) => ({ ...inquiryV2, route: 'batch', requestId: randomUUID(), memberId: `HX447100${number}` })),
})

adapterContract(clearinghouse, {
  start,
  connection,
  operations: {
    checkEligibility: { input: async () => ({ ...inquiryV2, requestId: randomUUID() }), effect: 'checkEligibility' },
    checkEligibilityV1: { input: async () => ({ ...inquiry, requestId: randomUUID() }), effect: 'checkEligibility' },
    submitBatch: {
      input: async () => batch(),
      effect: 'submitBatch',
      // A login that breaks off has sent nothing, so nothing is uncertain.
      faults: { throttles: ['throttled'], drops: ['unavailable'] },
      beforeReconcile: async (sim) => void (await sim.control('POST', '/_sim/clock/advance', { ms: 5_000 })),
    },
  },
})

describe('The connection to a clearinghouse', () => {
  const base = { restUrl: 'https://gate.example/270', submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T' }
  const sftp = { sftpHost: 'sftp.gate.example', sftpUser: 'lakeside', sftpHostKeySha256: `SHA256:${'a'.repeat(43)}` }
  const faultsOf = (config: Record<string, unknown>) =>
    clearinghouse.config.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []

  it('asks about no patient without TLS, except on this machine', () => {
    const takes = (restUrl: string) => faultsOf({ ...base, restUrl }).length === 0
    expect(['https://gate.example/270', 'http://gate.example/270', 'http://127.0.0.1:9000'].map(takes)).to.deep.equal([true, false, true])
  })
  it('needs nothing that it did not need before there was SFTP', () => {
    expect(clearinghouse.config.parse(base)).to.include({
      sftpPort: 22,
      sftpInbox: 'to-clearinghouse',
      sftpOutbox: 'from-clearinghouse',
      batchEveryMinutes: 15,
    })
    expect(clearinghouse.secrets.safeParse({ restToken: 'token-of-the-tests' }).success).to.equal(true)
  })
  it('says which field an SFTP server lacks, and why', () => {
    expect(faultsOf({ ...base, ...sftp })).to.deep.equal([])
    expect(faultsOf({ ...base, sftpHost: 'sftp.gate.example' })).to.deep.equal([
      'sftpUser must be given with an SFTP server',
      'sftpHostKeySha256 must be given with an SFTP server: without it anyone could pose as that server',
    ])
    expect(faultsOf({ ...base, ...sftp, sftpHost: 'hub@sftp.gate.example:22' })[0]).to.include('sftpHost must be a host name alone')
    expect(faultsOf({ ...base, ...sftp, sftpHostKeySha256: 'MD5:aa:bb' })[0]).to.include('sftpHostKeySha256 must be a SHA256 fingerprint')
    expect(faultsOf({ ...base, ...sftp, sftpOutbox: 'to-clearinghouse' })[0]).to.include('we would collect our own files')
    for (const sftpInbox of ['../up', 'a//b', 'a/../b', '', 'a/', 'a\nb']) expect(faultsOf({ ...base, ...sftp, sftpInbox }), sftpInbox).to.have.length(1)
  })
  it('takes one way to prove who we are at the real-time door, and a key only without a passphrase', () => {
    const takes = (secrets: Record<string, unknown>) => clearinghouse.secrets.safeParse(secrets).success
    expect(takes({})).to.equal(false)
    expect(takes({ restToken: 'token-of-the-tests', clientSecret: 'secret-of-the-tests' })).to.equal(false)
    expect(takes({ clientSecret: 'secret-of-the-tests' })).to.equal(true)
    expect(takes({ restToken: 'token-of-the-tests', sftpPrivateKey: 'ssh-ed25519 AAAA' })).to.equal(false)
  })
})

describe('A payer’s other door', () => {
  const { checkEligibility, checkEligibilityV1, submitBatch } = clearinghouse.operations
  const kinds: FaultKind[] = ['unavailable', 'throttled', 'timeout', 'uncertain', 'credentials', 'contract']
  it('is the batch, where the payer has one and the real-time door gives nothing', () => {
    const taken = kinds.filter((kind) => checkEligibility.instead?.({ ...inquiryV2, route: 'real-time-or-batch' }, kind))
    expect(taken).to.deep.equal(['unavailable', 'throttled', 'timeout', 'uncertain'])
    expect(checkEligibility.instead?.({ ...inquiryV2, route: 'real-time-or-batch' }, 'timeout')).to.deep.equal({
      is: 'rejected',
      value: { next: 'batch', reasons: [] },
    })
  })
  it('is nowhere else: not for other payers, not for flows of the first major, not for a file', () => {
    for (const route of ['real-time', 'batch'] as const)
      for (const kind of kinds) expect(checkEligibility.instead?.({ ...inquiryV2, route }, kind)).to.equal(undefined)
    expect([checkEligibilityV1.instead, submitBatch.instead]).to.deep.equal([undefined, undefined])
  })
})

describe('Whom a question is about', () => {
  it('is its payer, in both majors; a file is for many', () => {
    const { checkEligibility, checkEligibilityV1, submitBatch } = clearinghouse.operations
    expect([checkEligibility.payerOf?.(inquiryV2), checkEligibilityV1.payerOf?.(inquiry)]).to.deep.equal([inquiryV2.payerId, inquiry.payerId])
    expect(submitBatch.payerOf).to.equal(undefined)
  })
})

describe('A batch that waits for a person', () => {
  const { submitBatch } = clearinghouse.operations
  it('is not corrected by hand, where an inquiry could be dropped unseen, and is not said to have been sent', () => {
    expect([submitBatch.correctable, submitBatch.byHand]).to.deep.equal([false, 'rejected'])
  })
})

describe('The simulated payers', () => {
  let sim: Simulator
  before(async () => {
    sim = await start()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())
  const ask = (changes: Partial<typeof inquiryV2>) =>
    clearinghouse.operations.checkEligibility
      .call({ ...inquiryV2, requestId: randomUUID(), ...changes }, contextOf({ ...connection(sim), timeoutMs: 5_000 }))
      .catch((error: unknown) => error)

  it('cover their members, with a plan and copays', async () => {
    const answer = await ask({})
    expect(answer).to.have.nested.include({ is: 'ok', 'value.verdict': 'active', 'value.plan.name': 'HELIO GOLD' })
    expect(await ask({ payerId: 'NORTH2' })).to.have.nested.include({ is: 'ok', 'value.verdict': 'active' })
  })
  it('answer both majors with the same verdict', async () => {
    const requestId = randomUUID()
    const old = await clearinghouse.operations.checkEligibilityV1.call({ ...inquiry, requestId }, contextOf(connection(sim)))
    const current = await clearinghouse.operations.checkEligibility.call({ ...inquiryV2, requestId }, contextOf(connection(sim)))
    expect([old.is, current.is]).to.deep.equal(['ok', 'ok'])
    const [v1, v2] = [EligibilityAnswer.schema.parse(old.value), EligibilityAnswerV2.schema.parse(current.value)]
    expect([v1.verdict, v1.basis, v1.planName]).to.deep.equal([v2.verdict, v2.basis, v2.plan.name])
    expect(v1.copays[0]).to.deep.include({ amount: '25' })
    expect(old.signs, 'in fewer words, and judged as one').to.deep.include({ says: 'yes', echo: [], hasDates: true, hasPlan: true })
  })
  it('turn down in both majors, to be judged alike', async () => {
    const old = await clearinghouse.operations.checkEligibilityV1.call(
      { ...inquiry, memberId: 'UNKNOWN5', requestId: randomUUID() },
      contextOf(connection(sim)),
    )
    expect(old).to.have.nested.include({ is: 'rejected', 'signs.says': 'no' })
  })
  it('say that a plan ended', async () => {
    expect(await ask({ memberId: 'INACT77' })).to.have.nested.include({ is: 'ok', 'value.verdict': 'inactive', 'value.basis.rule': 'plan-inactive' })
  })
  it('do not know a stranger, nor a payer that is not theirs', async () => {
    expect(await ask({ memberId: 'UNKNOWN5' })).to.have.nested.include({ is: 'rejected', 'value.next': 'record', 'value.reasons[0].code': '75' })
    expect(await ask({ payerId: 'NOBODY' })).to.have.nested.include({ is: 'rejected', 'value.reasons[0].code': '79' })
  })
  it('may never answer, and that is no effect', async () => {
    for (const payerId of ['QUIET3', 'DUALS5'])
      expect(await ask({ payerId }))
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind: 'unavailable', scope: 'payer' })
    expect(await sim.effects()).to.have.nested.property('checkEligibility.count', 0)
  })
  for (const [mode, kind] of [
    ['answers-truncated', 'contract'],
    ['answers-document', 'unavailable'],
    ['breaks', 'unavailable'],
  ])
    it(`${mode}: is ${kind}, never a verdict`, async () => {
      await sim.fault(mode ?? '')
      expect(await ask({}))
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind })
    })
  it('answers-foreign: is unknown, with the sign that it answers another question', async () => {
    await sim.fault('answers-foreign')
    const answer = await ask({})
    expect(answer).to.have.nested.include({ is: 'ok', 'value.verdict': 'unknown', 'value.basis.rule': 'foreign-answer' })
    expect(JSON.stringify(answer)).not.to.match(/OTHERWISE|XZ9900417|1961/)
  })
})
