import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Desk, fault, partnerOf, question, yes } from './testing-desk.ts'

describe('hub/invoke where the key is refused', () => {
  const opening = () => new Desk({ breaker: { opensOnRefusedKey: true } })
  const others = (desk: Desk) => ({ ...desk.ref, rootId: randomUUID() })

  it('asks once, and what follows waits without being sent, and without an item each', async () => {
    const desk = opening()
    desk.call = fault('credentials')
    for (let i = 0; i < 20; i += 1) expect((await desk.ask(question, others(desk))).is).to.equal('retrying')
    expect(desk.sent).to.have.length(1)
    expect(desk.breakers.state(partnerOf())).to.equal('open')
    expect(desk.ledger.ends.map(({ is }) => is)).to.deep.equal(Array.from({ length: 20 }, () => 'retry'))
    expect(desk.ledger.ends[0]).to.include({ cause: 'credentials', outcome: 'failed', waits: 'breaker', keyRefused: true, nothingSent: false })
    // Who only waits met no key: it counts in no incident, and is no sign that nobody answers.
    expect(desk.ledger.ends[1]).to.include({ cause: 'credentials', outcome: 'failed', waits: 'breaker', nothingSent: true }).and.not.have.property('keyRefused')
  })

  it('tries again by itself, ever more seldom, and goes on when the key works', async () => {
    const desk = opening()
    desk.call = fault('credentials')
    await desk.ask(question, others(desk))
    desk.nowMs += 5_000
    await desk.ask(question, others(desk))
    expect(desk.sent).to.have.length(2)
    desk.nowMs += 5_000
    await desk.ask(question, others(desk))
    expect(desk.sent).to.have.length(2)
    desk.nowMs += 5_000
    desk.call = async () => yes
    for (let i = 0; i < 3; i += 1) expect((await desk.ask(question, others(desk))).is).to.equal('answered')
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
  })

  it('waits no longer than its time: then a person reads that the key must be renewed', async () => {
    const desk = opening()
    desk.call = fault('credentials')
    await desk.ask()
    for (let turn = 0; turn < 2_000 && desk.end.is === 'retry'; turn += 1) {
      desk.nowMs = desk.end.at.getTime()
      await desk.ask()
    }
    expect(desk.end).to.include({ is: 'held', owner: 'clinic' })
  })
})
