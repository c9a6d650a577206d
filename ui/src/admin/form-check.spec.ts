import { FormDefinition } from '@heliox/core/catalog'
import { demoForms } from '@heliox/db/seed/forms'
import { expect } from 'chai'
import type { ClinicForm } from '../client.gen.ts'
import { changesOf, controlOf, draftProblems, refusedControl } from './form-check.ts'
import { definitionOf, draftOf, kinds, newQuestion, ofKind, type QuestionDraft } from './form-draft.ts'

const languages = ['en', 'es', 'de', 'fr'] as const
const [demo] = demoForms
const definition = (() => {
  const { id: _, ...rest } = demo ?? { id: '' }
  return rest as unknown as ClinicForm['definition']
})()
const read = () => draftOf({ definition, languages: [...languages] })
const said = (text: string) => Object.fromEntries(languages.map((language) => [language, `${text} ${language}`]))
const written = (kind: QuestionDraft['kind']): QuestionDraft => {
  const question = { ...ofKind(newQuestion(), kind), label: said(kind) }
  return { ...question, choices: question.choices.map((choice, n) => ({ ...choice, words: said(`choice ${n}`) })) }
}

describe('a form as an administrator types it', () => {
  it('is read and written without a change, order and all', () => {
    const draft = read()
    expect(definitionOf(draft, languages)).to.deep.equal(JSON.parse(JSON.stringify(definition)))
    expect(draft.questions.map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal(['helpWith many', 'reason long-text', 'heardOfUs choice'])
    expect(changesOf(definition, draft, languages)).to.deep.equal([])
    expect(draftProblems(draft, languages)).to.deep.equal([])
  })

  it('is, with every kind of question, what the hub takes', () => {
    const draft = { title: said('title'), questions: kinds.map(written) }
    expect(draftProblems(draft, languages)).to.deep.equal([])
    expect(FormDefinition.safeParse(definitionOf(draft, languages)).error?.issues).to.equal(undefined)
    const again = draftOf({ definition: definitionOf(draft, languages) as unknown as ClinicForm['definition'], languages: [...languages] })
    expect(again.questions.map(({ kind }) => kind)).to.deep.equal([...kinds])
  })

  it('keeps a name for good, and gives another kind another one', () => {
    const [first] = read().questions
    if (!first) throw new Error('no question')
    expect(ofKind(first, 'date').name).to.not.equal(first.name)
    expect(new Set(Array.from({ length: 200 }, () => newQuestion().name)).size).to.equal(200)
    for (const { name } of Array.from({ length: 50 }, newQuestion)) expect(name).to.match(/^[a-z][A-Za-z0-9]{0,39}$/)
  })

  it('says which limits make no sense', () => {
    const wrong = (kind: QuestionDraft['kind'], change: Partial<QuestionDraft>): string[] =>
      draftProblems({ title: said('t'), questions: [{ ...written(kind), name: 'q', ...change }] }, languages).map(({ id }) => id)
    expect(wrong('number', { smallest: '5', largest: '1' })).to.deep.equal(['q-largest'])
    expect(wrong('number', { smallest: 'x', largest: '' })).to.deep.equal(['q-smallest', 'q-largest'])
    expect(wrong('number', { smallest: '0.5', whole: true })).to.deep.equal(['q-smallest'])
    expect(wrong('number', { smallest: '0.5', whole: false })).to.deep.equal([])
    expect(wrong('text', { longest: '0' })).to.deep.equal(['q-longest'])
    expect(wrong('text', { longest: '10', shortest: 12 })).to.deep.equal(['q-longest'])
    expect(wrong('many', { most: '3' })).to.deep.equal(['q-most'])
    expect(wrong('choice', { choices: [] })).to.deep.equal(['q-addChoice'])
  })

  it('finds the control that the hub’s refusal is about', () => {
    const draft = read()
    const [first] = draft.questions
    const at = (path: string): string => refusedControl(path, draft)
    expect(at('definition.words.es')).to.equal(controlOf.title('es'))
    expect(at('definition.words.es.title')).to.equal(controlOf.title('es'))
    expect(at('definition.words.de.fields.reason.hint')).to.equal(controlOf.said('reason', 'hint', 'de'))
    expect(at('definition.words.fr.fields.helpWith.options.1')).to.equal(controlOf.choice('helpWith', first?.choices[1]?.value ?? '', 'fr'))
    expect(at('definition.schema.properties.reason.maxLength')).to.equal(controlOf.part('reason', 'kind'))
    expect(at('definition')).to.equal(controlOf.add)
  })
})
