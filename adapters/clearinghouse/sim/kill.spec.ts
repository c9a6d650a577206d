import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ask270, file270, set270 } from './testing/ask.ts'
import { type SimChild, startChild } from './testing/child.ts'

const atOnce = 8
const inquiries = 120
const from = 'from-clearinghouse'

describe('The simulated clearinghouse, killed', () => {
  let folder = ''
  let path = ''
  let sim: SimChild
  const kill = async (): Promise<void> => {
    const ended = once(sim.process, 'exit')
    sim.process.kill('SIGKILL')
    await ended
  }
  /** As it comes back for those who know its address: the same ports. */
  const again = async (env: Record<string, string> = {}): Promise<void> => {
    const { url, sftp } = sim
    sim = await startChild({ SIM_JOURNAL: path, SIM_PORT: new URL(url).port, SIM_SFTP_PORT: `${sftp.port}`, ...env })
  }
  const restart = async (): Promise<void> => {
    await kill()
    await again()
  }
  const start = async (env: Record<string, string> = {}): Promise<void> => {
    path = join(folder, `${Math.random()}.journal`)
    sim = await startChild({ SIM_JOURNAL: path, ...env })
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sim-kill-'))
  })
  afterEach(async () => {
    await sim.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const looks = ['clock', 'waiting', 'scenario', 'effects', 'effects/each', 'log', 'files'] as const
  const looksLike = async () => Object.fromEntries(await Promise.all(looks.map(async (what) => [what, await sim.look(`/_sim/${what}`)] as const)))
  const put = async (name: string, text: string, finalName?: string): Promise<void> => {
    const client = await sim.open()
    await client.put(Buffer.from(text), `to-clearinghouse/${name}`)
    if (finalName) await client.rename(`to-clearinghouse/${name}`, `to-clearinghouse/${finalName}`)
  }

  it('has what it answered in mid-load, byte for byte, and does no inquiry twice', async () => {
    await start()
    const answered = new Map<number, string>()
    const left = Array.from({ length: inquiries }, (_, n) => n)
    const ask = (n: number) => sim.post(ask270({ trace: `T${n}`, member: `HX${n}` }), { 'idempotency-key': `key-${n}` })
    let killed: Promise<void> | undefined
    const worker = async (): Promise<void> => {
      for (let n = left.pop(); n !== undefined && !killed; n = left.pop()) {
        const number = n
        await ask(number).then(
          ({ text }) => answered.set(number, text),
          () => left.push(number),
        )
        if (answered.size >= inquiries / 3) killed ??= kill()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await killed
    expect(answered.size).to.be.within(inquiries / 3, inquiries - 1)

    await again()
    for (let n = 0; n < inquiries; n += 1) {
      const { status, text } = await ask(n)
      expect(status).to.equal(200)
      if (answered.has(n)) expect(text).to.equal(answered.get(n))
    }
    const { checkEligibility, duplicateInquiry } = await sim.look<Record<string, { count: number }>>('/_sim/effects')
    expect([checkEligibility?.count, duplicateInquiry]).to.deep.equal([inquiries, undefined])
    const each = await sim.look<{ operation: string; times: number }[]>('/_sim/effects/each')
    const worked = each.filter(({ operation }) => operation === 'checkEligibility')
    expect(worked).to.have.length(inquiries)
    expect(worked.filter(({ times }) => times !== 1)).to.deep.equal([])
    expect(worked).to.deep.include({ operation: 'checkEligibility', key: 'key-7', trace: 'T7', member: 'HX7', times: 1 })
  })

  const batch = () => file270(['HX1', 'HX2', 'DEP3'].map((member, n) => set270({ st: `000${n + 1}`, trace: `B${n}`, member })))

  it('has lost no time: its clock goes on at its speed, and what fell due meanwhile is there, each at its moment', async () => {
    const speed = 60
    await start({ SIM_FREEZE: '', SIM_SPEED: `${speed}` })
    const read = async () => Date.parse((await sim.look<{ now: string }>('/_sim/clock')).now)
    await put('b.tmp', batch(), 'b.x12')
    const [earliest, before] = [performance.now(), await read()]
    await kill()
    const latest = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const away = performance.now() - latest
    await again({ SIM_FREEZE: '', SIM_SPEED: `${speed}` })
    const after = await read()
    // The clock tells whole milliseconds.
    expect(after - before).to.be.within(away * speed - 1, (performance.now() - earliest) * speed + 1)
    expect(await sim.look('/_sim/clock')).to.include({ speed, frozen: false })
    const files = (await sim.look<Record<string, { name: string; modifiedAt: string }[]>>('/_sim/files'))[from] ?? []
    expect(files.map(({ name }) => name.split('_')[0])).to.deep.equal(['TA1', '999', '271'])
    // Some seconds behind the file, as ever; the process was away for more than a minute of that time.
    for (const { modifiedAt } of files) expect(Date.parse(modifiedAt)).to.be.below(before + 5_000)
  })

  it('takes an upload under its final name as far as it had come, and leaves one under a temporary name alone', async () => {
    await start()
    const client = await sim.open()
    client.on('error', () => undefined)
    const text = batch()
    const half = async (name: string): Promise<void> => {
      const stream = client.createWriteStream(`to-clearinghouse/${name}`)
      stream.on('error', () => undefined)
      await new Promise<void>((resolve) => stream.write(text.slice(0, 600), () => resolve()))
    }
    await half('a.x12')
    await half('b.tmp')
    expect((await sim.look<Record<string, unknown[]>>('/_sim/files'))['to-clearinghouse']).to.have.length(2)
    await restart()
    const { files, log } = (await looksLike()) as { files: Record<string, { name: string; bytes: number }[]>; log: { what: string }[] }
    expect(files['to-clearinghouse']?.map(({ name, bytes }) => [name, bytes])).to.deep.equal([['b.tmp', 600]])
    expect(log.map(({ what }) => what)).to.deep.equal(['file-taken', 'interchange-refused'])
  })

  it('never did what it was killed while writing down', async () => {
    await start()
    await put('b.tmp', batch())
    const before = await looksLike()
    const client = await sim.open()
    await client.rename('to-clearinghouse/b.tmp', 'to-clearinghouse/b.x12')
    expect(await sim.look('/_sim/effects')).to.have.property('submitBatch')
    await kill()
    truncateSync(path, readFileSync(path).length - 100)
    await again()
    expect(await looksLike()).to.deep.equal(before)
    const second = await sim.open()
    await second.rename('to-clearinghouse/b.tmp', 'to-clearinghouse/b.x12')
    expect(await sim.look('/_sim/effects')).to.deep.include({ submitBatch: { count: 1, byKey: { 'HELIOXHUB/000000101': 1 } } })
  })
})
