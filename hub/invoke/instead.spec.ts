import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Desk, fault, type Instead, partnerOf, question, tenantId } from './testing-desk.ts'

/** This partner's "no" of a door with another one beside it. */
const otherDoor: Instead = () => ({ is: 'rejected', value: { code: 'batch' } })
const answered = { is: 'answered', port: 'rejected', value: { code: 'batch' }, manual: false, suspicions: [] }

describe('hub/invoke, an answer in place of a fault', () => {
  it('comes after the last try, not before: the tries are made', async () => {
    const desk = new Desk({ instead: otherDoor })
    desk.call = fault('unavailable')
    expect((await desk.ask()).is).to.equal('retrying')
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.standIns).to.deep.equal([])
    expect(await desk.ask()).to.deep.equal(answered)
    expect(desk.sent).to.have.length(3)
    expect(desk.standIns).to.deep.equal([{ input: question, kind: 'unavailable' }])
  })

  it('is recorded as the answer, beside the fault that its attempt was', async () => {
    const desk = new Desk({ instead: otherDoor })
    desk.call = fault('timeout')
    for (let i = 0; i < 3; i += 1) await desk.ask()
    expect(desk.ledger.ends.map((end) => end.is)).to.deep.equal(['retry', 'retry', 'answered'])
    expect(desk.end).to.deep.include({ is: 'answered', port: 'rejected', value: { code: 'batch' }, reconciled: false, instead: 'timeout' })
  })

  it('stays the answer of a redelivery: the partner is not asked again', async () => {
    const desk = new Desk({ instead: otherDoor })
    desk.call = fault('unavailable')
    for (let i = 0; i < 4; i += 1) await desk.ask()
    expect(await desk.ask()).to.deep.equal(answered)
    expect(desk.sent).to.have.length(3)
  })

  it('comes at once while the breaker is open: a patient does not wait for it to close', async () => {
    const desk = new Desk({ instead: otherDoor })
    desk.call = fault('unavailable')
    for (let i = 0; i < 5; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    expect(desk.breakers.state(partnerOf())).to.equal('open')
    expect(await desk.ask()).to.deep.equal(answered)
    expect(desk.sent).to.have.length(5)
  })

  it('is none where the operation has nothing to say to this fault: a person is asked', async () => {
    const desk = new Desk({ instead: (_input, kind) => (kind === 'unavailable' ? { is: 'rejected', value: { code: 'batch' } } : undefined) })
    desk.call = fault('credentials')
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'credentials', owner: 'clinic' })
    expect(desk.standIns).to.have.length(1)
  })

  it('never speaks for what failed on our side', async () => {
    const desk = new Desk({ instead: otherDoor })
    desk.brokenStorage = true
    for (let i = 0; i < 3; i += 1) await desk.ask()
    expect(desk.end).to.include({ is: 'held', cause: 'unavailable' })
    expect(desk.standIns).to.deep.equal([])
  })

  for (const [title, instead] of [
    ['has the wrong shape', () => ({ is: 'rejected', value: { code: 7 } }) as never],
    [
      'is a throw',
      () => {
        throw new TypeError('cannot read M-123')
      },
    ],
  ] as const satisfies readonly (readonly [string, Instead])[]) {
    it(`is dropped when it ${title}: a person is asked, and no word of it is logged`, async () => {
      const desk = new Desk({ instead })
      desk.call = fault('unavailable')
      for (let i = 0; i < 3; i += 1) await desk.ask()
      expect(desk.end).to.include({ is: 'held', cause: 'unavailable', outcome: 'failed' })
      expect(desk.lines.join('\n')).not.to.contain('M-123')
    })
  }

  it('is refused at load for an operation that may not be sent twice', () => {
    expect(() => new Desk({ replay: 'keyed', instead: otherDoor })).to.throw("only a 'safe' operation")
  })
})

describe('hub/invoke, control numbers', () => {
  it('are those of the tenant that the call is for', async () => {
    const desk = new Desk()
    desk.call = async (_input, { numbers, idempotencyKey }) => {
      const { number, takenAt } = await numbers.take('us/them', idempotencyKey)
      return { is: 'ok', value: { plan: `${number} ${takenAt.toISOString()}` } }
    }
    expect(await desk.ask()).to.deep.include({ value: { plan: '1 2026-01-05T15:00:00.000Z' } })
    expect(desk.taken).to.deep.equal([`${tenantId}/us/them/${desk.sent[0]?.key}`])
  })
})
