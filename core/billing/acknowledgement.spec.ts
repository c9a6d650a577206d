import { expect } from 'chai'
import fc from 'fast-check'
import { ackState, type InquiryFact, type InquiryState, worseAck } from './acknowledgement.ts'

const batched: InquiryFact = { is: 'batched' }
const sent: InquiryFact = { is: 'sent' }
const refused: InquiryFact = { is: 'refused' }
const answered: InquiryFact = { is: 'answered' }
const ta1 = (outcome: 'accepted' | 'rejected'): InquiryFact => ({ is: 'interchange', outcome })
const set = (outcome: 'accepted' | 'rejected'): InquiryFact => ({ is: 'set', outcome })
const every = [batched, sent, refused, answered, ta1('accepted'), ta1('rejected'), set('accepted'), set('rejected')]

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}

describe('where an inquiry stands', () => {
  const rows: [string, InquiryFact[], InquiryState][] = [
    ['nothing happened', [], 'waiting'],
    ['in a batch', [batched], 'batched'],
    ['the file left', [batched, sent], 'sent'],
    ['TA1 accepts', [batched, sent, ta1('accepted')], 'received'],
    ['999 accepts', [batched, sent, ta1('accepted'), set('accepted')], 'accepted'],
    ['999 accepts before our own record of the sending', [batched, set('accepted')], 'accepted'],
    ['999 rejects its set', [batched, sent, ta1('accepted'), set('rejected')], 'set-rejected'],
    ['TA1 rejects: nothing was processed', [batched, sent, ta1('rejected')], 'not-sent'],
    ['TA1 rejects what it also accepted: a person looks', [batched, sent, ta1('accepted'), ta1('rejected')], 'not-sent'],
    ['the folder would not have it', [batched, refused], 'not-sent'],
    ['an answer, and nothing else came', [batched, sent, answered], 'answered'],
    ['an answer, and then a 999 that rejects', [batched, sent, answered, set('rejected')], 'answered'],
    ['an answer, and then a TA1 that rejects', [batched, sent, answered, ta1('rejected')], 'answered'],
    ['an answer before the batch was recorded as sent', [batched, answered, sent], 'answered'],
  ]
  for (const [what, facts, expected] of rows) {
    it(`${what}: ${expected}, in each of ${permutations(facts).length} orders`, () => {
      for (const order of permutations(facts)) expect(ackState(order)).to.equal(expected)
    })
  }

  it('is the same for any facts in any order, however often each comes', () => {
    const facts = fc.array(fc.constantFrom(...every), { maxLength: 10 })
    fc.assert(
      fc.property(
        facts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }))),
        ([list, other]) => {
          expect(ackState(other)).to.equal(ackState(list))
        },
      ),
    )
  })

  it('never moves back once it is answered', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...every)), (later) => ackState([answered, ...later]) === 'answered'))
  })

  it('keeps a "no" beside a "yes" of the same acknowledgement, whichever came first', () => {
    expect([
      worseAck('accepted', 'rejected'),
      worseAck('rejected', 'accepted'),
      worseAck(null, 'accepted'),
      worseAck('accepted', null),
      worseAck(null, null),
    ]).to.deep.equal(['rejected', 'rejected', 'accepted', 'accepted', null])
  })
})
