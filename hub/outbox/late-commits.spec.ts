import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { insert, RelayBench, until } from './testing.ts'

const writers = 12
const rounds = 20

/** A relay that remembered how far it had read would pass over what was written before and committed after. Ours remembers nothing. */
describe('rows that are committed late', function () {
  this.timeout(240_000)
  let bench: RelayBench
  beforeEach(async () => {
    bench = await RelayBench.open()
  })
  afterEach(() => bench.close())

  it('a lower id with an earlier time, committed after a higher one has gone, goes too', async () => {
    const relay = bench.start('relay-1')
    await until('it is ready', relay.ready)
    const [late, early] = [await bench.connect(), await bench.connect()]
    const tenantId = randomUUID()
    const lower = `00000000${randomUUID().slice(8)}`
    const higher = `ffffffff${randomUUID().slice(8)}`
    await late.query('begin')
    await insert(late, [{ id: lower, tenantId, at: new Date('2026-01-01T00:00:00Z') }])
    await insert(early, [{ id: higher, tenantId, at: new Date('2026-01-01T00:00:01Z') }])
    const taken = await bench.takeFromReporting()
    await until('the higher one has gone', async () => taken.includes(higher) && (await bench.pending()) === 0)
    await late.query('commit')
    const from = performance.now()
    await until('the lower one has gone', () => taken.includes(lower))
    expect(performance.now() - from, 'the next poll finds it').to.be.lessThan(3_000)
    expect(taken).to.deep.equal([higher, lower])
  })

  it('commits in any order, some taken back, under two relays of which one is killed: what was committed comes, nothing else', async () => {
    bench.start('relay-1')
    const victim = bench.start('relay-2')
    const taken = await bench.takeFromReporting()
    const tenantId = randomUUID()
    const committed: string[] = []
    const takenBack: string[] = []
    let place = Date.parse('2026-01-01T00:00:00Z')
    async function write(): Promise<void> {
      const client = await bench.connect()
      for (let round = 0; round < rounds; round += 1) {
        const rows = Array.from({ length: 3 }, () => {
          place += 1
          return { id: randomUUID(), tenantId, at: new Date(place) }
        })
        const keeps = randomInt(10) > 0
        await client.query('begin')
        await insert(client, rows)
        await sleep(randomInt(150))
        await client.query(keeps ? 'commit' : 'rollback')
        ;(keeps ? committed : takenBack).push(...rows.map((row) => row.id))
      }
    }
    const writing = Promise.all(Array.from({ length: writers }, write))
    await until('half is written', () => committed.length > (writers * rounds * 3) / 2)
    victim.child.kill('SIGKILL')
    await writing
    await until('every row is marked', async () => (await bench.pending()) === 0)
    await until('every row came', () => new Set(taken).size === committed.length)
    expect(new Set(taken)).to.deep.equal(new Set(committed))
    expect(takenBack.length, 'some were taken back').to.be.greaterThan(0)
  })
})
