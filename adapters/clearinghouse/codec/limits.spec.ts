import { expect } from 'chai'
import { answer, bht, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'
import { type Found, type Limits, problemsOf, type Transaction } from './found.ts'
import { readX12 } from './read.ts'
import { segmentsOf } from './segment.ts'
import { verifyX12 } from './verify.ts'

const three = interchange(['ONE', 'TWO', 'THREE'].map((trace) => [bht(trace), ...payer, ...clinic, ...member(rows('EB*1**30'), trace)]))
const read = (file: string, limits?: Partial<Limits>): Found[] => [...readX12(Buffer.from(file), limits)]
const sets = (items: Found[]): Transaction[] => items.flatMap((item) => (item.is === 'transaction' ? [item.transaction] : []))
const codes = (items: Found[]): string[] => items.flatMap((item) => problemsOf(item).map((p) => `${p.place} ${p.code}`))

describe('A file beyond a limit', () => {
  it('loses the transaction with the endless segment, and no sibling', () => {
    const file = three.replace('TRN*2*TWO', `TRN*2*TWO${'X'.repeat(40_000)}`)
    const items = read(file)
    expect(codes(items)).to.deep.equal(['segment 8 too-large'])
    expect(sets(items).map((t) => t.problems.length)).to.deep.equal([0, 1, 0])
    // What came before stays readable; what was dropped is reported, byte by byte.
    expect(segmentsOf(sets(items)[1] as Transaction).at(-1)?.[0]).to.equal('HL')
    expect(items.find((item) => item.is === 'junk')).to.include({
      at: file.indexOf('TRN*2*TWO'),
      bytes: 'TRN*2*TWO'.length + 40_000 + '*9HELIOXHUB~'.length,
      harmless: false,
    })
  })
  it('loses a transaction of too many segments or bytes, and no sibling', () => {
    const file = three.replace('TRN*2*TWO', `${'MSG*A~'.repeat(100)}TRN*2*TWO`).replace(/SE\*(\d+)\*0002/, (_, n) => `SE*${Number(n) + 100}*0002`)
    expect(codes(read(file))).to.deep.equal([])
    for (const limits of [{ transactionSegmentsMax: 50 }, { transactionBytesMax: 500 }]) {
      const items = read(file, limits)
      expect(sets(items).map((t) => t.problems.map((p) => p.code))).to.deep.equal([[], ['too-large'], []])
      expect(sets(items)[1]?.text.length).to.be.lessThan(501)
    }
  })
  it('blames the transaction and never the interchange, wherever in it the limit lies', () => {
    for (let transactionBytesMax = 1; transactionBytesMax < 500; transactionBytesMax += 1) {
      const items = read(three, { transactionBytesMax })
      expect(items.filter((item) => item.is === 'interchange-end').flatMap(problemsOf), `${transactionBytesMax}`).to.deep.equal([])
    }
  })
  it('finds the interchange that begins inside an endless segment', () => {
    const items = read(`${three.slice(0, 300)}${'X'.repeat(50_000)}${answer(rows('EB*1**30'), { element: '|', terminator: '!' })}`)
    expect(sets(items).map((t) => t.problems.map((p) => p.code))).to.deep.equal([['too-large', 'truncated'], []])
  })
  it('keeps its memory through an endless segment, endless line breaks and endless fill', () => {
    const start = answer(rows('EB*1**30')).slice(0, 300)
    const most = 48
    for (const filler of ['X', '\n', '\0']) {
      const chunk = Buffer.from(filler.repeat(Math.ceil(1_048_576 / filler.length)))
      for (const head of [start, '']) {
        function* chunks() {
          yield Buffer.from(head)
          for (let n = 0; n < most; n += 1) yield chunk
        }
        const before = process.memoryUsage().arrayBuffers
        let items = 0
        let grown = 0
        for (const _ of readX12(chunks())) {
          items += 1
          grown = Math.max(grown, process.memoryUsage().arrayBuffers - before)
        }
        expect(items, `${JSON.stringify(filler)} after ${head.length}`).to.be.lessThan(10)
        expect(grown, `${JSON.stringify(filler)} after ${head.length}`).to.be.lessThan(16_000_000)
      }
    }
  })
  it('says no more than the limit of problems, and still counts what is damaged', () => {
    const file = three.replace('GE*', `${'HELLO*1~'.repeat(500)}GE*`)
    const items = read(file)
    const end = items.find((item) => item.is === 'interchange-end')
    expect(end && problemsOf(end)).to.have.length(50)
    expect(verifyX12(Buffer.from(Array.from({ length: 1200 }, () => three.replace(/SE\*/g, 'SE*1')).join('')))).to.include({
      problemCount: 3600,
      damagedTransactions: 3600,
    })
  })
})
