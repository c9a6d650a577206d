import { randomUUID } from 'node:crypto'
import { MustChoose } from '@heliox/core/kit'
import { expect } from 'chai'
import { type Call, Desk, fault, partnerOf, question } from './testing-desk.ts'

const plans = { plans: ['gold of CANARY-77', 'silver'] }
const choose =
  (options: unknown = plans): Call =>
  async () => {
    throw new MustChoose(options)
  }

describe('hub/invoke, an answer of which a person must choose', () => {
  it('waits for a person with what there is to choose, sealed, and in the words of the operation', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = choose()
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.deep.include({ is: 'choice', options: plans, owner: 'ops', staffText: 'Say which plan is meant.', nothingSent: false })
  })

  it('is no failure: however often, the breaker stays shut, and a partner that failed before has answered', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = fault('unavailable')
    for (let i = 0; i < 4; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    desk.call = choose()
    for (let i = 0; i < 8; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
    expect(desk.ledger.ends.filter((end) => end.is === 'choice')).to.have.length(8)
  })

  it('asks the partner once: a redelivery finds the person’s item, and the answer when there is one', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = choose()
    await desk.ask()
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    desk.ledger.answer(desk.ref, 'ok', { plan: 'silver' })
    expect(await desk.ask()).to.deep.equal({ is: 'answered', port: 'ok', value: { plan: 'silver' }, manual: true, suspicions: [] })
    expect(desk.sent).to.have.length(1)
  })

  it('asks again when the person says so: by then there may be nothing to choose', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = choose()
    await desk.ask()
    desk.ledger.release(desk.ref)
    desk.call = async () => ({ is: 'ok', value: { plan: 'gold' } })
    expect(await desk.ask()).to.deep.equal({ is: 'answered', port: 'ok', value: { plan: 'gold' }, manual: false, suspicions: [] })
  })

  it('must fit its contract like every answer: else an engineer looks, and no value is told', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = choose({ plans: ['CANARY-77', 5] })
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.include({ is: 'held', cause: 'contract', owner: 'engineer' })
    expect(JSON.stringify(desk.end)).to.not.contain('CANARY')
  })

  it('is a bug where the operation says nowhere that it may ask', async () => {
    const desk = new Desk()
    desk.call = choose()
    expect(await desk.ask()).to.deep.equal({ is: 'held' })
    expect(desk.end).to.include({ is: 'held', cause: 'bug', owner: 'engineer' })
  })

  it('stands in no log', async () => {
    const desk = new Desk({ withChoice: true })
    desk.call = choose()
    await desk.ask()
    expect(desk.lines.join('\n')).to.not.contain('CANARY')
  })
})
