import { clinicCanPutRight, patientCanPutRight } from '@heliox/core/billing'
import { expect } from 'chai'
import { aaaReasons } from '../../adapters/clearinghouse/codec/aaa.ts'

describe('map: case-finding', () => {
  it('names the same person for every reject reason as the adapter’s table does', () => {
    for (const [code, { who }] of Object.entries(aaaReasons)) {
      expect(patientCanPutRight([code]), code).to.equal(who === 'patient')
      expect(clinicCanPutRight([code]), code).to.equal(who === 'clinic')
    }
  })
})
