import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { drawn, focusOn } from './browser.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { cardPicture } from './fake-partner.ts'
import { fakeScreens } from './screens.ts'
import { examplePatient, fillIntake, sendForm, stepOf, submitStep, waitForStep, walkIntake } from './walk-intake.ts'

const photo = { name: 'card.png', mimeType: 'image/png', buffer: cardPicture() }
const link = '/i/a-token-of-a-link'

describe('the intake form in a browser', function () {
  const screens = fakeScreens(this, { width: 320 })
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const open = (hash = ''): Promise<unknown> => page.goto(hub.url + link + hash)
  const calls = (path: string): Seen[] => hub.seen.filter((call) => call.path === path)
  const stored = (): Promise<string> => page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }).join(' '))

  it('sends everything once: answers, consents bound to their texts, photos, the card’s token and nothing else of it', async () => {
    await open()
    await walkIntake(page, { ...examplePatient, photos: { front: photo, back: photo } })
    const [call] = calls('/api/intake/submit')
    expect(calls('/api/intake/submit')).to.have.length(1)
    const body = call?.body as {
      answers: Record<string, unknown>
      consents: { textId: string }[]
      uploadIds: string[]
      confirmationTokenId: string
      signature: unknown
    }
    expect(body.answers).to.deep.equal({
      givenName: 'Ana',
      familyName: 'Moreno',
      birthDate: '1985-03-27',
      payerSex: 'F',
      phone: '512 555 0137',
      email: 'ana@example.com',
      address: { line1: '12 Lake Street', line2: null, city: 'Austin', country: 'US', state: 'TX', postalCode: '78701' },
      payerId: 'HELIO1',
      payerText: null,
      memberId: 'HH204417',
      groupNumber: null,
      secondary: null,
      nameOnCard: null,
      gender: null,
      guardian: null,
      noCard: false,
      forms: {},
      formVersions: {},
    })
    expect(body.consents.map((consent) => consent.textId)).to.deep.equal(hub.data.intake.consentTexts.en.map((text) => text.id))
    expect(body.signature).to.deep.equal({ typedName: 'Ana Moreno', language: 'en', drawing: null, accessCode: hub.data.intake.accessCode })
    expect(body.uploadIds).to.have.length(2)
    expect(body.confirmationTokenId).to.equal('ctoken_test_4242')
    expect(call?.headers.authorization).to.equal('Intake a-token-of-a-link')
    expect(JSON.stringify(hub.seen)).to.not.contain('4242424242424242')
  })

  it('leaves nothing of the patient behind on the phone after sending', async () => {
    await open()
    await fillIntake(page, examplePatient)
    expect(await stored()).to.contain('Moreno')
    await sendForm(page)
    await page.waitForURL(/\/status\//)
    expect(await stored()).to.equal('')
  })

  it('keeps what was typed through a reload, and clears it on request', async () => {
    await open('#/about')
    await page.locator('#givenName').fill('Ana')
    await page.reload()
    expect(await page.locator('#givenName').inputValue()).to.equal('Ana')
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByText('Clear my answers').click()
    await page.getByRole('button', { name: 'Yes, clear' }).click()
    await page.getByRole('link', { name: 'About you' }).click()
    expect(await page.locator('#givenName').inputValue()).to.equal('')
    expect(await stored()).to.not.contain('Ana')
  })

  it('does not show one patient’s answers under another’s link in the same tab', async () => {
    await open('#/about')
    await page.locator('#givenName').fill('Ana')
    hub.data.intake.intakeId = '00000000-0000-4000-8000-000000000777'
    await page.goto(`${hub.url}/i/another-token#/about`)
    await page.locator('#givenName').waitFor()
    expect(await page.locator('#givenName').inputValue()).to.equal('')
    expect(await stored()).to.not.contain('Ana')
  })

  it('names every problem on top with the focus, beside its field, and in the title', async () => {
    await open('#/about')
    await page.locator('#birthMonth').fill('2')
    await page.locator('#birthDay').fill('30')
    await page.locator('#birthYear').fill('1985')
    await submitStep(page)
    const summary = page.getByRole('alert')
    await summary.waitFor()
    await focusOn(summary)
    expect(await summary.getByRole('link').allTextContents()).to.deep.equal([
      'Enter your first name',
      'Enter your last name',
      'Date of birth must be a real date',
    ])
    expect(await page.title()).to.match(/^Error: About you/)
    await summary.getByRole('link', { name: 'Enter your last name' }).click()
    await focusOn(page.locator('#familyName'))
    expect(await page.locator('#familyName').getAttribute('aria-describedby')).to.equal('familyName-problem')
    expect(stepOf(page)).to.equal('about')
  })

  it('keeps answers and place when the language changes, and lets a consent count only in the language it was read in', async () => {
    await open('#/consents')
    await page.locator('#consent-treatment').check()
    await page.getByLabel('Language').selectOption('es')
    await page.getByRole('heading', { name: 'Sus consentimientos' }).waitFor()
    await page.getByText('Usted aceptó el texto en English.').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).to.equal('es')
    expect(stepOf(page)).to.equal('consents')
    await page.locator('#consent-privacy-notice').check()
    await page.getByLabel('Idioma').selectOption('en')
    await page.getByRole('heading', { name: 'Your consents' }).waitFor()
    expect(await page.locator('#consent-treatment').isChecked()).to.equal(true)
    expect(await page.locator('#consent-privacy-notice').isChecked()).to.equal(false)
  })

  it('signs in the language in which the consents were read, also after a switch', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await page.getByLabel('Language').selectOption('es')
    await page.getByRole('heading', { name: 'Revise sus respuestas' }).waitFor()
    await page.getByText('Usted aceptó el texto en English.').waitFor()
    await sendForm(page)
    await page.waitForURL(/\/status\/.*lang=es/)
    const body = calls('/api/intake/submit')[0]?.body as { consents: { textId: string }[]; signature: { language: string } }
    expect(body.signature.language).to.equal('en')
    expect(body.consents.map((consent) => consent.textId)).to.deep.equal(hub.data.intake.consentTexts.en.map((text) => text.id))
  })

  it('lets the browser’s Back go one page back, and returns to the answers after a change', async () => {
    await open()
    await fillIntake(page, { ...examplePatient })
    await page.goBack()
    await waitForStep(page, 'card')
    await page.goForward()
    await waitForStep(page, 'check')
    await page.getByRole('link', { name: /^Change.*Your insurance/ }).click()
    await waitForStep(page, 'insurance')
    await page.locator('#memberId').fill('HH 555')
    await submitStep(page)
    await waitForStep(page, 'check')
    await page.getByText('HH555').waitFor()
  })

  it('can be filled in without a mouse', async () => {
    await open()
    await page.locator('main a.button-main').focus()
    await page.keyboard.press('Enter')
    await waitForStep(page, 'about')
    const type = async (text: string): Promise<void> => {
      await page.keyboard.press('Tab')
      await page.keyboard.type(text)
    }
    for (const text of ['Ana', 'Moreno', '3', '27', '1985']) await type(text)
    await page.keyboard.press('Enter')
    await waitForStep(page, 'person')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'contact')
    for (const text of ['512 555 0137', 'ana@example.com']) await type(text)
    await page.keyboard.press('Enter')
    await waitForStep(page, 'address')
    for (const text of ['', '12 Lake Street', '', 'Austin', 'Tex', '78701']) await type(text)
    await page.keyboard.press('Enter')
    await waitForStep(page, 'insurance')
    await page.keyboard.press('Tab')
    await type('Helio')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.locator('#payerId').inputValue()).to.equal('Helio Health Plan')
    await type('HH204417')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'second')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'card-front')
    const tabTo = async (id: string): Promise<void> => {
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press('Tab')
        if ((await page.evaluate(() => document.activeElement?.id)) === id) return
      }
      throw new Error(`Tab does not lead to ${id}`)
    }
    await tabTo('photo-file')
    await tabTo('no-photos')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'consents')
    for (const kind of ['treatment', 'privacy-notice', 'electronic-signature']) {
      if (kind === 'electronic-signature') {
        await tabTo('accessCode')
        await page.keyboard.type(hub.data.intake.accessCode)
      }
      await tabTo(`consent-${kind}`)
      await page.keyboard.press('Space')
    }
    await page.keyboard.press('Enter')
    await waitForStep(page, 'sign')
    await tabTo('typedName')
    await page.keyboard.type('Ana Moreno')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'card')
    for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await waitForStep(page, 'check')
    await tabTo('send')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/status\//)
  })

  it('offers the camera beside the files on a phone', async () => {
    await open('#/card-front')
    await page.locator('label[for=photo-camera]').waitFor()
    expect(await page.locator('#photo-camera').getAttribute('capture')).to.equal('environment')
  })

  it('sends again by itself when the connection comes back, under the same key', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await page.context().setOffline(true)
    await sendForm(page)
    await page.getByText('Not sent yet').waitFor()
    await page.getByText('Nothing is lost').waitFor()
    await page.context().setOffline(false)
    await page.waitForURL(/\/status\//)
    expect(calls('/api/intake/submit')).to.have.length(1)
  })

  it('keeps one key over every try', async () => {
    hub.fail('/api/intake/submit', 503, 'internal', 2)
    await open()
    await fillIntake(page, examplePatient)
    for (let tries = 1; tries <= 2; tries += 1) {
      await sendForm(page)
      await page.getByRole('button', { name: 'Try again' }).waitFor()
    }
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForURL(/\/status\//)
    const keys = new Set(calls('/api/intake/submit').map((call) => call.headers['idempotency-key']))
    expect(calls('/api/intake/submit')).to.have.length(3)
    expect(keys.size).to.equal(1)
  })

  it('shows which answer the api refused, with the way to it', async () => {
    hub.fail('/api/intake/submit', 400, 'invalid', 1, [{ path: 'answers.memberId', message: 'must be letters and digits' }])
    await open()
    await fillIntake(page, examplePatient)
    await sendForm(page)
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
    await page.getByRole('link', { name: 'Check this answer' }).click()
    await focusOn(page.locator('#change-insurance'))
  })

  it('goes to the status page when the form was sent before', async () => {
    hub.data.intake.status = 'submitted'
    await open()
    await page.waitForURL(/\/status\//)
  })

  it('goes to the status page when another tab sent it first', async () => {
    await open()
    await fillIntake(page, examplePatient)
    hub.fail('/api/intake/submit', 409, 'intake-closed')
    hub.data.intake.status = 'submitted'
    await sendForm(page)
    await page.waitForURL(/\/status\//)
  })

  it('sends a photo again after the connection was lost in the middle', async () => {
    hub.fail('/api/intake/uploads', 0, '', 1)
    await open('#/card-front')
    await page.locator('#photo-file').setInputFiles(photo)
    await page.getByText('Photo received').waitFor()
    expect(calls('/api/intake/uploads')).to.have.length(2)
  })

  it('uses one place for a photo whose way to the storage broke off, in one try or over several', async () => {
    let cuts = 4
    await page.route('**/quarantine/**', (route) => {
      if (route.request().method() !== 'PUT' || cuts === 0) return route.continue()
      cuts -= 1
      return route.abort('connectionreset')
    })
    await open('#/card-front')
    await page.locator('#photo-file').setInputFiles(photo)
    await page.getByRole('button', { name: 'Send it again' }).click()
    await page.getByText('Photo received').waitFor()
    expect(cuts).to.equal(0)
    expect(calls('/api/intake/uploads')).to.have.length(1)
  })

  it('asks for another place when the storage takes the first no longer', async () => {
    let refusals = 1
    await page.route('**/quarantine/**', (route) => {
      if (route.request().method() !== 'PUT' || refusals === 0) return route.continue()
      refusals -= 1
      return route.fulfill({ status: 403, headers: { 'access-control-allow-origin': '*' } })
    })
    await open('#/card-front')
    await page.locator('#photo-file').setInputFiles(photo)
    await page.getByText('Photo received').waitFor()
    expect(calls('/api/intake/uploads')).to.have.length(2)
  })

  it('says which answer looks like a card number, and that nothing was stored, in both languages', async () => {
    hub.fail('/api/intake/submit', 400, 'card-number-refused', 1, [{ path: 'answers.memberId', message: 'must not be the number of a payment card' }])
    await open()
    await fillIntake(page, examplePatient)
    await sendForm(page)
    await page.getByText('so nothing was stored').waitFor()
    await page.getByRole('link', { name: 'Member ID: this looks like the number of a payment card' }).click()
    await focusOn(page.locator('#change-insurance'))
    await page.getByLabel('Language').selectOption('es')
    await page.getByText('por eso no se guardó nada').waitFor()
    await page.getByRole('link', { name: 'Número de miembro: parece el número de una tarjeta de pago' }).waitFor()
  })

  it('tells of a change that came after the form had arrived, before the status page', async () => {
    await open()
    await fillIntake(page, examplePatient)
    hub.fail('/api/intake/submit', 409, 'idempotency-conflict')
    hub.data.intake.status = 'submitted'
    await sendForm(page)
    await page.getByText('Your form had already arrived as you first sent it').waitFor()
    expect(await stored()).to.equal('')
    await page.getByRole('link', { name: 'See where things stand' }).click()
    await page.waitForURL(/\/status\//)
  })

  it('refuses what is no photo before it travels', async () => {
    await open('#/card-front')
    await page.locator('#photo-file').setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
    await page.getByText('not a photo we can read').waitFor()
    expect(calls('/api/intake/uploads')).to.have.length(0)
  })

  it('sends neither card nor its authorisation when the card form cannot be reached and the patient goes on without', async () => {
    hub.data.intake.card = { scriptUrl: `${hub.url}/no-such-script.js`, publishableKey: 'pk', bankAccounts: false, currency: 'USD' }
    await open()
    await fillIntake(page, { ...examplePatient, card: undefined })
    await page.getByRole('link', { name: /^Change.*Your consents/ }).click()
    await page.locator('#consent-card-authorisation').check()
    await submitStep(page)
    await waitForStep(page, 'check')
    await page.getByRole('link', { name: 'A card on file', exact: true }).click()
    await page.getByRole('button', { name: 'Go on without a card' }).click()
    await submitStep(page)
    await waitForStep(page, 'check')
    await sendForm(page)
    await page.waitForURL(/\/status\//)
    const body = calls('/api/intake/submit')[0]?.body as { consents: unknown[]; confirmationTokenId: string | null }
    expect(body.confirmationTokenId).to.equal(null)
    // The three that every visit needs, and the two that were ticked besides.
    expect(body.consents).to.have.length(5)
  })

  it('keeps a drawn signature beside the typed name', async () => {
    await open('#/sign')
    await page.getByText('Draw your signature as well').click()
    const pad = page.locator('canvas')
    await pad.scrollIntoViewIfNeeded()
    await drawn(page)
    const box = await pad.boundingBox()
    if (!box) throw new Error('the drawing area is not there')
    await page.mouse.move(box.x + 20, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + 150, box.y + 60, { steps: 5 })
    await page.mouse.up()
    await page.waitForFunction(() =>
      Object.values({ ...sessionStorage })
        .join('')
        .includes('data:image/png;base64,'),
    )
    await page.getByRole('button', { name: 'Clear the drawing' }).click()
    await page.waitForFunction(
      () =>
        !Object.values({ ...sessionStorage })
          .join('')
          .includes('data:image/png;base64,'),
    )
  })
})
