import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import pg from 'pg'
import { silent } from '../docker/local/progress.ts'
import { rabbitMqInstalled } from '../docker/local/rabbitmq.ts'
import { makeSmallDisk, moveDatabase, noSmallDisk, type SmallDisk } from '../docker/local/small-disk.ts'
import { type BusName, type Stack, startStack } from '../docker/local/stack.ts'
import { type Filled, Intakes } from './chaos/load.ts'
import { HubRefused, Staff } from './demo/hub-client.ts'
import { until } from './demo/walk.ts'

/**
 * The database has no room left, or takes no writes: people are told so, nothing is half done, nobody's work is held for a person or
 * lost, and all goes on by itself when it can. The tables are on a disk of their own, which is filled.
 */
const hub = ['api', 'relay', 'engine'] as const
/** Room for the seeds and these patients; the rest of the disk is taken by a file. */
const diskMebibytes = 160
const formsUnderWay = 8
const formsOnScreens = 40
const troubleMs = 12_000
/** Of warnings and errors, of one process. */
const troubleBytesPerSecondMax = 10_000

for (const bus of ['postgres', 'rabbitmq'] as const satisfies readonly BusName[]) {
  describe(`a database that takes nothing new, over ${bus}`, function () {
    this.timeout(400_000)
    let stack: Stack | undefined
    let disk: SmallDisk | undefined
    let ops: Staff
    let behind: pg.Pool
    let intakes: Intakes
    let pids: number[]
    const running = (): Stack => {
      if (!stack) throw new Error('the stack did not start')
      return stack
    }

    before(async function () {
      const missing = bus === 'rabbitmq' && !rabbitMqInstalled() ? 'RabbitMQ is not installed' : noSmallDisk()
      if (missing) {
        process.stderr.write(`skipped: ${missing}\n`)
        this.skip()
      }
      stack = await startStack({ kind: 'throw-away', bus, progress: silent })
      ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
      intakes = await Intakes.open(stack, { seed: 5 })
      behind = new pg.Pool({ connectionString: stack.ownerUrl, max: 2 })
      behind.on('error', () => undefined)
      await stack.database.kill()
      disk = makeSmallDisk(diskMebibytes)
      moveDatabase(stack.folder, disk)
      await stack.database.revive()
      await ready(200)
      pids = hub.map((name) => running().child(name).pid)
    })
    after(async () => {
      await intakes?.close()
      await behind?.end()
      disk?.makeRoom()
      await stack?.stop()
      disk?.remove()
    })

    const get = (path: string) => fetch(`${running().urls.public}${path}`, { signal: AbortSignal.timeout(20_000) })
    const ready = (status: number, seconds = 60) =>
      until(`readiness ${status}`, seconds, async () => ((await get('/api/ready')).status === status ? true : undefined))
    const count = async (sql: string): Promise<number> => Number((await behind.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n)
    const troubleBytes = (name: string): number => troubleIn(readFileSync(`${running().folder}/logs/${name}.log`, 'utf8'))
    const refusedBy = ({ patient, submission, idempotencyKey }: Filled): Promise<HubRefused | undefined> =>
      patient.submit(submission, idempotencyKey).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof HubRefused) return error
          throw error
        },
      )

    /** The trouble itself: what is told, what works, what is kept out, and how it ends. */
    async function endure(begin: () => Promise<void>, end: () => Promise<void>): Promise<void> {
      const onScreens = await intakes.fill(formsOnScreens)
      const written = hub.map(troubleBytes)
      const sent = await intakes.fill(formsUnderWay)
      const underWay = intakes.send(sent)
      underWay.catch(() => undefined)
      await until('the first of them to be taken', 60, async () => sent.some(({ intake }) => intake.accepted) || undefined)
      const beganMs = performance.now()
      await begin()

      // What fits into pages that were taken before is saved; then nothing is.
      const tried: Filled[] = []
      let refusal: HubRefused | undefined
      for (const form of onScreens) {
        tried.push(form)
        refusal = await refusedBy(form)
        if (refusal) break
      }
      expect(refusal).to.include({ status: 503, code: 'storage-read-only', retryAfterSeconds: 30 })
      expect(refusal?.message).to.contain('was not saved').and.to.contain('Nothing is lost on your side')
      const refused = tried.at(-1) as Filled
      const { intakeId } = refused.intake
      expect(await count(`identity.outbox WHERE intake_id = '${intakeId}' AND event_type = 'intake.submitted.v1'`), 'nothing half done').to.equal(0)
      expect(await count(`identity.intake_sessions WHERE id = '${intakeId}' AND (status = 'submitted' OR patient_id IS NOT NULL)`)).to.equal(0)

      expect((await get('/api/health')).status, 'the process lives').to.equal(200)
      const notReady = await get('/api/ready')
      expect([notReady.status, ((await notReady.json()) as { error: { code: string } }).error.code]).to.deep.equal([503, 'storage-read-only'])
      expect((await refused.patient.open()).intakeId, 'the form can be read').to.equal(intakeId)
      expect(await ops.overrides(), 'operations can read, and have nothing to do').to.deep.equal([])
      await sleep(troubleMs)
      const troubleBytesMax = (troubleBytesPerSecondMax * (performance.now() - beganMs)) / 1000
      for (const [i, name] of hub.entries()) expect(troubleBytes(name) - (written[i] ?? 0), `what ${name} wrote`).to.be.lessThan(troubleBytesMax)

      const fromMs = performance.now()
      await end()
      await until('the same form to be taken', 30, async () => ((await refusedBy(refused)) ? undefined : true))
      const takenMs = performance.now() - fromMs
      await intakes.send(tried)
      await underWay
      await ready(200)
      const counted = await intakes.finished(180)
      const allMs = performance.now() - fromMs
      process.stderr.write(`      taken again after ${Math.round(takenMs)} ms, ${tried.length + formsUnderWay} forms through after ${Math.round(allMs)} ms\n`)
      for (const [i, name] of hub.entries()) process.stderr.write(`      ${name}: ${troubleBytes(name) - (written[i] ?? 0)} bytes of trouble\n`)
      expect([counted.detail, counted.withPeople]).to.deep.equal([[], 0])
      expect(takenMs, 'at once, when it can').to.be.lessThan(15_000)
      expect(await count(`messaging.overrides WHERE status = 'open'`)).to.equal(0)
      expect(
        hub.map((name) => running().child(name).pid),
        'nobody was started again',
      ).to.deep.equal(pids)
    }

    it('a full disk', async () => {
      await endure(
        async () => disk?.fill(),
        async () => disk?.makeRoom(),
      )
    })

    // Closed to writes, nothing can be claimed and so nothing reaches a broker: only the bus in the same database meets this.
    if (bus === 'rabbitmq') return
    it('a database that is closed to writes', async () => {
      const say = async (sql: string): Promise<void> => {
        await behind.query(sql)
        await behind.query('SELECT pg_reload_conf()')
      }
      await endure(
        () => say('ALTER SYSTEM SET default_transaction_read_only = on'),
        () => say('ALTER SYSTEM RESET default_transaction_read_only'),
      )
    })
  })
}

/** Bytes of lines that tell of trouble. */
const troubleIn = (log: string): number =>
  log
    .split('\n')
    .filter((line) => /"level":"(warn|error|fatal)"/.test(line) || !line.startsWith('{'))
    .reduce((sum, line) => sum + line.length, 0)
