import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FormToSave } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

type Saved = NonNullable<FormToSave['definition']>

describe('a clinic’s own questions, written in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'form.read', 'form.write']
  })
  const open = async (path: string): Promise<void> => {
    await page.goto(`${hub.url}/admin/forms${path}`)
    await page.locator('h1').waitFor()
  }
  const editor = () => page.getByRole('form', { name: 'Questions' })
  const question = (n: number) => page.getByRole('group', { name: `Question ${n}`, exact: true })
  const preview = () => page.getByRole('region', { name: 'As the patient sees it' })
  const publish = (): Promise<void> => page.getByRole('button', { name: 'Publish…' }).click()
  const confirm = (name: string): Promise<void> => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  const changes = () => page.getByRole('dialog').getByRole('listitem').allTextContents()
  const saved = (): Saved | null => (screens.calls('PUT', '/api/admin/forms/').at(-1)?.body as FormToSave | undefined)?.definition ?? null
  const sayBoth = async (n: number, en: string, es: string): Promise<void> => {
    await question(n).getByLabel('Question (English)').fill(en)
    await question(n).getByLabel('Question (Español)').fill(es)
  }

  it('stand in a list: asked or not, in which version, by whom, and in which language something is missing', async () => {
    await open('')
    const rows = await page.getByRole('row').allInnerTexts()
    expect(rows[1]).to.match(/Your health\s+health\s+2\s+2\s+Asked\s+Complete[\s\S]*Ada Admin/)
    expect(rows[2]).to.match(/This winter\s+winter\s+1\s+2\s+Not asked\s+Missing: Español/)
    await looksRight(page, 'admin-forms')
  })

  it('are none at first; a new form of every kind of question is written without a mouse, told before it is asked, and asked', async () => {
    hub.data.words.forms = []
    await open('')
    await page.getByText('No questions of your own').waitFor()
    await looksRight(page, 'admin-forms-empty')
    await page.getByRole('link', { name: 'New form' }).press('Enter')
    await editor().getByLabel('Title (English)').fill('About you')
    await editor().getByLabel('Title (Español)').fill('Sobre usted')
    const kinds = ['text', 'long-text', 'number', 'date', 'yes-no', 'choice', 'many']
    for (const [index, kind] of kinds.entries()) {
      await page.getByRole('button', { name: 'Add a question' }).press('Enter')
      const kindOf = question(index + 1).getByLabel('Kind of answer')
      await focusOn(kindOf)
      await kindOf.selectOption(kind)
      await sayBoth(index + 1, `Which ${kind}?`, `¿Cuál ${kind}?`)
    }
    await question(3).getByLabel('Largest').fill('10')
    for (const n of [6, 7]) {
      await question(n).getByLabel('Choice 1 (English)').fill('Tea')
      await question(n).getByLabel('Choice 1 (Español)').fill('Té')
      await question(n).getByLabel('Choice 2 (English)').fill('Coffee')
      await question(n).getByLabel('Choice 2 (Español)').fill('Café')
    }
    await question(5).getByLabel('Must be answered').check()
    await preview().getByRole('radio', { name: 'Tea' }).check()
    await preview().getByLabel('Language of the preview').selectOption('es')
    await preview().getByRole('group', { name: '¿Cuál yes-no?' }).getByText('Sí').waitFor()
    await looksRight(page, 'admin-form-new')
    await page.getByRole('button', { name: 'Publish…' }).press('Enter')
    expect(await changes()).to.deep.equal(['A new form with 7 questions.'])
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }).press('Enter')
    await page.getByText('Version 1 is asked.').waitFor()
    expect(screens.calls('PUT', '/api/admin/forms/').map(({ path, headers }) => [path, headers['if-match']])).to.deep.equal([
      ['/api/admin/forms/about-you', '"0"'],
    ])
    const definition = saved()
    const fields = (definition?.order ?? []).map((name) => definition?.schema.properties[name])
    const two = (definition?.schema.properties[definition.order?.[5] ?? ''] as { enum: string[] } | undefined)?.enum
    expect(two).to.have.length(2)
    expect(fields.slice(0, 6)).to.deep.equal([
      { type: 'string', maxLength: 80 },
      { type: 'string', maxLength: 500 },
      { type: 'integer', minimum: 0, maximum: 10 },
      { type: 'string', format: 'date' },
      { type: 'boolean' },
      { type: 'string', enum: two },
    ])
    expect(fields[6]).to.deep.include({ type: 'array', uniqueItems: true, maxItems: 2 })
    expect(definition?.schema.required).to.deep.equal([definition?.order?.[4]])
    expect(Object.keys(definition?.words ?? {})).to.deep.equal(['en', 'es'])
  })

  it('say what is missing, each with a link to its field, and are not sent before', async () => {
    await open('/~new')
    await publish()
    const problems = () => page.getByRole('alert').getByRole('link').allTextContents()
    expect(await problems()).to.deep.equal(['Say the title in English', 'Say the title in Español', 'Add at least one question'])
    await page.getByRole('button', { name: 'Add a question' }).click()
    await question(1).getByLabel('Kind of answer').selectOption('choice')
    await question(1).getByLabel('Question (English)').fill('Tea?')
    await question(1).getByLabel('Hint (English)').fill('Any.')
    for (const choice of [1, 2]) await question(1).getByLabel(`Choice ${choice} (English)`).fill('Green')
    await editor().getByLabel('Title (English)').fill('Tea')
    await publish()
    expect(await problems()).to.deep.equal([
      'Say the title in Español',
      'Say question 1 in Español',
      'Say the hint of question 1 in Español too, or in no language',
      'Choice 2 of question 1 is there twice in English',
      'Say choice 1 of question 1 in Español',
      'Say choice 2 of question 1 in Español',
    ])
    await page.getByRole('link', { name: 'Say question 1 in Español' }).click()
    await focusOn(question(1).getByLabel('Question (Español)'))
    await looksRight(page, 'admin-form-problems')
    expect(screens.calls('PUT', '/api/admin/forms/')).to.deep.equal([])
  })

  it('move with the focus, are told by name when they go, and keep their own names when only words change', async () => {
    await open('/health')
    await page.getByRole('button', { name: 'Move question 2 up' }).press('Enter')
    await page.getByText('Now question 1 of 2.').waitFor()
    await focusOn(page.getByRole('button', { name: 'Move question 1 up' }))
    await question(2).getByLabel('Question (English)').fill('Do you smoke now?')
    await question(2).getByLabel('Must be answered').uncheck()
    await question(1).getByRole('button', { name: 'Remove choice 2' }).click()
    await question(1).getByRole('button', { name: 'Add a choice' }).click()
    await question(1).getByLabel('Choice 2 (English)').fill('Milk')
    await question(1).getByLabel('Choice 2 (Español)').fill('Leche')
    await publish()
    expect(await changes()).to.deep.equal([
      'The questions stand in another order.',
      'Other words for “Which of these can you not have?” (English, Español)',
      'Other choices for “Which of these can you not have?”',
      'Need not be answered any more: “Do you smoke now?”',
      'Other words for “Do you smoke now?” (English)',
    ])
    await looksRight(page, 'admin-form-publish')
    await confirm('Publish version 3')
    await page.getByText('Version 3 is asked.').waitFor()
    expect(saved()?.order).to.deep.equal(['qallergy', 'qsmoker1'])
    await looksRight(page, 'admin-form')
  })

  it('of another kind are another question, and nothing changed is nothing to publish', async () => {
    await open('/health')
    await publish()
    await page.getByText('Nothing differs from the version that is asked.').waitFor()
    expect(
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Publish version/ })
        .count(),
    ).to.equal(0)
    await confirm('Cancel')
    await question(1).getByLabel('Kind of answer').selectOption('date')
    await page.getByRole('button', { name: 'Remove question 2' }).click()
    await publish()
    expect(await changes()).to.deep.equal([
      'Added: “Do you smoke?”',
      'Not asked any more: “Do you smoke?”',
      'Not asked any more: “Which of these can you not have?”',
    ])
  })

  it('stay as typed when somebody else published meanwhile, or the server finds something, which is told at its field', async () => {
    await open('/health')
    await question(1).getByLabel('Question (English)').fill('Do you smoke now?')
    hub.fail('/api/admin/forms/health', 400, 'invalid', 1, [{ path: 'definition.words.es.fields.qsmoker1.label', message: 'must be at most 200 characters' }])
    await publish()
    await confirm('Publish version 3')
    await page.getByRole('link', { name: 'must be at most 200 characters: the server did not take this' }).click()
    await focusOn(question(1).getByLabel('Question (Español)'))
    const [form] = hub.data.words.forms
    if (form) form.version = 3
    await publish()
    await confirm('Publish version 3')
    await page.getByText('Somebody else published this form meanwhile.').waitFor()
    await looksRight(page, 'admin-form-late')
    await page.getByRole('button', { name: 'Load it again' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('Version 3').first().waitFor()
    expect(await question(1).getByLabel('Question (English)').inputValue()).to.equal('Do you smoke?')
  })

  it('that are not published yet are not left without a question; a new form that was is left freely', async () => {
    const asked: string[] = []
    page.on('dialog', (box) => {
      asked.push(box.type())
      void box.dismiss()
    })
    await open('/health')
    const back = page.getByRole('link', { name: 'Questions' }).last()
    await question(1).getByLabel('Question (English)').fill('Do you smoke now?')
    await back.click()
    expect(asked).to.deep.equal(['confirm'])
    expect(await question(1).getByLabel('Question (English)').inputValue()).to.equal('Do you smoke now?')
    await question(1).getByLabel('Question (English)').fill('Do you smoke?')
    await back.click()
    await page.getByRole('link', { name: 'New form' }).click()
    await editor().getByLabel('Title (English)').fill('About you')
    await editor().getByLabel('Title (Español)').fill('Sobre usted')
    await page.getByRole('button', { name: 'Add a question' }).click()
    await sayBoth(1, 'How are you?', '¿Cómo está?')
    await publish()
    await confirm('Publish version 1')
    await page.waitForFunction(() => !window.location.pathname.endsWith('~new'))
    expect(asked).to.deep.equal(['confirm'])
  })

  it('are asked no more after a question whether so, and can be asked again', async () => {
    await open('/health')
    await page.getByRole('button', { name: 'Stop asking…' }).click()
    await page.getByText('What was answered stays with the visits').waitFor()
    await confirm('Stop asking')
    await page.getByText('Not asked since').waitFor()
    expect(screens.calls('PUT', '/api/admin/forms/').at(-1)?.body).to.deep.equal({ definition: null })
    await publish()
    expect(await changes()).to.deep.equal(['The form is asked again.'])
    await confirm('Publish version 3')
    await page.getByText('Version 3 is asked.').waitFor()
  })

  it('are not asked beyond what a patient can be asked, and say so when they cannot be loaded', async () => {
    const [form] = hub.data.words.forms
    hub.data.words.forms = Array.from({ length: 10 }, (_, n) => ({ ...structuredClone(form as NonNullable<typeof form>), id: `f${n}` }))
    await open('')
    await page.getByText('Patients are asked 10 forms').waitFor()
    expect(await page.getByRole('link', { name: 'New form' }).count()).to.equal(0)
    hub.fail('/api/admin/forms/f1', 503, 'storage-away', 5)
    await open('/f1')
    await page.getByRole('alert').waitFor()
    await looksRight(page, 'admin-form-away')
    await page.goto(`${hub.url}/admin/forms/nothing-there`)
    await page.getByRole('heading', { name: 'not found' }).or(page.locator('h1')).first().waitFor()
  })
})
