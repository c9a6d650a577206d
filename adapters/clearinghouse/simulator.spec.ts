import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { type EligibilityBatch, ReceivedItem, traceOf } from '@heliox/core/billing'
import { PartnerFault, type ReceivedFile, type ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'
import ssh2 from 'ssh2'
import { type Simulator, startSimulator } from '../contract-suite.ts'
import { memoryLocks, memoryNumbers } from '../testing.ts'
import { clearinghouse } from './adapter.ts'
import { inquiryV2 } from './fixtures/inquiry.ts'
import { collectFiles } from './receive-files.ts'
import { type ContextOptions, contextOf } from './testing/context.ts'
import { plainFiles } from './transport/file-cipher.ts'
import { withSftp } from './transport/sftp.ts'

const token = `sim-${randomUUID()}`
const key = ssh2.utils.generateKeyPairSync('ed25519')
const { checkEligibility, submitBatch } = clearinghouse.operations
const { files } = clearinghouse.receive
type Batch = ValueOf<typeof EligibilityBatch>

/** The whole way against the simulator over both doors, with its own clock. */
describe('The clearinghouse and its simulator’s clock', () => {
  let sim: Simulator
  before(async () => {
    sim = await startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: token, SIM_SFTP_KEYS: key.public, SIM_FREEZE: '1' })
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())

  const numbers = memoryNumbers()
  const advance = (ms: number) => sim.control('POST', '/_sim/clock/advance', { ms })
  /** For the next inquiry. */
  const behave = (behaviour: string, more: Record<string, unknown>) =>
    sim.control('PUT', '/_sim/scenario', { rules: [{ times: 1, does: { behaviour, ...more } }] })
  const ctx = (options: ContextOptions = {}) => {
    const { host, port, hostKeySha256 } = sim.ready.sftp as { host: string; port: number; hostKeySha256: string }
    const sftp = { sftpHost: host, sftpPort: port, sftpUser: 'hub', sftpHostKeySha256: hostKeySha256 }
    return contextOf({
      numbers,
      ...options,
      config: { restUrl: sim.url, ...sftp, ...options.config },
      secrets: { restToken: token, sftpPassword: token, ...options.secrets },
    })
  }
  const batchOf = (...changes: Partial<typeof inquiryV2>[]): Batch => ({
    batchId: randomUUID(),
    inquiries: changes.map((change) => ({ ...inquiryV2, requestId: randomUUID(), ...change })),
  })
  const known = new Set<string>()
  async function collected(): Promise<ReceivedFile[]> {
    const kept: ReceivedFile[] = []
    const keep = async (file: ReceivedFile) => {
      const before = known.has(file.bytes.toString('latin1'))
      known.add(file.bytes.toString('latin1'))
      if (!before) kept.push(file)
      return before ? 'known' : 'kept'
    }
    // The second turn takes away what the first kept.
    for (let turn = 0; turn < 2; turn += 1)
      await collectFiles(ctx(), keep as (file: ReceivedFile) => Promise<'kept' | 'known'>, { secondLookMs: 50, removeAfterMs: 0, cipher: plainFiles })
    return kept
  }
  async function itemsOf(received: readonly ReceivedFile[]): Promise<ValueOf<typeof ReceivedItem>[]> {
    const items: ValueOf<typeof ReceivedItem>[] = []
    for (const { bytes } of received) {
      const stream = async function* () {
        yield bytes
      }
      for await (const item of files.read(stream(), ctx().config, memoryLocks())) items.push(ReceivedItem.schema.parse(item))
    }
    return items
  }

  it('a batch goes out once, and comes back as TA1, 999 and one answer per patient', async () => {
    const batch = batchOf({}, { memberId: 'INACT77' }, { memberId: 'UNKNOWN5' }, { payerId: 'SLOWB4' })
    const context = ctx()
    const sent = await submitBatch.call(batch, context)
    if (sent.is !== 'ok') throw new Error('not sent')
    expect(await submitBatch.call(batch, ctx({ idempotencyKey: context.idempotencyKey })), 'the same file again').to.deep.equal(sent)
    expect(await collected()).to.deep.equal([])
    await advance(60_000)
    const items = await itemsOf(await collected())
    const acks = items.flatMap((item) => (item.kind === 'interchange-ack' ? [`${item.isa13 === sent.value.isa13} ${item.outcome} ${item.note}`] : []))
    expect(acks.sort(), 'the second hand-over shows itself as one').to.deep.equal(['true accepted 000', 'true rejected 025'])
    expect(items.filter((item) => item.kind === 'group-ack')).to.have.length(1)
    const answers = items.flatMap((item) => (item.kind === 'answer' ? [[item.traces[0], item.verdict, item.state]] : []))
    expect(new Map(answers.map(([trace, ...rest]) => [trace, rest]))).to.deep.equal(
      new Map(['active', 'inactive', 'rejected', 'active'].map((verdict, i) => [traceOf(batch.inquiries[i]?.requestId ?? ''), [verdict, 'whole']])),
    )
    const left = await withSftp(ctx(), (session) => session.list('from-clearinghouse', 10))
    expect(left, 'and everything is taken away').to.deep.equal([])
  })
  it('what became of a batch is told by what comes back, until that is collected', async () => {
    const batch = batchOf({})
    const context = ctx()
    await sim.fault('accepts-then-drops', 1)
    const fault = await submitBatch.call(batch, context).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'uncertain' })
    const find = () => submitBatch.reconcile?.(batch, ctx({ idempotencyKey: context.idempotencyKey }))
    expect(await find()).to.equal('cannot-tell')
    await advance(60_000)
    expect(await find()).to.have.property('is', 'ok')
    await collected()
    expect(await find()).to.equal('cannot-tell')
  })
  it('a line that breaks in mid-file leaves no batch behind, and the next try sends it', async () => {
    const batch = batchOf(...Array.from({ length: 60 }, () => ({})))
    const context = ctx()
    await sim.control('POST', '/_sim/sftp', { disconnect: { afterBytes: 4_096, times: 1 } })
    const fault = await submitBatch.call(batch, context).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'uncertain' })
    expect(await sim.effects()).not.to.have.property('submitBatch')
    expect(await submitBatch.call(batch, ctx({ idempotencyKey: context.idempotencyKey }))).to.have.property('is', 'ok')
    expect(await sim.effects()).to.have.nested.include({ 'submitBatch.count': 1, 'batchInquiry.count': 60 })
  })
  it('a torn file is left alone until the rest of it has come', async () => {
    await behave('truncated', { restAfterMs: 30_000 })
    await submitBatch.call(batchOf({}), ctx())
    await advance(10_000)
    expect((await itemsOf(await collected())).map((item) => item.kind).sort()).to.deep.equal(['group-ack', 'interchange-ack'])
    await advance(60_000)
    const [item] = await itemsOf(await collected())
    expect(item).to.include({ kind: 'answer', verdict: 'active', state: 'whole' })
  })
  it('a folder that lets us remove nothing is read once', async () => {
    await sim.control('POST', '/_sim/sftp', { refuseRemove: true })
    await submitBatch.call(batchOf({}), ctx())
    await advance(60_000)
    expect(await collected()).to.have.length(3)
    expect(await collected()).to.deep.equal([])
  })
  it('a key opens the SFTP door as a password does; neither opens it to a server that changed its own', async () => {
    const byKey = { sftpPassword: undefined, sftpPrivateKey: key.private }
    expect(await submitBatch.call(batchOf({}), ctx({ secrets: byKey }))).to.have.property('is', 'ok')
    const other = ssh2.utils.generateKeyPairSync('ed25519').private
    const wrong = [{ secrets: { ...byKey, sftpPrivateKey: other } }, { secrets: { sftpPassword: 'not the password' } }]
    for (const options of wrong) expect(await submitBatch.call(batchOf({}), ctx(options)).catch((error: unknown) => error)).to.include({ kind: 'credentials' })
    await sim.control('POST', '/_sim/sftp/host-key', {})
    try {
      for (const secrets of [{}, byKey]) {
        const fault = await submitBatch.call(batchOf({}), ctx({ secrets })).catch((error: unknown) => error)
        expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'credentials' })
        expect((fault as PartnerFault).message).to.include('Nothing was sent')
      }
      expect((await clearinghouse.health(ctx() as never)).ok).to.equal(false)
    } finally {
      await sim.control('POST', '/_sim/sftp/host-key', { first: true })
    }
    expect(await clearinghouse.health(ctx() as never)).to.deep.equal({ ok: true, text: 'The clearinghouse answers, and its SFTP folders are there.' })
  })
  it('an encrypted key is refused where it is typed in, not at the next batch', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
    })
    const takes = (sftpPrivateKey: string) => clearinghouse.secrets.safeParse({ restToken: token, sftpPrivateKey }).success
    expect([takes(key.private), takes(privateKey), takes(key.public)]).to.deep.equal([true, false, false])
  })
  it('a real-time answer may come late, also more than once "not yet"', async () => {
    await sim.fault('answers-later', 1)
    const inquiry = { ...inquiryV2, requestId: randomUUID() }
    const [answer] = await Promise.all([checkEligibility.call(inquiry, ctx()), advance(1_000)])
    expect(answer).to.have.nested.property('value.verdict', 'active')
    expect(await sim.effects()).to.have.nested.property('checkEligibility.count', 1)
  })
  it('a real-time answer that is not ready in time is found by the same key', async () => {
    await behave('pending', { readyAfterMs: 3_600_000 })
    const inquiry = { ...inquiryV2, requestId: randomUUID() }
    const context = ctx({ timeoutMs: 1_500 })
    expect(await checkEligibility.call(inquiry, context).catch((error: unknown) => error))
      .to.be.instanceOf(PartnerFault)
      .and.include({ kind: 'timeout' })
    await advance(3_600_000)
    const answer = await checkEligibility.call(inquiry, ctx({ idempotencyKey: context.idempotencyKey }))
    expect(answer).to.have.nested.property('value.verdict', 'active')
    expect(await sim.effects()).to.have.nested.property('checkEligibility.count', 1)
  })
  it('a token that ended is fetched anew', async () => {
    const secrets = { restToken: undefined, clientSecret: token }
    const ask = () => checkEligibility.call({ ...inquiryV2, requestId: randomUUID() }, ctx({ config: { clientId: 'lakeside' }, secrets }))
    expect(await ask()).to.have.property('is', 'ok')
    // Our clock stands still here: only the 401 tells.
    await advance(301_000)
    expect(await ask()).to.have.property('is', 'ok')
  })
})
