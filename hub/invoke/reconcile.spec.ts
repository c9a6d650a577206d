import type { Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { Desk, fault, question, type Reconcile, yes } from './testing-desk.ts'

describe('hub/invoke after a send whose outcome is unknown', () => {
  async function lost(replay: Replay): Promise<Desk> {
    const desk = new Desk({ replay })
    desk.call = fault('uncertain')
    expect((await desk.ask()).is).to.equal('retrying')
    desk.call = async () => yes
    return desk
  }

  it('takes the answer that the partner has of it', async () => {
    const desk = await lost('never')
    desk.reconcile = async () => ({ is: 'ok', value: { plan: 'found' } })
    expect(await desk.ask()).to.deep.include({ port: 'ok', value: { plan: 'found' } })
    expect(desk.end).to.include({ is: 'answered', reconciled: true })
    expect(desk.sent).to.have.length(1)
    expect(desk.asked).to.deep.equal([question])
  })

  it('sends again when the partner has not seen it', async () => {
    const desk = await lost('never')
    expect((await desk.ask()).is).to.equal('answered')
    expect(desk.sent).to.have.length(2)
    expect(desk.end).to.include({ is: 'answered', reconciled: false })
  })

  it('holds when the partner cannot tell', async () => {
    const desk = await lost('never')
    desk.reconcile = async () => 'cannot-tell'
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'uncertain', outcome: 'unknown' })
    expect(desk.sent).to.have.length(1)
  })

  it('stays unknown when the question itself fails', async () => {
    const desk = await lost('never')
    desk.reconcile = fault('unavailable') as Reconcile
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', outcome: 'unknown' })
    desk.reconcile = async () => ({ is: 'ok', value: { plan: 'found' } })
    expect(await desk.ask()).to.deep.include({ value: { plan: 'found' } })
    expect(desk.sent).to.have.length(1)
  })

  it('sends again with the same key while the partner remembers it, and asks first after that', async () => {
    const desk = await lost('keyed')
    desk.call = fault('uncertain')
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.asked).to.deep.equal([])
    expect(new Set(desk.sent.map((s) => s.key)).size).to.equal(1)
    desk.nowMs += 61_000
    desk.reconcile = async () => ({ is: 'rejected', value: { code: '04' } })
    expect(await desk.ask()).to.deep.include({ port: 'rejected', value: { code: '04' } })
    expect(desk.sent).to.have.length(2)
  })

  it('asks first when the process that sent it was killed', async () => {
    const desk = new Desk({ replay: 'never' })
    await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, JSON.stringify(question), {
      owner: 'engine-9',
      leaseMs: 100,
      replay: 'never',
      keyedForMs: null,
      now: new Date(desk.nowMs),
    })
    desk.nowMs += 200
    desk.reconcile = async () => yes
    expect(await desk.ask()).to.deep.include({ value: { plan: 'gold' } })
    expect(desk.sent).to.deep.equal([])
  })
})
