import { PartnerFault, type Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { Desk, fault, partnerOf, question, type Reconcile, settleMs, yes } from './testing-desk.ts'

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

  it('sends again when the partner has not seen it, and had time to', async () => {
    const desk = await lost('never')
    desk.nowMs += settleMs
    expect((await desk.ask()).is).to.equal('answered')
    expect(desk.sent).to.have.length(2)
    expect(desk.end).to.include({ is: 'answered', reconciled: false })
  })

  it('does not believe "not found" while the partner may still be working on it, and asks again when it can', async () => {
    const desk = await lost('never')
    desk.nowMs += settleMs - 1
    expect((await desk.ask()).is).to.equal('retrying')
    if (desk.end.is !== 'retry') throw new Error('not a retry')
    expect(desk.end).to.include({ cause: 'uncertain', outcome: 'unknown' }).and.not.have.property('earlierNotDone')
    expect(desk.end.at.getTime() - desk.nowMs).to.equal(1)
    expect(desk.sent, 'nothing was sent again').to.have.length(1)
    desk.nowMs = desk.end.at.getTime()
    desk.reconcile = async () => ({ is: 'ok', value: { plan: 'found late' } })
    expect(await desk.ask()).to.deep.include({ value: { plan: 'found late' } })
    expect(desk.sent).to.have.length(1)
  })

  it('takes an early "not found" neither for the last try nor for a failure of the partner', async () => {
    const desk = new Desk({ replay: 'never', breaker: { volumeThreshold: 3 } })
    desk.call = fault('uncertain')
    await desk.ask()
    for (let i = 0; i < 4; i += 1) expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
    desk.nowMs += settleMs
    desk.call = async () => yes
    expect((await desk.ask()).is).to.equal('answered')
  })

  it('gives a send that came after a question the same time, counted from that send', async () => {
    const desk = await lost('never')
    desk.nowMs += settleMs
    desk.reconcile = async () => {
      desk.nowMs += 150
      return 'not-found'
    }
    desk.call = fault('uncertain')
    const askedAtMs = desk.nowMs
    expect((await desk.ask()).is).to.equal('retrying')
    if (desk.end.is !== 'retry') throw new Error('not a retry')
    expect(desk.end.at.getTime() - askedAtMs).to.equal(150 + settleMs)
  })

  describe('that nobody wants any more', () => {
    const unwanted = async (): Promise<Desk> => {
      const desk = await lost('keyed')
      desk.ledger.unwant(desk.ref)
      return desk
    }

    it('is not sent under the key that the partner may know, nor after "not found": the ledger hears that nothing is left of it', async () => {
      const desk = await unwanted()
      expect((await desk.ask()).is).to.equal('retrying')
      expect(desk.end, 'too early to be believed').to.include({ is: 'retry', outcome: 'unknown' })
      desk.nowMs += settleMs
      expect((await desk.ask()).is).to.equal('retrying')
      expect(desk.end).to.include({ is: 'retry', outcome: 'failed', earlierNotDone: true, effectSent: false })
      if (desk.end.is !== 'retry') throw new Error('not a retry')
      expect(desk.end.at.getTime(), 'its pin is looked at again at once').to.equal(desk.nowMs)
      expect(await desk.ask()).to.include({ is: 'later' })
      expect([desk.sent.length, desk.asked.length]).to.deep.equal([1, 2])
    })

    it('is an answer where the partner has it, however long ago its time was over', async () => {
      const desk = await unwanted()
      desk.nowMs += 30 * 24 * 3_600_000
      desk.reconcile = async () => ({ is: 'ok', value: { plan: 'found' } })
      expect(await desk.ask()).to.deep.include({ is: 'answered', value: { plan: 'found' } })
      expect(desk.sent).to.have.length(1)
    })

    it('waits for a person where the partner cannot tell, and stays unknown while it cannot be asked', async () => {
      const desk = await unwanted()
      desk.reconcile = async () => {
        throw new PartnerFault('uncertain', 'It could not be asked.')
      }
      expect((await desk.ask()).is).to.equal('retrying')
      expect(desk.end).to.include({ is: 'retry', outcome: 'unknown', effectSent: false })
      desk.reconcile = async () => 'cannot-tell'
      expect((await desk.ask()).is).to.equal('held')
      expect(desk.end).to.include({ is: 'held', outcome: 'unknown', cause: 'uncertain' })
      expect(desk.sent).to.have.length(1)
    })

    it('ends so too when nobody may try it any more: nobody has to say that it is not wanted', async () => {
      const desk = await unwanted()
      desk.nowMs += 30 * 24 * 3_600_000
      expect((await desk.ask()).is).to.equal('retrying')
      expect(desk.end).to.include({ is: 'retry', outcome: 'failed', earlierNotDone: true })
    })
  })

  it('lets the ledger forget an earlier send that the partner knows nothing of', async () => {
    const desk = await lost('never')
    desk.nowMs += settleMs
    desk.call = fault('unavailable')
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', outcome: 'failed', earlierNotDone: true })
    desk.reconcile = async () => {
      throw new Error('there is nothing left to ask about')
    }
    desk.call = fault('credentials')
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', outcome: 'failed' })
    expect(desk.asked).to.have.length(1)
  })

  it('tells the ledger so too when a person must go on', async () => {
    const desk = await lost('never')
    desk.nowMs += settleMs
    desk.call = fault('credentials')
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', outcome: 'failed', earlierNotDone: true })
  })

  it('knows that it sent nothing this time where nothing before it is a riddle', async () => {
    const desk = new Desk({ replay: 'never' })
    desk.call = fault('unavailable')
    await desk.ask()
    desk.connected = false
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'no-connection', outcome: 'failed' })
    const other = await lost('never')
    other.connected = false
    expect((await other.ask()).is).to.equal('held')
    expect(other.end).to.include({ is: 'held', cause: 'no-connection', outcome: 'unknown' })
  })

  describe('that the adapter says was never begun', () => {
    const beforeEffect = (kind: PartnerFault['kind']) => async () => {
      throw new PartnerFault(kind, 'It did not come so far.', { beforeEffect: true })
    }

    it('has failed, and is sent again without a question', async () => {
      const desk = new Desk({ replay: 'never' })
      desk.call = beforeEffect('timeout')
      expect((await desk.ask()).is).to.equal('retrying')
      expect(desk.end).to.include({ outcome: 'failed', cause: 'timeout', effectSent: false, nothingSent: false })
      desk.call = async () => yes
      expect((await desk.ask()).is).to.equal('answered')
      expect([desk.asked.length, desk.sent.length]).to.deep.equal([0, 2])
    })

    it('has failed where a person must go on, who may correct it', async () => {
      const desk = new Desk({ replay: 'never' })
      desk.call = beforeEffect('contract')
      expect((await desk.ask()).is).to.equal('held')
      expect(desk.end).to.include({ is: 'held', outcome: 'failed', cause: 'contract' })
      const silent = new Desk({ replay: 'never' })
      silent.call = fault('contract')
      await silent.ask()
      expect(silent.end, 'what does not say so may have happened').to.include({ is: 'held', outcome: 'unknown', effectSent: true })
    })

    it('says nothing about a send before it', async () => {
      const desk = await lost('never')
      desk.reconcile = beforeEffect('contract') as Reconcile
      expect((await desk.ask()).is).to.equal('held')
      expect(desk.end).to.include({ is: 'held', outcome: 'unknown' })
    })
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
      triesMax: 4,
      now: new Date(desk.nowMs),
    })
    desk.nowMs += 200
    desk.reconcile = async () => yes
    expect(await desk.ask()).to.deep.include({ value: { plan: 'gold' } })
    expect(desk.sent).to.deep.equal([])
  })
})
