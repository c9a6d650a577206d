import { isMinor as isMinorAtHub } from '@heliox/core/identity'
import { expect } from 'chai'
import type { IntakeForm, IntakeView } from '../client.gen.ts'
import { en } from '../shared/messages/en.ts'
import { isMinor } from './birth-date.ts'
import { coversOf, matching, namedBy, type Payer } from './covers.ts'
import { emptyDraft, patched } from './draft.ts'
import { offeredGroups, offeredOf, taken } from './offered.ts'
import { answersOf, formProblems, questionsOf, shownAnswer, typedOf, versionMark } from './own-forms.ts'
import { neighbour, stepsFor } from './steps.ts'

const payer = (id: string, name: string, more: Partial<Payer> = {}): Payer => ({
  ...{ id, name, timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
  ...more,
})
const payers = [
  payer('HELIO1', 'Helio Health Plan', { aliases: ['Sunrise Benefit'], cardPayerIds: ['60054'] }),
  payer('NORTH2', 'Northwind Mutual'),
  payer('NORTH3', 'Northwind Mutual of Québec', { supported: false }),
]
const ids = (typed: string): string[] => matching(payers, typed).shown.map(({ id }) => id)

describe('the insurers that match', () => {
  it('by name, by the beginning of a word, by another name, by the number on the card, with or without accents', () => {
    expect(ids('helio')).to.deep.equal(['HELIO1'])
    expect(ids('mutual')).to.deep.equal(['NORTH2', 'NORTH3'])
    expect(ids('sunr')).to.deep.equal(['HELIO1'])
    expect(ids('60054')).to.deep.equal(['HELIO1'])
    expect(ids('quebec')).to.deep.equal(['NORTH3'])
    expect(ids('zz')).to.deep.equal([])
    expect(ids('')).to.have.length(3)
  })
  it('are taken without a choice only where one is named in full', () => {
    expect(namedBy(payers, 'northwind mutual')?.id).to.equal('NORTH2')
    expect(namedBy(payers, ' 60054 ')?.id).to.equal('HELIO1')
    expect(namedBy(payers, 'north')).to.equal(undefined)
  })
})

describe('two insurances', () => {
  const fields = { payerId: 'HELIO1', memberId: 'H1', hasSecond: 'yes', secondPayerId: 'NORTH2', secondMemberId: 'N2' }
  it('stand in the order in which they pay', () => {
    expect(coversOf(patched(emptyDraft('x'), { fields })).first.payerId).to.equal('HELIO1')
    const other = coversOf(patched(emptyDraft('x'), { fields: { ...fields, paysFirst: 'second' } }))
    expect([other.first.memberId, other.second?.memberId]).to.deep.equal(['N2', 'H1'])
  })
  it('are one when the patient has no second, whatever was typed before', () => {
    const { first, second } = coversOf(patched(emptyDraft('x'), { fields: { ...fields, hasSecond: 'no', paysFirst: 'second' } }))
    expect([first.payerId, second]).to.deep.equal(['HELIO1', null])
  })
  it('have each the name on its own card and never that of the other, whichever pays first', () => {
    const typed = { ...fields, cardGivenName: ' Anita ', cardFamilyName: 'Moreno', secondCardGivenName: 'Ana', secondCardFamilyName: 'Ruiz' }
    const names = (paysFirst: string, otherName: boolean, secondOtherName: boolean) => {
      const { first, second } = coversOf(patched(emptyDraft('x'), { fields: { ...typed, paysFirst }, otherName, secondOtherName }))
      return [first, second].map((cover) => [cover?.payerId, cover?.nameOnCard && `${cover.nameOnCard.givenName} ${cover.nameOnCard.familyName}`])
    }
    const one = (name: string | null) => ['HELIO1', name]
    const two = (name: string | null) => ['NORTH2', name]
    expect(names('first', true, false)).to.deep.equal([one('Anita Moreno'), two(null)])
    expect(names('second', true, false)).to.deep.equal([two(null), one('Anita Moreno')])
    expect(names('first', false, true)).to.deep.equal([one(null), two('Ana Ruiz')])
    expect(names('second', false, true)).to.deep.equal([two('Ana Ruiz'), one(null)])
    expect(names('second', true, true)).to.deep.equal([two('Ana Ruiz'), one('Anita Moreno')])
  })
})

const form: IntakeForm = {
  id: 'allergies',
  version: 1,
  schema: {
    type: 'object',
    properties: {
      any: { type: 'boolean' },
      which: { type: 'array', items: { type: 'string', enum: ['nuts', 'bees'] }, uniqueItems: true, maxItems: 2 },
      since: { type: 'string', format: 'date' },
      grams: { type: 'number', minimum: 0, maximum: 5 },
      note: { type: 'string', maxLength: 10 },
    },
    required: ['any', 'since'],
    additionalProperties: false,
  },
  words: { en: { title: 'Allergies', fields: { any: { label: 'Any?' }, since: { label: 'Since when?' } } } },
} as unknown as IntakeForm

describe('the clinic’s own questions', () => {
  const said = (typed: Record<string, string | string[]>): string[] => formProblems(form, typed).map(({ say }) => say(en))
  it('become answers of the schema’s types; what was left open is left out', () => {
    const typed = { any: 'no', which: ['bees'], 'since.month': '2', 'since.day': '9', 'since.year': '2020', grams: '2,5', note: '' }
    expect(answersOf(form, typed)).to.deep.equal({ any: false, which: ['bees'], since: '2020-02-09', grams: 2.5 })
    expect(said(typed)).to.deep.equal([])
  })
  it('say what is missing and what is wrong, with the question', () => {
    expect(said({})).to.deep.equal(['Answer the question “Any?”', 'Answer the question “Since when?”'])
    expect(said({ any: 'yes', 'since.month': '2', 'since.day': '30', 'since.year': '2020', grams: '7', note: 'more than ten' })).to.deep.equal([
      '“Since when?” must be a real date',
      '“grams” must be a number from 0 to 5',
      '“note” must have at most 10 characters',
    ])
  })
  it('stand before the sending as everybody there writes a day, whole or not at all', () => {
    const since = questionsOf(form, 'de').find(({ name }) => name === 'since')
    if (!since) throw new Error('the question is gone')
    const typed = { 'since.month': '3', 'since.day': '4', 'since.year': '2020' }
    expect(shownAnswer(since, typed, en, 'de')).to.equal('4. März 2020')
    expect(shownAnswer(since, typed, en, 'en')).to.equal('March 4, 2020')
    expect(shownAnswer(since, { ...typed, 'since.year': '' }, en, 'de')).to.equal('')
  })
  it('are answered for the version that was read: where others are asked meanwhile, nothing is taken for their answer', () => {
    const typed = { any: 'no', [versionMark]: '1' }
    const asked = (version: number): IntakeForm => ({ ...form, id: 'allergies', version })
    expect(typedOf(asked(1), { allergies: typed })).to.deep.equal(typed)
    expect(typedOf(asked(2), { allergies: typed })).to.deep.equal({})
    expect(typedOf(asked(2), { allergies: { any: 'no' } }), 'of before').to.deep.equal({ any: 'no' })
    expect(answersOf(asked(1), typed), 'the mark is no answer').to.deep.equal({ any: false })
  })
  it('stand in the order that the clinic gave them, whatever the store made of the object', () => {
    const names = (order: string[]): string[] => questionsOf({ ...form, order }, 'en').map(({ name }) => name)
    expect(names(['since', 'note', 'any', 'which', 'grams'])).to.deep.equal(['since', 'note', 'any', 'which', 'grams'])
    expect(
      questionsOf(form, 'en').map(({ name }) => name),
      'of before',
    ).to.deep.equal(['any', 'which', 'since', 'grams', 'note'])
  })
  it('stand in the first language of the form where it lacks the patient’s', () => {
    expect(questionsOf(form, 'fr')[0]?.label).to.equal('Any?')
  })
})

describe('the pages of a form', () => {
  const intake = {
    ...{ payers, forms: [form], previous: null, contact: null, card: null },
    visit: { startsAt: '2027-03-04T15:20:00.000Z' },
    clinic: { timeZone: 'America/Chicago' },
  } as unknown as IntakeView
  const born = (year: string, change = {}) => ({
    intake,
    today: '2026-11-22',
    draft: { ...patched(emptyDraft('x'), { fields: { birthMonth: '3', birthDay: '5', birthYear: year } }), ...change },
  })
  it('ask for a guardian only of who is under age on the day of the visit, as the hub counts', () => {
    expect(stepsFor(born('2009'))).to.include('guardian')
    expect(stepsFor(born('2008'))).to.not.include('guardian')
    for (const birth of ['2009-03-04', '2009-03-05', '2008-02-29'])
      for (const day of ['2027-03-04', '2026-02-28', '2026-03-01']) expect(isMinor(birth, day), `${birth} ${day}`).to.equal(isMinorAtHub(birth, day))
  })
  it('ask for no photo of a card that is not there, and for the clinic’s own forms before the consents', () => {
    const steps = stepsFor(born('1985', { noCard: true }))
    expect(steps).to.not.include('card-front')
    expect(steps, 'the clinic keeps none').to.not.include('card')
    expect(
      stepsFor({ ...born('1985'), intake: { ...born('1985').intake, card: { scriptUrl: '', publishableKey: '', bankAccounts: false, currency: 'USD' } } }),
    ).to.include('card')
    expect(steps.indexOf('form-allergies')).to.equal(steps.indexOf('consents') - 1)
    expect(neighbour(born('1985', { noCard: true }), 'second', 1)).to.equal('form-allergies')
    expect(neighbour(born('1985', { noCard: true }), 'card-back', 1)).to.equal('start')
  })
})

describe('what the clinic knows already', () => {
  const answers: NonNullable<IntakeView['previous']>['answers'] = {
    ...{ givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-07', payerSex: 'F', phone: '512 555 0137', email: null, gender: null, guardian: null },
    address: { line1: '12 Lake Street', line2: null, city: 'Austin', country: 'US', state: 'TX', postalCode: '78701' },
    ...{
      payerId: 'HELIO1',
      memberId: 'HH204417',
      groupNumber: null,
      nameOnCard: null,
      secondary: null,
      payerText: null,
      noCard: false,
      forms: {},
      formVersions: {},
    },
  }
  const before = (change: Partial<typeof answers> = {}) =>
    offeredOf({ previous: { answers: { ...answers, ...change }, givenAt: '2026-01-05T10:00:00.000Z' }, contact: null, payers })
  it('is offered as it would be typed, page by page, and taken only where it was confirmed', () => {
    const { fields } = patched(emptyDraft('x'), taken(before(), ['about', 'address']))
    expect([fields.givenName, fields.birthMonth, fields.birthDay, fields.city, fields.memberId]).to.deep.equal(['Ana', '3', '7', 'Austin', ''])
    expect(taken(before(), []).fields).to.deep.equal({})
    expect(Object.keys(before())).to.have.members(offeredGroups)
  })
  it('has the name on each card where that card is', () => {
    const nameOnCard = { givenName: 'Anita', familyName: 'Moreno' }
    const secondary = { payerId: 'NORTH2', payerText: null, memberId: 'N2', groupNumber: null }
    const of = (first: typeof nameOnCard | null, second: typeof nameOnCard | null) => {
      const draft = patched(emptyDraft('x'), taken(before({ nameOnCard: first, secondary: { ...secondary, nameOnCard: second } }), ['insurance', 'second']))
      const { fields, otherName, secondOtherName } = draft
      return { is: [otherName, secondOtherName], typed: [fields.cardGivenName, fields.secondCardGivenName], covers: coversOf(draft) }
    }
    expect(of(nameOnCard, null)).to.deep.include({ is: [true, false], typed: ['Anita', ''] })
    expect(of(null, nameOnCard)).to.deep.include({ is: [false, true], typed: ['', 'Anita'] })
    expect(of(null, nameOnCard).covers.second?.nameOnCard).to.deep.equal(nameOnCard)
  })
  it('leaves out an insurer that has gone from the list', () => {
    expect(Object.keys(before({ payerId: 'GONE9' }))).to.not.include('insurance')
  })
})
