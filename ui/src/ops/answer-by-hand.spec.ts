import { EligibilityAnswer, EligibilityAnswerV2, answerByHand as rule } from '@heliox/core/billing'
import { expect } from 'chai'
import { answerByHand, asksForCoverage } from './answer-by-hand.ts'

describe('a payer’s answer given by hand', () => {
  for (const verdict of ['active', 'inactive'] as const) {
    it(`fits the contract of the operation that was held: ${verdict}`, () => {
      for (const held of ['checkEligibility.v2', 'clearinghouse.checkEligibility.v2'])
        expect(EligibilityAnswerV2.schema.strict().parse(answerByHand(held, verdict)), held).to.deep.equal(rule(verdict))
      for (const held of ['checkEligibility', 'clearinghouse.checkEligibility.v1'])
        expect(EligibilityAnswer.schema.strict().parse(answerByHand(held, verdict)).verdict, held).to.equal(verdict)
    })
  }

  it('is offered for the question about coverage alone', () => {
    expect(['checkEligibility', 'checkEligibility.v2', 'submitBatch', null].map(asksForCoverage)).to.deep.equal([true, true, false, false])
  })
})
