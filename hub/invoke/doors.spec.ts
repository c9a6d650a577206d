import { randomUUID } from 'node:crypto'
import { PayerCalendar } from '@heliox/core/catalog'
import { type AnswerSigns, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { openingSpreadMs } from './doors.ts'
import { type Call, Desk, fault, partnerOf, yes } from './testing-desk.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const down = fault('unavailable', undefined, 'payer')

/** A question to one payer, each its own delivery. */
const ask = (desk: Desk, payerId: string, rootId = randomUUID()) => desk.ask({ member: `${payerId}-1`, amount: 1 }, { ...desk.ref, rootId })
async function askTimes(desk: Desk, payerId: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await ask(desk, payerId)
}
/** The calendar says so for the next days; the desk's now is a Monday morning. */
const closedFor = (desk: Desk, ms: number) =>
  PayerCalendar.parse({
    timeZone: 'America/New_York',
    downtimes: [{ from: new Date(desk.nowMs - minuteMs).toISOString(), to: new Date(desk.nowMs + ms).toISOString() }],
  })

describe('hub/invoke, the doors of partner and payer', () => {
  it('one payer that is down for fifty questions leaves the others and the partner alone', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    await askTimes(desk, 'BAD', 50)
    expect(desk.sent).to.have.length(5)
    expect([null, 'BAD', 'GOOD'].map((payerId) => desk.breakers.state(partnerOf(payerId)))).to.deep.equal(['closed', 'open', 'closed'])
    desk.call = async () => yes
    expect((await ask(desk, 'GOOD')).is).to.equal('answered')
    expect(desk.ledger.ends.at(-2)).to.deep.include({ is: 'retry', payerId: 'BAD', scope: 'payer', nothingSent: true, waits: 'breaker' })
  })

  it('a line that breaks is everybody’s: no payer is asked', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = fault('unavailable')
    for (const payerId of ['A1', 'A2', 'A3', 'A4', 'A5']) await ask(desk, payerId)
    expect(desk.breakers.state(partnerOf())).to.equal('open')
    await ask(desk, 'GOOD')
    expect(desk.sent).to.have.length(5)
    expect(desk.end).to.deep.include({ is: 'retry', payerId: 'GOOD', scope: 'partner' })
  })

  it('answers that the rules do not believe open the payer’s door, and go on as answers with the doubt beside them', async () => {
    const desk = new Desk({ withPayer: true })
    desk.judge = async () => ['closed-calendar']
    for (let i = 0; i < 5; i += 1) expect(await ask(desk, 'LIAR')).to.deep.include({ is: 'answered', port: 'ok', suspicions: ['closed-calendar'] })
    expect(desk.judged).to.have.length(5)
    expect([null, 'LIAR'].map((payerId) => desk.breakers.state(partnerOf(payerId)))).to.deep.equal(['closed', 'open'])
    await ask(desk, 'LIAR')
    expect(desk.sent).to.have.length(5)
    const told = desk.lines.filter((line) => line.includes('answers that we do not believe'))
    expect(told).to.have.length(1)
  })

  it('judges what an answer itself shows, where its contract has no room for that', async () => {
    const desk = new Desk({ withPayer: true })
    const shown: AnswerSigns = {
      says: 'no',
      empty: false,
      testMarked: false,
      echo: [],
      hasDates: false,
      hasPlan: false,
      body: 'all of it',
      subject: 'somebody',
    }
    desk.call = async () => ({ ...yes, signs: shown })
    await ask(desk, 'OLD')
    expect(desk.judged[0]).to.deep.include({ payerId: 'OLD', signs: shown })
    expect(desk.ledger.ends[0], 'and keeps none of it').to.not.have.property('signs')
  })

  describe('a lock that others of ours held all the time', () => {
    const behindLock: Call = (_input, ctx) => ctx.locks.serially('chart', async () => yes)
    /** As adapters do that say what was sent. */
    const wrapped: Call = async (input, ctx) => {
      try {
        return await behindLock(input, ctx)
      } catch (cause) {
        throw new PartnerFault('unavailable', 'Nothing was written.', { beforeEffect: true, cause })
      }
    }
    for (const [title, call] of [
      ['as it comes', behindLock],
      ['told in the adapter’s own words', wrapped],
    ] as const)
      it(`moves no breaker, is no try, and comes again soon: ${title}`, async () => {
        const desk = new Desk({ withPayer: true, replay: 'keyed' })
        desk.call = call
        desk.lockFree = false
        await askTimes(desk, 'GOOD', 12)
        expect(desk.breakers.state(partnerOf('GOOD'))).to.equal('closed')
        expect(desk.breakers.state(partnerOf(null))).to.equal('closed')
        expect(desk.end).to.deep.include({ is: 'retry', outcome: 'failed', waits: 'breaker', ours: true, effectSent: false, at: new Date(desk.nowMs + 10_000) })
        desk.lockFree = true
        expect(await ask(desk, 'GOOD')).to.deep.include({ is: 'answered' })
      })
    it('is not answered by what stands in for the partner', async () => {
      const desk = new Desk({ instead: () => yes })
      desk.call = behindLock
      desk.lockFree = false
      await desk.ask()
      expect(desk.end.is).to.equal('retry')
      expect(desk.standIns).to.deep.equal([])
    })
  })

  it('closes only after three answers in a row that are believed', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    await askTimes(desk, 'BAD', 5)
    desk.call = async () => yes
    let waitMs = 5_000
    for (const [suspicions, state] of [
      [[], 'half-open'],
      [[], 'half-open'],
      [['same-body'], 'open'],
      [[], 'half-open'],
      [[], 'half-open'],
      [[], 'closed'],
    ] as const) {
      desk.nowMs += waitMs
      desk.judge = async () => suspicions
      await ask(desk, 'BAD')
      expect(desk.breakers.state(partnerOf('BAD'))).to.equal(state)
      waitMs = state === 'open' ? 10_000 : 0
    }
  })

  it('neither opens nor stays open for the same doubtful word about the same member, and lets the next one try at once', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = async () => yes
    desk.judge = async () => ['active-rate']
    desk.saysAgain = true
    await askTimes(desk, 'LIAR', 12)
    expect(desk.breakers.state(partnerOf('LIAR'))).to.equal('closed')
    desk.saysAgain = false
    await askTimes(desk, 'LIAR', 5)
    expect(desk.breakers.state(partnerOf('LIAR'))).to.equal('open')
    desk.nowMs += 5_000
    desk.saysAgain = true
    expect(await ask(desk, 'LIAR'), 'it is in doubt all the same').to.deep.include({ is: 'answered', suspicions: ['active-rate'] })
    desk.judge = async () => []
    desk.saysAgain = false
    for (const state of ['half-open', 'half-open', 'closed']) {
      await ask(desk, 'LIAR')
      expect(desk.breakers.state(partnerOf('LIAR'))).to.equal(state)
    }
  })

  it('never takes an answer for believed that could not be judged: it is asked again', async () => {
    const desk = new Desk({ withPayer: true })
    desk.judge = async () => {
      throw new Error('the database is away')
    }
    const error = await ask(desk, 'HELIO1').catch((e: Error) => e.message)
    expect(error).to.equal('the database is away')
    expect(desk.ledger.ends).to.deep.equal([])
  })

  it('asks a payer that fails in its closed hours when it opens, which is no try and makes the question no older', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    desk.calendar = closedFor(desk, 3 * dayMs)
    const root = randomUUID()
    for (let i = 0; i < 3; i += 1) {
      expect((await ask(desk, 'NIGHT', root)).is).to.equal('retrying')
      if (desk.end.is !== 'retry') throw new Error('not a retry')
      expect(desk.end).to.deep.include({ waits: 'hours', cause: 'unavailable', nothingSent: false })
      const opensMs = Date.parse(desk.calendar.downtimes[0]?.to ?? '')
      expect(desk.end.at.getTime() - opensMs).to.equal(openingSpreadMs)
      desk.nowMs = desk.end.at.getTime()
      desk.calendar = closedFor(desk, 3 * dayMs)
    }
    expect((await ask(desk, 'NIGHT', root)).is, 'but ten days in all').to.equal('held')
    expect(desk.end).to.deep.include({ is: 'held', cause: 'unavailable', scope: 'payer', payerId: 'NIGHT' })
  })

  it('does not try a payer whose door is shut while it is closed anyway', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    await askTimes(desk, 'NIGHT', 5)
    desk.nowMs += minuteMs
    desk.calendar = closedFor(desk, dayMs)
    await ask(desk, 'NIGHT')
    expect(desk.sent).to.have.length(5)
    expect(desk.end).to.deep.include({ is: 'retry', waits: 'hours', nothingSent: true })
    expect(desk.breakers.state(partnerOf('NIGHT'))).to.equal('open')
  })

  it('takes the other door at once where this one is shut', async () => {
    const desk = new Desk({ withPayer: true, instead: () => ({ is: 'rejected', value: { code: 'batch' } }) })
    desk.call = down
    desk.calendar = closedFor(desk, dayMs)
    expect(await ask(desk, 'NIGHT')).to.deep.include({ is: 'answered', port: 'rejected', value: { code: 'batch' } })
    expect(desk.end).to.deep.include({ is: 'answered', instead: 'unavailable', scope: 'payer', payerId: 'NIGHT' })
  })

  it('lets a thousand that wait come one by one, not all when it opens', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    await askTimes(desk, 'BAD', 5)
    const times: number[] = []
    for (let i = 0; i < 1_000; i += 1) {
      desk.chance = i / 1_000
      await ask(desk, 'BAD')
      if (desk.end.is === 'retry') times.push(desk.end.at.getTime() - desk.nowMs)
    }
    expect(desk.sent).to.have.length(5)
    const perSecond = [5, 6, 7, 8, 9].map((second) => times.filter((ms) => Math.floor(ms / 1_000) === second).length)
    expect(perSecond).to.deep.equal([200, 200, 200, 200, 200])
  })

  it('waits without a person while nothing was asked, for a day at most', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = down
    await askTimes(desk, 'BAD', 5)
    desk.rows.claimProbe = async (ref) => {
      const breaker = desk.rows.rows.get(`${ref.tenantId}/partner/BAD/ask`)?.open
      if (!breaker) throw new Error('no breaker')
      return { is: 'wait', breaker: { ...breaker, probeAt: new Date(desk.nowMs + 60 * minuteMs) } }
    }
    const root = randomUUID()
    let tries = 0
    for (let is = 'retrying'; is === 'retrying'; tries += 1) {
      is = (await ask(desk, 'BAD', root)).is
      if (desk.end.is === 'retry') desk.nowMs = desk.end.at.getTime()
    }
    expect(tries).to.be.within(22, 26)
    expect(desk.end).to.include({ is: 'held', cause: 'unavailable', owner: 'ops' })
    expect(desk.sent).to.have.length(5)
  })

  it('frees the partner’s try when the payer’s door behind it is shut', async () => {
    const desk = new Desk({ withPayer: true })
    desk.call = fault('unavailable')
    for (const payerId of ['A1', 'A2', 'A3', 'A4', 'A5']) await ask(desk, payerId)
    await desk.rows.trip(partnerOf('BAD'), 'timeout', { resetMs: 60 * minuteMs, plausibleToClose: 3 }, new Date(desk.nowMs))
    await desk.breakers.start()
    desk.nowMs += 5_000
    await ask(desk, 'BAD')
    expect(desk.end).to.deep.include({ is: 'retry', scope: 'payer' })
    const heal: Call = async () => yes
    desk.call = heal
    expect((await ask(desk, 'GOOD')).is).to.equal('answered')
    await desk.breakers.close()
  })
})
