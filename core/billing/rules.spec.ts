import { expect } from 'chai'
import { patientCanPutRight } from './rules.ts'

describe('who can put a rejection right', () => {
  it('is the patient when any reason is about who they are or what is on the card', () => {
    expect(patientCanPutRight(['43', '72'])).to.equal(true)
  })
  it('is not the patient when the provider, the request or the payer is the reason, or none is known', () => {
    for (const codes of [[], ['43'], ['51'], ['42'], ['76'], ['ZZ']]) expect(patientCanPutRight(codes), codes.join()).to.equal(false)
  })
})
