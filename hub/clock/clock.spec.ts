import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Log, machineMs } from '@heliox/core/kit'
import { expect } from 'chai'
import { RelayConfig, readConfig } from '../config/index.ts'
import { followedClock, openClock, systemClock } from './index.ts'

const noon = Date.parse('2026-11-26T12:00:00.000Z')
const hourMs = 3_600_000

/** As much of a simulator as says what time it is. */
class Simulator {
  fromMs = noon
  speed = 1
  frozen = false
  answer: 'time' | 'nothing' | 'nonsense' = 'time'
  asked = 0
  /** How far its answers are off, as a slow network would make them. */
  offMs = 0
  #sinceMs = performance.now()
  #server: Server | undefined
  url = ''
  nowMs = (): number => this.fromMs + (this.frozen ? 0 : (performance.now() - this.#sinceMs) * this.speed)
  set(fromMs: number, speed = this.speed, frozen = false): void {
    Object.assign(this, { fromMs, speed, frozen })
    this.#sinceMs = performance.now()
  }
  async listen(port = 0): Promise<number> {
    this.#server = createServer((request, response) => {
      this.asked += 1
      if (request.url !== '/_sim/clock' || this.answer === 'nothing') response.writeHead(503).end()
      else if (this.answer === 'nonsense') response.end('{"now":"yesterday"}')
      else response.end(JSON.stringify({ now: new Date(this.nowMs() + this.offMs).toISOString(), speed: this.speed, frozen: this.frozen }))
    })
    await new Promise<void>((resolve) => this.#server?.listen(port, '127.0.0.1', resolve))
    const { port: bound } = this.#server.address() as AddressInfo
    this.url = `http://127.0.0.1:${bound}`
    return bound
  }
  async close(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined))
  }
}

describe('hub/clock', () => {
  let sim: Simulator
  let lines: string[]
  let closers: (() => void)[]
  const write = (_fields: Record<string, unknown>, text: string): void => {
    lines.push(text)
  }
  const log: Log = { info: write, warn: write, error: write }
  const follow = async (more: { firstMsMax?: number } = {}) => {
    const clock = await followedClock({ url: sim.url, log, pollMs: 20, ...more })
    closers.push(() => clock.close())
    return clock
  }
  const asks = async (): Promise<void> => {
    const before = sim.asked
    while (sim.asked < before + 3) await sleep(5)
  }
  beforeEach(async () => {
    lines = []
    closers = []
    sim = new Simulator()
    await sim.listen()
  })
  afterEach(async () => {
    for (const close of closers) close()
    await sim.close()
  })

  it("tells the simulator's time, between its answers too", async () => {
    sim.set(noon)
    const clock = await follow()
    for (let i = 0; i < 10; i += 1) {
      expect(clock.now().getTime()).to.be.closeTo(sim.nowMs(), 100)
      await sleep(7)
    }
  })

  it('goes as fast as the simulator, and stands when it stands', async () => {
    sim.set(noon, 3_600)
    const clock = await follow()
    await sleep(200)
    expect(clock.now().getTime() - noon).to.be.greaterThan(0.15 * hourMs)
    expect(clock.speed?.()).to.equal(3_600)
    sim.set(noon + 2 * hourMs, 3_600, true)
    await asks()
    const stood = clock.now().getTime()
    await sleep(60)
    expect(clock.now().getTime()).to.equal(stood)
    expect(stood).to.be.closeTo(noon + 2 * hourMs, 1_000)
  })

  it('jumps ahead with it', async () => {
    const clock = await follow()
    sim.set(noon + 48 * hourMs)
    await asks()
    expect(clock.now().getTime()).to.be.closeTo(sim.nowMs(), 200)
  })

  it('never runs backwards by a jitter of the network', async () => {
    const clock = await follow()
    let last = clock.now().getTime()
    for (let i = 0; i < 60; i += 1) {
      sim.offMs = i % 2 === 0 ? 0 : -400
      await sleep(5)
      const now = clock.now().getTime()
      expect(now).to.be.at.least(last)
      last = now
    }
    expect(lines).to.deep.equal([])
  })

  it('goes back when a person sets it back, and says so', async () => {
    const clock = await follow()
    sim.set(noon - 24 * hourMs)
    await asks()
    expect(clock.now().getTime()).to.be.closeTo(sim.nowMs(), 200)
    expect(lines).to.deep.equal(['the clock that we follow was set back'])
  })

  for (const answer of ['nothing', 'nonsense'] as const) {
    it(`goes on at its last speed when the simulator says ${answer}, says so once, and finds it again`, async () => {
      sim.set(noon, 100)
      const clock = await follow()
      sim.answer = answer
      await asks()
      const then = clock.now().getTime()
      await sleep(100)
      expect(clock.now().getTime() - then).to.be.at.least(9_000)
      expect(lines).to.deep.equal(['the clock that we follow is lost; we go on at its last speed'])
      sim.answer = 'time'
      await asks()
      await sleep(50)
      expect(lines.at(-1)).to.equal('the clock that we follow is back')
    })
  }

  it('waits for a simulator that is not up yet, and does not begin without its time', async () => {
    sim.answer = 'nothing'
    const beginning = follow()
    await sleep(60)
    sim.answer = 'time'
    expect((await beginning).now().getTime()).to.be.closeTo(sim.nowMs(), 100)
    sim.answer = 'nothing'
    const error = await follow({ firstMsMax: 50 }).catch((caught: unknown) => caught)
    expect(String(error)).to.contain('cannot be read')
  })

  it('is the machine where nothing is followed', async () => {
    const clock = await openClock({ HUB_ENV: 'production' }, log)
    expect(Math.abs(clock.now().getTime() - Date.now())).to.be.below(100)
    expect(sim.asked).to.equal(0)
  })

  for (const env of ['production', 'staging', '']) {
    it(`follows nobody in the environment "${env}"`, async () => {
      const refused = await openClock({ HUB_ENV: env, HUB_CLOCK_URL: sim.url }, log).catch((error: unknown) => error)
      expect(String(refused)).to.contain('HUB_CLOCK_URL')
      expect(sim.asked).to.equal(0)
    })
  }

  it('lets no process of production start with a clock to follow', () => {
    const settings = {
      HUB_REGION: 'us-east',
      HUB_PROCESS: 'relay-1',
      DATABASE_URL: 'postgres://a:b@c/d',
      HUB_BUS: 'rabbitmq',
      AMQP_URL: 'amqp://a:b@c/d',
      HUB_CLOCK_URL: sim.url,
    }
    expect(readConfig(RelayConfig, { ...settings, HUB_ENV: 'test' }).HUB_CLOCK_URL).to.equal(sim.url)
    expect(() => readConfig(RelayConfig, { ...settings, HUB_ENV: 'production' })).to.throw('HUB_CLOCK_URL')
  })

  it('gives a lease as much time of the machine as ever, however fast it runs', async () => {
    sim.set(noon, 60)
    const clock = await follow()
    expect(machineMs(clock, 1_000)).to.equal(60_000)
    expect(machineMs(systemClock(), 1_000)).to.equal(1_000)
    sim.set(noon + hourMs, 60, true)
    await asks()
    expect(machineMs(clock, 1_000)).to.equal(1_000)
  })
})
