import { expect } from 'chai'
import { namesListed, printLine, readLine } from './bench-line.ts'

describe('A line of make bench', () => {
  const line = { name: 'x12.verify', value: 51.23456, unit: 'ms', baseline: 'x12.split10', ratio: 0.26149, goal: { op: '<=', limit: 0.4 } } as const

  it('says the figure, what it is held against and whether it is enough', () => {
    expect(printLine(line)).to.equal('bench x12.verify value=51.235 unit=ms baseline=x12.split10 ratio=0.261 goal=<=0.4 ok')
    expect(printLine({ name: 'x12.rss50', value: 111.4, unit: 'MB', goal: { op: '<=', limit: 150 } })).to.equal(
      'bench x12.rss50 value=111 unit=MB baseline=- ratio=- goal=<=150 ok',
    )
  })
  it('is short by what it prints, in both directions', () => {
    expect(printLine({ ...line, ratio: 0.4004 })).to.match(/ratio=0.4 goal=<=0.4 ok$/)
    expect(printLine({ ...line, ratio: 0.41 })).to.match(/short$/)
    expect(printLine({ ...line, ratio: 7.9, goal: { op: '>=', limit: 8 } })).to.match(/short$/)
    expect(printLine({ ...line, ratio: 8, goal: { op: '>=', limit: 8 } })).to.match(/ok$/)
  })
  it('is short when there was nothing to measure', () => {
    expect(printLine({ ...line, ratio: Number.NaN })).to.match(/short$/)
    expect(printLine({ ...line, ratio: Number.POSITIVE_INFINITY })).to.match(/short$/)
  })
  it('is read back, and nothing else is taken for one', () => {
    expect(readLine(printLine(line))).to.deep.equal({ name: 'x12.verify', ok: true })
    expect(readLine(printLine({ ...line, ratio: 3 }))).to.deep.equal({ name: 'x12.verify', ok: false })
    for (const text of ['', 'bench x12.verify ok', `${printLine(line)} ok`, printLine(line).replace(' ok', '')])
      expect(readLine(text), text).to.equal(undefined)
  })
  it('is asked for by the first column of a table headed `bench line`', () => {
    const page = '| bench line | goal |\n| --- | --- |\n| `x12.rss50`, `x12.rss200` | 150 MB against `x12.other` |\n\n| claim |\n| `x12.claim` |\n'
    expect(namesListed(page)).to.deep.equal(['x12.rss50', 'x12.rss200'])
  })
})
