import { expect } from 'chai'
import { echoMismatches } from '../../kit/index.ts'
import { judge } from './judge.ts'
import { known, noon, payer, scoreOf, seen, yes } from './testing/seen.ts'

describe('echo-mismatch', () => {
  for (const field of echoMismatches.filter((name) => name !== 'payer'))
    it(`is enough alone: ${field}`, () => {
      expect(judge(seen({ echo: [field] }), known(), payer, noon)).to.deep.equal(['echo-mismatch'])
    })
  it('of the payer’s id alone is not: clearinghouses put a payer’s own in place of theirs', () => {
    expect(scoreOf('echo-mismatch', seen({ echo: ['payer'] }))).to.be.within(0.01, 0.99)
    expect(judge(seen({ echo: ['payer'] }), known(), payer, noon)).to.deep.equal([])
  })
  it('says nothing where nothing differs', () => expect(scoreOf('echo-mismatch', yes())).to.equal(0))
})
