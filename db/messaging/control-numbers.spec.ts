import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { takeNumber } from './control-numbers.ts'

describe('control numbers', function () {
  this.timeout(60_000)
  let hub: TestHub
  let sequence: string
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(() => {
    sequence = `x12:${randomUUID()}`
  })
  const take = (key: string, tenantId = hub.tenantId, now = hub.now) => hub.engine.stores.numbers.take(tenantId, sequence, key, now)
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

  it('gives 200 who ask at once the numbers 1 to 200, each once', async () => {
    const taken = await Promise.all(upTo(200).map((i) => take(`key-${i}`, i % 3 === 0 ? hub.otherTenantId : hub.tenantId)))
    expect(taken.map((one) => one.number).sort((a, b) => a - b)).to.deep.equal(upTo(200))
  })

  it('gives the same key the same number and moment for ever, also to 50 who ask at once', async () => {
    const first = await take('batch-1')
    await take('batch-2')
    const later = new Date(hub.now.getTime() + 86_400_000)
    const again = await Promise.all(upTo(50).map(() => take('batch-1', hub.tenantId, later)))
    for (const one of again) expect(one).to.deep.equal(first)
    const fresh = await Promise.all(upTo(50).map(() => take('batch-3')))
    expect(new Set(fresh.map((one) => one.number))).to.deep.equal(new Set([3]))
  })

  it('leaves no gap and no double, whatever keys come how often and at once', async () => {
    const rounds = fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rounds, async (waves) => {
        sequence = `x12:${randomUUID()}`
        const of = new Map<number, number>()
        for (const wave of waves) {
          for (const [key, number] of await Promise.all(wave.map(async (key) => [key, (await take(`k${key}`)).number] as const))) {
            expect(of.get(key) ?? number).to.equal(number)
            of.set(key, number)
          }
        }
        expect([...of.values()].sort((a, b) => a - b)).to.deep.equal(upTo(of.size))
      }),
      { numRuns: 25 },
    )
  })

  it('takes a number back with a commit that fails: the next one gets it', async () => {
    await take('a')
    const aborted = withTenant(hub.engine.pool, hub.tenantId, 'service:test', async (tx) => {
      expect((await takeNumber(tx, sequence, 'b', hub.now)).number).to.equal(2)
      throw new Error('the process dies here')
    })
    await aborted.catch(() => undefined)
    expect((await take('c')).number).to.equal(2)
    expect((await take('b')).number).to.equal(3)
  })

  it('lets others wait for a taker whose connection is cut, and then gives them its number', async () => {
    const client = await hub.engine.pool.connect()
    await client.query(`BEGIN; SELECT set_config('app.tenant_id', '${hub.tenantId}', true)`)
    await client.query('SELECT * FROM messaging.take_control_number($1, $2, $3)', [sequence, 'a', hub.now])
    const waiting = take('b')
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    client.on('error', () => undefined)
    await hub.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    expect((await waiting).number).to.equal(1)
    client.release(true)
  })

  it('counts for each sequence by itself, and for two clinics with one sender together', async () => {
    expect((await take('a')).number).to.equal(1)
    expect((await take('a', hub.otherTenantId)).number).to.equal(2)
    sequence = `${sequence}:other-usage`
    expect((await take('a')).number).to.equal(1)
  })

  it('refuses in plain words when the numbers are used up, and goes on giving known keys theirs', async () => {
    await hub.owner.query('SELECT messaging.raise_control_counter($1, 999999998)', [sequence])
    expect((await take('last')).number).to.equal(999_999_999)
    const error = await take('one more').catch((e: Error) => e.message)
    expect(error).to.equal('control numbers of this sequence are used up')
    expect((await take('last')).number).to.equal(999_999_999)
  })

  it('is raised by an operator after a restore, never lowered', async () => {
    const raise = async (atLeast: number) =>
      (await hub.owner.query<{ n: number }>('SELECT messaging.raise_control_counter($1, $2) AS n', [sequence, atLeast])).rows[0]?.n
    await take('a')
    expect(await raise(500)).to.equal(500)
    expect(await raise(10)).to.equal(500)
    expect((await take('b')).number).to.equal(501)
  })

  it('can be read and written by no login role in any other way', async () => {
    for (const pool of [hub.engine.pool, hub.api.pool]) {
      for (const table of ['control_counters', 'control_numbers']) {
        const refused = await withTenant(pool, hub.tenantId, 'service:test', (tx) => tx.query(`SELECT * FROM messaging.${table}`)).catch(
          (e: Error) => e.message,
        )
        expect(refused).to.match(/permission denied/)
      }
      const raised = await pool.query(`SELECT messaging.raise_control_counter('x', 1)`).catch((e: Error) => e.message)
      expect(raised).to.match(/permission denied/)
    }
  })
})
