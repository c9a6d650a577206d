import { randomUUID } from 'node:crypto'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { systemClock } from '../clock/index.ts'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import type { TestProcess } from './testing/process.ts'

/** A patient takes the authorisation back while nobody knows what became of a charge. A real engine, and Stripe's simulator. Needs TEST_DATABASE_URL. */
describe('a charge on its way whose authorisation is taken back', function () {
  this.timeout(240_000)
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
  const payment = (charge: string, is: string) => hub.count(`SELECT count(*) AS n FROM billing.charges WHERE id = $1 AND ${is}`, [charge]).then((n) => n === 1)
  const effect = (link: LinkFacts, is: string) =>
    hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE intake_id = $1 AND flow = 'charge' AND ${is}`, [link.intakeId]).then((n) => n === 1)
  const told = (charge: string) => hub.count(`SELECT count(*) AS n FROM messaging.incidents WHERE kind = 'charged-unwanted' AND about_id = $1`, [charge])
  const taken = async (): Promise<number> => (await hub.effects('stripe')).charge?.count ?? 0

  /** A card is on file, and the front desk takes the copay. */
  async function copay(): Promise<{ link: LinkFacts; charge: string; before: number }> {
    const link = await hub.newLink()
    await hub.submit(link)
    await until('the card is kept', async () => (await hub.journey(link.intakeId))?.journey.payment === 'stored')
    return { link, charge: randomUUID(), before: await taken() }
  }
  const ask = async (link: LinkFacts, id: string): Promise<void> => {
    const begun = await hub.stores.payments.charge(hub.tenantId, { id, intakeId: link.intakeId, amountMinor: 2500 }, 'user:desk', systemClock().now())
    expect(begun).to.equal('begun')
  }
  async function takeBack(link: LinkFacts): Promise<void> {
    const mine = { ...link, status: 'submitted' } as const
    const consent = (await hub.stores.consents.given(mine)).find(({ text }) => text.kind === 'card-authorisation')
    expect(await hub.stores.consents.withdraw(mine, consent?.id ?? '', systemClock().now())).to.equal('card-authorisation')
  }
  const settled = (link: LinkFacts) =>
    until('the delivery is over', async () =>
      hub
        .count(`SELECT count(*) AS n FROM messaging.pins WHERE intake_id = $1 AND flow = 'charge' AND state = 'settled'`, [link.intakeId])
        .then((n) => n === 1),
    )

  it('is never sent again when its first call was lost on the way: it ends as not sent', async () => {
    engine = await hub.startEngine()
    const { link, charge, before } = await copay()
    await hub.fault('stripe', 'drops')
    await ask(link, charge)
    await until('it is unknown', () => effect(link, `state = 'unknown'`))
    await takeBack(link)
    await hub.fault('stripe', 'answers')
    // Stripe may still be at work on it for so long; until then its "I know nothing of it" is not believed.
    await until('it is over', () => payment(charge, `status = 'canceled' AND code = 'authorisation-withdrawn'`), 150_000)
    await settled(link)
    expect(await taken(), 'nobody was charged').to.equal(before)
    expect([await effect(link, `state = 'failed' AND NOT uncertain AND port IS NULL`), await told(charge)]).to.deep.equal([true, 0])
  })

  it('is found when only its answer was lost: it stands as taken, once, and a person hears that it may not be kept', async () => {
    engine = await hub.startEngine()
    const { link, charge, before } = await copay()
    await hub.fault('stripe', 'accepts-then-drops')
    await ask(link, charge)
    await until('it is unknown', () => effect(link, `state = 'unknown'`))
    await takeBack(link)
    await hub.fault('stripe', 'answers')
    await until('it is taken', () => payment(charge, `status = 'succeeded'`))
    await settled(link)
    expect(await taken()).to.equal(before + 1)
    expect([await effect(link, `state = 'reconciled'`), await told(charge)]).to.deep.equal([true, 1])
  })

  it('is found too when its engine was killed over the answer', async () => {
    engine = await hub.startEngine({ HUB_BARRIER: 'partner-answered@charge' })
    const { link, charge, before } = await copay()
    await ask(link, charge)
    await engine.ended()
    await takeBack(link)
    engine = await hub.startEngine({ HUB_PROCESS: 'engine-2' })
    await until('it is taken', () => payment(charge, `status = 'succeeded'`), 120_000)
    await settled(link)
    expect(await taken()).to.equal(before + 1)
    expect([await effect(link, `state = 'reconciled'`), await told(charge)]).to.deep.equal([true, 1])
  })
})
