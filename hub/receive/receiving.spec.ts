import { expect } from 'chai'
import { startReceiving } from './index.ts'
import { everyMs, numbered, Receiving, until } from './testing.ts'

describe('hub/receive, the loops', () => {
  let closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(closers.map((close) => close()))
    closers = []
  })
  const start = (desk: Receiving, options: { timeoutMs?: number } = {}) => {
    const running = startReceiving(desk.deps(options))
    closers.push(() => running.close())
    return running
  }

  it("looks at each clinic's door when it is due on the hub's clock, and not before", async () => {
    const desk = new Receiving()
    desk.tenants = ['t1', 't2']
    start(desk)
    await until('both doors', () => desk.turns.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(desk.turns.map(({ tenantId }) => tenantId).toSorted()).to.deep.equal(['t1', 't2'])
    desk.nowMs += everyMs
    await until('the second look', () => desk.turns.length === 4)
  })

  it('looks again after the clock was set back', async () => {
    const desk = new Receiving()
    start(desk)
    await until('the first look', () => desk.turns.length === 1)
    desk.files.takeTurn = async (tenantId, _receiver, _owner, _times, now) => {
      desk.turns.push({ tenantId, atMs: now.getTime() })
      return { giveBack: async () => undefined }
    }
    desk.nowMs -= 30 * 86_400_000
    await until('a look in the past', () => desk.turns.length >= 2)
  })

  it("lets one clinic's slow partner delay nobody else", async () => {
    const desk = new Receiving()
    desk.tenants = ['slow', 'quick']
    const asked: string[] = []
    desk.config = (tenantId) => ({ on: true, everyMinutes: tenantId === 'slow' ? 1 : 2 })
    desk.collect = async ({ config }, keep) => {
      asked.push(config.everyMinutes === 1 ? 'slow' : 'quick')
      if (config.everyMinutes === 1) await new Promise(() => undefined)
      await keep({ name: 'a', bytes: numbered(1, asked.length) })
    }
    start(desk, { timeoutMs: 60_000 })
    await until('the quick one', () => desk.kept.some((file) => file.read))
    desk.nowMs += everyMs
    await until('the quick one again', () => asked.filter((who) => who === 'quick').length === 2)
    expect(asked.filter((who) => who === 'slow')).to.have.length(1)
  })

  it('takes no turn and opens no secret where the clinic has no such door', async () => {
    const desk = new Receiving()
    desk.config = () => ({ on: false, everyMinutes: 15 })
    start(desk)
    await until('a round', () => desk.silence.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([desk.turns, desk.opened]).to.deep.equal([[], []])
  })

  it('leaves the clinics of another region alone', async () => {
    const desk = new Receiving()
    desk.tenants = ['t1', 'far']
    desk.regions.set('far', 'eu-central')
    desk.waiting.add('far').add('t1')
    start(desk)
    await until('our own', () => desk.turns.length > 0 && desk.closed.length > 0 && desk.silence.length > 0)
    const seen = [...desk.turns, ...desk.closed, ...desk.silence].map(({ tenantId }) => tenantId)
    expect(new Set(seen)).to.deep.equal(new Set(['t1']))
  })

  it("closes batches by the clinic's own setting, and by the default where there is none", async () => {
    const desk = new Receiving()
    desk.config = (tenantId) => (tenantId === 't1' ? { on: true, everyMinutes: 0.5 } : undefined)
    desk.waiting.add('t1').add('unconnected')
    start(desk)
    await until('both', () => desk.closed.length >= 4)
    expect(new Set(desk.closed.map(({ tenantId, everyMs: ms }) => `${tenantId} ${ms}`))).to.deep.equal(new Set(['t1 30000', `unconnected ${99 * 60_000}`]))
  })

  it("watches for silence every half minute of the hub's clock, and again when it was set back", async () => {
    const desk = new Receiving()
    start(desk)
    await until('the first time', () => desk.silence.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(desk.silence).to.have.length(1)
    desk.nowMs += 30_000
    await until('the second', () => desk.silence.length === 2)
    desk.nowMs -= 3_600_000
    await until('in the past', () => desk.silence.length === 3)
  })

  it('outlives an outage of our own storage', async () => {
    const desk = new Receiving()
    desk.failing = 'storage'
    start(desk)
    await until('the outage', () => desk.lines.some((line) => line.includes('storage could not be reached')))
    desk.failing = 'nothing'
    await until('a look', () => desk.turns.length === 1)
  })

  it('ends a running look when it is closed, keeps nothing more, and leaves the door to the next engine', async () => {
    const desk = new Receiving()
    let aborted = false
    desk.collect = ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true
          reject(signal.reason)
        }),
      )
    const running = start(desk, { timeoutMs: 60_000 })
    await until('the look', () => desk.turns.length === 1)
    await running.close()
    expect(aborted).to.equal(true)
    desk.nowMs += everyMs
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(1) }))
    start(desk)
    await until('the next engine', () => desk.kept.some((file) => file.read))
  })
})
