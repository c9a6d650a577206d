import { expect } from 'chai'
import { isAnotherPerson, isNotTheSender, VisitContact } from './contact.ts'

const of = (givenName: string, familyName: string, birthDate: string | null = null) => VisitContact.parse({ givenName, familyName, birthDate })
const ruth = of('Ruth', 'Okafor', '1981-04-09')
const undated = of('Ruth', 'Okafor')

describe('whether a visit is for somebody else from now on', () => {
  const cases: [string, VisitContact, VisitContact | null, string | null, boolean][] = [
    ['spelled otherwise', of('RÚTH', 'Okafór', '1981-04-09'), ruth, null, false],
    ['with another family name', of('Ruth', 'Lund', '1981-04-09'), ruth, null, false],
    ['born on another day', of('Ruth', 'Okafor', '1981-04-10'), ruth, null, true],
    ['born on the day that was typed, and the clinic had it wrong', ruth, of('Ruth', 'Okafor', '1981-09-04'), '1981-04-09', false],
    ['born on the day that the clinic had, and typed was another', ruth, ruth, '1990-02-03', true],
    ['a twin', of('Rita', 'Okafor', '1981-04-09'), ruth, '1981-04-09', true],
    ['named for the first time, born as was typed', ruth, null, '1981-04-09', false],
    ['named for the first time, and a birth date was not typed yet', ruth, null, null, true],
    ['named without a birth date: the typed one is asked for', undated, null, '1981-04-09', false],
    ['the birth date came after', ruth, undated, null, false],
    ['of the same first name alone', of('Ruth', 'Lund'), undated, null, true],
  ]
  for (const [what, next, former, typed, another] of cases) {
    it(`${another ? 'yes' : 'no'}: ${what}`, () => expect(isAnotherPerson(next, former, typed)).to.equal(another))
  }
})

describe('whether a visit is no longer of who sent its form', () => {
  const cases: [string, VisitContact, boolean][] = [
    ['spelled otherwise', of('RÚTH', 'Okafór', '1981-04-09'), false],
    ['with another family name', of('Ruth', 'Lund', '1981-04-09'), false],
    ['with a longer first name', of('Ruthie', 'Okafor', '1981-04-09'), false],
    ['with a longer first name, and no birth date', of('Ruth Ann', 'Okafor'), false],
    ['born on another day, as the desk says', of('Ruth', 'Okafor', '1981-09-04'), false],
    ['without a birth date', of('Ruth', 'Okafor'), false],
    ['of the same first name alone', of('Ruth', 'Lund', '1990-02-03'), true],
    ['of the same first name, and no birth date', of('Ruth', 'Lund'), true],
    ['of the same family name alone', of('Rita', 'Okafor', '1990-02-03'), true],
    ['of the same family name, and no birth date', of('Rita', 'Okafor'), true],
    ['born on the same day alone', of('Bert', 'Lund', '1981-04-09'), true],
    ['a twin', of('Rita', 'Okafor', '1981-04-09'), true],
    ['a child with the longer name', of('Ruthie', 'Okafor', '2010-04-09'), true],
    ['with nothing alike', of('Bert', 'Lund', '1990-02-03'), true],
  ]
  for (const [what, next, another] of cases) it(`${another ? 'yes' : 'no'}: ${what}`, () => expect(isNotTheSender(next, ruth)).to.equal(another))
})
