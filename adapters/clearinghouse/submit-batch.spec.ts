import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { BatchSent, traceOf } from '@heliox/core/billing'
import { PartnerFault, sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { memoryNumbers } from '../testing.ts'
import { inquiryV2 } from './fixtures/inquiry.ts'
import { answer, interchange, rows } from './fixtures/response.ts'
import { fileName, findBatch, submitBatch } from './submit-batch.ts'
import { type ContextOptions, contextOf } from './testing/context.ts'
import { noSshd, type Sshd, startSshd } from './testing/sshd.ts'
import { plainFiles } from './transport/file-cipher.ts'
import { handOver } from './transport/hand-over.ts'
import { withSftp } from './transport/sftp.ts'

const batch = () => ({ batchId: randomUUID(), inquiries: [1, 2].map((n) => ({ ...inquiryV2, requestId: randomUUID(), memberId: `HX447100${n}` })) })
const name = fileName('HELIOXHUB', 1)
const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
  const error = await work.then(
    (value) => new Error('an answer came where a fault was due', { cause: value }),
    (thrown: unknown) => thrown,
  )
  if (error instanceof PartnerFault) return error
  throw error
}

it('names a batch by its number alone, in characters that every file system has', () => {
  expect(fileName('HELIOXHUB', 42)).to.equal('HELIOXHUB.000000042.270')
  expect(fileName('A. B-1', 999_999_999)).to.equal('A__B-1.999999999.270')
})

describe('A batch in which nobody can be written', () => {
  it('is refused without a number taken or a line opened, and was never sent', async () => {
    const { batchId, inquiries } = batch()
    const unwritable = { batchId, inquiries: inquiries.map((one) => ({ ...one, familyName: '李' })) }
    // No SFTP server in its settings: a login would be a fault.
    const ctx = contextOf({ numbers: { take: () => Promise.reject(new Error('a number was taken')) } })
    expect(await submitBatch(unwritable, ctx)).to.deep.equal({ is: 'rejected', value: { batchId, code: 'nothing-writable' } })
    expect(await findBatch(unwritable, ctx)).to.equal('not-found')
  })
})

