import { expect } from 'chai'
import { after, days, known, no, scoreOf, seen, yes } from './testing/seen.ts'

const bare = () => seen({ hasDates: false, hasPlan: false })
const undated = () => seen({ hasDates: false })
const daily = (answers: ReturnType<typeof seen>[]) => after(answers, { at: days(-30), everyMinutes: 1_440 / 4 })

describe('no-dates-or-plan', () => {
  it('is enough alone where this payer always tells them', () => {
    expect(scoreOf('no-dates-or-plan', bare(), known())).to.equal(1)
    expect(scoreOf('no-dates-or-plan', undated(), known())).to.equal(1)
  })
  it('says nothing of a full answer, nor of a no', () => {
    expect([scoreOf('no-dates-or-plan', yes(), known()), scoreOf('no-dates-or-plan', no(), known())]).to.deep.equal([0, 0])
  })
  it('doubts a bare yes of a payer that nobody knows yet, and not one that tells at least one of them', () => {
    expect([scoreOf('no-dates-or-plan', bare()), scoreOf('no-dates-or-plan', undated())]).to.deep.equal([1, 0])
  })
  it('gets used to a payer that answers so on all its days', () => {
    const { health, said } = daily(Array.from({ length: 60 }, bare))
    expect(said[0]).to.deep.equal(['no-dates-or-plan'])
    expect(said.at(-1)).to.deep.equal([])
    expect(scoreOf('no-dates-or-plan', bare(), health)).to.equal(0)
  })
  it('does not get used to a closure, however many come on its days', () => {
    const { health } = after(Array.from({ length: 200 }, bare), { from: known(), at: days(1), everyMinutes: 14 })
    expect(scoreOf('no-dates-or-plan', bare(), health, days(4))).to.equal(1)
  })
  it('does not get used to one that begins before the payer is known', () => {
    const { health } = after(Array.from({ length: 100 }, bare), { at: days(-30), everyMinutes: 14 })
    const { health: since } = after(Array.from({ length: 80 }, yes), { from: health, at: days(-28), everyMinutes: 360 })
    expect(scoreOf('no-dates-or-plan', bare(), since)).to.equal(1)
  })
  it('is weak where the payer leaves them out now and then', () => {
    const { health } = daily(Array.from({ length: 80 }, (_, index) => (index % 4 === 0 ? undated() : yes())))
    expect(scoreOf('no-dates-or-plan', undated(), health)).to.be.below(0.5)
  })
})
