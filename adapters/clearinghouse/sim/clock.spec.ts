import { expect } from 'chai'
import { SimClock } from './clock.ts'

describe("The simulator's clock", () => {
  const start = new Date('2026-11-26T14:00:00Z')
  const frozen = () => new SimClock({ now: start, frozen: true })
  let clock = frozen()
  beforeEach(() => {
    clock = frozen()
  })
  afterEach(() => clock.stop())

  it('stands still when frozen, and what is due waits', async () => {
    let came = 0
    clock.after(1, 'x', () => {
      came += 1
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([came, clock.now().toISOString()]).to.deep.equal([0, '2026-11-26T14:00:00.000Z'])
    expect(clock.waiting()).to.deep.equal([{ due: '2026-11-26T14:00:00.001Z', what: 'x' }])
  })
  it('delivers in the order of their moments, each seeing its own, and what they plan on the way', () => {
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(`${name} ${clock.now().toISOString().slice(11, 19)}`)
    clock.after(3_000, 'late', note('late'))
    clock.after(1_000, 'early', () => {
      note('early')()
      clock.after(1_000, 'planned', note('planned'))
    })
    clock.after(9_000, 'not yet', note('not yet'))
    clock.advance(5_000)
    expect(seen).to.deep.equal(['early 14:00:01', 'planned 14:00:02', 'late 14:00:03'])
    expect(clock.now().toISOString()).to.equal('2026-11-26T14:00:05.000Z')
  })
  it('set backward lets what waits keep its moment', () => {
    let came = 0
    clock.after(1_000, 'x', () => {
      came += 1
    })
    clock.set({ now: new Date('2026-11-26T13:00:00Z') })
    clock.advance(3_600_000)
    expect(came).to.equal(0)
    clock.advance(1_000)
    expect(came).to.equal(1)
  })
  it('runs at its speed: an hour a tenth of a second', async () => {
    const before = clock.nowMs()
    clock.set({ frozen: false, speed: 36_000 })
    await new Promise<void>((resolve) => {
      // Keeps the process alive, as its doors do.
      const alive = setInterval(() => undefined, 1_000)
      clock.after(3_600_000, 'x', () => {
        clearInterval(alive)
        resolve()
      })
    })
    expect(clock.nowMs() - before).to.be.within(3_600_000, 3_600_000 * 10)
  })
  it('forgets what was called off', () => {
    let came = 0
    const off = clock.after(1, 'x', () => {
      came += 1
    })
    off()
    clock.advance(10)
    expect([came, clock.waiting().length]).to.deep.equal([0, 0])
  })
})
