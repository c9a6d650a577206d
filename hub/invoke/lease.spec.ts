import { expect } from 'chai'
import { Desk, fault, partnerOf, question, settleMs } from './testing-desk.ts'

/** As the desk's operation has it: 200 ms for a call, the margin on top, and the same once more where it can ask first. */
const leaseMs = 3_200
const leaseWithQuestionMs = 3_400

/** Another process takes the effect and dies with it. */
async function died(desk: Desk, replay: 'safe' | 'never'): Promise<void> {
  const options = { owner: 'engine-9', leaseMs: 100, replay, keyedForMs: null, triesMax: 4, now: new Date(desk.nowMs) }
  await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, JSON.stringify(question), options)
}

describe('hub/invoke under its lease', () => {
  it('sends nothing that could outlive the lease, and says that nothing was sent', async () => {
    const desk = new Desk({ replay: 'keyed' })
    desk.onStop = async (at) => {
      if (at === 'ledger-start') desk.nowMs += leaseWithQuestionMs - 200
    }
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', cause: 'unavailable', outcome: 'failed' })
    expect(desk.sent).to.deep.equal([])
    desk.onStop = async () => undefined
    expect((await desk.ask()).is).to.equal('answered')
  })

  it('counts the grace that an adapter gets after its time is over', async () => {
    for (const [lateMs, is] of [
      [leaseMs - 701, 'answered'],
      [leaseMs - 700, 'retrying'],
    ] as const) {
      const desk = new Desk()
      desk.onStop = async (at) => {
        if (at === 'ledger-start') desk.nowMs += lateMs
      }
      expect((await desk.ask()).is, `${lateMs} ms late`).to.equal(is)
    }
  })

  it('asks nothing either, and leaves the send before as unknown as it was', async () => {
    const desk = new Desk({ replay: 'never' })
    await died(desk, 'never')
    desk.nowMs += settleMs
    desk.onStop = async (at) => {
      if (at === 'ledger-start') desk.nowMs += leaseWithQuestionMs
    }
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', outcome: 'unknown' })
    expect(desk.asked).to.deep.equal([])
  })

  it('does not send after a question that took too long, but keeps what it learned', async () => {
    const desk = new Desk({ replay: 'never' })
    await died(desk, 'never')
    desk.nowMs += settleMs
    desk.reconcile = async () => {
      desk.nowMs += leaseWithQuestionMs - 300
      return 'not-found'
    }
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', outcome: 'failed', earlierNotDone: true })
    expect(desk.sent).to.deep.equal([])
  })

  it('does not hold its own slowness against the partner', async () => {
    const desk = new Desk({ breaker: { volumeThreshold: 1 } })
    desk.onStop = async (at) => {
      if (at === 'ledger-start') desk.nowMs += leaseMs
    }
    await desk.ask()
    await desk.ask()
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
  })

  it('opens the connection only when there is something to send', async () => {
    const desk = new Desk()
    await desk.ask()
    await desk.ask()
    expect(desk.opened, 'answered from the ledger').to.equal(1)

    const held = new Desk()
    held.call = fault('credentials')
    await held.ask()
    await held.ask()
    expect(held.opened, 'waiting for a person').to.equal(1)

    const busy = new Desk()
    await died(busy, 'safe')
    await busy.ask()
    expect(busy.opened, 'another process holds the lease').to.equal(0)
  })

  it('tries again when our own storage does not give the connection, then holds, and leaves no lease behind', async () => {
    const desk = new Desk({ breaker: { volumeThreshold: 1 } })
    desk.brokenStorage = true
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', cause: 'unavailable', outcome: 'failed' })
    expect((await desk.ask()).is).to.equal('retrying')
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
    expect(desk.lines.join()).not.to.contain('secret-token')
    const other = new Desk()
    other.brokenStorage = true
    await other.ask()
    other.brokenStorage = false
    expect(await other.ask()).to.deep.include({ value: { plan: 'gold' } })
  })

  it('counts a day of tries from the first of the round that a person asked for', async () => {
    const desk = new Desk({ replay: 'safe' })
    desk.call = fault('credentials')
    await desk.ask()
    desk.nowMs += 4 * 24 * 3600 * 1000
    desk.ledger.release(desk.ref)
    desk.call = fault('unavailable')
    expect((await desk.ask()).is).to.equal('retrying')
  })
})
