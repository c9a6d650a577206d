import { expect } from 'chai'
import { checkDiffers, personCheckOf, personDiffers, type ToldPerson } from './person-check.ts'

const asked = { memberId: 'HX4471002', givenName: 'Rosa', familyName: 'Márlowe', birthDate: '1984-06-17' }
const nobody: ToldPerson = { memberId: null, givenName: null, familyName: null, birthDate: null, corrected: false }
const trace = '7D0C2A8E52F64C399A416B3DF1A0C5E2'

describe('Right trace, right person', () => {
  const rows: [title: string, told: Partial<ToldPerson>, expected: ReturnType<typeof personDiffers>][] = [
    ['nothing told', {}, null],
    ['our birth date', { birthDate: '1984-06-17', familyName: 'SMITH' }, null],
    [
      'another birth date, whatever else is ours',
      { birthDate: '1950-01-01', familyName: 'MARLOWE', givenName: 'ROSA', memberId: 'HX4471002' },
      'birth-date-differs',
    ],
    ['another birth date, corrected by the payer', { birthDate: '1950-01-01', corrected: true }, null],
    ['our id, however it is written', { memberId: 'hx-447 1002', familyName: 'SMITH', givenName: 'R' }, null],
    ['another id and our name', { memberId: 'ZZ9', familyName: 'MARLOWE', givenName: 'ROSA' }, null],
    ['another id and our name, longer', { memberId: 'ZZ9', familyName: 'Marlowe', givenName: 'Rosalie' }, null],
    ['another id and the family name alone', { memberId: 'ZZ9', familyName: 'MARLOWE' }, null],
    ['another id and nothing else', { memberId: 'ZZ9' }, 'member-differs'],
    ['another id of the family', { memberId: 'ZZ9', familyName: 'MARLOWE', givenName: 'JUAN' }, 'member-differs'],
    ['another name and no id', { familyName: 'OKAFOR', givenName: 'JUAN' }, 'member-differs'],
    ['another member, corrected', { memberId: 'ZZ9', familyName: 'OKAFOR', corrected: true }, null],
  ]
  for (const [title, told, expected] of rows)
    it(`${expected ?? 'ours'}: ${title}, by its values and by eight bits of each`, () => {
      expect(personDiffers({ ...nobody, ...told }, asked)).to.equal(expected)
      expect(checkDiffers(personCheckOf(trace, { ...nobody, ...told }), trace, asked)).to.equal(expected)
    })
  it('asks for a name or an id beside eight bits of a birth date, which may agree by chance', () => {
    const told = { ...nobody, birthDate: '1984-06-17', memberId: 'ZZ9', familyName: 'OKAFOR' }
    expect(checkDiffers(personCheckOf(trace, told), trace, asked)).to.equal('member-differs')
  })
  it('gives away no value, and lets few strangers pass', () => {
    const passing = Array.from({ length: 5_000 }, (_, i) => {
      const birthDate = new Date(Date.UTC(1930, 0, 1 + i * 7)).toISOString().slice(0, 10)
      return birthDate === asked.birthDate ? null : checkDiffers(personCheckOf(trace, { ...nobody, birthDate }), trace, asked)
    }).filter((found) => found === null)
    expect(passing.length).to.be.within(1, 60)
    for (const bits of Object.values(personCheckOf(trace, { ...nobody, memberId: 'ZZ9', birthDate: '1950-01-01' })))
      if (typeof bits === 'number') expect(bits).to.be.within(0, 255)
  })
})
