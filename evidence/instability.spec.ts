import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { Clearinghouse } from './demo/clearinghouse.ts'
import { Staff, type Timeline } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { peopleInEhr } from './demo/simulators.ts'
import { finished, until, type Walked, walkIntake } from './demo/walk.ts'

/**
 * A payer that says yes when it should not, over real processes and two engines: what the patient and the front desk are told, what reaches the EHR,
 * and what becomes of it when the payer can be believed again.
 */
describe('a payer that lies', function () {
  this.timeout(300_000)
  let stack: Stack | undefined
  let clearinghouse: Clearinghouse
  let desk: Staff
  let ops: Staff
  let admin: Staff
  const running = (): Stack => {
    if (!stack) throw new Error('the stack did not start')
    return stack
  }

  before(async () => {
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
    clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
    admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
  })
  after(() => stack?.stop())
  afterEach(() => clearinghouse.stopPlaying())

  let slot = 0
  async function walk(payerId: string, memberId: string): Promise<Walked> {
    slot += 1
    return walkIntake(running().urls, desk, somebody({ payerId, memberId, email: `${memberId.toLowerCase()}@example.com` }), slot % 3)
  }
  const count = (timeline: Timeline, step: string): number => timeline.steps.filter((seen) => seen.step === step).length
  const told = (walked: Walked, state: string, seconds = 60): Promise<Timeline> =>
    until(`${state} of ${walked.intakeId}`, seconds, async () => {
      const timeline = await ops.journey(walked.intakeId).catch(() => undefined)
      return timeline?.journey.eligibility === state ? timeline : undefined
    })
  const written = async (): Promise<string[]> =>
    Object.values(await peopleInEhr(running().urls.fhir)).flatMap((one) => one.coverages.map(({ status }) => status))
  const says = (payer: string, behaviour: string) => clearinghouse.play({ name: behaviour, rules: [{ name: behaviour, when: { payer }, does: { behaviour } }] })
  const minutes = (n: number): number => n * 60_000

  it('while it is closed confirms nobody; it is asked again when it opens, and what it says then counts', async () => {
    const now = (await clearinghouse.now()).getTime()
    const downtimes = [{ from: new Date(now - minutes(60)).toISOString(), to: new Date(now + minutes(180)).toISOString() }]
    await admin.savePayer('HELIO1', { calendar: { timeZone: 'America/New_York', downtimes } })
    await says('HELIO1', 'gateway-default')
    // Killed in the middle of it: what was recorded is recorded once.
    const engine = await running().restart('engine', { HUB_BARRIER: 'apply@eligibility' })
    const active = await walk('HELIO1', 'HOLIDAY100')
    expect(await engine.ended).to.deep.equal({ code: null, signal: 'SIGKILL' })
    await Promise.all([running().restart('engine'), running().start('engine-2', 'engine')])
    const inactive = await walk('HELIO1', 'INACT100')

    for (const one of [active, inactive]) {
      const { journey, steps } = await told(one, 'provisional')
      expect(journey.writeback).to.equal('none')
      expect(steps.filter(({ step }) => step === 'eligibility.provisional.v1')).to.have.length(1)
      expect((await one.patient.status()).eligibility, 'the patient is told').to.equal('provisional')
    }
    expect(await written(), 'nothing of it is in the EHR').to.deep.equal([])
    expect(await admin.payer('HELIO1'))
      .to.deep.include({ open: false })
      .and.to.have.property('suspicions')
      .that.includes('closed-calendar')

    await clearinghouse.stopPlaying()
    await clearinghouse.pass(60 * 60)
    expect(
      (await told(active, 'provisional')).steps.filter(({ step }) => step === 'eligibility.recheck.v1'),
      'it is still closed',
    ).to.deep.equal([])
    await clearinghouse.pass(160 * 60)
    const confirmed = await finished(ops, active.intakeId, 2, 90)
    const changed = await finished(ops, inactive.intakeId, 2, 90)
    expect([confirmed.journey.eligibility, changed.journey.eligibility]).to.deep.equal(['confirmed', 'inactive'])
    for (const [timeline, changes] of [
      [confirmed, 0],
      [changed, 1],
    ] as const) {
      expect(count(timeline, 'eligibility.recheck.v1'), 'asked again once, by one of two engines').to.equal(1)
      expect(count(timeline, 'eligibility.succeeded.v1')).to.equal(1)
      expect(count(timeline, 'eligibility.changed.v1')).to.equal(changes)
    }
    expect((await written()).sort()).to.deep.equal(['active', 'cancelled'])
  })

  it('to everybody is found out by a member that does not exist, and nobody is confirmed until that one is refused again', async () => {
    await says('NORTH2', 'active')
    const first = await walk('NORTH2', 'CANARY100')
    await told(first, 'confirmed')
    await until('the canary to be answered', 60, async () => ((await admin.payer('NORTH2')).canaryResults[0]?.verdict === 'active' ? true : undefined))
    const second = await walk('NORTH2', 'CANARY200')
    await told(second, 'provisional')
    expect((await admin.payer('NORTH2')).suspicions).to.include('canary-active')

    await clearinghouse.stopPlaying()
    await clearinghouse.pass(11 * 60)
    await told(second, 'confirmed', 90)
    expect((await admin.payer('NORTH2')).suspiciousSince).to.equal(null)
    await clearinghouse.pass(10 * 60)
    const asked = await until('who was believed meanwhile to be asked again', 60, async () => {
      const timeline = await ops.journey(first.intakeId)
      return count(timeline, 'eligibility.renewed.v1') > 0 ? timeline : undefined
    })
    expect(asked.journey.eligibility, 'and it was true').to.equal('confirmed')
    expect(await ops.overrides(), 'no person was called for a canary').to.deep.equal([])
  })
})
