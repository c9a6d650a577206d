import type { Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { Desk, fault, question, settleMs } from './testing-desk.ts'

const dayMs = 24 * 3_600_000
const hourMs = 3_600_000

/** Another process took the effect and died with it; then nobody ran for 25 hours. */
async function diedADayAgo(replay: Replay): Promise<Desk> {
  const desk = new Desk({ replay })
  const options = { owner: 'engine-9', leaseMs: 100, replay, keyedForMs: 30 * dayMs, triesMax: 3, now: new Date(desk.nowMs) }
  await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, JSON.stringify(question), options)
  desk.nowMs += dayMs + hourMs
  return desk
}

describe('hub/invoke, a delivery that comes after its tries are over', () => {
  for (const replay of ['keyed', 'never'] as const) {
    it(`takes the answer that the partner has of a ${replay} send, and sends nothing`, async () => {
      const desk = await diedADayAgo(replay)
      desk.reconcile = async () => ({ is: 'ok', value: { plan: 'found' } })
      expect(await desk.ask()).to.deep.include({ is: 'answered', value: { plan: 'found' } })
      expect(desk.end).to.include({ reconciled: true })
      expect(desk.sent).to.deep.equal([])
    })

    it(`leaves a ${replay} send that never arrived to a person, and knows that it did not`, async () => {
      const desk = await diedADayAgo(replay)
      expect(await desk.ask()).to.deep.equal({ is: 'held' })
      expect(desk.end).to.include({ is: 'held', cause: 'overdue', owner: 'ops', outcome: 'failed', earlierNotDone: true })
      expect([desk.sent, desk.asked]).to.deep.equal([[], [question]])
      desk.ledger.release(desk.ref)
      expect(await desk.ask(), 'who says "retry" begins another round').to.include({ is: 'answered' })
      expect(desk.sent).to.have.length(1)
    })
  }

  it('holds what may be sent at will without opening the connection', async () => {
    const desk = await diedADayAgo('safe')
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.include({ cause: 'overdue', outcome: 'failed', nothingSent: true })
    expect([desk.sent, desk.opened]).to.deep.equal([[], 0])
  })

  it('holds what nobody can tell as what it is: unknown', async () => {
    const desk = new Desk({ replay: 'never' })
    desk.call = fault('timeout')
    await desk.ask()
    desk.nowMs += dayMs + hourMs
    desk.reconcile = async () => 'cannot-tell'
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.include({ cause: 'uncertain', outcome: 'unknown' })
  })

  it('does not believe "not found" too early here either', async () => {
    const desk = new Desk({ replay: 'never' })
    const options = { owner: 'engine-9', leaseMs: dayMs + hourMs, replay: 'never', keyedForMs: null, triesMax: 3, now: new Date(desk.nowMs) } as const
    await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, JSON.stringify(question), options)
    desk.nowMs += dayMs + hourMs
    expect(await desk.ask()).to.deep.equal({ is: 'retrying' })
    desk.nowMs += settleMs
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.include({ cause: 'overdue', outcome: 'failed', earlierNotDone: true })
  })
})
