import { expect } from 'chai'
import fc from 'fast-check'
import { centsOf, visitCopayCents } from './copay.ts'

const copay = (amount: string, serviceTypes = ['98'], network: 'in' | 'out' | 'both' | 'unknown' = 'in') => ({ amount, serviceTypes, network })

describe('copay of a visit', () => {
  it('reads X12 amounts to the cent', () => {
    const read = Object.fromEntries(['25', '25.5', '25.00', '.5', '25.', '0', '19.99', '1.1000'].map((text) => [text, centsOf(text)]))
    expect(read).to.deep.equal({ '25': 2500, '25.5': 2550, '25.00': 2500, '.5': 50, '25.': 2500, '0': 0, '19.99': 1999, '1.1000': 110 })
  })
  it('reads nothing from what is no amount', () => {
    for (const text of ['', '.', '-5', '1e3', '1,000', ' 5', 'free', '0.005', '12345678901']) expect(centsOf(text), JSON.stringify(text)).to.equal(undefined)
  })
  it('gives back every amount in cents that was written as a decimal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => centsOf(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`) === cents),
    )
  })
  it('prefers the office visit to the plan, and never takes out-of-network', () => {
    expect(visitCopayCents([copay('50', ['30']), copay('25', ['98']), copay('90', ['98'], 'out')])).to.equal(2500)
    expect(visitCopayCents([copay('50', ['30'])])).to.equal(5000)
    expect(visitCopayCents([copay('75', ['86'])])).to.equal(null)
  })
  it('shows none when the payer named two, or one that cannot be read', () => {
    expect(visitCopayCents([copay('25'), copay('40')])).to.equal(null)
    expect(visitCopayCents([copay('25'), copay('25.00')])).to.equal(2500)
    expect(visitCopayCents([copay('25'), copay('about 30')])).to.equal(null)
    expect(visitCopayCents([copay('about 30')])).to.equal(null)
  })
})
