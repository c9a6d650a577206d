import { expect } from 'chai'
import { en } from '../shared/messages/en.ts'
import { languageTags, wordsIn } from '../shared/messages/index.ts'
import { birthDateOf } from './birth-date.ts'
import { type Draft, emptyDraft } from './draft.ts'
import { problemFromApi, signedConsents, tidied } from './validate.ts'

const today = '2026-11-22'
const born = (month: string, day: string, year: string) => birthDateOf({ ...emptyDraft('x').fields, birthMonth: month, birthDay: day, birthYear: year }, today)

describe('what a patient may type', () => {
  it('takes a date of birth in three parts, with or without leading zeros', () => {
    expect(born('3', '7', '1985')).to.deep.equal({ date: '1985-03-07' })
    expect(born(' 12', '31 ', '2000')).to.deep.equal({ date: '2000-12-31' })
  })
  for (const [month, day, year, words] of [
    ['', '', '', en.wrong.birthDate],
    ['2', '', '1985', en.wrong.birthDateParts],
    ['2', '30', '1985', en.wrong.birthDateReal],
    ['13', '1', '1985', en.wrong.birthDateReal],
    ['1', '1', '85', en.wrong.birthDateYear],
    ['11', '23', '2026', en.wrong.birthDatePast],
    ['mm', 'dd', '1985', en.wrong.birthDateReal],
  ] as const) {
    it(`says what is wrong with ${month || '-'}/${day || '-'}/${year || '-'}`, () => {
      const problem = born(month, day, year)
      expect('say' in problem && problem.say(en)).to.equal(words)
    })
  }
  it('takes ids with the spaces that a card prints', () => {
    const draft: Draft = emptyDraft('x')
    draft.fields.memberId = ' HH 204 417 '
    expect(tidied(draft, 'memberId')).to.equal('HH204417')
  })
  it('finds the page of a field that the api names, in either way of writing it', () => {
    expect(problemFromApi('answers.address.city')?.step).to.equal('address')
    expect(problemFromApi('/body/answers/memberId')?.step).to.equal('insurance')
    expect(problemFromApi('consents.0.textId')?.step).to.equal('consents')
    expect(problemFromApi('answers.nameOnCard.familyName')?.step).to.equal('insurance')
    expect(problemFromApi('answers.secondary.nameOnCard.familyName')?.step).to.equal('second')
    expect(problemFromApi('something.else')).to.equal(null)
    const phone = problemFromApi('answers.phone')
    expect([phone?.step, phone?.id]).to.deep.equal(['contact', 'phone'])
    expect(phone?.say(en)).to.equal(en.wrong.phoneWrong)
  })
})

describe('a consent', () => {
  it('counts only for the very text that is shown: its id and its hash', () => {
    const text = { id: 't1', kind: 'treatment' as const, language: 'en' as const, title: 'Treatment', body: 'old', sha256: 'a' }
    const draft = emptyDraft('x')
    draft.consents.en.treatment = { textId: 't1', textSha256: 'a' }
    const form = (shown: Partial<typeof text>) => ({
      draft,
      language: 'en' as const,
      intake: { clinic: { languages: ['en', 'de'] }, consentTexts: { en: [{ ...text, ...shown }], es: [], de: [], fr: [] } } as never,
    })
    expect(signedConsents(form({})).ticks.treatment).to.deep.equal({ textId: 't1', textSha256: 'a' })
    expect(signedConsents({ ...form({ sha256: 'b' }) }).ticks.treatment).to.equal(undefined)
    expect(signedConsents({ ...form({ id: 't2' }) }).ticks.treatment).to.equal(undefined)
  })
})

describe('the patient’s words', () => {
  const leaves = (value: unknown, path = ''): [string, unknown][] =>
    typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`)) : [[path, value]]
  // The same word in both languages.
  const alike = ['.errorPrefix', '.photo.fileHint', '.check.name', '.insurance.groupNumber', '.second.no', '.own.no']
  it('are all there in every language, and none is left in English', async () => {
    for (const tag of languageTags.filter((other) => other !== 'en')) {
      const words = new Map(leaves((await wordsIn(tag)).text))
      const same = leaves(en).filter(([path, value]) => typeof value === 'string' && words.get(path) === value && !alike.includes(path))
      expect(
        same.map(([path]) => path),
        tag,
      ).to.deep.equal([])
      expect([...words.keys()], tag).to.have.members(leaves(en).map(([path]) => path))
    }
  })
  it('say the number, the name or the place that they are told', async () => {
    for (const tag of languageTags) {
      const { text } = await wordsIn(tag)
      const told = leaves(text).filter((leaf): leaf is [string, (...of: string[]) => string] => typeof leaf[1] === 'function')
      for (const [path, say] of told) expect(say('4711', '0815'), `${tag} ${path}`).to.include('4711')
    }
  })
})
