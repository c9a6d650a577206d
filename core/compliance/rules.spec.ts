import { expect } from 'chai'
import { accessCodeOf, codeMark } from './access-code.ts'
import { type ConsentText, consentKinds } from './model.ts'
import { accessCodeProblem, consentProblems } from './rules.ts'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const texts: ConsentText[] = consentKinds.map((kind, n) => ({
  id: id(n),
  kind,
  language: 'en',
  version: 1,
  title: kind,
  body: kind,
  sha256: String(n).repeat(64),
}))
const given = (kinds: readonly ConsentText['kind'][]) =>
  kinds.map((kind) => {
    const text = texts.find((t) => t.kind === kind)
    return { textId: text?.id ?? '', textSha256: text?.sha256 ?? '' }
  })
const basic = ['treatment', 'privacy-notice', 'electronic-signature'] as const

describe('consentProblems', () => {
  it('takes the three consents without a card, and asks for the fourth with one', () => {
    expect(consentProblems(texts, given(basic), false)).to.deep.equal([])
    expect(consentProblems(texts, given(basic), true)).to.deep.equal([{ at: null, message: 'must include the card-authorisation consent' }])
    expect(consentProblems(texts, given([...basic, 'card-authorisation']), true)).to.deep.equal([])
  })

  it('refuses a consent whose hash is not that of the text shown', () => {
    const other = given(basic).map((g, at) => (at === 0 ? { ...g, textSha256: 'f'.repeat(64) } : g))
    expect(consentProblems(texts, other, false).map((p) => p.at)).to.deep.equal([0, null])
  })

  it('does not let one consent count twice', () => {
    expect(consentProblems(texts, given(['treatment', 'treatment', 'privacy-notice', 'electronic-signature']), false)).to.deep.equal([
      { at: 1, message: 'must be given once' },
    ])
  })
})

describe('the code that shows that a text could be read', () => {
  const intakeId = '018f3c00-0000-7000-8000-0000000000aa'
  const asking = texts.map((text) => (text.kind === 'electronic-signature' ? { ...text, body: `Type ${codeMark}` } : text))
  const code = accessCodeOf(intakeId)
  const problem = (typed: string | null, of = asking) => accessCodeProblem(of, given(basic), typed, intakeId)

  it('is four digits, the same each time, and another for another form', () => {
    expect(code).to.match(/^[0-9]{4}$/)
    expect(accessCodeOf(intakeId)).to.equal(code)
    const many = Array.from({ length: 50 }, (_, n) => accessCodeOf(`${intakeId}${n}`))
    expect(new Set(many).size).to.be.greaterThan(40)
  })
  it('is asked for exactly where a text that was signed shows it', () => {
    expect(problem(code)).to.equal(undefined)
    expect(problem(` ${code} `)).to.equal(undefined)
    for (const typed of [null, '', '0', `${code}1`]) expect(problem(typed)).to.be.a('string')
    expect(problem(null, texts), 'no text shows one').to.equal(undefined)
    expect(accessCodeProblem(asking, given(['sms']), null, intakeId), 'it was not signed').to.equal(undefined)
  })
})
