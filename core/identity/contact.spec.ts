import { expect } from 'chai'
import { isAnotherPerson, VisitContact } from './contact.ts'

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
