import { expect } from 'chai'
import { checkDiffers, personCheckOf, personCheckReference, personDiffers, type ToldPerson } from './person-check.ts'

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
    ['another birth date, corrected by the payer, and our id', { birthDate: '1950-01-01', memberId: 'HX4471002', corrected: true }, null],
    ['another birth date and id, corrected, and our family name', { birthDate: '1950-01-01', memberId: 'ZZ9', familyName: 'MARLOWE', corrected: true }, null],
    ['another id and name, corrected, and our birth date', { birthDate: '1984-06-17', memberId: 'ZZ9', familyName: 'OKAFOR', corrected: true }, null],
    ['nothing told but that it was corrected', { corrected: true }, null],
    [
      'nothing of ours, however corrected',
      { birthDate: '1950-01-01', memberId: 'ZZ9', familyName: 'OKAFOR', givenName: 'ROSA', corrected: true },
      'member-differs',
    ],
    ['another birth date and nothing else, corrected', { birthDate: '1950-01-01', corrected: true }, 'member-differs'],
    ['our id, however it is written', { memberId: 'hx-447 1002', familyName: 'SMITH', givenName: 'R' }, null],
    ['another id and our name', { memberId: 'ZZ9', familyName: 'MARLOWE', givenName: 'ROSA' }, null],
    ['another id and our name, longer', { memberId: 'ZZ9', familyName: 'Marlowe', givenName: 'Rosalie' }, null],
    ['another id and the family name alone', { memberId: 'ZZ9', familyName: 'MARLOWE' }, null],
    ['another id and nothing else', { memberId: 'ZZ9' }, 'member-differs'],
    ['another id of the family', { memberId: 'ZZ9', familyName: 'MARLOWE', givenName: 'JUAN' }, 'member-differs'],
    ['another name and no id', { familyName: 'OKAFOR', givenName: 'JUAN' }, 'member-differs'],
    ['another member, corrected', { memberId: 'ZZ9', familyName: 'OKAFOR', corrected: true }, 'member-differs'],
  ]
  for (const [title, told, expected] of rows)
    it(`${expected ?? 'ours'}: ${title}, by its values and by eight bits of each`, () => {
      expect(personDiffers({ ...nobody, ...told }, asked)).to.equal(expected)
      expect(checkDiffers(personCheckOf(trace, { ...nobody, ...told }), trace, asked)).to.equal(expected)
    })
  it('knows a name by its letters without accents and strokes, as it went out', () => {
    const lukasz = { ...asked, givenName: 'Łukasz', familyName: 'Wałęsa-Sørensen' }
    const told = { ...nobody, givenName: 'LUKASZ', familyName: 'WALESA-SORENSEN' }
    expect(personDiffers(told, lukasz)).to.equal(null)
    expect(checkDiffers(personCheckOf(trace, told), trace, lukasz)).to.equal(null)
    expect(personDiffers({ ...told, familyName: 'WALESA-SOERENSEN' }, lukasz)).to.equal('member-differs')
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

describe('What binds the check bits of an answer', () => {
  const [a, b, c] = ['A', 'B', 'C'].map((letter) => letter.repeat(32))
  const rows: [title: string, item: Parameters<typeof personCheckReference>[0], expected: string | undefined][] = [
    ['our trace, wherever it stands among the traces', { traces: ['#', a ?? ''], bht03: b ?? null, patientAccount: c ?? null }, a],
    ['BHT03 where the payer gives only a trace of its own', { traces: ['#'], bht03: b ?? null, patientAccount: c ?? null }, b],
    ['BHT03 where there is no trace', { traces: [], bht03: b ?? null, patientAccount: null }, b],
    ['REF EJ where nothing else is ours', { traces: ['#'], bht03: '#', patientAccount: c ?? null }, c],
    ['nothing where nothing is ours', { traces: ['#'], bht03: '#', patientAccount: null }, undefined],
  ]
  for (const [title, item, expected] of rows) it(`is ${title}`, () => expect(personCheckReference(item)).to.equal(expected))
})
