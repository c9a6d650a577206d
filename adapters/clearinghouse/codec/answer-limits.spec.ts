import * as billing from '@heliox/core/billing'
import { expect } from 'chai'
import { answerSegmentsMax, segmentCharsMax } from './answer-limits.ts'

describe("The limits of a patient's answer", () => {
  it("are the contract's", () => {
    expect({ answerSegmentsMax, segmentCharsMax }).to.deep.equal({ answerSegmentsMax: billing.answerSegmentsMax, segmentCharsMax: billing.segmentCharsMax })
  })
})
