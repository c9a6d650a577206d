import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ask270 } from './testing/ask.ts'
import { type SimChild, startChild } from './testing/child.ts'

describe('The simulator as a process', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sim-spec-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('ends within 2 s of SIGTERM, with clients connected and answers under way, and leaves no file', async () => {
    const sim = await startChild({ TMPDIR: folder })
    await sim.play({ rules: [{ does: { behaviour: 'slow' } }] })
    const hanging = sim.post(ask270()).catch((error: Error) => error.message)
    const client = await sim.open()
    await client.put(Buffer.from(ask270()), 'to-clearinghouse/a.tmp')
    await client.rename('to-clearinghouse/a.tmp', 'to-clearinghouse/a.x12')
    const fromMs = performance.now()
    sim.process.kill('SIGTERM')
    const [code] = await once(sim.process, 'exit')
    expect([code, performance.now() - fromMs < 2_000]).to.deep.equal([0, true])
    expect(readdirSync(folder)).to.deep.equal([])
    expect(await hanging).to.equal('fetch failed')
    await client.end().catch(() => undefined)
  })
  it('has the same host key after a restart with the same token', async () => {
    const sims: SimChild[] = [await startChild(), await startChild(), await startChild({ SIM_TOKEN: 'another' })]
    const [first, second, other] = sims.map(({ sftp }) => sftp.hostKeySha256)
    await Promise.all(sims.map((sim) => sim.stop()))
    expect(first)
      .to.equal(second)
      .and.to.match(/^[A-Za-z0-9+/]{43}$/)
    expect(first).not.to.equal(other)
  })
  it('starts in a scenario, by the clock of the command line', async () => {
    const file = join(folder, 'a.json')
    writeFileSync(file, JSON.stringify({ name: 'from a file', clock: { now: '2020-01-01T00:00:00Z', speed: 7 }, rules: [{ does: { behaviour: 'empty' } }] }))
    const sim = await startChild({ SIM_SCENARIO: file })
    try {
      expect(await sim.look('/_sim/clock')).to.deep.equal({ now: '2026-11-23T15:00:00.000Z', speed: 7, frozen: true })
      await sim.post(ask270())
      expect(await sim.look('/_sim/scenario'))
        .to.include({ name: 'from a file' })
        .and.to.deep.include({ used: [{ rule: 'rules[0]', times: 1 }] })
      await sim.tell('/_sim/scenario', {}, 'DELETE')
      expect(await sim.look('/_sim/scenario')).to.deep.include({ used: [] })
      await sim.tell('/_sim/reset')
      expect(await sim.look('/_sim/scenario'), 'that of the start, unused').to.deep.include({ used: [{ rule: 'rules[0]', times: 0 }] })
    } finally {
      await sim.stop()
    }
  })
  it('refuses a clock and a scenario that are none, over the control port, and goes on as before', async () => {
    const sim = await startChild()
    try {
      const refused = async (path: string, body: string) => {
        const response = await fetch(`${sim.url}${path}`, { method: 'PUT', body })
        return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
      }
      expect(await refused('/_sim/clock', '{"now":"yesterday"}')).to.deep.equal([400, 'INVALID'])
      expect(await refused('/_sim/scenario', '{')).to.deep.equal([400, 'NOT_JSON'])
      expect(await sim.look('/_sim/clock')).to.include({ now: '2026-11-23T15:00:00.000Z' })
    } finally {
      await sim.stop()
    }
  })
})

describe('hub -- sim clearinghouse', function () {
  // Four starts of a program: half a minute on a machine that is busy with other specs.
  this.timeout(120_000)
  const cli = new URL('../../../hub/cli/main.ts', import.meta.url).pathname
  const run = (...args: string[]) => spawn(process.execPath, [cli, 'sim', 'clearinghouse', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

  it('says where everything is, and ends on Ctrl-C', async () => {
    const child = run('--now', '2026-11-26T14:00:00Z', '--freeze')
    let said = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        said += chunk
        if (said.includes('README.md')) resolve()
      })
    })
    for (const part of [
      /POST http:\/\/127\.0\.0\.1:\d+\/realtime/,
      /Bearer \S+/,
      /sftp -P \d+ hub@127/,
      /SHA256:\S{43}/,
      /14:00:00\.000Z, frozen/,
      /_sim\/clock/,
    ])
      expect(said).to.match(part)
    child.kill('SIGINT')
    expect(await once(child, 'close')).to.deep.equal([0, null])
    expect(said).to.include('nothing is left behind')
  })
  it('tells what it did not understand: exit 2', async () => {
    for (const [args, text] of [
      [['--speed', 'fast'], 'speed'],
      [['--wat'], 'usage:'],
      [['--scenario', 'nowhere.json'], 'ENOENT'],
      [['--port', '99999'], '--port must be 0 to 65535'],
    ] as const) {
      const child = run(...args)
      let complained = ''
      child.stderr.on('data', (chunk) => {
        complained += chunk
      })
      expect((await once(child, 'close'))[0], args.join(' ')).to.equal(2)
      expect(complained).to.include(text)
    }
  })
})
