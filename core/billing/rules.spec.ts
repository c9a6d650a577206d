import { expect } from 'chai'
import { clinicCanPutRight, fieldsToCorrect, patientCanPutRight } from './rules.ts'

describe('who can put a rejection right', () => {
  it('is the patient when any reason is about who they are or what is on the card', () => {
    expect(patientCanPutRight(['43', '72'])).to.equal(true)
  })
  it('is not the patient when the provider, the request or the payer is the reason, or none is known', () => {
    for (const codes of [[], ['43'], ['51'], ['42'], ['76'], ['ZZ']]) expect(patientCanPutRight(codes), codes.join()).to.equal(false)
  })
  it('asks the patient for something wherever the patient can put it right, and for nothing elsewhere', () => {
    for (const code of ['58', '64', '65', '66', '67', '71', '72', '73', '74', '75', '77', '78']) expect(fieldsToCorrect([code]), code).to.not.deep.equal([])
    expect(fieldsToCorrect(['43', '42', 'ZZ'])).to.deep.equal([])
    expect(fieldsToCorrect(['74', '72', '72'])).to.deep.equal(['memberId', 'payerSex', 'payerId'])
  })
  it('is never patient and clinic for one reason', () => {
    for (let i = 0; i < 100; i += 1) {
      const code = String(i).padStart(2, '0')
      expect(patientCanPutRight([code]) && clinicCanPutRight([code]), code).to.equal(false)
    }
  })
})
