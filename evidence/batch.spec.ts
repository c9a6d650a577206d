import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { rabbitMqInstalled } from '../docker/local/rabbitmq.ts'
import { type BusName, type Stack, startStack } from '../docker/local/stack.ts'
import { Clearinghouse } from './demo/clearinghouse.ts'
import { Staff, type Timeline } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { effects, peopleInEhr } from './demo/simulators.ts'
import { finished, until, type Walked, walkIntake } from './demo/walk.ts'

/**
 * Asking by file, over real processes and real SFTP: what a patient of a payer without a real-time door gets, from outside. The
 * clearinghouse's clock runs faster than ours, and the hub follows it.
 */
const speed = 10
/** Longer than an engine's turn at a door may last by that clock, so that the next engine may look. */
const afterDeathSeconds = 1_700

for (const bus of ['postgres', 'rabbitmq'] as const satisfies readonly BusName[]) {
  describe(`eligibility by batch over ${bus}`, function () {
    this.timeout(300_000)
    let stack: Stack | undefined
    let clearinghouse: Clearinghouse
    let desk: Staff
    let ops: Staff
    const running = (): Stack => {
      if (!stack) throw new Error('the stack did not start')
      return stack
    }

    before(async function () {
      if (bus === 'rabbitmq' && !rabbitMqInstalled()) this.skip()
      const debug = { HUB_LOG_LEVEL: 'debug' }
      stack = await startStack({ kind: 'throw-away', bus, progress: silent, extra: { api: debug, relay: debug, engine: debug } })
      clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
      await clearinghouse.speed(speed)
      desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
      ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
      // Open whatever day this runs on: an answer on a payer's holiday is not believed.
      const admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
      for (const payerId of ['SLOWB4', 'DUALS5']) await admin.savePayer(payerId, { calendar: { timeZone: 'America/New_York' } })
    })
    after(() => stack?.stop())
    beforeEach(() => clearinghouse.stopPlaying())

    let slot = 0
    /** One patient of this payer; each has a member id of their own. */
    async function walk(payerId: string, memberId: string): Promise<Walked> {
      slot += 1
      return walkIntake(running().urls, desk, somebody({ payerId, memberId, email: `${memberId.toLowerCase()}@example.com` }), slot % 3)
    }
    const count = (timeline: Timeline, step: string): number => timeline.steps.filter((seen) => seen.step === step).length
    const batchEffects = async () => {
      const { submitBatch, batchInquiry, ...others } = await effects(running().urls.clearinghouse)
      return { submitBatch, batchInquiry, others }
    }
    /**
     * Each inquiry was worked on once, in one interchange of ours. `refusedCopies`: what was sent and not written down goes again as
     * the same bytes under the same number, by which the clearinghouse knows it and refuses it.
     */
    async function nothingTwice(inquiries: number, refusedCopies = 0): Promise<void> {
      const { submitBatch, batchInquiry, others } = await batchEffects()
      expect(Object.keys(batchInquiry?.byKey ?? {})).to.have.length(inquiries)
      const times = [...Object.values(submitBatch?.byKey ?? {}), ...Object.values(batchInquiry?.byKey ?? {})]
      expect(times.filter((n) => n !== 1)).to.deep.equal([])
      expect(others.duplicateInquiry).to.equal(undefined)
      expect(others.duplicateInterchange?.count ?? 0).to.be.at.most(refusedCopies)
    }
    /** Of batches and files. That the real-time door of a payer does not answer is true all through, and told. */
    const batchIncidents = async () => (await ops.incidents()).filter(({ kind }) => kind !== 'not-answering')
    const noIncident = async (): Promise<void> => {
      await until('no open incident', 60, async () => ((await batchIncidents()).length === 0 ? true : undefined)).catch(() => undefined)
      expect(await batchIncidents()).to.deep.equal([])
    }
    let inquiries = 0

    for (const order of ['as-sent', 'reversed'] as const) {
      it(`confirms a patient whose payer answers by file only, with acknowledgements ${order}`, async () => {
        await clearinghouse.play({ name: order, batch: { ta1: 'always', order } })
        const walked = await walk('SLOWB4', `SLOW${order === 'reversed' ? 'R' : 'S'}100`)
        inquiries += 1
        const waiting = await until('the queue', 30, async () => {
          const timeline = await ops.journey(walked.intakeId).catch(() => undefined)
          return timeline && count(timeline, 'eligibility.queued.v1') > 0 ? timeline : undefined
        })
        expect(waiting.journey.eligibility).to.equal('checking')
        const timeline = await finished(ops, walked.intakeId, 2, 90)
        expect([timeline.journey.eligibility, timeline.journey.writeback]).to.deep.equal(['confirmed', 'written'])
        expect(count(timeline, 'eligibility.succeeded.v1')).to.equal(1)
        expect(Object.values(await peopleInEhr(running().urls.fhir)).flatMap((p) => p.coverages.map((c) => c.status))).to.include('active')
        await nothingTwice(inquiries)
      })
    }

    it('turns to the batch when the real-time door of a payer with both does not answer, and asks no person', async () => {
      const walked = await walk('DUALS5', 'DUAL100')
      inquiries += 1
      const timeline = await finished(ops, walked.intakeId, 2, 90)
      expect([timeline.journey.eligibility, timeline.journey.held]).to.deep.equal(['confirmed', 0])
      expect(count(timeline, 'eligibility.queued.v1')).to.equal(1)
      expect(count(timeline, 'override.opened.v1')).to.equal(0)
      await nothingTwice(inquiries)
    })

    /** Where the engine is killed, and by which name of a flow or receiver: while sending, collecting, reading, recording. */
    const everywhere = [
      'partner-call-sent@clearinghouse-batch',
      'partner-answered@clearinghouse-batch',
      'receive-collect@files',
      'receive-kept@files',
      'receive-items@files',
      'receive-recorded@files',
      'apply@clearinghouse-batch',
    ] as const
    const cuts = bus === 'postgres' ? everywhere : everywhere.filter((at) => at.startsWith('partner-answered') || at.startsWith('receive-recorded'))

    const copies = cuts.filter((at) => at.startsWith('partner-')).length

    /** Starts an engine that dies there; what waits already may kill it before it says that it is ready. */
    async function armed(at: string): Promise<unknown> {
      try {
        const engine = await running().restart('engine', { HUB_BARRIER: at })
        return await Promise.race([engine.ended, new Promise<'lives'>((resolve) => setTimeout(() => resolve('lives'), 90_000).unref())])
      } catch (error) {
        if (!/barrier \S+ kill/.test((error as Error).message)) throw error
        return { code: null, signal: 'SIGKILL' }
      }
    }

    it('sends one batch and takes one answer, wherever the engine is killed', async () => {
      const walked: Walked[] = []
      for (const at of cuts) {
        const death = armed(at)
        walked.push(await walk('SLOWB4', `KILL${walked.length}00`))
        inquiries += 1
        expect(await death, `the engine met ${at}`).to.deep.equal({ code: null, signal: 'SIGKILL' })
        await clearinghouse.pass(afterDeathSeconds)
      }
      await running().restart('engine')
      for (const { intakeId, reference } of walked) {
        const timeline = await finished(ops, intakeId, 2, 120)
        expect([timeline.journey.eligibility, timeline.journey.writeback, timeline.journey.held], reference).to.deep.equal(['confirmed', 'written', 0])
        expect(count(timeline, 'eligibility.succeeded.v1'), reference).to.equal(1)
      }
      await nothingTwice(inquiries, copies)
      await noIncident()
    })

    if (bus === 'postgres') {
      const torn = (member: string, more: Record<string, unknown>) => ({
        name: member,
        rules: [{ name: 'torn', when: { payer: 'SLOWB4', member: `${member}*` }, does: { behaviour: 'truncated', share: 0.8, ...more } }],
      })
      const sent = () => until('the batch', 60, async () => ((await batchEffects()).batchInquiry?.count === inquiries ? true : undefined))

      it('keeps a batch that the folder lets nobody send until a person says go, and sends it then', async () => {
        await clearinghouse.fault('refuses-key')
        const walked = await walk('SLOWB4', 'SLOWK100')
        const item = await until('the item', 60, async () => (await ops.overrides()).find(({ flow }) => flow === 'clearinghouse-batch'))
        expect(item).to.include({ step: 'send batch', cause: 'credentials', intakeId: null })
        expect((await ops.journey(walked.intakeId)).journey.eligibility).to.equal('checking')
        await nothingTwice(inquiries, copies)
        await clearinghouse.fault('answers')
        await ops.decide(item.id, { action: 'retry', reason: 'connection-fixed', note: 'The password was renewed.' })
        inquiries += 1
        const { journey } = await finished(ops, walked.intakeId, 2, 90)
        expect(journey.eligibility).to.equal('confirmed')
        await nothingTwice(inquiries, copies)
      })

      it('waits for a file that is still being written, and takes the whole of it', async () => {
        await clearinghouse.play(torn('HALF', { restAfterMs: 150_000 }))
        const walked = await walk('SLOWB4', 'HALF100')
        inquiries += 1
        await sent()
        const { journey } = await finished(ops, walked.intakeId, 2, 90)
        expect(journey.eligibility).to.equal('confirmed')
        await noIncident()
      })

      it('takes no verdict from a torn file, and tells a person', async () => {
        await clearinghouse.play(torn('TORN', {}))
        const walked = await walk('SLOWB4', 'TORN100')
        inquiries += 1
        await sent()
        // It may still be written: it is left alone until it is old.
        const incident = await until('the incident', 120, async () => {
          await clearinghouse.pass(60)
          return (await batchIncidents()).find(({ kind }) => kind === 'unreadable-file')
        })
        expect(incident).to.include({ partner: 'clearinghouse', status: 'open' })
        const { journey, steps } = await ops.journey(walked.intakeId)
        expect(journey.eligibility).to.be.oneOf(['checking', 'with-our-team'])
        const outcomes = steps.filter(({ step }) => /^eligibility\.(succeeded|failed)/.test(step)).map(({ step, outcome }) => `${step} ${outcome}`)
        expect(outcomes.filter((outcome) => outcome !== 'eligibility.failed.v1 unknown')).to.deep.equal([])
      })

      it('writes nothing of a patient, a file or a trace into any log of any process', () => {
        const folder = `${running().folder}/logs`
        const ours = readdirSync(folder).filter((name) => /^(api|relay|engine|migrate)/.test(name))
        expect(ours).to.have.length(4)
        for (const name of ours) {
          const log = readFileSync(`${folder}/${name}`, 'utf8')
          expect(log.length, name).to.be.greaterThan(20)
          // Names, members, file names at the clearinghouse, segments.
          expect(/Amaya|Testwell|(SLOW[RSK]|DUAL|KILL\d|TORN|HALF)\d00|\.(270|271|x12)\b|(ISA|NM1|TRN)\*/.exec(log)?.[0], name).to.equal(undefined)
        }
      })
    }
  })
}
