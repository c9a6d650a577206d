import { expect } from 'chai'
import { scoreOf, seen, yes } from './testing/seen.ts'

describe('empty-answer', () => {
  it('is enough alone', () => expect(scoreOf('empty-answer', seen({ says: 'neither', empty: true, hasDates: false, hasPlan: false }))).to.equal(1))
  it('says nothing of an answer that says something', () => expect(scoreOf('empty-answer', yes())).to.equal(0))
})
