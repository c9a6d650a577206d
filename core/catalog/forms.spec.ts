import { expect } from 'chai'
import { answeredQuestions, versionAnswered } from './form-answers.ts'
import { formBytesMax, formProblemsOf } from './form-problems.ts'
import { Form, FormDefinition } from './forms.ts'

const allergies = {
  schema: {
    type: 'object',
    properties: {
      which: { type: 'array', items: { type: 'string', enum: ['nuts', 'bees'] }, uniqueItems: true, maxItems: 2 },
      since: { type: 'string', format: 'date' },
      pain: { type: 'integer', minimum: 0, maximum: 10 },
      any: { type: 'boolean' },
      sex: { type: 'string', enum: ['a', 'b'] },
    },
    required: ['any'],
    additionalProperties: false,
  },
  words: {
    en: {
      title: 'Allergies',
      fields: {
        which: { label: 'Which?', options: { nuts: 'Nuts', bees: 'Bees' } },
        since: { label: 'Since when?', hint: 'A guess will do.' },
        pain: { label: 'How bad?' },
        any: { label: 'Any?' },
        sex: { label: 'One?', options: { a: 'A', b: 'B' } },
      },
    },
  },
  order: ['any', 'which', 'since', 'pain', 'sex'],
} as const
const parsed = (change: object = {}): FormDefinition => FormDefinition.parse({ ...structuredClone(allergies), ...change })
const paths = (definition: FormDefinition, languages: ('en' | 'es')[] = ['en']): string[] => formProblemsOf(definition, languages).map(({ path }) => path)

describe('what is wrong with a form before it is asked', () => {
  it('is nothing where everything is said in every language of the clinic', () => {
    expect(paths(parsed())).to.deep.equal([])
  })

  it('is named by language, question and choice', () => {
    expect(paths(parsed(), ['en', 'es'])).to.deep.equal(['words.es'])
    const es = structuredClone(allergies.words.en) as unknown as { fields: Record<string, { hint?: string; options?: Record<string, string> }> }
    es.fields.since = { ...es.fields.since, hint: undefined as never }
    es.fields.which = { ...es.fields.which, options: { nuts: 'Nueces' } }
    delete es.fields.since?.hint
    const both = parsed({ words: { en: allergies.words.en, es } })
    expect(paths(both, ['en', 'es'])).to.deep.equal(['words.es.fields.which.options.1', 'words.es.fields.since.hint'])
  })

  it('is what nobody could answer, and what would stop every form at the submit', () => {
    const properties = (change: object) => parsed({ schema: { ...allergies.schema, properties: { ...allergies.schema.properties, ...change } } })
    expect(paths(properties({ pain: { type: 'integer', minimum: 10, maximum: 0 } }))).to.deep.equal(['schema.properties.pain.maximum'])
    expect(paths(properties({ pain: { type: 'integer', minimum: 1.2, maximum: 1.8 } }))).to.deep.equal(['schema.properties.pain.maximum'])
    expect(paths(parsed({ schema: { ...allergies.schema, required: ['any', 'any'] } }))).to.deep.equal(['schema.required'])
    expect(paths(properties({ sex: { type: 'string', enum: ['a', 'a'] } }))).to.deep.equal(['schema.properties.sex'])
    expect(paths(properties({ sex: { type: 'string', minLength: 5, maxLength: 2 } }))).to.deep.equal(['schema.properties.sex.maxLength'])
  })

  it('is more than the database takes', () => {
    const names = Array.from({ length: 30 }, (_, n) => `q${n}`)
    const values = Array.from({ length: 30 }, (_, n) => `c${n}`)
    const fields = Object.fromEntries(names.map((name) => [name, { label: 'x', options: Object.fromEntries(values.map((value) => [value, 'y'.repeat(75)])) }]))
    const large = FormDefinition.parse({
      schema: { ...allergies.schema, required: [], properties: Object.fromEntries(names.map((name) => [name, { type: 'string', enum: values }])) },
      words: { en: { title: 'x', fields } },
    })
    expect(JSON.stringify(large).length).to.be.greaterThan(formBytesMax)
    expect(paths(large)).to.deep.equal([''])
  })

  it('is an order that does not name each question once', () => {
    for (const order of [['any'], ['any', 'any', 'which', 'since', 'pain'], ['any', 'which', 'since', 'pain', 'other']]) {
      expect(FormDefinition.safeParse({ ...allergies, order }).success, order.join()).to.equal(false)
    }
  })
})

describe('what was answered', () => {
  const form = (version: number, change: object = {}): Form => Form.parse({ ...parsed(change), id: 'allergies', version })

  it('stands beside its questions, in their order, in words', () => {
    const { title, questions } = answeredQuestions(form(1), { any: false, which: ['bees'], since: '2020-02-09', pain: 7 }, 'en')
    expect(title).to.equal('Allergies')
    expect(questions).to.deep.equal([
      { label: 'Any?', is: 'no', words: [] },
      { label: 'Which?', is: 'words', words: ['Bees'] },
      { label: 'Since when?', is: 'date', words: ['2020-02-09'] },
      { label: 'How bad?', is: 'words', words: ['7'] },
      { label: 'One?', is: 'none', words: [] },
    ])
    expect(answeredQuestions(form(1), { any: true }, 'fr').questions[0], 'no French: the first that there is').to.deep.equal({
      label: 'Any?',
      is: 'yes',
      words: [],
    })
  })

  it('belongs to the likeliest version that asks all of it', () => {
    const { any, ...rest } = allergies.schema.properties
    const without = form(2, {
      schema: { ...allergies.schema, required: [], properties: rest },
      order: ['which', 'since', 'pain', 'sex'],
    })
    expect(any.type).to.equal('boolean')
    expect(versionAnswered([without, form(1)], { any: true })?.version).to.equal(1)
    expect(versionAnswered([without, form(1)], { pain: 1 })?.version).to.equal(2)
    expect(versionAnswered([without], { any: true })).to.equal(undefined)
  })
})
