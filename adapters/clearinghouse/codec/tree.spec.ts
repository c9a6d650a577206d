import { expect } from 'chai'
import { answer, bht, cells, interchange, rows } from '../fixtures/response.ts'
import type { Transaction } from './found.ts'
import { readX12 } from './read.ts'
import { repeatsOf, segmentAt, segmentsOf } from './segment.ts'
import { type TreeNode, treeOf } from './tree.ts'

const first = (file: string): Transaction => {
  for (const item of readX12(Buffer.from(file))) if (item.is === 'transaction') return item.transaction
  throw new Error('the fixture holds a transaction')
}
const treeFrom = (...lines: string[]) => {
  const transaction = first(interchange([[bht(), ...lines.map(cells)]]))
  return treeOf(segmentsOf(transaction), transaction)
}
/** `1(2(3,4))` */
const drawn = (nodes: readonly TreeNode[]): string => nodes.map((n) => n.id + (n.children.length > 0 ? `(${drawn(n.children)})` : '')).join(',')

describe('The hierarchy of a transaction', () => {
  it('is built by HL01 and HL02, whatever the order', () => {
    const tree = treeFrom('HL*4*3*23*0', 'TRN*2*CHILD', 'HL*3*2*22*1', 'TRN*2*PARENT', 'HL*1**20*1', 'HL*2*1*21*1', 'HL*5*2*22*0')
    expect(tree.problems).to.deep.equal([])
    expect(drawn(tree.roots)).to.equal('1(2(3(4),5))')
    expect(tree.nodes.map((n) => n.segments)).to.deep.equal([[['TRN', '2', 'CHILD']], [['TRN', '2', 'PARENT']], [], [], []])
  })
  it('keeps ST and BHT apart as header, and gives the SE to nobody', () => {
    const tree = treeFrom('HL*1**20*1', 'NM1*PR')
    expect(tree.header.map((s) => s[0])).to.deep.equal(['ST', 'BHT'])
    expect(tree.nodes[0]?.segments).to.deep.equal([['NM1', 'PR']])
  })
  it('does not believe HL04', () => {
    expect(treeFrom('HL*1**20*0', 'HL*2*1*21*0').problems).to.deep.equal([])
  })
  const wrong: [title: string, lines: string[], places: string[]][] = [
    ['a parent that is not there', ['HL*1**20*1', 'HL*2*9*21*1'], ['segment 4']],
    ['a node that is its own parent', ['HL*1*1*20*1'], ['segment 3']],
    ['an id that comes twice', ['HL*1**20*1', 'HL*2*1*21*1', 'HL*2*1*21*1'], ['segment 5']],
    ['no id', ['HL***20*1'], ['segment 3']],
    ['a subscriber under the payer', ['HL*1**20*1', 'HL*2*1*22*1'], ['segment 4']],
    ['a dependent at the top', ['HL*1**23*1'], ['segment 3']],
    ['a level that eligibility does not have', ['HL*1**19*1'], ['segment 3']],
  ]
  for (const [title, lines, places] of wrong)
    it(`is a problem with ${title}`, () => {
      expect(treeFrom(...lines).problems.map((p) => [p.code, p.place])).to.deep.equal(places.map((place) => ['hierarchy', place]))
    })
  it('is a problem where it goes in a circle, in sets whose levels are open as well', () => {
    const file = interchange([[bht(), cells('HL*1*3*PT'), cells('HL*2*1*PT'), cells('HL*3*2*PT'), cells('HL*4**20')]], { set: '277' })
    const transaction = first(file)
    expect(treeOf(segmentsOf(transaction), transaction).problems.map((p) => p.at)).to.deep.equal(['HL*1*', 'HL*2*', 'HL*3*'].map((text) => file.indexOf(text)))
  })
  it('stands a hundred thousand levels', () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => ['HL', `${n + 1}`, n === 0 ? '' : `${n}`, 'PT'])
    const transaction: Transaction = { ...first(interchange([[bht()]], { set: '277' })) }
    const tree = treeOf([...lines.slice(0, 50_000), ...Array.from({ length: 50_000 }, (_, n) => ['HL', `x${n}`, '1', 'PT'])], transaction)
    expect(tree.problems).to.deep.equal([])
    expect(treeOf(lines, transaction).problems).to.deep.equal([])
  })
})

describe('A segment', () => {
  for (const lineBreak of ['', '\n', '\r\n'])
    it(`is found again in the file, with ${JSON.stringify(lineBreak)} between segments and letters of two bytes`, () => {
      const file = Buffer.from(answer(rows('MSG*NÚÑEZ', 'EB*1**30'), { lineBreak }))
      for (const item of readX12(file))
        if (item.is === 'transaction')
          for (const [n, segment] of segmentsOf(item.transaction).entries())
            expect(segmentAt(item.transaction, n), segment[0]).to.equal(file.indexOf(segment.join('*')))
    })
  it('repeats only where the interchange has a separator for it', () => {
    const delimiters = { element: '*', repetition: '^', component: ':', terminator: '~' }
    expect(repeatsOf('30^^88', delimiters)).to.deep.equal(['30', '88'])
    expect(repeatsOf('30^88', { ...delimiters, repetition: null })).to.deep.equal(['30^88'])
    expect(repeatsOf('', delimiters)).to.deep.equal([])
  })
})
