import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import pg from 'pg'
import type { Child } from '../docker/local/child.ts'
import { silent } from '../docker/local/progress.ts'
import { rabbitMqInstalled } from '../docker/local/rabbitmq.ts'
import { type BusName, type Stack, startStack } from '../docker/local/stack.ts'
import { Clearinghouse } from './demo/clearinghouse.ts'
import { type BulkRelease, Patient, Staff } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { effects, peopleInEhr } from './demo/simulators.ts'
import { until, visitAt } from './demo/walk.ts'

/**
 * Three hundred patients wait, since the clearinghouse took our key no more. It does again, and one person releases them all, at a rate,
 * while every process of the hub is killed (`kill -9`) at least once: each is asked about once, written once, and nobody is left.
 */
const patients = 300
const atOnce = 8
/** A minute's work for an engine, so that there is something to kill. */
const ratePerMinute = 300

for (const bus of ['postgres', 'rabbitmq'] as const satisfies readonly BusName[]) {
  describe(`a bulk release over ${bus}`, function () {
    this.timeout(900_000)
    let stack: Stack | undefined
    let clearinghouse: Clearinghouse
    let ops: Staff
    let behind: pg.Client
    const running = (): Stack => {
      if (!stack) throw new Error('the stack did not start')
      return stack
    }

    before(async function () {
      if (bus === 'rabbitmq' && !rabbitMqInstalled()) this.skip()
      stack = await startStack({ kind: 'throw-away', bus, progress: silent })
      clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
      ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
      behind = new pg.Client({ connectionString: stack.ownerUrl })
      await behind.connect()
    })
    after(async () => {
      await behind?.end()
      await stack?.stop()
    })

    /** Every fifth has no cover any more, as with a real payer: one that said yes to three hundred in a row would not be believed. */
    const covered = (n: number): boolean => n % 5 !== 0
    /** As short as a form may be: no photo, no card. A minute of the clinic's day each, so that their turns come in this order. */
    async function submit(desk: Staff, n: number): Promise<string> {
      const { answers } = somebody({ memberId: `${covered(n) ? 'BULK' : 'INACT'}${1000 + n}`, email: null })
      const startsAt = new Date(Date.parse(visitAt(0)) + n * 60_000).toISOString()
      const visit = await desk.createVisit(startsAt, 'Dr Okafor')
      const patient = new Patient(visit.patientUrl)
      const view = await patient.open()
      await patient.submit(
        {
          answers,
          consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
          signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
          uploadIds: [],
          confirmationTokenId: null,
        },
        randomUUID(),
      )
      return visit.intakeId
    }
    /** Of everybody who is not in the chart: what became of each step. */
    const whereTheyAre = async (): Promise<unknown[]> =>
      (
        await behind.query(
          `SELECT j.eligibility, j.writeback, e.flow, e.step, e.state::text, e.cause::text, e.owner, p.state::text AS pin, o.cause::text AS held
           FROM reporting.journeys j LEFT JOIN messaging.effects e ON e.intake_id = j.intake_id
             LEFT JOIN messaging.pins p ON p.root_id = e.root_id AND p.flow = e.flow LEFT JOIN messaging.overrides o ON o.effect_id = e.id AND o.status = 'open'
           WHERE j.writeback <> 'written' ORDER BY j.intake_id, e.created_at LIMIT 50`,
        )
      ).rows
    const count = async (sql: string): Promise<number> => Number((await behind.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n)
    const open = (): Promise<number> => count(`messaging.overrides WHERE status = 'open' AND cause = 'credentials'`)
    const asked = async (): Promise<Record<string, number>> => (await effects(running().urls.clearinghouse)).checkEligibility?.byKey ?? {}
    /** The api may be away just now: asked again until it answers. */
    const patiently = <T>(what: string, probe: () => Promise<T>): Promise<T> => until(what, 60, () => probe().catch(() => undefined))
    const look = (id: string): Promise<BulkRelease> => patiently('the bulk release', () => ops.bulk(id))
    const decidedAtLeast = (id: string, n: number): Promise<BulkRelease> =>
      until(`${n} decisions`, 180, async () => {
        const release = await look(id)
        return release.progress.decided >= n ? release : undefined
      })

    async function kill(name: string): Promise<void> {
      const child = running().child(name)
      child.kill('SIGKILL')
      expect(await child.ended).to.include({ signal: 'SIGKILL' })
    }
    /** Dies by itself at that step, once there is work; what waits already may kill it before it says that it is ready. */
    async function dies(barrier: string, start: (armed: { HUB_BARRIER: string }) => Promise<Child>, thenWork: () => Promise<unknown>): Promise<void> {
      let ended: Child['ended'] | undefined
      try {
        ended = (await start({ HUB_BARRIER: barrier })).ended
      } catch (error) {
        if (!/barrier \S+ kill/.test((error as Error).message)) throw error
      }
      await thenWork()
      const lives = new Promise<'lives'>((resolve) => setTimeout(() => resolve('lives'), 120_000).unref())
      if (ended) expect(await Promise.race([ended, lives]), barrier).to.deep.equal({ code: null, signal: 'SIGKILL' })
    }

    const numbers = Array.from({ length: patients }, (_, n) => n)
    const intakeIds: string[] = []
    it(`holds ${patients} patients until a person says go`, async () => {
      await clearinghouse.fault('refuses-key')
      const desk = await Staff.signIn(running().urls.public, 'desk@lakeside.example')
      const left = [...numbers]
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let n = left.pop(); n !== undefined; n = left.pop()) intakeIds[n] = await submit(desk, n)
        }),
      )
      await until('all to be held', 300, async () => ((await open()) === patients ? true : undefined))
      expect(await asked()).to.deep.equal({})
    })

    const wish = {
      bulkReleaseId: randomUUID(),
      action: 'retry',
      selection: { cause: 'credentials' },
      ratePerMinute,
      reason: 'connection-fixed',
      note: 'New key.',
    }
    it('says first how many there are, and does nothing', async () => {
      await clearinghouse.fault('answers')
      const { plan, sample } = await ops.planBulk('retry', { cause: 'credentials' })
      expect(plan.items).to.equal(patients)
      expect(plan.visitsByDay.reduce((sum, { items }) => sum + items, 0)).to.equal(patients)
      expect(sample).to.have.length(10)
      expect([await open(), await count('messaging.bulk_releases')]).to.deep.equal([patients, 0])
    })

    it('goes on where it was, whichever process is killed, and stops when told', async () => {
      const [first, second] = await Promise.all([ops.startBulk(wish), ops.startBulk(wish)])
      expect([first.id, second.id]).to.deep.equal([wish.bulkReleaseId, wish.bulkReleaseId])
      const { id } = first

      await decidedAtLeast(id, 0.05 * patients)
      await kill('engine')
      await dies(
        'partner-answered@eligibility#5',
        (armed) => running().restart('engine', armed),
        async () => undefined,
      )
      const stopped = await ops.stopBulk(id)
      await running().restart('engine')
      await until('what was decided to be carried out', 60, async () => {
        const { carriedOut, refused } = (await look(id)).progress
        return carriedOut + refused === stopped.progress.decided ? true : undefined
      })
      const { progress } = await look(id)
      expect([progress.decided, progress.refused, progress.waiting > 0]).to.deep.equal([stopped.progress.decided, 0, true])
      expect(await count(`messaging.decisions WHERE bulk_release_id = '${id}'`)).to.equal(progress.decided)
      const goOn = (): Promise<unknown> => ops.resumeBulk(id)

      await goOn()
      await decidedAtLeast(id, 0.3 * patients)
      await kill('relay')
      await ops.stopBulk(id)
      await dies('confirm#3', (armed) => running().restart('relay', armed), goOn)
      await running().restart('relay')
      await decidedAtLeast(id, 0.5 * patients)
      await kill('api')
      await running().restart('api')
      expect(await ops.startBulk(wish)).to.include({ id })
      await decidedAtLeast(id, 0.65 * patients)
      await ops.stopBulk(id)
      await dies('ack@eligibility#5', (armed) => running().start('engine-2', 'engine', armed), goOn)
      await running().restart('engine-2')
      await kill('engine')
      await running().restart('engine')

      const ended = await until('every item to have had its turn', 300, async () => {
        const release = await look(id)
        const { decided, carriedOut, refused } = release.progress
        return release.status === 'finished' && carriedOut + refused === decided ? release : undefined
      })
      expect(ended.progress).to.deep.equal({
        total: patients,
        waiting: 0,
        decided: patients,
        carriedOut: patients,
        refused: 0,
        skipped: { claimed: 0, decided: 0, resolved: 0, 'not-allowed': 0 },
      })
    })

    it('lost nobody: each has an answer, and it is in the chart', async () => {
      const written = () => count(`reporting.journeys WHERE writeback = 'written'`)
      await until('everybody to be written', 400, async () => ((await written()) === patients ? true : undefined)).catch(async (error: unknown) => {
        expect(await whereTheyAre(), 'those who are not').to.deep.equal([])
        throw error
      })
      const yes = numbers.filter(covered).length
      expect(await count(`reporting.journeys WHERE eligibility = 'confirmed'`)).to.equal(yes)
      expect(await count(`reporting.journeys WHERE eligibility = 'inactive'`)).to.equal(patients - yes)
      const { journey } = await ops.journey(intakeIds[0] ?? '')
      expect([journey.eligibility, journey.writeback, journey.held]).to.deep.equal(['inactive', 'written', 0])
      const left = await behind.query(`SELECT DISTINCT flow, step, cause::text, staff_text FROM messaging.overrides WHERE status = 'open'`)
      expect(left.rows).to.deep.equal([])
    })

    it('doubled nothing: asked once, decided once, written once, told once', async () => {
      const times = Object.values(await asked())
      expect(times).to.have.length(patients)
      expect(times.filter((n) => n !== 1)).to.deep.equal([])
      expect((await effects(running().urls.clearinghouse)).duplicateInquiry).to.equal(undefined)
      const inEhr = Object.values(await peopleInEhr(running().urls.fhir))
      expect(inEhr).to.have.length(patients)
      expect(inEhr.filter((one) => one.patients !== 1 || one.coverages.length !== 1 || one.appointments !== 1)).to.deep.equal([])
      expect(await count('messaging.decisions')).to.equal(patients)
      expect(await count('(SELECT 1 FROM messaging.decisions GROUP BY tenant_id, override_id HAVING count(*) > 1) AS twice')).to.equal(0)
      expect(await count('(SELECT 1 FROM messaging.effects WHERE generation > 1) AS corrected')).to.equal(0)
      expect(await count(`messaging.notifications WHERE template IN ('eligibility-confirmed', 'eligibility-inactive')`)).to.equal(patients)
      expect(await count(`(SELECT 1 FROM compliance.audit_logs WHERE action = 'bulk-release.start') AS started`)).to.equal(1)
    })
  })
}
