import { Form, type FormDefinition, FormSchema, formsMax } from '@heliox/core/catalog'
import { demoForms } from '@heliox/db/seed/forms'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'

const definition = (label: string): FormDefinition => ({
  schema: { type: 'object', properties: { smoker: { type: 'boolean' } }, required: [], additionalProperties: false },
  words: { en: { title: 'Health', fields: { smoker: { label } } } },
})

describe('a clinic’s own questions', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  const save = (id: string, seen: number, of: FormDefinition | null, tenantId = hub.tenantId) =>
    hub.api.stores.forms.save(tenantId, { id, seen, definition: of }, 'user:admin', hub.now)
  const asked = async (tenantId = hub.tenantId) => (await hub.api.stores.intake.forms(tenantId)).map(({ id, version }) => `${id} ${version}`)

  it('come with the demo, in every language, and of one clinic only when it adds some', async () => {
    expect(demoForms.map(({ words }) => Object.keys(words))).to.deep.equal([['en', 'es', 'de', 'fr']])
    expect(await save('health', 0, definition('Do you smoke?'))).to.deep.equal({ version: 1 })
    expect(await asked()).to.deep.equal(['before-your-visit 1', 'health 1'])
    expect(await asked(hub.otherTenantId)).to.deep.equal(['before-your-visit 1'])
  })

  it('change by a new version, over the one that was seen; the former one stays as it was', async () => {
    const both = await Promise.all([save('health', 1, definition('Smoker?')), save('health', 1, definition('Smoking?'))])
    expect(both.filter((one) => one === 'changed-meanwhile')).to.have.length(1)
    expect(await asked()).to.include('health 2')
    const kept = await hub.owner.query<{ label: string }>(
      `SELECT definition #>> '{words,en,fields,smoker,label}' AS label FROM catalog.forms WHERE id = 'health' AND version = 1`,
    )
    expect(kept.rows[0]?.label).to.equal('Do you smoke?')
    expect(await save('health', 2, null)).to.deep.equal({ version: 2 })
    expect(await asked()).to.deep.equal(['before-your-visit 1'])
    expect(await save('health', 2, definition('Do you smoke?'))).to.deep.equal({ version: 3 })
  })

  it('are no more than a patient can be asked', async () => {
    const outcomes = await Promise.all(Array.from({ length: formsMax }, (_, n) => save(`more-${n}`, 0, definition('x'))))
    expect(outcomes.filter((one) => one === 'too-many-forms')).to.have.length(2)
    expect(await asked()).to.have.length(formsMax)
  })

  it('have a length for every text, an end of every list, and words for every question', () => {
    const schema = (fields: object, more: object = {}) =>
      FormSchema.safeParse({ type: 'object', properties: fields, additionalProperties: false, ...more }).success
    expect(schema({ a: { type: 'string', maxLength: 20 } })).to.equal(true)
    const refused: object[] = [
      { type: 'string' },
      { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      { type: 'object', properties: {} },
      { $ref: '#/a' },
      { type: 'string', maxLength: 20, pattern: '(a+)+$' },
    ]
    for (const field of refused) expect(schema({ a: field }), JSON.stringify(field)).to.equal(false)
    expect(schema({ a: { type: 'boolean' } }, { required: ['b'] })).to.equal(false)
    expect(schema({ a: { type: 'boolean' } }, { additionalProperties: true })).to.equal(false)
    const good = { id: 'x', version: 1, ...definition('y') }
    expect(Form.safeParse(good).success).to.equal(true)
    expect(Form.safeParse({ ...good, words: { en: { title: 'x', fields: {} } } }).success).to.equal(false)
    expect(Form.safeParse({ ...good, words: {} }).success).to.equal(false)
  })
})
