import { type FaultKind, limits, type Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { abortGraceMs } from './index.ts'
import { type Call, Desk, fault, partnerOf, settleMs, yes } from './testing-desk.ts'

/** A partner that says nothing until it is told to stop. */
const silent: Call = (_input, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
/** One that does not listen either. */
const deaf: Call = () => new Promise(() => undefined)

describe('hub/invoke when its process ends', () => {
  async function cut(replay: Replay, call: Call = silent, options: { attempts?: number } = {}): Promise<Desk> {
    // Only the end may cut the call short, not its own limit.
    const desk = new Desk({ replay, breaker: { timeoutMs: 4_000, volumeThreshold: 1 } })
    desk.call = fault('throttled')
    for (let n = 1; n < (options.attempts ?? 1); n += 1) await desk.ask()
    desk.call = call
    const asked = desk.ask()
    while (desk.stops.at(-1) !== 'partner-call-sent') await new Promise(setImmediate)
    desk.ending.abort()
    await asked
    return desk
  }

  it('gives up what waits, and writes down that nobody knows what became of it', async () => {
    for (const replay of ['keyed', 'never'] as const) {
      const desk = await cut(replay)
      expect(desk.end, replay).to.deep.include({ is: 'retry', outcome: 'unknown', cause: 'timeout', waits: 'breaker', ours: true, nothingSent: false })
      if (desk.end.is !== 'retry') throw new Error('not a retry')
      expect(desk.end.at.getTime() - desk.nowMs, 'another engine may go on at once').to.be.at.most(1_000)
    }
    expect((await cut('safe')).end).to.deep.include({ is: 'retry', outcome: 'failed' })
  })

  it('waits no longer for an adapter that does not listen than for one whose time is over', async () => {
    const startedMs = performance.now()
    const desk = await cut('never', deaf)
    expect(performance.now() - startedMs).to.be.within(abortGraceMs - 20, abortGraceMs + 1_000)
    expect(desk.end).to.deep.include({ is: 'retry', outcome: 'unknown' })
  })

  it('takes the answer of a partner that answers within the grace', async () => {
    const late: Call = (_input, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(() => resolve(yes), 20)))
    expect((await cut('never', late)).end).to.include({ is: 'answered' })
  })

  it('holds it neither against the partner nor against the delivery', async () => {
    const desk = await cut('safe', silent, { attempts: 3 })
    expect(desk.breakers.state(partnerOf()), 'one failure would open it').to.equal('closed')
    expect(desk.end, 'it was the last try').to.include({ is: 'retry' })
  })

  it('lets a fault that waiting does not mend wait for a person all the same', async () => {
    for (const kind of ['credentials', 'contract'] satisfies FaultKind[]) {
      const failing: Call = (input, context) =>
        new Promise((_resolve, reject) => context.signal.addEventListener('abort', () => fault(kind)(input, context).catch(reject)))
      expect((await cut('keyed', failing)).end).to.include({ is: 'held', cause: kind })
    }
  })

  it('leaves the question about a send whose round is over to the next engine, not to a person', async () => {
    const desk = new Desk({ replay: 'never', breaker: { timeoutMs: 4_000 } })
    desk.call = fault('uncertain')
    await desk.ask()
    desk.nowMs += limits.attemptAgeMsMax + 1
    desk.reconcile = () => new Promise(() => undefined)
    const asked = desk.ask()
    while (desk.stops.at(-1) !== 'partner-call-sent') await new Promise(setImmediate)
    desk.ending.abort()
    await asked
    expect(desk.end).to.deep.include({ is: 'retry', outcome: 'unknown', cause: 'timeout', waits: 'breaker', ours: true })
    if (desk.end.is !== 'retry') throw new Error('not a retry')
    expect(desk.end.at.getTime() - desk.nowMs).to.be.at.most(1_000)
    expect([desk.sent.length, desk.asked.length]).to.deep.equal([1, 1])
  })

  it('sends nothing more, and asks nothing', async () => {
    const desk = new Desk({ replay: 'never' })
    desk.call = fault('uncertain')
    await desk.ask()
    desk.nowMs += settleMs
    desk.ending.abort()
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.deep.include({ is: 'retry', outcome: 'unknown', nothingSent: true, waits: 'breaker' })
    expect([desk.sent.length, desk.asked.length]).to.deep.equal([1, 0])
  })
})
