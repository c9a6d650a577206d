import { randomUUID } from 'node:crypto'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { cardNumberPath, holdsCardNumber, passesLuhn } from './card-number.ts'

describe('holdsCardNumber', () => {
  const cards = [
    '4242424242424242',
    '4000 0000 0000 0002',
    '5555-5555-5555-4444',
    '3782 822463 10005',
    '6011.1111.1111.1117',
    '30569309025904',
    '4222222222222',
    '6304000000000000000',
  ]

  it('finds every grouping, anywhere: in text, in a number, in a key, in a list', () => {
    for (const number of cards) {
      const digits = number.replace(/\D/g, '')
      expect(holdsCardNumber(number), number).to.equal(true)
      expect(holdsCardNumber({ note: `my card is ${number}, thanks` }), number).to.equal(true)
      expect(holdsCardNumber({ a: [{ [digits]: null }] }), number).to.equal(true)
      expect(holdsCardNumber({ a: `${digits.slice(0, 4)}  ${digits.slice(4)}` }), number).to.equal(true)
    }
    expect(holdsCardNumber({ a: 4242424242424242 })).to.equal(true)
    expect(holdsCardNumber('４２４２４２４２４２４２４２４２')).to.equal(true)
    expect(holdsCardNumber('call 512 555 0100 4242 4242 4242 4242 exp 12 27')).to.equal(true)
    expect(holdsCardNumber('x4242424242424242y')).to.equal(true)
  })

  it('leaves ids, hashes, phones, dates and member ids alone', () => {
    for (const fine of ['+1 512 555 0100', '1984-05-06', 'XQ4711', 'W123456789012', '1234567893', '78701-1234', '000000000000000', true, null, 42]) {
      expect(holdsCardNumber({ a: fine }), String(fine)).to.equal(false)
    }
    for (let i = 0; i < 3_000; i += 1) {
      const id = randomUUID()
      expect(holdsCardNumber({ id, hash: sha256Hex(id) }), id).to.equal(false)
    }
  })

  it('takes an insurer’s number that passes Luhn by chance or by design, and still no card in its place', () => {
    // 9 and 5 are no network's first digits at these lengths; the third is a health card as ISO 7812 numbers them.
    for (const number of ['9876543210128', '90000000000001', '80840123456789012349', '808401234567893']) {
      expect(passesLuhn(number), number).to.equal(true)
      expect(cardNumberPath({ answers: { memberId: number, groupNumber: `GRP ${number}` } }), number).to.equal(undefined)
      if (number.length <= 19) expect(cardNumberPath({ answers: { givenName: number } }), number).to.deep.equal(['answers', 'givenName'])
    }
    for (const number of cards.slice(0, -1)) {
      expect(cardNumberPath({ answers: { memberId: number } }), number).to.deep.equal(['answers', 'memberId'])
      expect(cardNumberPath({ answers: { groupNumber: `${number} 12/27` } }), number).to.deep.equal(['answers', 'groupNumber'])
    }
  })

  it('takes an insurer’s number wherever one is asked for: of the second insurance, in a draft, in a correction', () => {
    const bodies = (number: string): [object, string][] => [
      ...(['memberId', 'groupNumber'] as const).flatMap((name): [object, string][] => [
        [{ answers: { secondary: { [name]: number } } }, `answers.secondary.${name}`],
        [{ data: { fields: { [name]: number } } }, `data.fields.${name}`],
        [{ [name]: number }, name],
      ]),
      [{ data: { fields: { secondMemberId: number } } }, 'data.fields.secondMemberId'],
      [{ data: { fields: { secondGroupNumber: number } } }, 'data.fields.secondGroupNumber'],
    ]
    for (const number of ['9876543210128', '90000000000001', '808401234567893'])
      for (const [body, path] of bodies(number)) expect(cardNumberPath(body), path).to.equal(undefined)
    for (const [body, path] of bodies('4242 4242 4242 4242')) expect(cardNumberPath(body)?.join('.')).to.equal(path)
  })

  it('takes phone numbers with their country code, and still no card in their place', () => {
    const places = (phone: string): object[] => [{ answers: { phone } }, { data: { fields: { phone } } }, { contact: { phone } }]
    const asked = (words: string): object[] => [{ answers: { forms: { safety: { call: words } } } }, { data: { forms: { safety: { call: words } } } }]
    let byChance = 0
    for (let n = 0; n < 2_000; n += 1) {
      const line = String(10_000_000 + n * 4_799).slice(0, 8)
      for (const phone of [`+49 151 ${line}`, `0049 151 ${line}`, `0033 6 ${line}`]) {
        if (passesLuhn(phone.replace(/\D/g, ''))) byChance += 1
        for (const body of places(phone)) expect(cardNumberPath(body), phone).to.equal(undefined)
        for (const words of [phone, `my son, ${phone}`]) for (const body of asked(words)) expect(cardNumberPath(body), words).to.equal(undefined)
      }
    }
    expect(byChance, 'as many as would have been refused').to.be.greaterThan(300)
    for (const number of [...cards, '+4242424242424242', '+49 151 12345678 4242424242424242', '+378282246310005'])
      for (const body of [...places(number), ...asked(number)]) expect(cardNumberPath(body), number).to.not.equal(undefined)
  })

  it('knows Luhn', () => {
    expect(cards.every((c) => passesLuhn(c.replace(/\D/g, '')))).to.equal(true)
    expect(passesLuhn('4242424242424241')).to.equal(false)
    expect(holdsCardNumber('4242 4242 4242 4241')).to.equal(false)
  })
})
