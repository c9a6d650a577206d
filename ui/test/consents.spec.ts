import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { ConsentTextsToSave } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

describe('the texts that patients sign, in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'consent-text.read', 'consent-text.publish']
  })
  const open = async (path = ''): Promise<void> => {
    await page.goto(`${hub.url}/admin/consents${path}`)
    await page.locator('main h1').waitFor()
    await page.getByText('Loading').waitFor({ state: 'detached' })
  }
  const kept = (kind: string) => {
    const found = hub.data.words.consents.find((one) => one.kind === kind)
    if (!found) throw new Error(kind)
    return found
  }
  const preview = () => page.getByRole('region', { name: 'As the patient sees it' })
  const body = (language: string) => page.getByLabel(`Text (${language})`)
  const publish = (): Promise<void> => page.getByRole('button', { name: 'Compare and publish…' }).click()
  const dialog = () => page.getByRole('dialog')
  const confirm = (name: string): Promise<void> => dialog().getByRole('button', { name, exact: true }).click()
  const sent = () =>
    screens.calls('PUT', '/api/admin/consents/').map((call) => ({ path: call.path, seen: call.headers['if-match'], body: call.body as ConsentTextsToSave }))

  it('stand in a list: who needs each, in which version, by whom, what is missing, and what the clinic says of it', async () => {
    hub.data.words.bankAccounts = true
    Object.assign(kept('treatment'), { missing: ['es'], inForce: kept('treatment').inForce.slice(0, 1) })
    Object.assign(kept('telehealth'), { missing: ['en', 'es'], inForce: [], newest: 0, versions: [] })
    await open()
    const row = (name: string): Promise<string> => page.getByRole('row', { name }).innerText()
    expect(await row('Consent to care')).to.match(/Everybody; no form without it\s+2\s+Missing: Español[\s\S]*Ada Admin/)
    expect(await row('Authorisation to keep')).to.match(/Who leaves a card or account\s+2\s+Complete\s+Card only/)
    expect(await row('Signing on a screen')).to.contain('Asks for a code')
    expect(await row('Visits by video')).to.match(/may be left out\s+None\s+Missing: English, Español/)
    await looksRight(page, 'admin-consents')
  })

  it('are published over all languages, after what differs was shown word by word, and the version before stays as it was', async () => {
    await open('/treatment')
    const before = await body('English').inputValue()
    await body('English').fill(before.replace('examined and treated', 'examined, treated and asked'))
    await preview().getByText('examined, treated and asked').waitFor()
    await preview().getByLabel('Language of the preview').selectOption('es')
    await preview().getByText('Lo leí y estoy de acuerdo').waitFor()
    await publish()
    const english = dialog().getByRole('region', { name: 'English' })
    expect(await english.locator('del').allTextContents()).to.deep.equal(['Taken out:  examined (end)', 'Taken out:  treated. (end)'])
    expect(await english.locator('ins').allTextContents()).to.deep.equal(['Added:  examined, treated (end)', 'Added:  asked. (end)'])
    await dialog().getByRole('region', { name: 'Español' }).getByText('As before.').waitFor()
    await looksRight(page, 'admin-consent-publish')
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
    const [call] = sent()
    expect([call?.path, call?.seen, Object.keys(call?.body.texts ?? {})]).to.deep.equal(['/api/admin/consents/treatment', '"2"', ['en', 'es']])
    const versions = await page.getByRole('region', { name: 'Versions' }).getByRole('listitem').allInnerTexts()
    expect(versions[0]).to.match(/Version 3\s+In force[\s\S]*Robin Ade[\s\S]*signed 0 times/)
    expect(versions[1]).to.match(/Version 2[\s\S]*signed 12 times/)
    expect(versions[2]).to.match(/Version 1[\s\S]*signed more than 10000 times/)
    await page.getByText('Version 2', { exact: true }).click()
    await page.getByText('I agree to be examined and treated.').last().waitFor()
    await looksRight(page, 'admin-consent')
  })

  it('leave no language out, and have the code in all of them; what is missing is told at its field', async () => {
    await open('/electronic-signature')
    await body('Español').fill('')
    await page.getByLabel('Title (Español)').fill('')
    await publish()
    const problems = () => page.getByRole('alert').getByRole('link').allTextContents()
    expect(await problems()).to.deep.equal(['Say the title in Español', 'Say the text in Español'])
    await body('Español').fill('Firmo aquí.')
    await page.getByLabel('Title (Español)').fill('Firmar')
    await publish()
    expect(await problems()).to.deep.equal(['The text in Español needs the code: in the United States a patient shows that they can read what they sign'])
    await page.getByRole('link', { name: 'The text in Español needs the code' }).click()
    await focusOn(page.getByLabel('Text (Español)'))
    await looksRight(page, 'admin-consent-problems')
    await page.getByRole('button', { name: 'Put the code at the end (Español)' }).click()
    await preview().getByLabel('Language of the preview').selectOption('es')
    await preview().getByText('Firmo aquí. 4711').waitFor()
    await publish()
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
    expect(sent()[0]?.body.texts.es).to.deep.equal({ title: 'Firmar', body: 'Firmo aquí. {code}' })
  })

  it('warn where bank accounts are taken and nothing says that the authorisation covers them; the tick is kept with the version', async () => {
    hub.data.words.bankAccounts = true
    await open('/card-authorisation')
    await page.getByText('The clinic takes bank accounts, and nothing says').waitFor()
    await looksRight(page, 'admin-consent-accounts')
    await page.getByLabel('This text covers bank accounts').check()
    await publish()
    await dialog().getByText('From now on it says that it covers bank accounts.').waitFor()
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
    expect(sent()[0]?.body.coversBankAccounts).to.equal(true)
    expect(await page.getByText('The clinic takes bank accounts, and nothing says').count()).to.equal(0)
    await publish()
    await page.getByText('Nothing differs from the version in force.').waitFor()
    expect(
      await dialog()
        .getByRole('button', { name: /^Publish version/ })
        .count(),
    ).to.equal(0)
  })

  it('say in which language a text is missing, and begin there with nothing', async () => {
    hub.data.words.languages = ['en', 'es', 'de', 'fr']
    Object.assign(kept('privacy-notice'), { missing: ['de', 'fr'] })
    await open('/privacy-notice')
    await page.getByText('There is no text in Deutsch, Français. Patients are not offered a language').waitFor()
    await looksRight(page, 'admin-consent-missing')
    for (const [language, words] of [
      ['Deutsch', 'Wir schützen Ihre Daten.'],
      ['Français', 'Nous protégeons vos données.'],
    ] as const) {
      await page.getByLabel(`Title (${language})`).fill('x')
      await body(language).fill(words)
    }
    await publish()
    await dialog().getByRole('region', { name: 'Deutsch' }).getByText('There was no text in this language.').waitFor()
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
    expect(Object.keys(sent()[0]?.body.texts ?? {})).to.deep.equal(['en', 'es', 'de', 'fr'])
  })

  it('stay as typed when somebody else published meanwhile, when the server refuses, and when it is away', async () => {
    await open('/sms')
    await body('English').fill('I want texts.')
    hub.fail('/api/admin/consents/sms', 400, 'invalid', 1, [{ path: 'texts.es.body', message: 'must not hold control characters' }])
    await publish()
    await confirm('Publish version 3')
    await page.getByRole('link', { name: 'must not hold control characters: the server did not take this' }).click()
    await focusOn(page.getByLabel('Text (Español)'))
    hub.fail('/api/admin/consents/sms', 503, 'storage-away')
    await publish()
    await confirm('Publish version 3')
    await dialog().getByRole('alert').waitFor()
    kept('sms').newest = 3
    await confirm('Publish version 3')
    await page.getByText('Somebody else published a version meanwhile.').waitFor()
    await looksRight(page, 'admin-consent-late')
    expect(await body('English').inputValue()).to.equal('I want texts.')
    await page.getByRole('button', { name: 'Load it again' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('I agree to be examined').first().waitFor()
  })

  it('are asked no more after a question whether so, where the form can do without, and can be published again', async () => {
    const stop = page.getByRole('button', { name: 'Stop asking…' })
    await open('/treatment')
    expect(await stop.count()).to.equal(0)
    await open('/card-authorisation')
    hub.fail('/api/admin/consents/card-authorisation', 409, 'consent-needed')
    await stop.click()
    await confirm('Stop asking')
    await dialog().getByText('nobody could leave one without this text').waitFor()
    await open('/sms')
    const words = await body('English').inputValue()
    await stop.click()
    await page.getByText('can take it back as before').waitFor()
    await looksRight(page, 'admin-consent-end')
    await confirm('Stop asking')
    await page.getByText('Patients are not asked for this. What was signed before still holds').waitFor()
    expect(screens.calls('DELETE', '/api/admin/consents/sms').map((call) => call.headers['if-match'])).to.deep.equal(['"2"'])
    expect(await stop.count()).to.equal(0)
    expect(await body('English').inputValue(), 'to begin with').to.equal(words)
    await publish()
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
  })

  it('that are not published yet are not left without a question: by a link, by “back”, by another page', async () => {
    const asked: string[] = []
    let stays = true
    page.on('dialog', (box) => {
      asked.push(box.type())
      void (stays ? box.dismiss() : box.accept())
    })
    await open()
    await page.getByRole('link', { name: 'Text messages' }).click()
    await body('English').fill('I want texts.')
    await page.getByRole('link', { name: 'Consents' }).last().click()
    expect(asked).to.deep.equal(['confirm'])
    await page.evaluate(() => window.history.back())
    await page.waitForFunction(() => window.location.pathname === '/admin/consents/sms')
    expect(asked).to.deep.equal(['confirm', 'confirm'])
    await page.evaluate(() => window.location.assign('/admin/flows')).catch(() => undefined)
    expect(asked.at(-1)).to.equal('beforeunload')
    expect([new URL(page.url()).pathname, await body('English').inputValue()]).to.deep.equal(['/admin/consents/sms', 'I want texts.'])
    stays = false
    await page.evaluate(() => window.history.back())
    await page.getByRole('heading', { name: 'Consents' }).waitFor()
    const told = asked.length
    expect(told).to.equal(4)
    await page.getByRole('link', { name: 'Text messages' }).click()
    await body('English').fill('I want texts.')
    await publish()
    await confirm('Publish version 3')
    await page.getByText('Version 3 is in force.').waitFor()
    await page.getByRole('link', { name: 'Consents' }).last().click()
    await page.getByRole('row', { name: 'Text messages' }).waitFor()
    expect(asked.length, 'what is published is kept').to.equal(told)
  })

  it('are nothing of a kind that there is not, and say when they cannot be loaded', async () => {
    await open('/other')
    await page.getByText('Not found', { exact: false }).or(page.locator('main h1')).first().waitFor()
    expect(await page.getByRole('form').count()).to.equal(0)
    hub.fail('/api/admin/consents', 503, 'storage-away', 5)
    await open()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await looksRight(page, 'admin-consents-away')
  })
})
