import { randomUUID } from 'node:crypto'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { systemClock } from '../clock/index.ts'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import type { TestProcess } from './testing/process.ts'

/** A patient takes the authorisation back while a payment waits for them at their bank. A real engine, and Stripe's simulator over HTTP. Needs TEST_DATABASE_URL. */
describe('a charge at the bank’s page whose authorisation is taken back', function () {
  this.timeout(240_000)
  /** A card whose bank wants its owner each time. */
  const asksAlways = '4000002760003184'
  let hub: HubStack
  let engine: TestProcess
  before(async () => {
    hub = await startHubStack()
  })
  after(() => hub?.close())
  afterEach(() => engine?.kill('SIGKILL'))

  async function until(what: string, good: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
    const deadlineMs = performance.now() + withinMs
    while (!(await good())) {
      if (performance.now() > deadlineMs) throw new Error(`${what}\n${engine.output().slice(-4_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const now = () => systemClock().now()
  const charges = (link: LinkFacts, is: string) => hub.count(`SELECT count(*) AS n FROM billing.charges WHERE intake_id = $1 AND ${is}`, [link.intakeId])
  const told = (link: LinkFacts) =>
    hub.count(
      `SELECT count(*) AS n FROM messaging.incidents WHERE kind = 'charged-unwanted' AND about_id IN (SELECT id::text FROM billing.charges WHERE intake_id = $1)`,
      [link.intakeId],
    )
  /** Payments that moved money at Stripe; one that waits for its owner has not. */
  async function taken(): Promise<number> {
    const { url, control } = hub.sims.stripe.ready
    const { succeeded } = (await (await fetch(new URL('/_sim/objects', control ?? url))).json()) as { succeeded: Record<string, number> }
    return Object.values(succeeded).reduce((sum, n) => sum + n, 0)
  }
  const mine = (link: LinkFacts): LinkFacts => ({ ...link, status: 'submitted' })
  const bankPage = (link: LinkFacts) => hub.stores.payments.chargeUrl(mine(link), now())
  /** What the patient presses on a page of the bank, in whichever window it is still open. */
  const confirm = (page: string) => fetch(page, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }), redirect: 'manual' })

  /** The front desk takes the copay, the bank wants the patient, and their page leads to it. */
  async function atTheBank(): Promise<{ link: LinkFacts; page: string; before: number }> {
    const link = await hub.newLink()
    await hub.submit(link, { token: await hub.cardToken(asksAlways) })
    await until('the bank asks about the card', async () => (await hub.journey(link.intakeId))?.journey.payment === 'needs-you')
    await confirm((await hub.stores.payments.confirmationUrl(mine(link), now())) ?? '')
    // No webhook tells of it here: what looks in its place does so now, not in some minutes.
    await hub.count(`WITH u AS (UPDATE billing.payments SET check_at = now() WHERE intake_id = $1 RETURNING 1) SELECT count(*) AS n FROM u`, [link.intakeId])
    await until('the card is kept', async () => (await hub.journey(link.intakeId))?.journey.payment === 'stored')
    const before = await taken()
    expect(await hub.stores.payments.charge(hub.tenantId, { id: randomUUID(), intakeId: link.intakeId, amountMinor: 2500 }, 'user:desk', now())).to.equal(
      'begun',
    )
    await until('the page is there', async () => (await bankPage(link)) !== undefined)
    return { link, page: (await bankPage(link)) ?? '', before }
  }
  async function takeBack(link: LinkFacts): Promise<void> {
    const consent = (await hub.stores.consents.given(mine(link))).find(({ text }) => text.kind === 'card-authorisation')
    expect(await hub.stores.consents.withdraw(mine(link), consent?.id ?? '', now())).to.equal('card-authorisation')
    expect(await bankPage(link), 'our page refuses at once').to.equal(undefined)
  }
  const calledOff = (link: LinkFacts) =>
    until('it is ended', async () => (await charges(link, `with_patient AND status = 'canceled' AND code = 'authorisation-withdrawn'`)) === 1)

  it('is ended at Stripe: who still has its page open can confirm nothing there', async () => {
    engine = await hub.startEngine()
    const { link, page, before } = await atTheBank()
    await takeBack(link)
    await calledOff(link)
    expect(await (await confirm(page)).text()).to.include('answered already')
    expect([await taken(), await told(link)], 'nobody was charged').to.deep.equal([before, 0])
  })

  it('is ended once when the engine that ended it was killed over the answer', async () => {
    engine = await hub.startEngine()
    const { link, page, before } = await atTheBank()
    await engine.kill('SIGKILL')
    await takeBack(link)
    engine = await hub.startEngine({ HUB_PROCESS: 'engine-2', HUB_BARRIER: 'partner-answered@charge-check' })
    await engine.ended()
    engine = await hub.startEngine({ HUB_PROCESS: 'engine-3' })
    await calledOff(link)
    await confirm(page)
    expect([await taken(), await told(link)]).to.deep.equal([before, 0])
  })

  it('stands as taken, and a person hears that it may not be kept, where another window confirmed it before it could be ended', async () => {
    engine = await hub.startEngine()
    const { link, page, before } = await atTheBank()
    await engine.kill('SIGKILL')
    await takeBack(link)
    expect((await confirm(page)).status).to.equal(303)
    engine = await hub.startEngine({ HUB_PROCESS: 'engine-2' })
    await until('it is known', async () => (await charges(link, `with_patient AND status = 'succeeded'`)) === 1)
    await until('a person hears', async () => (await told(link)) === 1)
    expect(await taken()).to.equal(before + 1)
  })
})
