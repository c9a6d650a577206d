import { expect } from 'chai'
import { amountField, minorOf, moneyText, monthlyParts } from './money.ts'

describe('ui, money', () => {
  it('reads an amount to the last digit, and refuses what is finer than the currency', () => {
    const read: [string, string, number | undefined][] = [
      ['25', 'USD', 2500],
      ['25.5', 'USD', 2550],
      [' 1234.07 ', 'USD', 123_407],
      ['0.29', 'USD', 29],
      ['0', 'USD', undefined],
      ['25.005', 'USD', undefined],
      ['1,000', 'USD', undefined],
      ['-5', 'USD', undefined],
      ['500', 'JPY', 500],
      ['500.5', 'JPY', undefined],
      ['1.250', 'KWD', 1250],
    ]
    expect(read.map(([text, currency]) => minorOf(text, currency))).to.deep.equal(read.map(([, , minor]) => minor))
  })
  it('writes into a field what it reads from there again', () => {
    for (const [minor, currency] of [
      [1, 'USD'],
      [2500, 'USD'],
      [123_456_789, 'USD'],
      [500, 'JPY'],
      [1250, 'KWD'],
    ] as const)
      expect(minorOf(amountField(minor, currency), currency)).to.equal(minor)
    expect(moneyText(2500, 'USD')).to.equal('$25.00')
  })
  it('parts a sum so that nothing is lost, and stays at the end of the month', () => {
    const parts = monthlyParts(10_000, 3, '2027-01-31')
    expect(parts).to.deep.equal([
      { dueOn: '2027-01-31', amountMinor: 3333 },
      { dueOn: '2027-02-28', amountMinor: 3333 },
      { dueOn: '2027-03-31', amountMinor: 3334 },
    ])
    expect(monthlyParts(500, 2, '2027-12-15').map(({ dueOn }) => dueOn)).to.deep.equal(['2027-12-15', '2028-01-15'])
  })
})
