import { expect } from 'chai'
import { CorrectionFields, changedFields, correctableFields, correctedAnswers, hintsOf, PatientCorrection } from './corrections.ts'
import { PatientAnswers } from './model.ts'

const answers = PatientAnswers.schema.parse({
  ...{ givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', payerSex: 'F', phone: '+1 312 555 0100', email: null },
  address: { line1: '12 Pier Road', line2: null, city: 'Chicago', state: 'IL', postalCode: '60601' },
  ...{ payerId: 'HELIO1', memberId: 'HX99871', groupNumber: 'G-1' },
})

describe('a correction', () => {
  it('holds at least one new value, each under the rules of the form, and nothing else', () => {
    const refused: unknown[] = [{}, { memberId: undefined }, { memberId: 'H X' }, { birthDate: '1981-02-30' }, { memberId: 'HX1', email: 'a@b.example' }]
    for (const fields of refused) expect(CorrectionFields.safeParse(fields).success, JSON.stringify(fields)).to.equal(false)
    expect(CorrectionFields.parse({ familyName: ' Okafor ' })).to.deep.equal({ familyName: 'Okafor' })
  })

  it('changes what it names and nothing else; another insurer takes the group number of the old one with it', () => {
    expect(correctedAnswers(answers, { memberId: 'HX99872' })).to.deep.equal({ ...answers, memberId: 'HX99872' })
    expect(correctedAnswers(answers, { payerId: 'NORTH2' })).to.deep.equal({ ...answers, payerId: 'NORTH2', groupNumber: null })
    expect(correctedAnswers(answers, { payerId: 'HELIO1', memberId: 'A1' }).groupNumber).to.equal('G-1')
  })

  it('takes an insurer that is not on the list with its name, from the patient only', () => {
    const named = { payerId: 'not-listed', payerText: 'Prairie Farm Mutual' }
    expect(PatientCorrection.parse(named)).to.deep.equal(named)
    const refused = [{ payerId: 'not-listed' }, { payerText: 'Prairie' }, { payerId: 'NORTH2', payerText: 'Prairie' }, { ...named, payerText: ' ' }]
    for (const fields of refused) expect(PatientCorrection.safeParse(fields).success, JSON.stringify(fields)).to.equal(false)
    expect(CorrectionFields.safeParse(named).success).to.equal(false)
    const unlisted = correctedAnswers(answers, named)
    expect(unlisted).to.deep.equal({ ...answers, ...named, groupNumber: null })
    expect(changedFields(unlisted, named)).to.deep.equal([])
    expect(changedFields(unlisted, { ...named, payerText: 'Prairie Farm' })).to.deep.equal(['payerId'])
    expect(correctedAnswers(unlisted, { payerId: 'NORTH2' }).payerText).to.equal(null)
  })

  it('counts as changed only what differs', () => {
    expect(changedFields(answers, { memberId: 'HX99871', givenName: 'Ruth' })).to.deep.equal([])
    expect(changedFields(answers, { memberId: 'hx99871', birthDate: '1981-04-10' })).to.deep.equal(['memberId', 'birthDate'])
  })

  it('of a name with another one on the card is of that one, and the patient keeps their own', () => {
    const onCard = { ...answers, nameOnCard: { givenName: 'Grace', familyName: 'Okafor-Lind' } }
    expect(correctedAnswers(onCard, { familyName: 'Lind-Okafor', memberId: 'HX2' })).to.deep.equal({
      ...onCard,
      nameOnCard: { givenName: 'Grace', familyName: 'Lind-Okafor' },
      memberId: 'HX2',
    })
    expect(correctedAnswers(onCard, { memberId: 'HX2' })).to.deep.equal({ ...onCard, memberId: 'HX2' })
    expect(changedFields(onCard, { givenName: 'Grace', familyName: 'Okafor' })).to.deep.equal(['familyName'])
    expect(hintsOf(onCard, ['givenName', 'familyName'])).to.deep.equal({ givenName: 'G', familyName: 'O' })
    expect(correctedAnswers(answers, { familyName: 'Lind' })).to.deep.equal({ ...answers, familyName: 'Lind' })
  })

  it('is helped by hints that give no value away, however short it is', () => {
    expect(hintsOf(answers, correctableFields)).to.deep.equal({ memberId: '871', givenName: 'R', familyName: 'O', payerId: 'HELIO1' })
    expect(hintsOf({ ...answers, memberId: 'A1' }, ['memberId'])).to.deep.equal({ memberId: '1' })
    expect(hintsOf({ ...answers, givenName: '𝒜na' }, ['givenName', 'birthDate'])).to.deep.equal({ givenName: '𝒜' })
  })
})
