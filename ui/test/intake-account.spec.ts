import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FakeHub, Seen } from './fake-hub.ts'
import { fakeScreens } from './screens.ts'
import { examplePatient, fillIntake, sendForm } from './walk-intake.ts'

const link = '/i/a-token-of-a-link'

describe('paying from a bank account in the intake form', function () {
  const screens = fakeScreens(this, { width: 320 })
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const open = (): Promise<unknown> => page.goto(hub.url + link)
  const calls = (path: string): Seen[] => hub.seen.filter((call) => call.path === path)
  const stored = (): Promise<string> => page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }).join(' '))

  describe('at a clinic that takes US bank accounts', () => {
    const account = '000123456789'
    beforeEach(() => {
      if (hub.data.intake.card) hub.data.intake.card.bankAccounts = true
    })
    const payWithAccount = { ...examplePatient, card: undefined, account }

    it('sends the token of the account that was chosen, says which it is, and keeps its number nowhere', async () => {
      await open()
      await fillIntake(page, payWithAccount)
      const kept = page.locator('section', { has: page.locator('#change-card') })
      await kept.getByText('Bank account ending in 6789').waitFor()
      expect(await kept.textContent()).to.match(/^A card or bank account on file/)
      expect(await stored()).to.not.contain(account)
      await sendForm(page)
      await page.waitForURL(/\/status\//)
      const body = calls('/api/intake/submit')[0]?.body as { confirmationTokenId: string; consents: { textId: string }[] }
      expect(body.confirmationTokenId).to.equal('ctoken_test_6789')
      expect(body.consents.map(({ textId }) => textId)).to.include(hub.data.intake.consentTexts.en.find(({ kind }) => kind === 'card-authorisation')?.id)
      expect(JSON.stringify(hub.seen)).to.not.contain(account)
    })

    it('asks the payment company for both, and for accounts that the bank’s own sign-in verifies', async () => {
      await open()
      await fillIntake(page, payWithAccount)
      await page.getByRole('link', { name: /^Change.*card or bank account/ }).click()
      await page.getByRole('button', { name: 'Use another card or bank account' }).click()
      await page.locator('#card-form[data-state=ready]').waitFor()
      expect(await page.evaluate('window.elementsOptions')).to.deep.include({
        paymentMethodTypes: ['card', 'us_bank_account'],
        paymentMethodOptions: { us_bank_account: { verification_method: 'instant' } },
      })
    })

    it('speaks of both in Spanish', async () => {
      await open()
      await fillIntake(page, payWithAccount)
      await page.getByLabel('Language').selectOption('es')
      await page.getByText('Cuenta bancaria que termina en 6789').waitFor()
      await page.getByRole('link', { name: /^Cambiar.*Una tarjeta o cuenta bancaria guardada/ }).click()
      await page.getByRole('button', { name: 'Usar otra tarjeta o cuenta bancaria' }).waitFor()
    })
  })

  it('is told to the front desk, in the list and beside the visit’s money', async () => {
    const [one] = hub.data.journeys
    if (!one) throw new Error('a visit is there')
    one.paymentMethod = 'us-bank-account'
    hub.data.payments.method = { status: 'stored', kind: 'us-bank-account', code: null }
    if (hub.data.session) Object.assign(hub.data.session, { roles: ['front-desk'], actions: ['visit.list', 'journey.read', 'payment.read'] })
    await page.goto(`${hub.url}/clinic`)
    await page.getByText('Bank account kept').waitFor()
    await page.goto(`${hub.url}/clinic/intakes/${one.intakeId}`)
    await page.getByText('A bank account is on file.').waitFor()
  })

  it('offers a card alone, and names no account, where the clinic takes none', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await page.getByRole('link', { name: /^Change.*A card on file/ }).click()
    await page.getByText('Visa card ending in 4242').waitFor()
    await page.getByRole('button', { name: 'Use another card' }).click()
    await page.locator('#card-form[data-state=ready]').waitFor()
    expect(await page.frameLocator('#card-form iframe').getByRole('radio').count()).to.equal(0)
    expect(await page.evaluate('window.elementsOptions'))
      .to.deep.include({ paymentMethodTypes: ['card'] })
      .and.not.have.property('paymentMethodOptions')
    expect(await page.locator('main').textContent()).to.not.match(/account/i)
  })
})
