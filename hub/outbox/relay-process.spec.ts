import { expect } from 'chai'
import { RelayBench, until } from './testing.ts'

const rowCount = 500

describe('the relay process', function () {
  this.timeout(240_000)
  let bench: RelayBench
  beforeEach(async () => {
    bench = await RelayBench.open()
  })
  afterEach(() => bench.close())
  const allMarked = () => until('every row is marked', async () => (await bench.pending()) === 0)

  it('loses no row of 500 when one of two relays is killed with -9 between confirm and mark', async () => {
    const ids = await bench.addRows(rowCount)
    const victim = bench.start('relay-1', { HUB_BARRIER: 'confirm@identity' })
    const other = bench.start('relay-2')
    let dead = false
    void victim.ended.then(() => {
      dead = true
    })
    // Should the other be so quick that nothing is left for the victim, there is more.
    await until(
      'the victim had a batch',
      async () => {
        if (!dead && (await bench.pending()) === 0) ids.push(...(await bench.addRows(rowCount)))
        return dead
      },
      120_000,
    )
    expect(await victim.ended).to.deep.equal([null, 'SIGKILL'])
    expect(victim.output()).to.contain('barrier confirm@identity#1 kill')
    await allMarked()
    const taken = await bench.takeFromReporting()
    await until('every row came', () => new Set(taken).size === ids.length)
    expect(new Set(taken)).to.deep.equal(new Set(ids))
    expect(taken.length, 'what the victim had confirmed but not marked came twice').to.be.greaterThan(ids.length)
    expect(other.child.exitCode).to.equal(null)
  })

  for (const at of ['claim', 'publish', 'mark']) {
    it(`loses no row when the only relay is killed with -9 at ${at} and another is started`, async () => {
      const ids = await bench.addRows(40)
      const victim = bench.start('relay-1', { HUB_BARRIER: `${at}@identity` })
      expect((await victim.ended)[1]).to.equal('SIGKILL')
      bench.start('relay-2')
      await allMarked()
      const taken = await bench.takeFromReporting()
      await until('every row came', () => new Set(taken).size === 40)
      expect(new Set(taken)).to.deep.equal(new Set(ids))
    })
  }

  it('ends by itself and at once on SIGTERM', async () => {
    const relay = bench.start('relay-1')
    await until('it is ready', relay.ready)
    const fromMs = performance.now()
    relay.child.kill('SIGTERM')
    expect(await relay.ended).to.deep.equal([0, null])
    expect(performance.now() - fromMs).to.be.lessThan(4_000)
    expect(relay.output()).to.not.match(/"level":"(warn|error)"/)
  })
})
