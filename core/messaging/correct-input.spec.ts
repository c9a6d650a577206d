import { expect } from 'chai'
import { EligibilityInquiryV2 } from '../billing/asking.ts'
import { correctedInput, isOfTheInsured, notToCorrect } from './correct-input.ts'

const stored = { requestId: 'r', payerId: 'HELIO1', providerNpi: '1234567893', serviceDate: '2026-03-04', memberId: 'A', birthDate: '1980-01-01', holder: null }

describe('correcting a held question about a cover', () => {
  it('changes how the insured person is named, and nothing that says which question it is', () => {
    const fields = Object.keys(EligibilityInquiryV2.schema.shape)
    expect(fields.filter(isOfTheInsured)).to.deep.equal(['memberId', 'givenName', 'familyName', 'birthDate', 'payerSex', 'holder', 'relationship'])
    for (const name of fields) {
      expect(notToCorrect(stored, { ...stored, [name]: 'another' }), name).to.deep.equal(isOfTheInsured(name) ? [] : [name])
    }
  })

  it('keeps of the question what the correction does not say, and of the person what it does', () => {
    const corrected = correctedInput(stored, { memberId: 'B', birthDate: '1980-01-01' })
    expect(corrected).to.deep.equal({
      requestId: 'r',
      payerId: 'HELIO1',
      providerNpi: '1234567893',
      serviceDate: '2026-03-04',
      memberId: 'B',
      birthDate: '1980-01-01',
    })
    expect(notToCorrect(stored, corrected)).to.deep.equal([])
  })

  it('leaves a question whose answer is known beforehand alone, and makes none of another', () => {
    expect(notToCorrect({ ...stored, canary: 'active' }, { ...stored, canary: 'active', memberId: 'B' })).to.deep.equal(['memberId'])
    expect(notToCorrect(stored, { ...stored, canary: 'active' })).to.deep.equal(['canary'])
  })
})
