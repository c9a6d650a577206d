import { expect } from 'chai'
import { storageFaultOf } from './storage-fault.ts'

const coded = (code: string, text = 'text'): Error => Object.assign(new Error(text), { code })

describe('a fault of our own storage', () => {
  it('is told from the code of the server or the socket, at any depth', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '08006', '53300', '53200', '25P03', '57014', '57P01', '57P02', '57P03', '58030'])
      expect(storageFaultOf(coded(code)), code).to.equal('away')
    expect(storageFaultOf(coded('53100', 'could not extend file'))).to.equal('full')
    expect(storageFaultOf(coded('25006', 'cannot execute INSERT in a read-only transaction'))).to.equal('read-only')
    expect(storageFaultOf(new Error('apply failed', { cause: coded('53100') }))).to.equal('full')
    expect(storageFaultOf(new AggregateError([new Error('x'), coded('ECONNREFUSED')]))).to.equal('away')
  })

  it('is told from the driver’s own words where there is no code', () => {
    for (const text of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])
      expect(storageFaultOf(new Error(text)), text).to.equal('away')
  })

  it('is not seen in what is a bug, a conflict or a refusal', () => {
    for (const error of [coded('23505'), coded('40001'), coded('42P01'), coded('58P01'), new TypeError('x'), 'text', undefined, null])
      expect(storageFaultOf(error)).to.equal(undefined)
  })
})
