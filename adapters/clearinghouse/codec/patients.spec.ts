import { expect } from 'chai'
import fc from 'fast-check'
import { answersIn, transactionsIn } from '../fixtures/found.ts'
import { bht, cells, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'
import { scan271 } from './patients.ts'
import { segmentsOf } from './segment.ts'
import { treeOf } from './tree.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)

describe('The levels of a 271', () => {
  const id = fc.constantFrom('1', '2', '3', '4', '5', '')
  const hl = fc.tuple(id, id, fc.constantFrom('20', '21', '22', '23', '24')).map(([own, parent, kind]) => ['HL', own, parent, kind])
  // Mostly right, so that both answers occur.
  const nearlyRight = fc.tuple(fc.nat(4), id).map(([n, parent]) => {
    const levels = [
      ['HL', '1', '', '20'],
      ['HL', '2', '1', '21'],
      ['HL', '3', '2', '22'],
      ['HL', '4', '3', '23'],
      ['HL', '5', '2', '22'],
    ]
    return levels.map((level, i) => (i === n && parent !== '4' ? level.with(2, parent) : level))
  })
  it(`hold together exactly where the tree does (seed ${seed})`, () => {
    const seen = { right: 0, wrong: 0 }
    fc.assert(
      fc.property(fc.oneof(fc.array(hl, { minLength: 1, maxLength: 5 }), nearlyRight), (levels) => {
        const [transaction] = transactionsIn(interchange([[bht(), ...levels.map((level) => [...level, '1'])]]))
        if (!transaction) throw new Error('no set')
        const right = treeOf(segmentsOf(transaction), transaction).problems.length === 0
        expect(typeof scan271(transaction) !== 'string').to.equal(right)
        seen[right ? 'right' : 'wrong'] += 1
      }),
      { seed, numRuns: 1_000 },
    )
    expect(seen.right).to.be.greaterThan(50)
    expect(seen.wrong).to.be.greaterThan(50)
  })
  it('hold together in a set of many members, where ids are looked up another way', () => {
    const members = (count: number, wrong = -1) =>
      Array.from({ length: count }, (_, i) => member(rows('EB*1**30'), `T${i}`, String(i === wrong ? 10 : i + 10))).flat()
    const text = (body: string[][]) => interchange([[bht(), ...payer, ...clinic, ...body]])
    expect(answersIn(text(members(90))).map(({ verdict }) => verdict)).to.deep.equal(Array(90).fill('active'))
    expect(answersIn(text(members(90, 50))).map(({ damage }) => damage)).to.deep.equal(['hierarchy'])
  })
})

describe('A set beyond any guide', () => {
  const family = (own: number, dependents: number) => [
    ...member(Array.from({ length: own }, (_, i) => cells(`REF*6P*${i}`))).filter((row) => row[0] !== 'TRN'),
    ...Array.from({ length: dependents }, (_, i) => [cells(`HL*${i + 10}*3*23*0`), cells(`TRN*2*T${i}`), cells('EB*1**30')]).flat(),
  ]
  const damages = (own: number, dependents: number) => [
    ...new Set(answersIn(interchange([[bht(), ...payer, ...clinic, ...family(own, dependents)]])).map(({ damage }) => damage)),
  ]
  it('is not believed below a level that says more than any level has', () => {
    expect(damages(150, 2)).to.deep.equal([null])
    expect(damages(201, 2)).to.deep.equal(['too-large'])
  })
  it('is not believed with more patients than any set has', () => {
    expect(damages(1, 2_000)).to.deep.equal([null])
    expect(damages(1, 2_001)).to.deep.equal(['too-large'])
  })
})

describe('Who is answered about', () => {
  const subscriber = (traces: string[], ...texts: string[]) => [
    cells('HL*3*2*22*1'),
    ...traces.map((trace) => cells(`TRN*2*${trace}`)),
    cells('NM1*IL*1*MARLOWE*ROSA'),
    ...rows(...texts),
  ]
  const dependent = (hl: string, traces: string[], ...texts: string[]) => [
    cells(`HL*${hl}*3*23*0`),
    ...traces.map((trace) => cells(`TRN*2*${trace}`)),
    cells('NM1*03*1*MARLOWE*LEO'),
    ...rows(...texts),
  ]
  const cases: [title: string, body: string[][], expected: [traces: string, is: string, verdict: string][]][] = [
    ['a subscriber', subscriber(['A'], 'EB*1**30'), [['A', 'subscriber', 'active']]],
    ['a dependent alone: the subscriber is only named', [...subscriber([]), ...dependent('4', ['A'], 'EB*1**30')], [['A', 'dependent', 'active']]],
    [
      'the dependent, with the trace of the subscriber that is not answered about',
      [...subscriber(['A']), ...dependent('4', [], 'EB*1**30')],
      [['A', 'dependent', 'active']],
    ],
    [
      'both: the subscriber is not answered about, and two dependents without a trace are',
      [...subscriber(['A']), ...dependent('4', [], 'EB*1**30'), ...dependent('5', [], 'EB*6**30')],
      [
        ['A', 'subscriber', 'unknown'],
        ['', 'dependent', 'active'],
        ['', 'dependent', 'inactive'],
      ],
    ],
    ['the dependent, when both have the same trace', [...subscriber(['A'], 'EB*6**30'), ...dependent('4', ['A'], 'EB*1**30')], [['A', 'dependent', 'active']]],
    [
      'both, with a trace each',
      [...subscriber(['A'], 'EB*6**30'), ...dependent('4', ['B'], 'EB*1**30')],
      [
        ['A', 'subscriber', 'inactive'],
        ['B', 'dependent', 'active'],
      ],
    ],
    [
      'both, the dependent without a trace: it is not the subscriber',
      [...subscriber(['A'], 'EB*6**30'), ...dependent('4', [], 'EB*1**30')],
      [
        ['A', 'subscriber', 'inactive'],
        ['', 'dependent', 'active'],
      ],
    ],
    [
      'a reason at the subscriber turns the dependent down as well',
      [...subscriber([], 'AAA*N**72*C'), ...dependent('4', ['A'], 'EB*1**30')],
      [
        ['', 'subscriber', 'rejected'],
        ['A', 'dependent', 'rejected'],
      ],
    ],
  ]
  for (const [title, body, expected] of cases)
    it(title, () => {
      const read = answersIn(interchange([[bht(), ...payer, ...clinic, ...body]]))
      expect(read.map(({ match, patient, verdict }) => [match.traces.map(({ id }) => id).join(' '), patient.is, verdict])).to.deep.equal(expected)
    })
})
