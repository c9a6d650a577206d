import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { MethodLeft } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

const token = 'a-token-of-a-patient-000000000000'
describe('another card, left by the patient, in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    hub.data.intake.status = 'submitted'
  })
  const left = (): MethodLeft[] =>
    hub.seen.filter(({ method, path }) => method === 'POST' && path === '/api/intake/method').map(({ body }) => body as MethodLeft)
  const open = async (): Promise<void> => {
    await screens.open(`/method/${token}`)
    await page.locator('#card-form[data-state="ready"]').waitFor()
  }
  const box = () => page.locator('#authorisation')
  const use = () => page.getByRole('button', { name: 'Use this' }).click()
  const shown = (language: 'en' | 'es') => {
    const text = hub.data.intake.consentTexts[language].find(({ kind }) => kind === 'card-authorisation')
    return { textId: text?.id, textSha256: text?.sha256, granted: true }
  }
  const typeCard = async (): Promise<void> => {
    const frame = page.frameLocator('#card-form iframe')
    await frame.getByLabel('Card number').fill('4242424242424242')
    await frame.getByLabel('Expiry (MM / YY)').fill('12 / 39')
    await frame.getByLabel('Security code').fill('123')
  }

  it('sends a token and nothing of the card, once, and leads back to the status page', async () => {
    await open()
    await looksRight(page, 'patient-other-method')
    await typeCard()
    expect(await box().isChecked(), 'nothing is ticked beforehand').to.equal(false)
    await box().check()
    await use()
    await page.waitForURL(`**/status/${token}**`)
    expect(left()).to.have.length(1)
    expect(Object.keys(left()[0] ?? {}).sort()).to.deep.equal(['authorisation', 'confirmationTokenId', 'methodId'])
    expect(left()[0]?.authorisation).to.deep.equal(shown('en'))
    expect(left()[0]?.confirmationTokenId).to.match(/^ctoken_/)
  })

  it('is not left before the text about charging it is ticked, each language for itself, and says so', async () => {
    await open()
    await typeCard()
    await use()
    const problem = page.getByRole('link', { name: 'Read and agree to “Keeping a card or bank account on file” to go on' })
    await problem.waitFor()
    await problem.click()
    await focusOn(box())
    await looksRight(page, 'patient-other-method-unticked')
    await box().check()
    await page.locator('header select').selectOption('es')
    await page.getByRole('heading', { level: 1, name: 'Dejar otra tarjeta o cuenta' }).waitFor()
    expect(await box().isChecked(), 'other words were ticked').to.equal(false)
    expect(left()).to.deep.equal([])
    await box().check()
    await page.locator('[data-page=method] form button[type=submit]').click()
    await page.waitForURL(`**/status/${token}**`)
    expect(left()[0]?.authorisation).to.deep.equal(shown('es'))
  })

  it('asks for the tick anew where the clinic changed the text meanwhile, and keeps the card that was typed', async () => {
    hub.fail('/api/intake/method', 400, 'invalid', 1, [{ path: 'authorisation', message: 'must be the text that is in force' }])
    await open()
    await typeCard()
    await box().check()
    const text = hub.data.intake.consentTexts.en.find(({ kind }) => kind === 'card-authorisation')
    if (!text) throw new Error('no text')
    Object.assign(text, { body: 'Other words about keeping a card.', sha256: 'f'.repeat(64), version: 2 })
    await use()
    await page.getByRole('link', { name: 'A consent text has changed: read it and agree again' }).waitFor()
    await page.getByText('Other words about keeping a card.').waitFor()
    expect(await box().isChecked()).to.equal(false)
    await box().check()
    await use()
    await page.waitForURL(`**/status/${token}**`)
    const [first, second] = left()
    expect(second?.authorisation.textSha256).to.equal('f'.repeat(64))
    expect([second?.methodId, second?.confirmationTokenId]).to.deep.equal([first?.methodId, first?.confirmationTokenId])
  })

  it('takes no card where the clinic has no such text in this language', async () => {
    hub.data.intake.consentTexts.en = hub.data.intake.consentTexts.en.filter(({ kind }) => kind !== 'card-authorisation')
    await screens.open(`/method/${token}`)
    await page.getByRole('heading', { level: 1, name: 'Leave another card or account' }).waitFor()
    expect([await page.locator('#card-form').count(), await page.getByRole('button', { name: 'Use this' }).count()]).to.deep.equal([0, 0])
    expect(await page.getByText('until the new one is on file').count(), 'a promise about what cannot be left here').to.equal(0)
  })

  it('keeps id and token for the next try when the answer was lost', async () => {
    hub.fail('/api/intake/method', 503, 'storage-away')
    await open()
    await typeCard()
    await box().check()
    await use()
    await page.getByRole('link', { name: 'This could not be saved.' }).waitFor()
    await use()
    await page.waitForURL(`**/status/${token}**`)
    expect(left()).to.have.length(2)
    expect(left()[0]).to.deep.equal(left()[1])
  })

  it('leads to the status page when nobody asks any more', async () => {
    hub.fail('/api/intake/method', 409, 'method-not-asked')
    await open()
    await typeCard()
    await box().check()
    await use()
    await page.waitForURL(`**/status/${token}**`)
  })
})
