import { expect } from 'chai'
import { dayOf } from './active-rate.ts'
import { emptyHealth } from './health.ts'
import type { Seen } from './seen.ts'
import { after, days, known, later, no, noon, payer, scoreOf, seen, yes } from './testing/seen.ts'

describe('active-rate', () => {
  it('speaks within twenty answers when a payer that knew three of four suddenly knows everybody', () => {
    const { said } = after(Array.from({ length: 24 }, yes), { from: known(), everyMinutes: 10 })
    const first = said.findIndex((names) => names.includes('active-rate'))
    expect(first).to.be.within(8, 19)
    expect(said.slice(first).every((names) => names.includes('active-rate'))).to.equal(true)
  })
  it('ends with the first ordinary answers after it', () => {
    const { health } = after(Array.from({ length: 40 }, yes), { from: known(), everyMinutes: 10 })
    const { said } = after([no(), yes(), no(), yes(), yes(), yes()], { from: health, at: later(410) })
    expect(said.slice(1)).to.deep.equal([[], [], [], [], []])
  })
  it('speaks of a no when nobody is known any more', () => {
    const { said } = after(Array.from({ length: 12 }, no), { from: known(), everyMinutes: 10 })
    expect(said.at(-1)).to.deep.equal(['active-rate'])
  })
  it('says nothing while the usual share goes on, week after week', () => {
    const { said } = after(
      Array.from({ length: 400 }, (_, index) => ((index * 7) % 4 === 3 ? no() : yes())),
      { from: known(), everyMinutes: 60 },
    )
    expect(said.flat()).to.deep.equal([])
  })
  it('does not doubt a payer for knowing all its members, or all but one in a hundred', () => {
    for (const stranger of [Number.POSITIVE_INFINITY, 100]) {
      const { said } = after(
        Array.from({ length: 1_500 }, (_, index) => (index % stranger === 50 ? no() : yes())),
        { everyMinutes: 10 },
      )
      expect(said.flat().filter((name) => name === 'active-rate').length, `a stranger in ${stranger}`).to.equal(0)
    }
  })
  it('says nothing of a payer of whom too little is known', () => {
    expect(after(Array.from({ length: 40 }, yes)).said.flat()).to.deep.equal([])
    expect(scoreOf('active-rate', yes(), emptyHealth)).to.equal(0)
  })
  it('compares with the same kind of day: free days may be otherwise', () => {
    expect([dayOf(payer, noon).kind, dayOf(payer, days(5)).kind, dayOf(payer, new Date('2026-03-07T04:30:00Z')).kind]).to.deep.equal(['work', 'free', 'work'])
  })
  it('does not learn the share of a lie as usual', () => {
    const before = known()
    const { health } = after(Array.from({ length: 60 }, yes), { from: before, everyMinutes: 10 })
    const share = (weeks: typeof health.weeks.work) => weeks.reduce((sum, week) => sum + week.yes, 0) / weeks.reduce((sum, week) => sum + week.yes + week.no, 0)
    expect(share(health.weeks.work) - share(before.weeks.work)).to.be.below(0.06)
  })
  describe('asked again about those whom it made doubtful', () => {
    const members = Array.from({ length: 20 }, yes)
    const { health: below } = after(members.slice(0, 9), { from: known(), everyMinutes: 10 })
    const { health: doubted, said } = after(members, { from: known(), everyMinutes: 10 })
    it('does not come to a doubt by hearing the same of the same members', () => {
      expect(scoreOf('active-rate', members[0] as Seen, below, later(90)), 'not in doubt yet').to.be.within(0.2, 0.99)
      const again = after([...members.slice(0, 9), ...members.slice(0, 9)], { from: below, at: later(90), everyMinutes: 10 })
      expect(again.said.flat()).to.deep.equal([])
    })
    it('is not fed by it, so that a word that changed, or another member, ends it as before', () => {
      expect(said.at(-1)).to.deep.equal(['active-rate'])
      const again = after([...members, ...members], { from: doubted, at: later(200), everyMinutes: 10 })
      expect(again.health.run?.up).to.equal(doubted.run?.up)
      for (const other of [no(), seen({ says: 'no', subject: (members[3] as Seen).signs.subject })])
        expect(
          after([other, ...members], { from: again.health, at: later(500), everyMinutes: 10 })
            .said.slice(1)
            .flat(),
        ).to.deep.equal([])
    })
    it('believes no lie because it is repeated for long: what repeats itself fades nothing', () => {
      const weekend = after(
        Array.from({ length: 46 }, (_, hour) => members[hour % members.length] as Seen),
        { from: doubted, at: later(200), everyMinutes: 60 },
      )
      expect(weekend.said.every((names) => names.includes('active-rate'))).to.equal(true)
    })
    it('counts a member anew when its first word has faded', () => {
      const again = after(members, { from: below, at: days(3), everyMinutes: 10 })
      expect(again.said.at(-1)).to.deep.equal(['active-rate'])
    })
    it('knows nobody in a file: each is another', () => {
      const inFile = Array.from({ length: 20 }, () => seen({ body: null, subject: null }))
      expect(after(inFile, { from: known(), everyMinutes: 10 }).said.at(-1)).to.deep.equal(['active-rate'])
    })
  })
  it('holds what other rules have seen through against nobody', () => {
    const lies = Array.from({ length: 60 }, () => seen({ testMarked: true }))
    const { health } = after(lies, { from: known(), everyMinutes: 10 })
    expect(scoreOf('active-rate', yes(), health, later(610))).to.be.below(0.5)
  })
})
