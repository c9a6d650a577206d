import { expect } from 'chai'
import { claimsListed, printClaim, readClaim } from './claim-line.ts'

describe('A line of make claims', () => {
  const line = { name: 'instability.rate-0.1', figures: { checks: 20_000, recall: 0.987654, confirmedFalse: 0, goal: 'reported' }, ok: true }

  it('says its figures, and whether the promise is kept', () => {
    expect(printClaim(line)).to.equal('claim instability.rate-0.1 checks=20000 recall=0.9877 confirmedFalse=0 goal=reported ok')
    expect(printClaim({ ...line, ok: false })).to.match(/ short$/)
  })
  it('shows a figure that could not be taken as what it is', () => {
    expect(printClaim({ ...line, figures: { recall: Number.NaN }, ok: false })).to.equal('claim instability.rate-0.1 recall=NaN short')
  })
  it('is refused where it could not be read back', () => {
    const unreadable: Record<string, string | number>[] = [{}, { 'two words': 1 }, { goal: 'two words' }, { goal: '' }]
    for (const figures of unreadable) expect(() => printClaim({ ...line, figures })).to.throw('without blanks')
    expect(() => printClaim({ ...line, name: 'instability' })).to.throw('without blanks')
  })
  it('is read back, and nothing else is taken for one', () => {
    expect(readClaim(printClaim(line))).to.deep.equal({ name: 'instability.rate-0.1', ok: true })
    expect(readClaim(printClaim({ ...line, ok: false }))).to.deep.equal({ name: 'instability.rate-0.1', ok: false })
    for (const text of ['', 'claim instability.rate-1 ok', `${printClaim(line)} ok`, printClaim(line).replace(' ok', ''), `x ${printClaim(line)}`])
      expect(readClaim(text), text).to.equal(undefined)
  })
  it('is asked for by the first column of a table headed `claim line`', () => {
    const page = '| claim line | what |\n| --- | --- |\n| `a.rate-0.1`, `a.rate-1` | against `a.other` |\n\n| bench line |\n| `a.bench` |\n'
    expect(claimsListed(page)).to.deep.equal(['a.rate-0.1', 'a.rate-1'])
  })
})
