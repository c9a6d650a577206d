import { expect } from 'chai'
import fc from 'fast-check'
import { type AnswerFact, contradicting, currentAnswer } from './current-answer.ts'

const at = (minute: number): Date => new Date(Date.UTC(2026, 1, 2, 15, minute))
const answer = (id: string, over: Partial<AnswerFact> = {}): AnswerFact => ({
  ...{
    id,
    verdict: 'active' as const,
    fileId: null,
    saidAt: at(0),
    receivedAt: at(10),
    state: 'whole',
    notNow: false,
    contested: false,
    suspicious: false,
    outdated: false,
  },
  ...over,
})

describe('which answer is current', () => {
  const rows: [string, AnswerFact[], string | undefined][] = [
    ['none of none', [], undefined],
    ['the only one', [answer('a')], 'a'],
    ['the one said later, though it came first', [answer('a', { saidAt: at(5), receivedAt: at(10) }), answer('b', { saidAt: at(4), receivedAt: at(20) })], 'a'],
    ['of two said in the same minute, the one that came later', [answer('a', { receivedAt: at(10) }), answer('b', { receivedAt: at(11) })], 'b'],
    ['a person’s, where the payer spoke before them', [answer('a', { saidAt: at(5) }), answer('person', { saidAt: null, receivedAt: at(9) })], 'person'],
    [
      'the payer’s, where it spoke after the person',
      [answer('a', { saidAt: at(9), receivedAt: at(30) }), answer('person', { saidAt: null, receivedAt: at(8) })],
      'a',
    ],
    [
      'a payer’s clock that runs ahead wins nothing',
      [answer('a', { saidAt: new Date('2031-01-01'), receivedAt: at(10) }), answer('b', { saidAt: at(11), receivedAt: at(12) })],
      'b',
    ],
    ['a whole one, though a damaged one is newer', [answer('a'), answer('b', { state: 'damaged', saidAt: at(9) })], 'a'],
    ['a damaged one while there is nothing else', [answer('b', { state: 'damaged' })], 'b'],
    ['none while only a damaged file brought one', [answer('b', { state: 'in-damaged-file' })], undefined],
    ['none while the payer says "not now"', [answer('b', { notNow: true })], undefined],
    ['a "not now" that is newer changes nothing', [answer('a'), answer('b', { notNow: true, saidAt: at(9) })], 'a'],
    [
      'neither of two that contradict each other at the same moment',
      [answer('a', { receivedAt: at(10) }), answer('b', { verdict: 'inactive', receivedAt: at(11) })],
      undefined,
    ],
    [
      'neither of two that contradict each other in one file, whatever moments they name',
      [answer('a', { fileId: 'f', saidAt: at(1) }), answer('b', { fileId: 'f', saidAt: at(2), verdict: 'inactive' })],
      undefined,
    ],
    [
      'none of three of one moment of which one contradicts, though it is contested by now',
      [answer('a', { contested: true }), answer('b', { verdict: 'inactive', contested: true }), answer('c')],
      undefined,
    ],
    [
      'no older "active", while two of a later moment contradict each other',
      [answer('a', { saidAt: at(5) }), answer('b', { saidAt: at(5), verdict: 'inactive' }), answer('c', { saidAt: at(1) })],
      undefined,
    ],
    [
      'a newer "active" than two that contradict each other',
      [answer('a', { saidAt: at(5) }), answer('b', { saidAt: at(5), verdict: 'inactive' }), answer('c', { saidAt: at(7) })],
      'c',
    ],
    [
      'no "active" of another door, where the file that says otherwise came after it and only its clock says that it is older',
      [answer('a', { saidAt: null, receivedAt: at(20) }), answer('b', { fileId: 'f', saidAt: at(0), receivedAt: at(30), verdict: 'inactive' })],
      undefined,
    ],
    [
      'the "active" of another door, where the file’s clock is behind by more than zones can explain',
      [
        answer('a', { saidAt: null, receivedAt: at(20) }),
        answer('b', { fileId: 'f', saidAt: new Date('2026-01-30'), receivedAt: at(30), verdict: 'inactive' }),
      ],
      'a',
    ],
    [
      'the "inactive" of another door all the same: what is in doubt is never a yes',
      [answer('a', { saidAt: null, receivedAt: at(20), verdict: 'inactive' }), answer('b', { fileId: 'f', saidAt: at(0), receivedAt: at(30) })],
      'a',
    ],
    ['one of two that say the same at the same moment', [answer('a', { receivedAt: at(10) }), answer('b', { receivedAt: at(11) })], 'b'],
    ['a whole one that a damaged one of its moment does not contradict', [answer('a'), answer('b', { state: 'damaged', verdict: 'unknown' })], 'a'],
    ['one that is not believed never, though it is all there is', [answer('a', { suspicious: true })], undefined],
    ['the earlier one, while a newer one is not believed', [answer('a'), answer('b', { suspicious: true, saidAt: at(9), verdict: 'inactive' })], 'a'],
    [
      'the believed one of two of a moment: what is not believed contradicts nothing',
      [answer('a'), answer('b', { suspicious: true, verdict: 'inactive' })],
      'a',
    ],
    [
      'the "active" that a doubted answer by another door denies',
      [
        answer('a', { saidAt: null, receivedAt: at(20) }),
        answer('b', { fileId: 'f', saidAt: at(0), receivedAt: at(30), verdict: 'inactive', suspicious: true }),
      ],
      'a',
    ],
    ['none about data that were corrected since', [answer('a', { outdated: true })], undefined],
    ['the one about the corrected data, though an older question is answered later', [answer('a'), answer('b', { outdated: true, saidAt: at(9) })], 'a'],
    ['a contested one never', [answer('a'), answer('b', { contested: true, saidAt: at(9) })], 'a'],
  ]
  for (const [what, answers, expected] of rows) {
    it(what, () => {
      expect(currentAnswer(answers)?.id).to.equal(expected)
    })
  }

  it('is the same whatever order they came in', () => {
    const minute = fc.integer({ min: 0, max: 5 }).map(at)
    const one = fc.record({
      verdict: fc.constantFrom('active' as const, 'inactive' as const),
      fileId: fc.option(fc.constantFrom('f', 'g')),
      saidAt: fc.option(minute),
      receivedAt: minute,
      state: fc.constantFrom('whole' as const, 'in-damaged-file' as const, 'damaged' as const),
      notNow: fc.boolean(),
      contested: fc.boolean(),
      suspicious: fc.boolean(),
      outdated: fc.boolean(),
    })
    const lists = fc.array(one, { maxLength: 8 }).map((list) => list.map((fact, i) => ({ id: `answer-${i}`, ...fact })))
    fc.assert(
      fc.property(
        lists.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, other]) => currentAnswer(other) === currentAnswer(list),
      ),
    )
  })

  it('is never one that is not believed, nor one about older data, whatever else there is', () => {
    const one = fc.record({
      verdict: fc.constantFrom('active' as const, 'inactive' as const),
      fileId: fc.option(fc.constantFrom('f', 'g')),
      ...{ saidAt: fc.option(fc.integer({ min: 0, max: 5 }).map(at)), receivedAt: fc.integer({ min: 0, max: 5 }).map(at) },
      state: fc.constantFrom('whole' as const, 'in-damaged-file' as const, 'damaged' as const),
      ...{ notNow: fc.boolean(), contested: fc.boolean(), suspicious: fc.boolean(), outdated: fc.boolean() },
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (list) => {
        const found = currentAnswer(list.map((fact, i) => ({ id: `answer-${i}`, ...fact })))
        return found === undefined || !(found.suspicious || found.outdated)
      }),
    )
  })

  it('never turns on which of two contradicting answers has the greater id', () => {
    for (const [yes, no] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const both = [answer(yes), answer(no, { verdict: 'inactive' })]
      expect([...contradicting(both)].sort()).to.deep.equal(['a', 'b'])
      expect(currentAnswer(both)).to.equal(undefined)
      expect(currentAnswer(both.toReversed())).to.equal(undefined)
    }
  })
})
