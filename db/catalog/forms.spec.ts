import { Form, type FormDefinition, FormSchema, formsMax, questionNames } from '@heliox/core/catalog'
import { accessCodeOf } from '@heliox/core/compliance'
import { IntakeSubmission } from '@heliox/core/identity'
import { demo } from '@heliox/db/seed/demo'
import { demoForms } from '@heliox/db/seed/forms'
import { expect } from 'chai'
import { newLink, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'

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

  it('keep the order in which they are asked', async () => {
    const fields = { zebra: { type: 'boolean' }, a: { type: 'boolean' }, middle: { type: 'boolean' } } as const
    const labels = Object.fromEntries(Object.keys(fields).map((name) => [name, { label: name }]))
    const ordered: FormDefinition = {
      schema: { type: 'object', properties: fields, required: [], additionalProperties: false },
      words: { en: { title: 'Order', fields: labels } },
      order: ['zebra', 'a', 'middle'],
    }
    await save('health', 3, ordered)
    const read = (await hub.api.stores.intake.forms(hub.tenantId)).find(({ id }) => id === 'health')
    expect(Object.keys(read?.schema.properties ?? {}), 'the store has its own').to.not.deep.equal(ordered.order)
    expect(read && questionNames(read)).to.deep.equal(ordered.order)
  })

  it('are listed with who saved them, asked or not, for their own clinic', async () => {
    const admin = demo.lakeside.users.find(({ roles }) => roles.includes('admin'))
    await hub.api.stores.forms.save(hub.tenantId, { id: 'health', seen: 4, definition: definition('Smoker?') }, `user:${admin?.id}`, hub.now)
    await save('health', 5, null)
    const listed = await hub.api.stores.forms.list(hub.tenantId)
    expect(listed.map(({ id, version, endedAt, savedBy }) => [id, version, endedAt, savedBy])).to.deep.equal([
      ['before-your-visit', 1, null, null],
      ['health', 5, hub.now.toISOString(), admin?.displayName],
    ])
    expect((await hub.api.stores.forms.find(hub.tenantId, 'health'))?.definition).to.deep.equal(definition('Smoker?'))
    expect(await hub.api.stores.forms.find(hub.otherTenantId, 'health')).to.equal(undefined)
    expect(await save('health', 5, definition('Do you smoke?'))).to.deep.equal({ version: 6 })
  })

  it('are read with what was answered, in the version that was answered, by the desk of that clinic, audited', async () => {
    const link = await newLink(hub)
    const answers = { ...submission.answers, forms: { health: { smoker: true }, 'before-your-visit': { helpWith: ['hearing'], reason: 'My knee' } } }
    const form = IntakeSubmission.parse({ ...submission, answers, signature: { ...submission.signature, accessCode: accessCodeOf(link.intakeId) } })
    const read = (tenantId = hub.tenantId) => hub.api.stores.forms.answers(tenantId, link.intakeId, 'en', 'user:desk', hub.now)
    expect(await read(), 'not sent').to.equal(undefined)
    expect(await hub.api.stores.intake.submit(link, form, submitMeta(), hub.now)).to.equal('submitted')
    await hub.api.stores.forms.save(
      hub.tenantId,
      { id: 'health', seen: 6, definition: definition('Other words') },
      'user:admin',
      new Date(hub.now.getTime() + 60_000),
    )
    expect(await read()).to.deep.equal([
      {
        ...{ id: 'before-your-visit', version: 1, isRecorded: false, title: 'Before your visit' },
        questions: [
          { label: 'What can we help you with?', is: 'words', words: ['Hearing'] },
          { label: 'Why are you coming?', is: 'words', words: ['My knee'] },
          { label: 'How did you hear of us?', is: 'none', words: [] },
        ],
      },
      { id: 'health', version: 6, isRecorded: false, title: 'Health', questions: [{ label: 'Do you smoke?', is: 'yes', words: [] }] },
    ])
    expect(await read(hub.otherTenantId)).to.equal(undefined)
    const said = await newLink(hub)
    const bound = IntakeSubmission.parse({
      ...form,
      answers: { ...answers, formVersions: { health: 4, gone: 1 }, forms: { ...answers.forms, gone: { why: 'x' } } },
    })
    await hub.api.stores.intake.submit(said, { ...bound, signature: { ...bound.signature, accessCode: accessCodeOf(said.intakeId) } }, submitMeta(), hub.now)
    const asRead = await hub.api.stores.forms.answers(hub.tenantId, said.intakeId, 'en', 'user:desk2', hub.now)
    expect(asRead?.map(({ id, version, isRecorded }) => [id, version, isRecorded])).to.deep.equal([
      ['before-your-visit', 1, false],
      ['gone', null, true],
      ['health', 4, true],
    ])
    expect(asRead?.[1]?.questions, 'nothing more is known').to.deep.equal([{ label: 'why', is: 'words', words: ['x'] }])
    const audits = await hub.owner.query<{ purpose: string; resource: string }>(
      "SELECT purpose, resource FROM compliance.audit_logs WHERE action = 'phi.read' AND actor = 'user:desk'",
    )
    expect(audits.rows.map(({ purpose, resource }) => `${purpose} ${resource.split(' ')[1]}`)).to.deep.equal(['front desk fields:forms'])
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
