import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Envelope } from '@heliox/core/kit'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import pg from 'pg'
import { type Bus, openBus, reportingQueue } from '../bus/index.ts'
import { systemClock } from '../clock/index.ts'
import { createLog } from '../log/index.ts'

const rowCount = 500

async function until(what: string, look: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(20)
  }
}

describe('the relay process', function () {
  this.timeout(60_000)
  let db: TestDatabase
  let owner: pg.Client
  let bus: Bus | undefined
  const children: { child: ChildProcess; ended: Promise<[number | null, NodeJS.Signals | null]> }[] = []

  beforeEach(async () => {
    db = await freshDatabase()
    owner = new pg.Client({ connectionString: db.ownerUrl })
    await owner.connect()
  })
  afterEach(async () => {
    await bus?.close()
    bus = undefined
    for (const { child, ended } of children.splice(0)) {
      child.kill('SIGKILL')
      await ended
    }
    await owner.end()
    await db.drop()
  })

  async function startRelay(name: string, extra: Record<string, string> = {}) {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HUB_ENV: 'test',
        HUB_REGION: 'us-east',
        HUB_PROCESS: name,
        HUB_LOG_LEVEL: 'warn',
        DATABASE_URL: db.urlAs('hub_relay'),
        HUB_BUS: 'postgres',
        HUB_BUS_DATABASE_URL: db.urlAs('hub_bus'),
        ...extra,
      },
    })
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => child.once('exit', (code, signal) => resolve([code, signal])))
    children.push({ child, ended })
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    let ready = false
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`
      ready ||= line === JSON.stringify({ ready: true, process: name, url: null })
    })
    return { child, ended, output: () => output, ready: () => ready }
  }

  /** As a commit of identity would write them; two tenants, oldest first. */
  async function addRows(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID())
    const tenants = [randomUUID(), randomUUID()]
    await owner.query(
      `insert into identity.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract,
         payload, region, occurred_at, process, available_at, created_at)
       select ($2::uuid[])[1 + n % 2], id, id, id, 'intake', id, 1, 'intake.submitted.v1', 'IntakeSubmitted.v1', '{}', 'us-east', t, 'api-1', t, t
       from unnest($1::uuid[]) with ordinality as row(id, n), (select timestamptz '2026-01-01' as t) as at`,
      [ids, tenants],
    )
    return ids
  }
  const pending = async (): Promise<number> => Number((await owner.query("select count(*) as n from identity.outbox where status = 'pending'")).rows[0].n)

  async function takeFromReporting(): Promise<string[]> {
    const log = createLog({ level: 'silent', process: 'test', region: 'us-east' })
    bus = await openBus({ HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: db.urlAs('hub_bus') }, { process: 'test', log, clock: systemClock() })
    await bus.declare([{ name: reportingQueue, bindings: [], deliveriesMax: 20 }])
    const taken: string[] = []
    await bus.consume(reportingQueue, { prefetch: 64 }, async ({ body }) => {
      taken.push(Envelope.parse(body).id)
      return { is: 'ack' }
    })
    return taken
  }

  it('loses no row of 500 when one of two relays is killed with -9 between confirm and mark', async () => {
    const ids = await addRows(rowCount)
    const victim = await startRelay('relay-1', { HUB_BARRIER: 'confirm@identity' })
    const other = await startRelay('relay-2')
    let dead = false
    void victim.ended.then(() => {
      dead = true
    })
    // Should the other be so quick that nothing is left for the victim, there is more.
    await until('the victim had a batch', async () => {
      if (!dead && (await pending()) === 0) ids.push(...(await addRows(rowCount)))
      return dead
    })
    expect(await victim.ended).to.deep.equal([null, 'SIGKILL'])
    expect(victim.output()).to.contain('barrier confirm@identity#1 kill')
    await until('every row is marked', async () => (await pending()) === 0)
    const taken = await takeFromReporting()
    await until('every row came', () => new Set(taken).size === ids.length)
    expect(new Set(taken)).to.deep.equal(new Set(ids))
    expect(taken.length, 'what the victim had confirmed but not marked came twice').to.be.greaterThan(ids.length)
    expect(other.child.exitCode).to.equal(null)
  })

  for (const at of ['claim', 'publish', 'mark']) {
    it(`loses no row when the only relay is killed with -9 at ${at} and another is started`, async () => {
      const ids = await addRows(40)
      const victim = await startRelay('relay-1', { HUB_BARRIER: `${at}@identity` })
      expect((await victim.ended)[1]).to.equal('SIGKILL')
      await startRelay('relay-2')
      await until('every row is marked', async () => (await pending()) === 0)
      const taken = await takeFromReporting()
      await until('every row came', () => new Set(taken).size === 40)
      expect(new Set(taken)).to.deep.equal(new Set(ids))
    })
  }

  it('ends by itself and at once on SIGTERM', async () => {
    const relay = await startRelay('relay-1')
    await until('it is ready', relay.ready)
    const from = performance.now()
    relay.child.kill('SIGTERM')
    expect(await relay.ended).to.deep.equal([0, null])
    expect(performance.now() - from).to.be.lessThan(4_000)
    expect(relay.output()).to.not.match(/"level":"(warn|error)"/)
  })
})