describe(`Handing a batch over to OpenSSH${noSshd ? ` (skipped: ${noSshd})` : ''}`, function () {
  this.timeout(30_000)
  let sshd: Sshd
  let folders = 0
  before(async function () {
    if (noSshd) {
      if (process.env.REQUIRE_ALL === '1') throw new Error(`${noSshd} and REQUIRE_ALL=1`)
      this.skip()
    }
    sshd = await startSshd()
  })
  after(() => sshd?.stop())

  /** Two empty folders of its own, and a context that keeps its number from call to call. */
  function place(options: ContextOptions = {}, server = sshd) {
    const [sftpInbox, sftpOutbox] = [`to-${++folders}`, `from-${folders}`]
    const [inbox, outbox] = [sftpInbox, sftpOutbox].map((folder) => `${server.files}/${folder}`) as [string, string]
    for (const folder of [inbox, outbox]) {
      mkdirSync(folder)
      server.give(folder)
    }
    const shared = { numbers: memoryNumbers(contextOf().now), idempotencyKey: 'effect-1' }
    const ctx = (changes: ContextOptions = {}) =>
      contextOf({
        ...shared,
        ...options,
        ...changes,
        config: { ...server.config, sftpInbox, sftpOutbox, ...changes.config },
        secrets: { ...server.secrets, ...changes.secrets },
      })
    return { ctx, inbox, outbox }
  }

  it('leaves one file under its final name, whole, and says what is in it', async () => {
    const { ctx, inbox } = place()
    const sent = batch()
    const answer = await submitBatch(sent, ctx())
    expect(readdirSync(inbox)).to.deep.equal([name])
    const bytes = readFileSync(`${inbox}/${name}`)
    expect(answer).to.deep.equal({
      is: 'ok',
      value: {
        batchId: sent.batchId,
        isa13: 1,
        gs06: 1,
        sha256: sha256Hex(bytes),
        sets: sent.inquiries.map(({ requestId }, i) => ({ st02: `000${i + 1}`, requestId })),
        unwritten: [],
      },
    })
    for (const { requestId } of sent.inquiries) expect(bytes.toString()).to.include(`TRN*1*${traceOf(requestId)}*`)
  })
  it('asks about everybody else where one cannot be written, and names that one by request and place alone', async () => {
    const { ctx, inbox } = place()
    const { batchId, inquiries } = batch()
    const [first, second] = inquiries.map(({ requestId }) => requestId) as [string, string]
    const sent = { batchId, inquiries: inquiries.map((one) => (one.requestId === first ? { ...one, givenName: '李' } : one)) }
    const answer = await submitBatch(sent, ctx())
    const bytes = readFileSync(`${inbox}/${name}`)
    expect(answer).to.deep.equal({
      is: 'ok',
      value: {
        ...{ batchId, isa13: 1, gs06: 1, sha256: sha256Hex(bytes) },
        sets: [{ st02: '0001', requestId: second }],
        unwritten: [{ requestId: first, place: '2100C NM104' }],
      },
    })
    expect(bytes.toString()).to.include(traceOf(second)).and.not.include(traceOf(first))
    expect(BatchSent.schema.parse(answer.value)).to.deep.equal(answer.value)
    expect(await submitBatch(sent, ctx()), 'the same bytes again').to.deep.equal(answer)
  })
  it('takes its own file for done, and touches it no more', async () => {
    const { ctx, inbox } = place()
    const sent = batch()
    const first = await submitBatch(sent, ctx())
    const { ino, mtimeMs } = statSync(`${inbox}/${name}`)
    expect(await submitBatch(sent, ctx())).to.deep.equal(first)
    expect(await findBatch(sent, ctx())).to.deep.equal(first)
    expect(statSync(`${inbox}/${name}`)).to.include({ ino, mtimeMs })
  })
  it('never writes over a file that is not its own', async () => {
    const { ctx, inbox } = place()
    const sent = batch()
    for (const theirs of ['somebody else’s', 'x'.repeat(1_000_000)]) {
      writeFileSync(`${inbox}/${name}`, theirs)
      expect(await submitBatch(sent, ctx())).to.deep.equal({ is: 'rejected', value: { batchId: sent.batchId, code: 'name-taken' } })
      expect(readFileSync(`${inbox}/${name}`, 'utf8')).to.equal(theirs)
      expect(readdirSync(inbox)).to.deep.equal([name])
    }
  })
  it('writes a new number into a new file', async () => {
    const { ctx, inbox } = place()
    await submitBatch(batch(), ctx())
    await submitBatch(batch(), ctx({ idempotencyKey: 'effect-2' }))
    expect(readdirSync(inbox)).to.deep.equal([name, fileName('HELIOXHUB', 2)])
  })

  describe('says who it talks to', () => {
    it('sends nothing to a server with another host key', async () => {
      // Nobody else talks to this one: a session of before may log its end while we look.
      const fresh = await startSshd()
      try {
        const { ctx, inbox } = place({}, fresh)
        const fault = await faultOf(submitBatch(batch(), ctx({ config: { sftpHostKeySha256: 'a'.repeat(43) } })))
        expect(fault.kind).to.equal('credentials')
        expect(fault.message).to.include('does not show the host key of the settings')
        expect(readdirSync(inbox)).to.deep.equal([])
        expect(fresh.log(), 'not even the user’s name').not.to.match(/userauth|Accepted|Invalid user|user nobody/)
      } finally {
        await fresh.stop()
      }
    })
    it('finds the pinned key among the kinds that the server has, however it is written', async () => {
      for (const sftpHostKeySha256 of [sshd.otherKeys.rsa, sshd.otherKeys.ecdsa, sshd.config.sftpHostKeySha256.replace('SHA256:', '')]) {
        const { ctx } = place()
        expect(await submitBatch(batch(), ctx({ config: { sftpHostKeySha256 } }))).to.have.property('is', 'ok')
      }
    })
    it('tells a login that is refused from a server that is gone', async () => {
      const { ctx } = place()
      expect((await faultOf(submitBatch(batch(), ctx({ config: { sftpUser: 'root' } })))).kind).to.equal('credentials')
      expect((await faultOf(submitBatch(batch(), ctx({ secrets: { sftpPrivateKey: undefined } })))).kind).to.equal('credentials')
      expect((await faultOf(submitBatch(batch(), ctx({ config: { sftpPort: 9 } })))).kind).to.equal('unavailable')
      expect((await faultOf(submitBatch(batch(), ctx({ config: { sftpInbox: 'nowhere' } })))).kind).to.equal('contract')
    })
  })

  describe('that will not have it', () => {
    it('is told "not accepted" where the folder is read-only', async () => {
      const { ctx, inbox } = place()
      chmodSync(inbox, 0o555)
      expect(await submitBatch(batch(), ctx())).to.have.nested.property('value.code', 'not-accepted')
    })
    it('is told "not accepted" where the file is written and the rename is refused', async () => {
      const { ctx, inbox } = place()
      // Ours to write, in a folder that is not ours to change.
      writeFileSync(`${inbox}/${name}.tmp`, '')
      sshd.give(`${inbox}/${name}.tmp`)
      chmodSync(inbox, 0o555)
      const lines: string[] = []
      expect(await submitBatch(batch(), ctx({ lines }))).to.have.nested.property('value.code', 'not-accepted')
      expect(readdirSync(inbox)).to.deep.equal([`${name}.tmp`])
      expect(lines.join()).to.include('could not be removed').and.not.include(name)
    })
    it('finds no temporary file left behind where the server renames nothing at all', async () => {
      const strict = await startSshd(['rename'])
      try {
        const { ctx, inbox } = place({}, strict)
        expect(await submitBatch(batch(), ctx())).to.have.nested.property('value.code', 'not-accepted')
        expect(readdirSync(inbox)).to.deep.equal([])
      } finally {
        await strict.stop()
      }
    })
  })

  it('is uncertain when the line breaks in mid-file, and whole after the next try', async () => {
    const { ctx, inbox } = place()
    // Larger than any batch, so that there is a middle.
    const file = { name, plain: Buffer.alloc(48 * 1024 * 1024, 'x') }
    const give = () => withSftp(ctx(), (session) => handOver(session, file, ctx(), plainFiles))
    const broken = faultOf(give())
    const temporary = `${inbox}/${name}.tmp`
    while (!existsSync(temporary) || statSync(temporary).size === 0) await wait(1)
    sshd.killSessions()
    expect((await broken).kind).to.equal('uncertain')
    expect(readdirSync(inbox)).to.deep.equal([`${name}.tmp`])
    expect(statSync(temporary).size).to.be.within(1, file.plain.length - 1)
    expect(await give()).to.equal('done')
    expect(readdirSync(inbox)).to.deep.equal([name])
    expect(readFileSync(`${inbox}/${name}`).equals(file.plain)).to.equal(true)
  })
  it('turns Nagle’s algorithm off', async () => {
    const { ctx } = place()
    const asked: unknown[] = []
    const { setNoDelay } = Socket.prototype
    Socket.prototype.setNoDelay = function (this: Socket, on?: boolean) {
      asked.push(on)
      return setNoDelay.call(this, on)
    }
    try {
      await submitBatch(batch(), ctx())
    } finally {
      Socket.prototype.setNoDelay = setNoDelay
    }
    expect(asked).to.include(true).and.not.include(false)
  })

  describe('asked what became of a batch', () => {
    it('is not found when only its temporary file is there, which is taken away', async () => {
      const { ctx, inbox } = place()
      writeFileSync(`${inbox}/${name}.tmp`, 'ISA*half')
      sshd.give(`${inbox}/${name}.tmp`)
      expect(await findBatch(batch(), ctx())).to.equal('not-found')
      expect(readdirSync(inbox)).to.deep.equal([])
    })
    it('cannot be told when nothing speaks of it: it may have been taken', async () => {
      const { ctx, outbox } = place()
      expect(await findBatch(batch(), ctx())).to.equal('cannot-tell')
      const foreign = [
        interchange([], { ta1: ['TA1', '000000002', '261201', '0900', 'A', '000'] }),
        interchange([], { ta1: ['TA1', '000000001', '261201', '0900', 'A', '000'], usage: 'P' }),
        interchange([], { ta1: ['TA1', '000000001', '261201', '0900', 'A', '000'] }).replace('HELIOXHUB      ', 'ANOTHERCLINIC  '),
        interchange(
          [
            [
              ['AK1', 'HS', '2', '005010X279A1'],
              ['AK9', 'A', '1', '1', '1'],
            ],
          ],
          { set: '999', version: '005010X231A1' },
        ),
        answer(rows('EB*1**30')),
        'not X12 at all',
      ]
      for (const [i, text] of foreign.entries()) writeFileSync(`${outbox}/${i}.x12`, text)
      expect(await findBatch(batch(), ctx())).to.equal('cannot-tell')
      expect(readdirSync(outbox), 'looking takes nothing away').to.have.length(foreign.length)
    })
    it('cannot be told by a 271 that lay there before: the same patients were asked about in an earlier file', async () => {
      const { ctx, outbox } = place()
      const sent = batch()
      const late = answer(rows('EB*1**30')).replaceAll(traceOf(inquiryV2.requestId), traceOf(sent.inquiries[1]?.requestId ?? ''))
      const look = async (modifiedAtMs: number) => {
        writeFileSync(`${outbox}/late.x12`, late)
        utimesSync(`${outbox}/late.x12`, modifiedAtMs / 1000, modifiedAtMs / 1000)
        return findBatch(sent, ctx())
      }
      expect(await look(takenAtMs - 60_000)).to.equal('cannot-tell')
      // SFTP tells whole seconds: the same one proves nothing.
      expect(await look(takenAtMs)).to.equal('cannot-tell')
      expect(await look(takenAtMs + 1_000)).to.have.property('is', 'ok')
    })
    const takenAtMs = contextOf().now().getTime()
    const signs: [title: string, textFor: (requestId: string) => string][] = [
      ['a TA1 with its number', () => interchange([], { ta1: ['TA1', '000000001', '261201', '0900', 'A', '000'] })],
      ['a TA1 that refuses it', () => interchange([], { ta1: ['TA1', '1', '261201', '0900', 'R', '025'] })],
      [
        'a 999 with its group',
        () =>
          interchange(
            [
              [
                ['AK1', 'HS', '1', '005010X279A1'],
                ['AK9', 'A', '2', '2', '2'],
              ],
            ],
            { set: '999', version: '005010X231A1' },
          ),
      ],
      ['a 271 with one of its traces', (requestId) => answer(rows('EB*1**30')).replaceAll(traceOf(inquiryV2.requestId), traceOf(requestId))],
    ]
    for (const [title, textFor] of signs)
      it(`was sent when the outbox holds ${title}`, async () => {
        const { ctx, outbox } = place()
        const sent = batch()
        writeFileSync(`${outbox}/sign.x12`, textFor(sent.inquiries[1]?.requestId ?? ''))
        const afterSeconds = takenAtMs / 1000 + 1
        utimesSync(`${outbox}/sign.x12`, afterSeconds, afterSeconds)
        const found = await findBatch(sent, ctx())
        expect(found).to.have.nested.include({ is: 'ok', 'value.isa13': 1, 'value.batchId': sent.batchId })
      })
  })
})
