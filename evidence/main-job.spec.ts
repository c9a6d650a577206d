import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { rabbitMqInstalled } from '../docker/local/rabbitmq.ts'
import { type BusName, type Stack, startStack } from '../docker/local/stack.ts'
import { Staff } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { runDemo } from './demo/run.ts'
import { effects, peopleInEhr } from './demo/simulators.ts'
import { finished, type Walked, walkIntake } from './demo/walk.ts'

/**
 * The main job over real processes, on both buses: from outside, counted at the partners. Then the same with the engine
 * killed (`kill -9`) in the middle of each flow.
 */
const flows = ['intake', 'payment', 'document-scan', 'eligibility', 'ehr-writeback', 'notify'] as const
/** Where each flow is cut: after the partner did it and before we wrote that down; or in the middle of a commit's neighbours. */
const cut = {
  intake: 'apply',
  payment: 'partner-answered',
  'document-scan': 'partner-answered',
  eligibility: 'partner-call-sent',
  'ehr-writeback': 'partner-answered',
  notify: 'apply',
} as const

/** Where a flow asks its partner twice, and the second time is the one that counts: the chart is looked for before it is written. */
const nth: Partial<Record<(typeof flows)[number], string>> = { 'ehr-writeback': '#2' }

for (const bus of ['postgres', 'rabbitmq'] as const satisfies readonly BusName[]) {
  describe(`the main job over ${bus}`, function () {
    this.timeout(240_000)
    let stack: Stack | undefined
    const running = (): Stack => {
      if (!stack) throw new Error('the stack did not start')
      return stack
    }

    before(async function () {
      if (bus === 'rabbitmq' && !rabbitMqInstalled()) this.skip()
      stack = await startStack({ kind: 'throw-away', bus, progress: silent })
    })
    after(() => stack?.stop())

    it('takes four intakes to the insurer, the chart, the card and the scanner, each effect once', async () => {
      const lines: string[] = []
      const result = await runDemo(running().urls, (line) => lines.push(line))
      expect(result.line, lines.join('\n')).to.equal('demo ok intakes=4 eligibility=3 overrides=1 chosen=1 charts=4 ehr=4 payments=4 scans=8 duplicates=0')
    })

    /** Starts an engine that dies in this flow; an earlier intake may be waiting there already, then it dies before it says it is ready. */
    async function armed(flow: (typeof flows)[number]): Promise<unknown> {
      try {
        const engine = await running().restart('engine', { HUB_BARRIER: `${cut[flow]}@${flow}${nth[flow] ?? ''}` })
        return await Promise.race([engine.ended, new Promise<'lives'>((resolve) => setTimeout(() => resolve('lives'), 60_000).unref())])
      } catch (error) {
        if (!/barrier \S+ kill/.test((error as Error).message)) throw error
        return { code: null, signal: 'SIGKILL' }
      }
    }

    it('loses and doubles nothing when the engine is killed in the middle of each flow', async () => {
      const { urls } = running()
      const before = { people: Object.keys(await peopleInEhr(urls.fhir)).length, cards: (await effects(urls.stripe)).storeCard?.count ?? 0 }
      const desk = await Staff.signIn(urls.public, 'desk@lakeside.example')
      const ops = await Staff.signIn(urls.public, 'ops@lakeside.example')
      const walked: Walked[] = []
      for (const flow of flows) {
        const death = armed(flow)
        const walk = await walkIntake(urls, desk, somebody({ memberId: `KILL${walked.length}${bus === 'postgres' ? 'P' : 'R'}` }), walked.length)
        walked.push(walk)
        expect(await death, `the engine met ${cut[flow]} in ${flow}`).to.deep.equal({ code: null, signal: 'SIGKILL' })
      }
      await running().restart('engine')
      for (const walk of walked) {
        const { journey } = await finished(ops, walk.intakeId, 2, 120)
        expect([journey.eligibility, journey.payment, journey.writeback, journey.photosClean], walk.reference).to.deep.equal([
          'confirmed',
          'stored',
          'written',
          2,
        ])
      }
      const inEhr = Object.values(await peopleInEhr(urls.fhir))
      expect(inEhr.length - before.people).to.equal(flows.length)
      for (const someone of inEhr) expect([someone.patients, someone.coverages.length, someone.appointments]).to.deep.equal([1, 1, 1])
      const cards = (await effects(urls.stripe)).storeCard
      expect((cards?.count ?? 0) - before.cards).to.equal(flows.length)
      expect(Object.values(cards?.byKey ?? {}).filter((times) => times !== 1)).to.deep.equal([])
    })
  })
}
