import { EligibilityAnswerV2 } from '@heliox/core/billing'
import { expect } from 'chai'
import fc from 'fast-check'
import { answersIn, told, transactionsIn } from '../fixtures/found.ts'
import { answer, bht, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'
import { toContract } from './answer.ts'
import { verdictsOf } from './verdict.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)

describe('The two ways to read a 271', () => {
  const texts = [
    answer(rows('EB*1**30')),
    answer(rows('EB*6**30', 'EB*1**30', 'DTP*348*D8*20270101')),
    answer(rows('AAA*N**72*C')),
    answer(rows('EB*1**30', 'AAA*N**52*C')),
    answer(rows('EB*V**30')),
    answer([]),
    answer(rows('EB*1**30')).replace(/SE\*\d+/, 'SE*99'),
    interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30'), 'A', '3'), ...member(rows('EB*6**30'), 'B', '4')]]),
  ]
  texts.forEach((text, i) => {
    it(`say the same (${i + 1})`, () => {
      const short = transactionsIn(text).flatMap((transaction) => verdictsOf(transaction))
      const long = answersIn(text)
      expect(long.map(({ verdict, basis, notNow, damage, rejections }) => ({ verdict, basis, notNow, damage, rejections }))).to.deep.equal(
        short.map(({ verdict, basis, notNow, damage, rejections }) => ({ verdict, basis, notNow, damage, rejections })),
      )
    })
    it(`fit the contract (${i + 1})`, () => {
      for (const read of answersIn(text))
        if (read.verdict !== 'rejected') expect(told(EligibilityAnswerV2.schema.parse(toContract(read)))).to.deep.equal(told(toContract(read)))
    })
  })
})

describe('Whatever a payer writes into its elements', () => {
  const tags = ['TRN', 'NM1', 'REF', 'N3', 'N4', 'PER', 'PRV', 'AAA', 'INS', 'DMG', 'HI', 'MPI', 'DTP', 'EB', 'HSD', 'MSG', 'III', 'LS', 'LE']
  const word = fc.constantFrom(
    '',
    '',
    '1',
    '30',
    'D8',
    'RD8',
    '291',
    '347',
    '20261201',
    '20261301',
    '20260101-99991231',
    '00000101',
    '.5',
    '-.5',
    '1.',
    '-',
    '1e3',
    '9'.repeat(50),
  )
  const text = fc.string({ unit: fc.constantFrom(...'AZaz09 .-^:?\u00d1&/'), maxLength: 12 })
  const row = fc
    .tuple(fc.constantFrom(...tags), fc.array(fc.oneof(word, word, text), { minLength: 1, maxLength: 17 }))
    .map(([tag, elements]) => [tag, ...elements])
  it(`the answer fits its contract, and both ways of reading agree (seed ${seed})`, () => {
    let believed = 0
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (body) => {
        const file = interchange([[bht(), ...payer, ...clinic, ...member(body)]])
        for (const read of answersIn(file)) {
          if (read.damage === null) believed += 1
          EligibilityAnswerV2.schema.parse(toContract({ ...read, verdict: read.verdict === 'rejected' ? 'unknown' : read.verdict }))
        }
        expect(transactionsIn(file).flatMap((transaction) => verdictsOf(transaction).map(({ verdict, damage }) => [verdict, damage]))).to.deep.equal(
          answersIn(file).map(({ verdict, damage }) => [verdict, damage]),
        )
      }),
      { seed, numRuns: 1_000 },
    )
    expect(believed).to.be.greaterThan(100)
  })
})
