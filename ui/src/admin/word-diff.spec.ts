import { expect } from 'chai'
import { diffWords } from './word-diff.ts'

const shown = (before: string, after: string): string =>
  diffWords(before, after)
    .map(({ is, text }) => (is === 'same' ? text : is === 'gone' ? `[-${text}]` : `[+${text}]`))
    .join('')
const without = (is: string, before: string, after: string): string =>
  diffWords(before, after)
    .filter((part) => part.is !== is)
    .map(({ text }) => text)
    .join('')

describe('what differs between two texts', () => {
  it('is told by words: what stayed, what was taken out, what came', () => {
    expect(shown('I agree to be treated.', 'I agree to be seen and treated.')).to.equal('I agree to be[+ seen and] treated.')
    expect(shown('one two three', 'one three')).to.equal('one[- two] three')
    expect(shown('a card', 'a bank account')).to.equal('a[- card][+ bank account]')
    expect(shown('', 'new words')).to.equal('[+new words]')
    expect(shown('old words', '')).to.equal('[-old words]')
    expect(shown('the same', 'the same')).to.equal('the same')
  })

  it('is also where a paragraph begins', () => {
    expect(shown('one two', 'one\n\ntwo')).to.equal('one[- two][+\n\ntwo]')
  })

  it('gives, without what was taken out, the new text, and without what came, the words of the old one', () => {
    const texts = ['', 'a', 'a b c', 'c b a', 'a b a b', 'b\n\na c', 'x a b c y']
    for (const before of texts)
      for (const after of texts) {
        expect(without('gone', before, after).trim(), `${before} > ${after}`).to.equal(after)
        expect(without('new', before, after).split(/\s+/).filter(Boolean), `${before} > ${after}`).to.deep.equal(before.split(/\s+/).filter(Boolean))
      }
  })

  it('of the longest texts there are is found at once', () => {
    const long = (word: string): string =>
      Array.from({ length: 1600 }, (_, n) => `${word}${n % 7}`)
        .join(' ')
        .slice(0, 8000)
    const from = performance.now()
    diffWords(long('ab'), long('cd'))
    expect(performance.now() - from).to.be.below(2_000)
  })
})
