import { appendFileSync, chmodSync, mkdirSync, readdirSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { PartnerFault, type ReceivedFile, sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { answer, rows } from './fixtures/response.ts'
import { type CollectOptions, collectFiles, fileBytesMax, receiveTimes } from './receive-files.ts'
import { type ContextOptions, contextOf } from './testing/context.ts'
import { noSshd, type Sshd, startSshd } from './testing/sshd.ts'
import { plainFiles } from './transport/file-cipher.ts'
import { isFinished } from './whole-file.ts'

/** Whole, and another one for each number. */
const fileOf = (number: number): string => answer(rows('EB*1**30'), { control: String(number).padStart(9, '0') })
/** Large enough that there is a middle. */
const largeFile = (): string => fileOf(1).repeat(Math.floor((24 * 1024 * 1024) / fileOf(1).length))
const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
  const error = await work.then(
    () => new Error('it went well where a fault was due'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof PartnerFault) return error
  throw error
}

describe('A file’s end', () => {
  it('is its IEA, whatever delimits it', () => {
    for (const options of [{}, { terminator: '\n' }, { terminator: '\r\n' }, { terminator: '\x1c', element: '\x1d' }, { lineBreak: '\r\n' }])
      expect(isFinished(Buffer.from(answer(rows('EB*1**30'), options))), JSON.stringify(options)).to.equal(true)
    expect(isFinished(Buffer.from(fileOf(1) + fileOf(2)))).to.equal(true)
  })
  it('is not there wherever a file is cut', () => {
    const whole = fileOf(1)
    for (let length = 0; length < whole.length; length += 1) expect(isFinished(Buffer.from(whole.slice(0, length))), String(length)).to.equal(false)
    const two = whole + fileOf(2)
    for (let length = whole.length + 1; length < two.length; length += 1) expect(isFinished(Buffer.from(two.slice(0, length))), String(length)).to.equal(false)
  })
  it('may be the end of a damaged file: that does not get better by waiting', () => {
    expect(isFinished(Buffer.from(fileOf(1).replace('SE*', 'SE*9')))).to.equal(true)
  })
})

describe(`Collecting files from OpenSSH${noSshd ? ` (skipped: ${noSshd})` : ''}`, function () {
  this.timeout(60_000)
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

  /** An empty outbox of its own, and a hub that knows by hash what it has. */
  function place() {
    const sftpOutbox = `from-${++folders}`
    const outbox = `${sshd.files}/${sftpOutbox}`
    mkdirSync(outbox)
    sshd.give(outbox)
    const kept: ReceivedFile[] = []
    const known = new Set<string>()
    const keep = async (file: ReceivedFile): Promise<'kept' | 'known'> => {
      const sha256 = sha256Hex(file.bytes)
      if (known.has(sha256)) return 'known'
      known.add(sha256)
      kept.push(file)
      return 'kept'
    }
    const lines: string[] = []
    const collect = ({ keepAs = keep, ...options }: ContextOptions & Partial<CollectOptions> & { keepAs?: typeof keep } = {}) =>
      collectFiles(contextOf({ lines, timeoutMs: 50_000, ...options, config: { ...sshd.config, sftpOutbox }, secrets: sshd.secrets }), keepAs, {
        secondLookMs: 300,
        removeAfterMs: 0,
        cipher: plainFiles,
        ...options,
      })
    const put = (name: string, text: string, atSeconds?: number): void => {
      writeFileSync(`${outbox}/${name}`, text)
      sshd.give(`${outbox}/${name}`)
      if (atSeconds !== undefined) utimesSync(`${outbox}/${name}`, atSeconds, atSeconds)
    }
    return { outbox, kept, keep, collect, put, lines, left: () => readdirSync(outbox).sort(), names: () => kept.map((file) => file.name) }
  }

  it('keeps each file, the oldest first, and takes it away at a later look', async () => {
    const { kept, collect, put, left, names } = place()
    put('a.x12', fileOf(1), 1_700_000_200)
    put('b.x12', fileOf(2), 1_700_000_100)
    put('c.x12', fileOf(3), 1_700_000_100)
    await collect()
    expect(left(), 'kept is not removed').to.deep.equal(['a.x12', 'b.x12', 'c.x12'])
    await collect()
    expect(names()).to.deep.equal(['b.x12', 'c.x12', 'a.x12'])
    expect(kept.map((file) => file.bytes.toString())).to.deep.equal([fileOf(2), fileOf(3), fileOf(1)])
    expect(left()).to.deep.equal([])
  })
  it('leaves a file where it is when it could not be kept', async () => {
    const { collect, put, left, names } = place()
    put('a.x12', fileOf(1))
    const broken = collect({ keepAs: () => Promise.reject(new Error('no room')) })
    expect(await broken.catch((error: Error) => error.message)).to.equal('no room')
    expect(left()).to.deep.equal(['a.x12'])
    await collect()
    expect([names(), left()]).to.deep.equal([['a.x12'], ['a.x12']])
  })
  it('takes nothing away for a while after it was kept, and fetches it no second time', async () => {
    const { collect, put, left, kept } = place()
    put('a.x12', fileOf(1))
    let offered = 0
    const keepAs = async () => {
      offered += 1
      return 'kept' as const
    }
    for (let times = 0; times < 3; times += 1) await collect({ keepAs, removeAfterMs: 60_000 })
    expect([offered, kept, left()]).to.deep.equal([1, [], ['a.x12']])
    await collect({ keepAs })
    expect([offered, left()]).to.deep.equal([1, []])
  })
  it('keeps a file again, whole, when it grew after an end that was not its last', async () => {
    const { outbox, kept, collect, put, left } = place()
    put('a.x12', fileOf(1))
    await collect()
    appendFileSync(`${outbox}/a.x12`, fileOf(2))
    await collect()
    expect(kept.map((file) => file.bytes.toString())).to.deep.equal([fileOf(1), fileOf(1) + fileOf(2)])
    expect(left()).to.deep.equal(['a.x12'])
    await collect()
    expect([kept.length, left()]).to.deep.equal([2, []])
  })
  it('touches neither what is being written under another name, nor folders', async () => {
    const { outbox, collect, put, left, names } = place()
    const others = ['a.x12.tmp', 'b.x12.part', 'c.FILEPART', '.d.x12']
    for (const name of others) put(name, fileOf(1))
    mkdirSync(`${outbox}/folder`)
    await collect()
    expect(left()).to.deep.equal([...others, 'folder'].sort())
    renameSync(`${outbox}/a.x12.tmp`, `${outbox}/a.x12`)
    await collect()
    expect(names()).to.deep.equal(['a.x12'])
  })
  it('waits for a file that grows between two looks, and takes it whole', async () => {
    const { outbox, kept, collect, put } = place()
    put('a.x12', fileOf(1))
    const looking = collect({ secondLookMs: 1_000 })
    await wait(600)
    appendFileSync(`${outbox}/a.x12`, fileOf(2))
    await looking
    expect(kept).to.deep.equal([])
    await collect()
    expect(kept.map((file) => file.bytes.toString())).to.deep.equal([fileOf(1) + fileOf(2)])
  })
  it('waits for the end of a file that stands still without one; after ten minutes it is kept as it is', async () => {
    const { kept, collect, put, left } = place()
    let now = new Date('2026-12-01T09:00:00Z')
    const cut = fileOf(1).slice(0, -20)
    put('a.x12', cut)
    put('b.txt', 'maintenance on sunday')
    const look = async (at: string) => {
      now = new Date(at)
      await collect({ now: () => now })
      return kept.map((file) => file.bytes.toString())
    }
    expect(await look('2026-12-01T09:00:00Z')).to.deep.equal([])
    expect(await look('2026-12-01T09:09:59Z')).to.deep.equal([])
    expect(left()).to.deep.equal(['a.x12', 'b.txt'])
    // It grew: its time begins anew.
    put('a.x12', `${cut}~`)
    expect(await look('2026-12-01T09:10:00Z')).to.deep.equal(['maintenance on sunday'])
    expect(await look('2026-12-01T09:19:59Z')).to.have.length(1)
    expect(await look('2026-12-01T09:20:00Z')).to.deep.equal(['maintenance on sunday', `${cut}~`])
    expect(await look('2026-12-01T09:21:00Z')).to.have.length(2)
    expect(left()).to.deep.equal([])
  })
  it('takes nothing of a file that changes while it is read', async () => {
    const { outbox, kept, collect, put, left } = place()
    put('a.x12', largeFile())
    const reading = collect()
    while (!sshd.holds(`${outbox}/a.x12`)) await wait(1)
    appendFileSync(`${outbox}/a.x12`, fileOf(2))
    await reading
    expect([kept, left()]).to.deep.equal([[], ['a.x12']])
    await collect()
    expect(kept.map((file) => file.bytes.toString('latin1') === largeFile() + fileOf(2))).to.deep.equal([true])
  })
  it('takes away only the file that it kept, not one that came under its name meanwhile', async () => {
    const { kept, keep, collect, put, left } = place()
    put('a.x12', fileOf(1))
    await collect({
      keepAs: async (file) => {
        put('a.x12', `${fileOf(2)}\n`)
        return keep(file)
      },
    })
    await collect()
    expect(kept.map((file) => file.bytes.toString())).to.deep.equal([fileOf(1), `${fileOf(2)}\n`])
    expect(left()).to.deep.equal(['a.x12'])
  })
  it('knows the same content under two names, and takes other content under one name', async () => {
    const { collect, put, left, names } = place()
    put('a.x12', fileOf(1), 1_700_000_100)
    put('copy.x12', fileOf(1), 1_700_000_200)
    await collect()
    await collect()
    expect([names(), left()]).to.deep.equal([['a.x12'], []])
    put('a.x12', fileOf(2))
    await collect()
    await collect()
    expect([names(), left()]).to.deep.equal([['a.x12', 'a.x12'], []])
  })
  it('goes on where the server refuses to remove: not fetched again for an hour, then tried once more', async () => {
    const { outbox, kept, collect, put, left, lines } = place()
    let now = new Date('2026-12-01T09:00:00Z')
    let offered = 0
    const look = (at: string) => {
      now = new Date(at)
      const keepAs = async () => {
        offered += 1
        return 'kept' as const
      }
      return collect({ now: () => now, keepAs })
    }
    put('a.x12', fileOf(1))
    put('b.x12', fileOf(2))
    chmodSync(outbox, 0o555)
    await look('2026-12-01T09:00:00Z')
    await look('2026-12-01T09:59:00Z')
    expect([offered, left()]).to.deep.equal([2, ['a.x12', 'b.x12']])
    expect(lines.join()).to.include('could not be removed').and.not.include('a.x12')
    await look('2026-12-01T10:00:01Z')
    expect(offered).to.equal(4)
    chmodSync(outbox, 0o755)
    // Changed: it is a new file, whatever was kept before.
    put('b.x12', fileOf(3) + fileOf(4))
    await look('2026-12-01T10:01:00Z')
    expect([offered, left(), kept]).to.deep.equal([5, ['b.x12'], []])
  })
  it('takes the others where one may not be read', async () => {
    const { outbox, collect, put, left, names, lines } = place()
    put('a.x12', fileOf(1), 1_700_000_100)
    put('b.x12', fileOf(2), 1_700_000_200)
    chmodSync(`${outbox}/a.x12`, 0o000)
    await collect()
    await collect()
    expect([names(), left()]).to.deep.equal([['b.x12'], ['a.x12']])
    expect(lines.join()).to.include('could not be read').and.not.include('a.x12')
  })
  it('takes the others where one is too large, and says so each time', async () => {
    const { outbox, collect, put, left, names } = place()
    put('huge.x12', '')
    truncateSync(`${outbox}/huge.x12`, fileBytesMax + 1)
    put('b.x12', fileOf(2))
    for (let times = 0; times < 2; times += 1) expect(await faultOf(collect())).to.include({ kind: 'contract' })
    expect([names(), left()]).to.deep.equal([['b.x12'], ['huge.x12']])
  })
  it('loses nothing when the line breaks in mid-file', async () => {
    const { outbox, kept, collect, put, left } = place()
    put('a.x12', largeFile())
    const reading = faultOf(collect())
    while (!sshd.holds(`${outbox}/a.x12`)) await wait(1)
    sshd.killSessions()
    expect((await reading).kind).to.equal('unavailable')
    expect([kept, left()]).to.deep.equal([[], ['a.x12']])
    await collect()
    await collect()
    expect(kept.map((file) => file.bytes.toString('latin1') === largeFile())).to.deep.equal([true])
    expect(left()).to.deep.equal([])
  })
  it('keeps a file as it came when its seal does not hold, and opens the others', async () => {
    const { kept, collect, put, left } = place()
    put('a.x12', `sealed ${fileOf(1)}`, 1_700_000_100)
    put('b.x12', fileOf(2), 1_700_000_200)
    const cipher = {
      ...plainFiles,
      open: async (received: Buffer) => {
        if (!received.toString().startsWith('sealed ')) throw new Error('no seal')
        return received.subarray(7)
      },
    }
    await collect({ cipher })
    await collect({ cipher })
    expect(kept.map((file) => file.bytes.toString())).to.deep.equal([fileOf(1), fileOf(2)])
    expect(left()).to.deep.equal([])
  })
  it('says which folder or right is missing', async () => {
    const { collect, outbox } = place()
    chmodSync(outbox, 0o000)
    expect((await faultOf(collect())).kind).to.equal('credentials')
    renameSync(outbox, `${outbox}-elsewhere`)
    expect((await faultOf(collect())).kind).to.equal('contract')
  })
  it('takes 10,000 files, each once, the oldest first, within one look', async function () {
    this.timeout(receiveTimes.timeoutMs + 60_000)
    const { kept, collect, put, left, names } = place()
    const count = 10_000
    const nameOf = (number: number) => `271_${String((number * 7919) % count).padStart(5, '0')}.x12`
    for (let number = 0; number < count; number += 1) put(nameOf(number), fileOf(number), 1_700_000_000 + number)
    await collect({ timeoutMs: receiveTimes.timeoutMs })
    expect(kept).to.have.length(count)
    await collect({ timeoutMs: receiveTimes.timeoutMs })
    expect(left()).to.deep.equal([])
    expect(names()).to.deep.equal(Array.from({ length: count }, (_, number) => nameOf(number)))
    expect(kept.every((file, number) => file.bytes.toString() === fileOf(number))).to.equal(true)
  })
})
