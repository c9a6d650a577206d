import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import { insert, RelayBench, until } from './testing.ts'

const writers = 12
const rounds = 20
/** The same commits for everybody by default; `LATE_COMMITS_SEED=$RANDOM` looks further. */
const seed = Number(process.env.LATE_COMMITS_SEED ?? 20261122)
/** What becomes of each transaction, and how long it is open. */
const fates = fc.noBias(fc.record({ keeps: fc.nat(9).map((n) => n > 0), openMs: fc.nat(149) }))

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
    await until('the lower one has gone with a poll soon after', () => taken.includes(lower), 10_000)
    expect(taken).to.deep.equal([higher, lower])
  })

  it(`commits in any order, some taken back, under two relays of which one is killed: what was committed comes, nothing else (LATE_COMMITS_SEED=${seed})`, async () => {
    bench.start('relay-1')
    const victim = bench.start('relay-2')
    const taken = await bench.takeFromReporting()
    const tenantId = randomUUID()
    const committed: string[] = []
    const takenBack: string[] = []
    let place = Date.parse('2026-01-01T00:00:00Z')
    const drawn = fc.sample(fates, { seed, numRuns: writers * rounds })
    async function write(ofWriter: typeof drawn): Promise<void> {
      const client = await bench.connect()
      for (const { keeps, openMs } of ofWriter) {
        const rows = Array.from({ length: 3 }, () => {
          place += 1
          return { id: randomUUID(), tenantId, at: new Date(place) }
        })
        await client.query('begin')
        await insert(client, rows)
        await sleep(openMs)
        await client.query(keeps ? 'commit' : 'rollback')
        ;(keeps ? committed : takenBack).push(...rows.map((row) => row.id))
      }
    }
    const writing = Promise.all(Array.from({ length: writers }, (_, n) => write(drawn.slice(n * rounds, (n + 1) * rounds))))
    await until('half is written', () => committed.length > (writers * rounds * 3) / 2)
    victim.child.kill('SIGKILL')
    await writing
    await until('every row is marked', async () => (await bench.pending()) === 0)
    await until('every row came', () => new Set(taken).size === committed.length)
    expect(new Set(taken)).to.deep.equal(new Set(committed))
    expect(takenBack.length, 'some were taken back').to.be.greaterThan(0)
  })
})
