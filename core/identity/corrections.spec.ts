import { expect } from 'chai'
import { CorrectionFields, changedFields, correctableFields, correctedAnswers, fieldsToShow, hintsOf, PatientCorrection } from './corrections.ts'
import { PatientAnswers } from './model.ts'
import { isHalfSecond } from './second-insurance.ts'

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

  describe('of the second insurance', () => {
    const secondary = { payerId: 'NORTH2', payerText: null, memberId: 'NM-20551', groupNumber: 'N 4', nameOnCard: { givenName: 'Grace', familyName: 'Lind' } }
    const both = { ...answers, secondary }
    const unlisted = { secondPayerId: 'not-listed', secondPayerText: 'Prairie Farm Mutual' }

    it('changes that one and never the first, as a correction of the first never changes the second', () => {
      expect(correctedAnswers(both, { secondMemberId: 'NM-77' })).to.deep.equal({ ...both, secondary: { ...secondary, memberId: 'NM-77' } })
      expect(correctedAnswers(both, { memberId: 'HX2', payerId: 'QUIET3' }).secondary).to.deep.equal(secondary)
      expect(changedFields(both, { secondPayerId: 'NORTH2', secondMemberId: 'NM-77', memberId: 'HX99871' })).to.deep.equal(['secondMemberId'])
    })
    it('keeps nothing of another card: its group and words go with the insurer, its name with insurer and number', () => {
      const other = { payerId: 'QUIET3', groupNumber: null }
      expect(correctedAnswers(both, { secondPayerId: 'QUIET3' }).secondary).to.deep.equal({ ...secondary, ...other })
      const card = { secondPayerId: 'QUIET3', secondMemberId: 'Q1' }
      expect(correctedAnswers(both, card).secondary).to.deep.equal({ ...secondary, ...other, memberId: 'Q1', nameOnCard: null })
    })
    it('takes one that is not on the list with its name, and tells another name from the same', () => {
      expect(PatientCorrection.parse(unlisted)).to.deep.equal(unlisted)
      const refused = [{ secondPayerId: 'not-listed' }, { secondPayerText: 'Prairie' }, { secondPayerId: 'NORTH2', secondPayerText: 'Prairie' }]
      for (const fields of refused) expect(PatientCorrection.safeParse(fields).success, JSON.stringify(fields)).to.equal(false)
      const now = correctedAnswers(both, unlisted)
      expect(now.secondary).to.deep.include({ payerId: null, payerText: 'Prairie Farm Mutual', memberId: 'NM-20551' })
      expect(changedFields(now, unlisted)).to.deep.equal([])
      expect(changedFields(now, { ...unlisted, secondPayerText: 'Prairie Farm' })).to.deep.equal(['secondPayerId'])
      expect(correctedAnswers(now, { secondMemberId: 'PF1' }).secondary).to.deep.include({ payerId: null, payerText: 'Prairie Farm Mutual', memberId: 'PF1' })
      expect(hintsOf(now, ['secondPayerId'])).to.deep.equal({ secondPayerId: 'not-listed' })
    })
    it('names a whole one where there was none, and half of one is nothing', () => {
      const whole = { secondPayerId: 'NORTH2', secondMemberId: 'NM1' }
      expect(changedFields(answers, whole)).to.deep.equal(['secondPayerId', 'secondMemberId'])
      expect(correctedAnswers(answers, whole).secondary).to.deep.equal({ ...secondary, memberId: 'NM1', groupNumber: null, nameOnCard: null })
      for (const half of [{ secondPayerId: 'NORTH2' }, { secondMemberId: 'NM1' }]) {
        expect([isHalfSecond(null, half), isHalfSecond(secondary, half)]).to.deep.equal([true, false])
        expect(correctedAnswers(answers, half).secondary).to.equal(null)
      }
    })
    it('is shown whole to who has none, and else as it was asked', () => {
      expect(fieldsToShow(['memberId', 'secondMemberId'], answers)).to.deep.equal(['memberId', 'secondMemberId', 'secondPayerId'])
      expect(fieldsToShow(['memberId', 'secondMemberId'], both)).to.deep.equal(['memberId', 'secondMemberId'])
      expect(fieldsToShow(['memberId'], answers)).to.deep.equal(['memberId'])
      expect(hintsOf(both, ['secondPayerId', 'secondMemberId'])).to.deep.equal({ secondPayerId: 'NORTH2', secondMemberId: '551' })
      expect(hintsOf(answers, ['secondPayerId', 'secondMemberId'])).to.deep.equal({})
    })
  })

  it('is helped by hints that give no value away, however short it is', () => {
    expect(hintsOf(answers, correctableFields)).to.deep.equal({ memberId: '871', givenName: 'R', familyName: 'O', payerId: 'HELIO1' })
    expect(hintsOf({ ...answers, memberId: 'A1' }, ['memberId'])).to.deep.equal({ memberId: '1' })
    expect(hintsOf({ ...answers, givenName: '𝒜na' }, ['givenName', 'birthDate'])).to.deep.equal({ givenName: '𝒜' })
  })
})
