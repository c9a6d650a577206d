import { randomUUID } from 'node:crypto'
import type { Canary, PayerSettings } from '@heliox/core/catalog'
import type { AnswerSigns } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { type Bench, makeBench } from './fixtures.ts'

const canary: Canary = { known: 'inactive', memberId: 'UNKNOWN1', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }
const person = 'OKAFOR RUTH 1981-04-09'
const signs = (over: Partial<AnswerSigns> = {}): AnswerSigns => ({
  ...{ says: 'yes', empty: false, testMarked: false, echo: [], hasDates: true, hasPlan: true, body: `EB 1 ${person}`, subject: `HX99871 ${person}` },
  ...over,
})

describe('judging what a payer says', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const judged = (over: Partial<AnswerSigns> = {}, now = hub.now, payerId = 'HELIO1') =>
    hub.engine.stores.plausibility.judge(hub.tenantId, payerId, { signs: signs(over), latencyMs: 900 }, now)
  const judge = async (...how: Parameters<typeof judged>) => (await judged(...how)).suspicions
  const setting = async (settings: PayerSettings, version = 0, payerId = 'HELIO1'): Promise<void> => {
    expect(await hub.api.stores.payerAdmin.save(hub.tenantId, payerId, { settings, version }, 'user:ada', hub.now)).to.equal('saved')
  }
  const payer = async (now = hub.now, payerId = 'HELIO1') => {
    const found = await hub.api.stores.payerAdmin.find(hub.tenantId, payerId, now)
    if (!found) throw new Error('no payer')
    return found
  }
  const ask = (now: Date) => hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now })
  /** The payer's answer about the canary that was asked about last. */
  async function answered(verdict: 'active' | 'inactive' | 'rejected' | 'unknown', now: Date, requestId?: string): Promise<void> {
    const found = await hub.owner.query<{ id: string }>('SELECT request_id AS id FROM billing.canaries WHERE request_id IS NOT NULL')
    await bench.apply('billing.record-canary', { requestId: requestId ?? found.rows[0]?.id, payerId: 'HELIO1', known: 'inactive', verdict }, now)
  }

  it('believes an answer against which nothing speaks, and says when the payer was last seen', async () => {
    expect(await judge()).to.deep.equal([])
    expect(await payer()).to.deep.include({ lastSeenAt: hub.now.toISOString(), suspiciousSince: null, suspicions: [], open: true })
  })

  it('goes by the clinic’s own hours', async () => {
    await setting({ calendar: { timeZone: 'America/New_York', closed: [], usFederalHolidays: false, holidays: ['2026-02-02'], downtimes: [] } })
    expect(await judge()).to.deep.equal(['closed-calendar'])
    expect(await payer()).to.deep.include({ suspiciousSince: hub.now.toISOString(), suspicions: ['closed-calendar'], open: false })
    expect(await judge({}, bench.at(24 * 60))).to.deep.equal([])
    expect((await payer(bench.at(24 * 60))).suspiciousSince).to.equal(null)
  })

  it('sees the same words about two people, and keeps the words and the people of neither', async () => {
    const someone = (n: number): Partial<AnswerSigns> => ({ body: `EB 1 BLESSING ADEYEMI`, subject: `MEMBER-${n}` })
    const found: string[] = []
    for (let i = 0; i < 6; i += 1) found.push(...(await judge(someone(i), bench.at(i))))
    expect(found).to.include('same-body')
    const { rows } = await hub.owner.query('SELECT h::text AS text FROM catalog.payer_health h')
    for (const text of ['BLESSING', 'ADEYEMI', 'MEMBER']) expect(JSON.stringify(rows)).to.not.include(text)
  })

  it('loses nothing when twenty answers are judged at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => judge({ body: `body ${i}`, subject: `subject ${i}` })))
    const { rows } = await hub.owner.query<{ answers: string; yes: number }>(
      `SELECT answers, jsonb_array_length(health -> 'bodies') AS yes FROM catalog.payer_health WHERE payer_id = 'HELIO1'`,
    )
    expect(rows).to.deep.equal([{ answers: '20', yes: 20 }])
  })

  it('learns of each clinic apart', async () => {
    await judge({ testMarked: true })
    expect((await payer()).suspiciousSince).to.not.equal(null)
    expect((await hub.api.stores.payerAdmin.find(hub.otherTenantId, 'HELIO1', hub.now))?.suspiciousSince).to.equal(null)
  })

  describe('when what was known can no longer be read', () => {
    const losses = [`'{"of": "another version"}'`, 'NULL']
    for (const lost of losses)
      it(`starts anew, and believes no yes until its canaries were answered rightly: ${lost}`, async () => {
        await setting({ canaries: [canary] })
        await judge()
        await ask(hub.now)
        await answered('active', bench.at(1))
        await hub.owner.query(`UPDATE catalog.payer_health SET health = ${lost}`)
        expect(await judge({}, bench.at(5))).to.deep.equal(['canary-active'])
        expect(await judge({ body: 'another', subject: 'another' }, bench.at(6)), 'and the next').to.deep.equal(['canary-active'])
        expect((await ask(bench.at(11))).canaries).to.equal(1)
        await answered('rejected', bench.at(12))
        expect(await judge({}, bench.at(13))).to.deep.equal([])
      })
    it('asks its canaries at once', async () => {
      await setting({ canaries: [canary] })
      await judge()
      await ask(hub.now)
      await hub.owner.query(`UPDATE catalog.payer_health SET health = '{}'`)
      expect(await judge({}, bench.at(5))).to.deep.equal(['canary-active'])
      expect((await ask(bench.at(5))).canaries).to.equal(1)
    })
    it('hears a canary’s answer as the first thing that is known', async () => {
      await setting({ canaries: [canary] })
      await judge()
      await ask(hub.now)
      await hub.owner.query(`UPDATE catalog.payer_health SET health = '{}'`)
      await answered('rejected', bench.at(1))
      expect(await judge({}, bench.at(2))).to.deep.equal([])
    })
    it('and nobody can tell, doubts once more whom it doubted, and no other', async () => {
      await judge({ testMarked: true })
      await judge({}, hub.now, 'QUIET3')
      await hub.owner.query(`UPDATE catalog.payer_health SET health = '{}'`)
      expect(await judge({}, bench.at(1))).to.deep.equal(['test-marks'])
      expect(await judge({}, bench.at(2))).to.deep.equal([])
      expect(await judge({}, bench.at(1), 'QUIET3')).to.deep.equal([])
    })
  })

  it('believes nothing when the payer is not in the catalogue', async () => {
    expect(await judge({}, hub.now, 'NOBODY').catch((error: Error) => error.message)).to.equal('the catalogue has no such payer')
  })

  describe('canaries', () => {
    beforeEach(() => setting({ canaries: [canary], canaryEveryMinutes: 60 }))

    it('are asked about with the first answer of their payer, and then each hour', async () => {
      expect((await ask(hub.now)).canaries, 'nobody was asked yet').to.equal(0)
      await judge()
      expect((await ask(hub.now)).canaries).to.equal(1)
      const [event] = await bench.told()
      expect(event?.type).to.equal('payer.canary-due.v1')
      expect(event?.payload).to.deep.include({ payerId: 'HELIO1', known: 'inactive', serviceDate: '2026-02-02' })
      expect(JSON.stringify(event), 'who it is stays in the settings').to.not.include('UNKNOWN1')
      await judge({}, bench.at(30))
      expect((await ask(bench.at(59))).canaries).to.equal(0)
      expect((await ask(bench.at(60))).canaries).to.equal(1)
    })

    it('are asked about at once with the first doubt, not with each', async () => {
      await judge()
      await ask(hub.now)
      await judge({ testMarked: true }, bench.at(5))
      expect((await ask(bench.at(5))).canaries).to.equal(1)
      await judge({ testMarked: true }, bench.at(6))
      expect((await ask(bench.at(6))).canaries).to.equal(0)
    })

    it('are asked about by one engine of ten', async () => {
      await judge()
      const asked = await Promise.all(Array.from({ length: 10 }, () => ask(hub.now)))
      expect(asked.reduce((sum, { canaries }) => sum + canaries, 0)).to.equal(1)
    })

    it('that are said to be active let nothing of their payer be believed, until one is answered as it must be', async () => {
      await judge()
      await ask(hub.now)
      await answered('active', bench.at(1))
      expect(await judge({ body: 'another', subject: 'another' }, bench.at(2))).to.include('canary-active')
      expect(await payer()).to.deep.include({ suspiciousSince: bench.at(1).toISOString() })
      expect((await payer()).canaryResults[0]).to.deep.include({ known: 'inactive', verdict: 'active', dueAt: bench.at(11).toISOString() })
      expect((await ask(bench.at(11))).canaries, 'asked again soon').to.equal(1)
      await answered('rejected', bench.at(12))
      expect(await judge({ body: 'a third', subject: 'a third' }, bench.at(13))).to.deep.equal([])
      expect((await payer()).suspiciousSince).to.equal(null)
    })

    it('answered falsely make whoever was believed since the last right one be asked about again', async () => {
      await judge()
      await ask(hub.now)
      await answered('rejected', bench.at(1))
      const [before, since] = [await bench.request('HELIO1'), await bench.request('HELIO1')]
      await bench.answer(before, {}, { now: hub.now })
      await bench.answer(since, {}, { now: bench.at(20) })
      await ask(bench.at(60))
      await answered('active', bench.at(61))
      expect(await bench.asking(since)).to.deep.include({ why: 'payer-doubted', recheckAt: bench.at(76).toISOString(), status: 'answered', coverage: 'active' })
      expect((await bench.asking(before)).why).to.equal('ageing')
    })

    it('answered rightly again let those be asked at once who wait because of a doubt', async () => {
      await judge()
      await ask(hub.now)
      await answered('active', bench.at(1))
      const id = await bench.request('HELIO1')
      for (let i = 0; i < 4; i += 1) await bench.answer(id, { suspicions: ['canary-active'] }, { now: bench.at(2) })
      expect((await bench.asking(id)).recheckAt).to.equal(bench.at(122).toISOString())
      await ask(bench.at(11))
      await answered('rejected', bench.at(12))
      expect((await bench.asking(id)).recheckAt).to.equal(bench.at(12).toISOString())
    })

    describe('and a doubt about the share of yeses', () => {
      const member = (n: number, over: Partial<AnswerSigns> = {}): Partial<AnswerSigns> => ({ body: `body ${n}`, subject: `subject ${n}`, ...over })
      /** Three of four are members for weeks; then, all of a sudden, everybody is. */
      async function doubted(): Promise<void> {
        for (let n = 0; n < 80; n += 1) await judge(member(n, n % 4 === 3 ? { says: 'no' } : {}), bench.at(-14 * 1_440 + n * 240))
        for (let n = 100; n < 120; n += 1) await judge(member(n), bench.at(n - 120))
      }
      it('is told of the same word about the same member as what it is, and not fed by it', async () => {
        await doubted()
        expect(await judged(member(100), bench.at(15))).to.deep.equal({ suspicions: ['active-rate'], again: true })
        expect(await judged(member(200), bench.at(16))).to.deep.equal({ suspicions: ['active-rate'], again: false })
        const run = async () => (await hub.owner.query(`SELECT health #>> '{run,up}' AS up FROM catalog.payer_health WHERE payer_id = 'HELIO1'`)).rows
        const before = await run()
        for (let n = 101; n < 110; n += 1) await judge(member(n), bench.at(n))
        expect(await run()).to.deep.equal(before)
      })
      it('is over once they are answered rightly, and whoever waits because of it is asked about at once', async () => {
        await doubted()
        const id = await bench.request('HELIO1')
        for (let n = 0; n < 4; n += 1) await bench.answer(id, { suspicions: ['active-rate'] }, { now: hub.now })
        expect((await ask(bench.at(1))).canaries).to.equal(1)
        await answered('rejected', bench.at(2))
        expect(await judge(member(100), bench.at(3))).to.deep.equal([])
        expect((await payer(bench.at(3))).suspiciousSince).to.equal(null)
        expect((await bench.asking(id)).recheckAt).to.equal(bench.at(2).toISOString())
      })
      it('outlasts a canary that was asked before it', async () => {
        await judge(member(1), bench.at(-14 * 1_440 - 1))
        await ask(bench.at(-14 * 1_440))
        await doubted()
        await answered('rejected', bench.at(2))
        expect(await judge(member(100), bench.at(3))).to.deep.equal(['active-rate'])
      })
    })

    it('say nothing when nothing was said of them, when it is old, or when it comes twice', async () => {
      await judge()
      await ask(hub.now)
      await answered('unknown', bench.at(1))
      expect((await payer()).canaryResults[0]).to.deep.include({ answeredAt: null, verdict: null })
      await answered('active', bench.at(2), randomUUID())
      expect(await judge({ body: 'b', subject: 's' }, bench.at(3))).to.deep.equal([])
    })

    it('are nobody’s cover and teach nothing of how patients are answered: the wire’s own judgement is told, and nothing is learned', async () => {
      await judge()
      const learned = async () => (await hub.owner.query('SELECT health, answers FROM catalog.payer_health')).rows
      const before = await learned()
      expect(await judge({ canary: 'inactive', says: 'yes', subject: 'UNKNOWN1', body: 'yes' }, bench.at(1))).to.deep.equal(['canary-active'])
      expect(await judge({ canary: 'inactive', says: 'no', subject: 'UNKNOWN1', body: 'no' }, bench.at(1))).to.deep.equal([])
      expect(await learned()).to.deep.equal(before)
      const rows = await hub.owner.query('SELECT count(*)::int AS n FROM billing.eligibility_answers')
      expect(rows.rows).to.deep.equal([{ n: 0 }])
    })

    it('that stand in doubt are shown so, although a "no" is believed meanwhile', async () => {
      await judge()
      await ask(hub.now)
      await answered('active', bench.at(1))
      expect(await judge({ says: 'no' }, bench.at(2))).to.deep.equal([])
      expect(await payer()).to.deep.include({ suspiciousSince: bench.at(1).toISOString(), suspicions: ['canary-active'] })
    })

    it('that would clear their payer are not doubted because it is doubted', async () => {
      await judge()
      await ask(hub.now)
      await answered('active', bench.at(1))
      expect(await judge({ canary: 'inactive', says: 'no', subject: 'UNKNOWN1', body: 'no' }, bench.at(2))).to.deep.equal([])
    })

    it('are asked about no more when the clinic takes them away, and of a payer that is closed not before it opens', async () => {
      await judge()
      const downtimes = [{ from: hub.now.toISOString(), to: bench.at(90).toISOString() }]
      const calendar = { timeZone: 'America/New_York', closed: [], usFederalHolidays: false, holidays: [], downtimes }
      await setting({ canaries: [canary], calendar }, 1)
      expect((await ask(bench.at(1))).canaries).to.equal(0)
      expect((await payer()).canaryResults[0]?.dueAt).to.equal(bench.at(90).toISOString())
      await setting({ canaries: [] }, 2)
      expect((await ask(bench.at(90))).canaries).to.equal(0)
      expect((await payer()).canaryResults[0]?.dueAt).to.equal(null)
    })
  })

  describe('settings of a payer', () => {
    it('are saved once of two who read the same version, and audited without their values', async () => {
      const saved = await Promise.all(
        ['user:ada', 'user:bob'].map((actor) =>
          hub.api.stores.payerAdmin.save(hub.tenantId, 'HELIO1', { settings: { canaries: [canary] }, version: 0 }, actor, hub.now),
        ),
      )
      expect(saved.sort()).to.deep.equal(['changed-meanwhile', 'saved'])
      expect(await payer()).to.deep.include({ own: true, version: 1 })
      const audits = await hub.owner.query(`SELECT a::text AS text FROM compliance.audit_logs a WHERE action = 'payer.settings-changed'`)
      expect(audits.rows.map((row) => row.text).join())
        .to.include('payer:HELIO1')
        .and.not.include('UNKNOWN1')
    })

    describe('that cannot be read', () => {
      beforeEach(async () => {
        await setting({ canaries: [canary] })
        await judge()
        await hub.owner.query(`UPDATE catalog.payer_settings SET settings = '{"of": "another version"}' WHERE payer_id = 'HELIO1'`)
      })

      it('let nothing of their payer be believed, and stop no other', async () => {
        expect(await judge({}, bench.at(1))).to.deep.equal(['closed-calendar'])
        expect(await judge({}, bench.at(1), 'QUIET3')).to.deep.equal([])
        const [theirs, others] = [await bench.request('HELIO1'), await bench.request('QUIET3')]
        for (const id of [theirs, others]) await bench.answer(id, { suspicions: ['same-body'] })
        expect(await ask(bench.at(20)), 'the canary and the question of that payer wait').to.deep.equal({ rechecks: 1, canaries: 0 })
        expect((await bench.asking(theirs)).recheckAt).to.equal(bench.at(30).toISOString())
        await setting({ canaries: [canary] }, 1)
        expect(await ask(bench.at(30))).to.deep.equal({ rechecks: 1, canaries: 1 })
      })

      it('are shown as in doubt beside the others, and can be saved over', async () => {
        expect((await payer()).suspiciousSince).to.equal(hub.now.toISOString())
        expect((await hub.api.stores.payerAdmin.list(hub.tenantId, hub.now)).map(({ id }) => id)).to.include('HELIO1')
        expect(await payer()).to.deep.include({ own: true, version: 1 })
        await setting({ canaries: [] }, 1)
        expect(await judge({}, bench.at(2))).to.deep.equal([])
      })
    })

    it('tell of every payer of the catalogue, and of none that is not there', async () => {
      const list = await hub.api.stores.payerAdmin.list(hub.tenantId, hub.now)
      expect(list.map(({ id, open, own }) => [id, open, own])).to.deep.equal([
        ['DUALS5', true, false],
        ['HELIO1', true, false],
        ['NORTH2', true, false],
        ['QUIET3', true, false],
        ['RURAL6', true, false],
        ['SLOWB4', true, false],
      ])
      expect(await hub.api.stores.payerAdmin.find(hub.tenantId, 'NOBODY', hub.now)).to.equal(undefined)
      expect(await hub.api.stores.payerAdmin.save(hub.tenantId, 'NOBODY', { settings: {}, version: 0 }, 'user:ada', hub.now)).to.equal('not-found')
    })

    it('let the API read no hash of what was answered', async () => {
      const error = await hub.api.pool.query('SELECT health FROM catalog.payer_health').catch((e: Error) => e.message)
      expect(error).to.match(/permission denied/)
    })
  })
})
