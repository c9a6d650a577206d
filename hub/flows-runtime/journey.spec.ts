import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { answerByHand } from '@heliox/core/billing'
import type { Journey } from '@heliox/core/reporting'
import { expect } from 'chai'
import { systemClock } from '../clock/index.ts'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import type { TestProcess } from './testing/process.ts'

/** Whole journeys through a real engine process, a real database and bus, and every simulator. Needs TEST_DATABASE_URL. */
describe('hub/flows-runtime, whole journeys', function () {
  this.timeout(240_000)
  let hub: HubStack
  let engine: TestProcess

  before(async () => {
    hub = await startHubStack()
  })
  after(() => hub?.close())
  afterEach(() => engine?.kill('SIGKILL'))

  async function until(what: string, intakeId: string, good: (journey: Journey) => boolean, withinMs = 60_000): Promise<Journey> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const found = await hub.journey(intakeId)
      if (found && good(found.journey)) return found.journey
      if (performance.now() > deadlineMs) throw new Error(`${what}: still ${JSON.stringify(found)}\n${engine.output().slice(-4_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const finished = (j: Journey): boolean => j.eligibility === 'confirmed' && j.payment === 'stored' && j.writeback === 'written' && j.held === 0
  const doublesOf = (effects: Record<string, { byKey: Record<string, number> }>): string[] =>
    Object.entries(effects).flatMap(([op, { byKey }]) =>
      Object.entries(byKey)
        .filter(([, n]) => n > 1)
        .map(([key]) => `${op} ${key}`),
    )
  /** Gone on bus and in the pins: nothing is left that could run again. */
  async function nothingOpen(): Promise<void> {
    const deadlineMs = performance.now() + 90_000
    for (;;) {
      const open = await hub.count(`SELECT count(*) AS n FROM messaging.pins WHERE state <> 'settled'`)
      if (open === 0) return
      if (performance.now() > deadlineMs) throw new Error(`${open} pins are open`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('takes one intake through all six flows: each partner once, nothing of the patient in the log', async () => {
    engine = await hub.startEngine()
    const link = await hub.newLink()
    const uploadIds = [await hub.putPhoto(link, 'card-front', await photo()), await hub.putPhoto(link, 'card-back', Buffer.from('no image at all'))]
    await hub.submit(link, { uploadIds })
    const journey = await until('the journey', link.intakeId, (j) => finished(j) && j.photosClean === 1 && j.photosRejected === 1)
    expect(journey.intake).to.equal('submitted')
    await nothingOpen()
    const steps = (await hub.journey(link.intakeId))?.steps.map(({ step }) => step) ?? []
    for (const step of ['eligibility/ask payer', 'payment/keep method', 'ehr-writeback/write chart', 'document-scan/scan photo']) {
      expect(
        steps.some((seen) => seen.includes(step)),
        `${step} in ${steps.join(', ')}`,
      ).to.equal(true)
    }
    for (const partner of ['clearinghouse', 'fhir', 'stripe'] as const) {
      const effects = await hub.effects(partner)
      expect(doublesOf(effects), partner).to.deep.equal([])
      expect(
        Object.values(effects).reduce((sum, { count }) => sum + count, 0),
        partner,
      ).to.be.greaterThan(0)
    }
    expect(await hub.count('SELECT count(*) AS n FROM messaging.notifications')).to.be.greaterThan(1)
    expect(engine.output()).not.to.match(/Ruth|Okafor|1981-04-09|HX99871|Pier Road|555 0100/)
  })

  it('asks nobody about an insurer that is not on the list, or that no computer can ask, and gives a person the case', async () => {
    engine = await hub.startEngine()
    const askedBefore = (await hub.effects('clearinghouse')).checkEligibility?.count ?? 0
    for (const [payerId, cause] of [
      ['not-listed', 'not-listed'],
      ['RURAL6', 'unsupported'],
    ] as const) {
      const link = await hub.newLink()
      await hub.submit(link, { payerId, payerText: payerId === 'not-listed' ? 'Acme Health' : null, token: null })
      await until(cause, link.intakeId, (j) => j.eligibility === 'with-our-team' && j.writeback === 'written')
      const cases = `SELECT count(*) AS n FROM messaging.overrides WHERE intake_id = '${link.intakeId}' AND kind = 'case' AND cause = '${cause}' AND owner = 'clinic'`
      await until('the case', link.intakeId, (j) => j.held === 1)
      expect(await hub.count(cases)).to.equal(1)
    }
    expect((await hub.effects('clearinghouse')).checkEligibility?.count ?? 0).to.equal(askedBefore)
    expect(engine.output()).not.to.match(/Acme/)
  })

  it('writes what the patient says of themselves and of a second insurance: in their words, by the catalogue, and in the language they signed in', async () => {
    engine = await hub.startEngine()
    const link = await hub.newLink()
    const ann = { familyName: 'Okafor-Lind', birthDate: '1979-02-03', phone: '+1 312 555 0171', gender: 'other', payerId: 'HELIO1', memberId: 'HX71' } as const
    await hub.submit(link, { ...ann, secondary: { payerId: 'DUALS5', payerText: null, memberId: 'DS7100', groupNumber: null, nameOnCard: null }, token: null })
    await until('the chart', link.intakeId, (j) => j.writeback === 'written')
    await nothingOpen()
    const all = async (type: string) => {
      const { url, control } = hub.sims.fhir.ready
      const found = await fetch(new URL(`/_sim/resources?type=${type}`, control ?? url))
      const { resources } = (await found.json()) as { resources: Record<string, unknown>[] }
      return resources
    }
    const patient = (await all('Patient')).find(({ birthDate }) => birthDate === ann.birthDate)
    expect(patient).to.deep.include({ gender: 'other', communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }] } }] })
    const covers = (await all('Coverage')).filter(({ beneficiary }) => (beneficiary as { reference: string }).reference === `Patient/${patient?.id}`)
    const said = covers.map(({ order, status, subscriberId, payor }) => [order, status, subscriberId, (payor as { display: string }[])[0]?.display])
    expect(said.sort()).to.deep.equal([
      [1, 'active', 'HX71', 'Helio Health Plan'],
      [2, 'draft', 'DS7100', 'Dual Summit Health'],
    ])
  })

  it('asks a payer that cannot answer again, then waits for a person, and goes on with the answer given by hand', async () => {
    engine = await hub.startEngine()
    const link = await hub.newLink()
    await hub.submit(link, { payerId: 'QUIET3', token: null })
    await until('the override', link.intakeId, (j) => j.held === 1 && j.eligibility === 'with-our-team')
    const { items } = await hub.stores.queue.list(hub.tenantId, { status: 'open', sort: 'visit', grouped: false, limit: 10 }, randomUUID(), systemClock().now())
    const item = items.find(({ intakeId }) => intakeId === link.intakeId)
    expect(item).to.include({ flow: 'eligibility', step: 'ask payer', partner: 'clearinghouse', owner: 'ops', intakeId: link.intakeId })
    expect(item?.attempts).to.equal(3)
    const why = { reason: 'confirmed-by-phone', note: 'The payer confirmed it by phone.' } as const
    const wish = { decisionId: randomUUID(), action: 'confirm', port: 'ok', content: answerByHand('active'), ...why } as const
    const decided = await hub.stores.queue.decide(hub.tenantId, item?.id ?? '', wish, () => false, `user:${randomUUID()}`, systemClock().now())
    expect(decided.is).to.equal('decided')
    const journey = await until('after the answer', link.intakeId, (j) => j.held === 0 && j.writeback === 'written')
    expect(journey.eligibility).to.be.oneOf(['confirmed', 'corrected'])
    await nothingOpen()
    expect(await hub.count(`SELECT count(*) AS n FROM billing.eligibility_answers WHERE manual`)).to.equal(1)
  })

  it('ends within five seconds of SIGTERM while partners keep it waiting, and leaves no lease that a second engine would wait for', async () => {
    engine = await hub.startEngine()
    const link = await hub.newLink()
    for (const partner of ['clearinghouse', 'stripe'] as const) await hub.fault(partner, 'stalls')
    await hub.submit(link)
    const underWay = () => hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE intake_id = $1 AND state = 'started'`, [link.intakeId])
    const deadlineMs = performance.now() + 20_000
    while ((await underWay()) < 2) {
      if (performance.now() > deadlineMs) throw new Error('the payer and the card were not asked about')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const fromMs = performance.now()
    await engine.kill('SIGTERM')
    expect((await engine.ended()).code).to.equal(0)
    expect(performance.now() - fromMs).to.be.lessThan(5_000)
    expect(await underWay(), 'every attempt has its end').to.equal(0)
    const leases = () => hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE intake_id = $1 AND lease_until IS NOT NULL`, [link.intakeId])
    expect(await leases(), 'no lease is left to be waited for').to.equal(0)
    const left = (sql: string) =>
      hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE intake_id = $1 AND cause = 'timeout' AND ${sql}`, [link.intakeId])
    expect(await left(`partner = 'clearinghouse' AND state = 'failed' AND tries = 0`), 'to ask again does no harm').to.equal(1)
    expect(await left(`partner = 'stripe' AND state = 'unknown' AND tries = 0`), 'the card may be kept').to.equal(1)

    for (const partner of ['clearinghouse', 'stripe'] as const) await hub.fault(partner, 'answers')
    engine = await hub.startEngine({ HUB_PROCESS: 'engine-2' })
    await until('the second engine', link.intakeId, finished)
    await nothingOpen()
    for (const partner of ['fhir', 'stripe'] as const) expect(doublesOf(await hub.effects(partner)), partner).to.deep.equal([])
    for (const table of ['billing.eligibility_requests', 'billing.payments']) {
      expect(await hub.count(`SELECT count(*) AS n FROM ${table} WHERE intake_id = $1`, [link.intakeId]), table).to.equal(1)
    }
    expect(await hub.count('SELECT count(*) - count(DISTINCT (intake_id, template, about_id)) AS n FROM messaging.notifications')).to.equal(0)
  })
})

/** A small real JPEG. */
async function photo(): Promise<Buffer> {
  const sharp = createRequire(import.meta.url)('sharp') as (options: unknown) => { jpeg(): { toBuffer(): Promise<Buffer> } }
  return sharp({ create: { width: 320, height: 200, channels: 3, background: '#c8d4e0' } })
    .jpeg()
    .toBuffer()
}
