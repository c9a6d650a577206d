import { expect } from 'chai'
import { canaryDoubts, contradictsCanary, learnCanary } from './canary.ts'
import { emptyHealth, type PayerHealth, unreadableHealth } from './health.ts'
import { judge } from './judge.ts'
import { learn } from './learn.ts'
import { after, known, later, no, noon, payer, seen, yes } from './testing/seen.ts'

describe('canary-active', () => {
  const lying = learnCanary('inactive', 'active', known(), noon)
  it('doubts every yes, and no no, from a canary’s false active on', () => {
    expect(judge(yes(), lying, payer, later(1))).to.deep.equal(['canary-active'])
    expect(judge(no(), lying, payer, later(1))).to.deep.equal([])
  })
  it('until that canary is answered right: said to be inactive, or not known', () => {
    for (const verdict of ['inactive', 'rejected'] as const)
      expect(judge(yes(), learnCanary('inactive', verdict, lying, later(60)), payer, later(61))).to.deep.equal([])
  })
  it('and not when it says nothing, or another canary is answered right', () => {
    for (const still of [learnCanary('inactive', 'unknown', lying, later(60)), learnCanary('active', 'active', lying, later(60))])
      expect(judge(yes(), still, payer, later(61))).to.deep.equal(['canary-active'])
  })
  it('is named for the canary’s own answer, without what the payer is known for', () => {
    expect(judge(seen({ canary: 'inactive' }), emptyHealth, payer, noon)).to.deep.equal(['canary-active'])
    expect(judge(seen({ canary: 'inactive', says: 'no' }), lying, payer, noon)).to.deep.equal([])
  })
})

describe('canary-inactive', () => {
  const lying = learnCanary('active', 'rejected', known(), noon)
  it('doubts every no, and no yes, from a canary’s false no on until it is known again', () => {
    expect(judge(no(), lying, payer, later(1))[0]).to.equal('canary-inactive')
    expect(judge(yes(), lying, payer, later(1))).to.deep.equal([])
    expect(judge(no(), learnCanary('active', 'active', lying, later(60)), payer, later(61))).to.deep.equal([])
  })
})

describe('A doubt about the share of yeses', () => {
  const { health: doubted } = after(Array.from({ length: 20 }, yes), { from: known(), everyMinutes: 10 })
  const since = new Date(doubted.run?.since ?? Number.NaN)
  const said = (health: PayerHealth, one = yes()) => judge(one, health, payer, later(201))
  it('stands, and knows since when', () => {
    expect(said(doubted)).to.deep.equal(['active-rate'])
    expect(since).to.be.within(later(70), later(190))
  })
  it('ends with the canary that must not be found, asked since it began and not found', () => {
    for (const verdict of ['inactive', 'rejected'] as const) expect(said(learnCanary('inactive', verdict, doubted, later(200), null, since))).to.deep.equal([])
  })
  it('does not end with one that was asked before, that says nothing, that is false, or that proves the other side', () => {
    expect(said(learnCanary('inactive', 'rejected', doubted, later(200), null, new Date(since.getTime() - 1)))).to.deep.equal(['active-rate'])
    expect(said(learnCanary('inactive', 'unknown', doubted, later(200)))).to.deep.equal(['active-rate'])
    expect(said(learnCanary('active', 'active', doubted, later(200)))).to.deep.equal(['active-rate'])
    expect(said(learnCanary('inactive', 'active', doubted, later(200)))).to.have.members(['active-rate', 'canary-active'])
  })
  it('about noes ends with the canary that must be found, and found it was', () => {
    const { health } = after(Array.from({ length: 20 }, no), { from: known(), everyMinutes: 10 })
    expect(said(health, no())).to.deep.equal(['active-rate'])
    expect(said(learnCanary('inactive', 'rejected', health, later(200)), no())).to.deep.equal(['active-rate'])
    expect(said(learnCanary('active', 'active', health, later(200)), no())).to.deep.equal([])
  })
  it('comes back by itself when it was not over', () => {
    const cleared = learnCanary('inactive', 'rejected', doubted, later(200))
    expect(after(Array.from({ length: 20 }, yes), { from: cleared, at: later(201), everyMinutes: 10 }).said.at(-1)).to.deep.equal(['active-rate'])
  })
})

describe('A canary', () => {
  it('contradicts by its own name', () => {
    expect(contradictsCanary('active', 'no')).to.equal('canary-inactive')
    expect(contradictsCanary('inactive', 'yes')).to.equal('canary-active')
    for (const [kind, says] of [
      ['active', 'yes'],
      ['inactive', 'no'],
      ['active', 'neither'],
      ['inactive', 'neither'],
    ] as const)
      expect(contradictsCanary(kind, says)).to.equal(undefined)
  })
  it('of both kinds may be false, each ends by itself, and the beginning is kept', () => {
    const both = learnCanary('active', 'inactive', learnCanary('inactive', 'mixed', emptyHealth, noon), later(5))
    expect(both.canary).to.deep.equal({ doubts: ['canary-active', 'canary-inactive'], since: noon.toISOString() })
    expect(learnCanary('inactive', 'rejected', both, later(9)).canary).to.deep.equal({ doubts: ['canary-inactive'], since: noon.toISOString() })
  })
  it('is remembered as the time in which it was false, from its last right answer on', () => {
    const first = learnCanary('inactive', 'active', emptyHealth, later(60), noon)
    expect(first.lied, 'not over yet').to.equal(undefined)
    const over = learnCanary('inactive', 'rejected', learnCanary('inactive', 'active', first, later(70), later(60)), later(80), later(70))
    expect(over.lied).to.deep.equal({ doubts: ['canary-active'], from: noon.toISOString(), to: later(80).toISOString() })
    expect(canaryDoubts('active', later(30), over)).to.deep.equal(['canary-active'])
    for (const [verdict, at] of [
      ['active', later(81)],
      ['active', later(-1)],
      ['active', null],
      ['inactive', later(30)],
      ['unknown', later(30)],
    ] as const)
      expect(canaryDoubts(verdict, at, over), `${verdict} ${at?.toISOString()}`).to.deep.equal([])
    expect(canaryDoubts('mixed', null, first), 'as long as it stands').to.deep.equal(['canary-active'])
  })
  it('of which nobody knows what it said is a doubt of its own kind', () => {
    expect(unreadableHealth(['inactive', 'active'], noon).canary).to.deep.equal({ doubts: ['canary-active', 'canary-inactive'], since: noon.toISOString() })
    expect(unreadableHealth([], noon)).to.deep.equal(emptyHealth)
  })
  it('is nobody’s answer: nothing is learned of it as usual', () => {
    const health = known()
    const one = seen({ canary: 'active' })
    expect(learn(one, judge(one, health, payer, noon), health, payer, noon)).to.equal(health)
  })
})
