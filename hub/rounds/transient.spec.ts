import { expect } from 'chai'
import { StepFailure } from '../invoke/index.ts'
import { isTransient } from './transient.ts'

const coded = (code: string): Error => Object.assign(new Error('text'), { code })

describe('hub/rounds, transient errors', () => {
  it('knows an outage of our own storage, also as the cause of another error', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', '08006', '57P01', '57P03', '53300', '53100', '25006', '25P03', '58030', '40001', '40P01'])
      expect(isTransient(coded(code)), code).to.equal(true)
    expect(isTransient(new Error('Connection terminated unexpectedly'))).to.equal(true)
    expect(isTransient(new Error('apply failed', { cause: coded('57P01') }))).to.equal(true)
    expect(isTransient(new AggregateError([coded('ECONNREFUSED')]))).to.equal(true)
  })

  it('takes everything else for the bug that it is', () => {
    for (const error of [coded('23505'), coded('42P01'), coded('22P02'), coded('42501'), new TypeError('x'), new StepFailure('bug', 'x'), 'text', undefined]) {
      expect(isTransient(error)).to.equal(false)
    }
  })
})
