import { expect } from 'chai'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import type { TestProcess } from './testing/process.ts'

/** One payer's bad day, seen by real engines that share a database. In order: each begins where the one before it ended. */
describe('hub/flows-runtime, breakers that engines share', function () {
  this.timeout(180_000)
  // Neither has hours of its own: the machine's clock may show a holiday.
  const [payer, other] = ['HELIO1', 'QUIET3']
  let hub: HubStack
  const engines: TestProcess[] = []
  const intakes: string[] = []

  before(async () => {
    hub = await startHubStack()
    await scenario({ payers: { [other]: { doors: ['real-time'] } }, rules: [{ when: { payer }, does: { behaviour: 'unable-now' } }] })
  })
  after(() => hub?.close())

  async function scenario(plays: object | null): Promise<void> {
    const { url, control } = hub.sims.clearinghouse.ready
    const body = plays && JSON.stringify(plays)
    const answer = await fetch(new URL('/_sim/scenario', control ?? url), { method: plays ? 'PUT' : 'DELETE', body })
    if (!answer.ok) throw new Error(`scenario: ${await answer.text()}`)
  }
  async function startEngine(name: string, env: Record<string, string> = {}): Promise<TestProcess> {
    const engine = await hub.startEngine({ HUB_PROCESS: name, ...env })
    engines.push(engine)
    return engine
  }
  async function submit(payerId: string): Promise<string> {
    const link = await hub.newLink()
    await hub.submit(link, { payerId, token: null })
    return link.intakeId
  }
  async function until(what: string, good: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
    const endMs = performance.now() + withinMs
    while (!(await good())) {
      if (performance.now() > endMs) throw new Error(`${what}: not within ${withinMs} ms\n${engines.map((engine) => engine.output().slice(-3_000)).join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const breakers = (state: string, of: string) =>
    hub.count('SELECT count(*) AS n FROM messaging.breakers WHERE state::text = $1 AND payer_id = $2', [state, of])
  /** Answered or failed. A call that died with its engine is audited as unknown by whoever finds it, minutes after it left. */
  const asked = () =>
    hub.count(
      `SELECT count(*) AS n FROM compliance.audit_logs WHERE action = 'partner.call' AND resource LIKE 'checkEligibility%' AND resource NOT LIKE '% unknown'`,
    )
  const confirmed = async (intakeId: string) => (await hub.journey(intakeId))?.journey.eligibility === 'confirmed'
  /** An hour later, for what waits; the hub's clock is the machine's here. A try that is under way keeps its time, a dead engine's is over. */
  async function hasten(whose: 'waiting' | 'dead' = 'waiting'): Promise<void> {
    await hub.count(
      `WITH b AS (UPDATE messaging.breakers SET probe_at = probe_at - interval '1 hour', probe_until = CASE WHEN $1 THEN probe_until - interval '1 hour' ELSE probe_until END
        WHERE state <> 'closed' AND (probe_at > now() OR $1) RETURNING 1),
      e AS (UPDATE messaging.effects SET not_before = not_before - interval '1 hour' WHERE not_before > now() RETURNING 1),
      o AS (UPDATE messaging.outbox SET available_at = available_at - interval '1 hour' WHERE available_at > now() RETURNING 1)
      SELECT count(*) AS n FROM b, e, o`,
      [whose === 'dead'],
    )
  }
  /** Engines look at the breakers at their own times: what waits is hastened until they have. */
  const hastenUntil = (what: string, good: () => Promise<boolean>): Promise<void> =>
    until(what, async () => {
      if (await good()) return true
      await hasten()
      await new Promise((resolve) => setTimeout(resolve, 200))
      return false
    })

  it('one payer that cannot answer stops being asked by every engine, and no other payer’s patient waits', async () => {
    const both = await Promise.all([startEngine('engine-1'), startEngine('engine-2')])
    for (let i = 0; i < 14; i += 1) intakes.push(await submit(payer))
    await until('the breaker', async () => (await breakers('open', payer)) === 1)
    await until('both engines know', async () => both.every((engine) => engine.output().includes(`/${payer}/checkEligibility`)))
    const neighbour = await submit(other)
    await until('the other payer', () => confirmed(neighbour))
    expect(await hub.count(`SELECT count(*) AS n FROM messaging.breakers WHERE payer_id <> $1`, [payer])).to.equal(0)
    await until(
      'all wait',
      async () => (await hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE not_before IS NOT NULL AND payer_id = $1`, [payer])) === 14,
    )
    const incidents = await hub.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })
    expect(incidents.items.map(({ kind, about, count }) => ({ kind, about, count }))).to.deep.equal([
      { kind: 'not-answering', about: { is: 'payer', id: payer }, count: 14 },
    ])
    expect(await hub.count(`SELECT count(*) AS n FROM messaging.overrides`), 'nobody is bothered').to.equal(0)
  })

  it('an engine that starts after all were killed knows it before its first call', async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.kill('SIGKILL')))
    await hub.count(`WITH b AS (UPDATE messaging.breakers SET probe_at = probe_at + interval '30 minutes' RETURNING 1) SELECT count(*) AS n FROM b`)
    const before = await asked()
    await startEngine('engine-3')
    intakes.push(await submit(payer))
    await until(
      'it waits',
      async () => (await hub.count(`SELECT count(*) AS n FROM messaging.effects WHERE not_before IS NOT NULL AND payer_id = $1`, [payer])) >= 15,
    )
    expect(await asked()).to.equal(before)
  })

  it('an engine that is killed while it tries gives the try to another', async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.kill('SIGKILL')))
    await scenario(null)
    await hasten()
    const dies = await startEngine('engine-4', { HUB_BARRIER: 'partner-call-sent@eligibility' })
    expect((await dies.ended()).signal).to.equal('SIGKILL')
    engines.splice(0)
    expect(await breakers('half-open', payer)).to.equal(1)
    await hasten('dead')
    await startEngine('engine-5')
    await hastenUntil('the breaker closes', async () => (await breakers('closed', payer)) === 1)
  })

  it('and when it is back, everybody who waited gets an answer, nobody twice, and the incident is over', async () => {
    await hastenUntil('nobody waits', async () => (await hub.count('SELECT count(*) AS n FROM messaging.effects WHERE not_before IS NOT NULL')) === 0)
    for (const intakeId of intakes) await until(`intake ${intakeId}`, () => confirmed(intakeId))
    const { items } = await hub.stores.incidents.list(hub.tenantId, { status: 'resolved', limit: 10 })
    expect(items.map(({ kind, reason, count }) => ({ kind, reason, count }))).to.deep.equal([{ kind: 'not-answering', reason: 'went-away', count: 15 }])
    expect(await hub.count(`SELECT count(*) AS n FROM messaging.overrides`)).to.equal(0)
    const answers = `SELECT count(*) - count(DISTINCT request_id) AS n FROM billing.eligibility_answers`
    expect(await hub.count(answers)).to.equal(0)
  })
})
