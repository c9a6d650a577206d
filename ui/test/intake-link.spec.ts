import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FakeHub, Seen } from './fake-hub.ts'
import { asksProof, saveElsewhere } from './fake-link.ts'
import { fakeScreens } from './screens.ts'
import { examplePatient, fillIntake, sendForm, submitStep, waitForStep } from './walk-intake.ts'

const link = '/i/a-token-of-a-link'

describe('a link that the clinic knows a patient behind', function () {
  const screens = fakeScreens(this, { width: 320 })
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const open = (hash = ''): Promise<unknown> => page.goto(hub.url + link + hash)
  const calls = (path: string, method = 'POST'): Seen[] => hub.seen.filter((call) => call.path === path && call.method === method)
  const stored = (): Promise<string> => page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }).join(' '))
  const savedAs = (is: string): Promise<void> => page.locator(`[data-saving=${is}]`).waitFor()
  const fillProof = async (birth: readonly [string, string, string]): Promise<void> => {
    for (const [at, id] of ['birthMonth', 'birthDay', 'birthYear'].entries()) await page.locator(`#${id}`).fill(birth[at] ?? '')
  }

  describe('before the proof', () => {
    beforeEach(() => {
      hub.data.link.proof = asksProof()
    })
    const proofPage = (): Promise<void> => page.locator('[data-page=proof] h1').waitFor()

    it('asks for birth date and code, takes a pasted one with a space in it, and then shows the form', async () => {
      await open()
      await proofPage()
      expect(await page.locator('main').textContent()).to.not.match(/Dr Okafor|Ana|Moreno/)
      await page.getByRole('button', { name: 'Text a code to the number …42' }).click()
      await page.getByText('A code is on its way').waitFor()
      expect(calls('/api/intake/proof/code').map(({ body }) => body)).to.deep.equal([{ channel: 'sms' }])
      await fillProof(['3', '27', '1985'])
      await page.locator('#code').focus()
      await page.evaluate(() => navigator.clipboard.writeText('204 417'))
      await page.keyboard.press('Control+V')
      expect(await page.locator('#code').getAttribute('autocomplete')).to.equal('one-time-code')
      await page.keyboard.press('Enter')
      await waitForStep(page, 'start')
      expect(calls('/api/intake/proof').map(({ body }) => body)).to.deep.equal([{ birthDate: '1985-03-27', code: '204417' }])
    })

    for (const [what, birth, code] of [
      ['birth date', ['3', '28', '1985'], '204417'],
      ['code', ['3', '27', '1985'], '111111'],
    ] as const) {
      it(`says the same for a wrong ${what}, with the focus and in the title`, async () => {
        await open()
        await proofPage()
        await fillProof(birth)
        await page.locator('#code').fill(code)
        await page.locator('main form button[type=submit]').click()
        const summary = page.getByRole('alert')
        await summary.waitFor()
        expect(await summary.getByRole('link').allTextContents()).to.deep.equal([
          'The date of birth or the code is not right. Check both and try again. Tries left with this code: 4.',
        ])
        expect(await page.title()).to.match(/^Error: Confirm that it is you/)
        expect(await page.locator('#code').inputValue()).to.equal('')
      })
    }

    it('asks nothing of the hub as long as something is missing', async () => {
      await open()
      await proofPage()
      await page.locator('#code').fill('12')
      await page.locator('main form button[type=submit]').click()
      expect(await page.getByRole('alert').getByRole('link').allTextContents()).to.deep.equal(['Enter your date of birth', 'Enter the six digits of the code'])
      expect(calls('/api/intake/proof')).to.have.length(0)
    })

    it('leads to the front desk where no address is known, and takes the code that is shown there', async () => {
      hub.data.link.proof = { ...asksProof(), to: [] }
      await open()
      await page.getByText('Please ask the front desk: they can show you a code.').waitFor()
      await fillProof(['3', '27', '1985'])
      await page.locator('#code').fill('204417')
      await page.locator('main form button[type=submit]').click()
      await waitForStep(page, 'start')
    })

    it('leads on to the page of a form that was sent, in its language', async () => {
      hub.data.intake.status = 'submitted'
      await page.goto(`${hub.url}${link}?lang=es&to=correct`)
      await proofPage()
      await fillProof(['3', '27', '1985'])
      await page.locator('#code').fill('204417')
      await page.locator('main form button[type=submit]').click()
      await page.waitForURL(/\/correct\/token\?lang=es$/)
    })

    it('is asked again where it lapsed while the form was open, and nothing typed is lost', async () => {
      hub.data.link.proof = null
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      hub.data.link.proof = asksProof()
      await proofPage()
      await fillProof(['3', '27', '1985'])
      await page.locator('#code').fill('204417')
      await page.locator('main form button[type=submit]').click()
      await waitForStep(page, 'about')
      expect(await page.locator('#givenName').inputValue()).to.equal('Ana')
    })
  })

  describe('while the patient types', () => {
    it('keeps everything at the clinic, but for signature and card, and goes on from there on a second device', async () => {
      await open()
      await fillIntake(page, examplePatient)
      await savedAs('saved')
      const last = calls('/api/intake/draft', 'PUT').at(-1)
      expect(last?.body).to.deep.include({ birthDate: '1985-03-27' })
      expect(JSON.stringify(calls('/api/intake/draft', 'PUT'))).to.not.match(/ctoken|typedName|accessCode|"consents":/)
      const other = await screens.browser.view({ width: 320 })
      try {
        await other.page.goto(hub.url + link)
        await waitForStep(other.page, 'start')
        expect(await other.page.locator('main li', { hasText: 'About you' }).textContent()).to.contain('Completed')
        await other.page
          .getByRole('link', { name: 'Check and send' })
          .or(other.page.getByRole('link', { name: 'Go on' }))
          .first()
          .click()
        await other.page.goto(`${hub.url}${link}#/about`)
        expect(await other.page.locator('#familyName').inputValue()).to.equal('Moreno')
        // Whoever has this device signs with their own hand.
        await other.page.goto(`${hub.url}${link}#/consents`)
        await waitForStep(other.page, 'consents')
        expect(await other.page.locator('main input[type=checkbox]').count()).to.be.greaterThan(2)
        expect(await other.page.locator('main input[type=checkbox]:checked').count()).to.equal(0)
        await other.page.goto(`${hub.url}${link}#/sign`)
        await waitForStep(other.page, 'sign')
        expect(await other.page.locator('#typedName').inputValue()).to.equal('')
        expect(other.complaints).to.deep.equal([])
      } finally {
        await other.close()
      }
    })

    it('saves nothing of a form that was only looked at', async () => {
      await open('#/about')
      await page.locator('#givenName').waitFor()
      await page.waitForTimeout(2_000)
      expect(calls('/api/intake/draft', 'PUT')).to.have.length(0)
    })

    it('says that there is no connection, keeps what is typed in the tab, and saves it when it is back', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('A')
      await savedAs('saved')
      await page.context().setOffline(true)
      await page.locator('#givenName').fill('Ana')
      await page.getByText('No connection. What you typed is kept in this tab').waitFor()
      expect(await stored()).to.contain('"Ana"')
      await page.context().setOffline(false)
      await savedAs('saved')
      expect(JSON.stringify(calls('/api/intake/draft', 'PUT').at(-1)?.body)).to.contain('"Ana"')
    })

    it('asks which answers count when another device saved in between, says which are newer, and takes those', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      saveElsewhere(hub.data, { givenName: 'Anita', familyName: 'Moreno' }, { hours: 0.5 })
      await page.locator('#givenName').fill('Annie')
      await page.locator('[data-page=conflict] h1').waitFor()
      expect(await page.locator('section', { hasText: 'On the other device' }).locator('h2').textContent()).to.contain('newer')
      await page.getByRole('button', { name: 'Use the answers from the other device' }).click()
      await waitForStep(page, 'about')
      expect(await page.locator('#givenName').inputValue()).to.equal('Anita')
    })

    it('offers a new start, and no answers, where another device cleared them', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      saveElsewhere(hub.data, null)
      await page.locator('#givenName').fill('Annie')
      await page.getByRole('button', { name: 'Start again without answers' }).click()
      await waitForStep(page, 'about')
      expect(await page.locator('#givenName').inputValue()).to.equal('')
    })

    it('goes on with the answers of this screen where the patient wants them, over the others', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      saveElsewhere(hub.data, { givenName: 'Anita' })
      await page.locator('#givenName').fill('Annie')
      await page.getByRole('button', { name: 'Keep the answers on this screen' }).click()
      await savedAs('saved')
      expect(await page.locator('#givenName').inputValue()).to.equal('Annie')
      const last = calls('/api/intake/draft', 'PUT').at(-1)
      expect([last?.headers['if-match'], JSON.stringify(last?.body).includes('"Annie"')]).to.deep.equal(['"2"', true])
    })

    it('clears at the clinic too', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      await page.getByRole('link', { name: 'Back' }).click()
      await page.getByText('Clear my answers').click()
      await page.getByRole('button', { name: 'Yes, clear' }).click()
      await page.waitForFunction(
        () =>
          !Object.values({ ...sessionStorage })
            .join('')
            .includes('Ana'),
      )
      await page.reload()
      await waitForStep(page, 'start')
      expect(calls('/api/intake/draft', 'DELETE')).to.have.length(1)
      expect(await page.getByText('Clear my answers').count()).to.equal(0)
    })

    it('clears at the clinic as soon as it can be reached, shows nothing of it meanwhile, and says so', async () => {
      await open('#/about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      await page.getByRole('link', { name: 'Back' }).click()
      await page.getByText('Clear my answers').click()
      await page.route('**/api/intake/draft', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()))
      await page.getByRole('button', { name: 'Yes, clear' }).click()
      await page.getByText('not yet at the clinic').waitFor()
      await page.reload()
      await page.getByText('not yet at the clinic').waitFor()
      await page.getByRole('link', { name: 'About you' }).click()
      expect(await page.locator('#givenName').inputValue()).to.equal('')
      await page.unroute('**/api/intake/draft')
      await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await page.getByText('not yet at the clinic').waitFor({ state: 'detached' })
      expect(calls('/api/intake/draft', 'DELETE')).to.have.length(1)
      expect(calls('/api/intake/proof', 'DELETE')).to.have.length(1)
    })

    it('takes nobody’s signature for another’s: a birth date that makes a guardian sign clears what the patient ticked, typed and drew', async () => {
      await open()
      await fillIntake(page, examplePatient)
      await page.goto(`${hub.url}${link}#/about/change`)
      await waitForStep(page, 'about')
      await page.locator('#birthYear').fill('2020')
      await page.goto(`${hub.url}${link}#/sign`)
      await waitForStep(page, 'sign')
      expect(await page.locator('#typedName').inputValue()).to.equal('')
      await page.goto(`${hub.url}${link}#/consents`)
      await waitForStep(page, 'consents')
      expect(await page.locator('main input[type=checkbox]:checked').count()).to.equal(0)
    })

    it('is not known any more on a device that was cleared', async () => {
      hub.data.link.proof = asksProof()
      const proofPage = (): Promise<void> => page.locator('[data-page=proof] h1').waitFor()
      await open('#/about')
      await proofPage()
      await fillProof(['3', '27', '1985'])
      await page.locator('#code').fill('204417')
      await page.locator('main form button[type=submit]').click()
      await waitForStep(page, 'about')
      await page.locator('#givenName').fill('Ana')
      await savedAs('saved')
      await page.getByRole('link', { name: 'Back' }).click()
      await page.getByText('Clear my answers').click()
      await page.getByRole('button', { name: 'Yes, clear' }).click()
      await proofPage()
      const [cleared, forgotten] = [calls('/api/intake/draft', 'DELETE'), calls('/api/intake/proof', 'DELETE')].map((found) => found[0])
      if (!cleared || !forgotten) throw new Error('the draft or the proof was kept')
      expect(hub.seen.indexOf(cleared), 'the draft goes first: without a proof it could not').to.be.lessThan(hub.seen.indexOf(forgotten))
      await page.reload()
      await proofPage()
      expect(await stored()).to.not.contain('Ana')
    })

    it('saves nothing more once the form was sent', async () => {
      await open()
      await fillIntake(page, examplePatient)
      await sendForm(page)
      await page.waitForURL(/\/status\//)
      const sent = hub.seen.findIndex(({ path }) => path === '/api/intake/submit')
      expect(hub.seen.slice(sent).filter(({ path }) => path === '/api/intake/draft')).to.deep.equal([])
      expect(await stored()).to.equal('')
    })
  })

  it('offers what the patient sent last time, takes what is confirmed and asks the rest', async () => {
    hub.data.intake.previous = {
      givenAt: '2026-01-05T10:00:00.000Z',
      answers: {
        ...{ givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-27', payerSex: 'F', gender: 'female', phone: '512 555 0137', email: null },
        address: { line1: '12 Lake Street', line2: null, city: 'Austin', country: 'US', state: 'TX', postalCode: '78701' },
        ...{ payerId: 'HELIO1', memberId: 'HH204417', groupNumber: null, payerText: null, nameOnCard: null, secondary: null, guardian: null },
        ...{ noCard: false, forms: {}, formVersions: {} },
      },
    }
    await open()
    await page.locator('main a.button-main').click()
    await waitForStep(page, 'previous')
    expect(await page.locator('main input:checked').count(), 'nothing is ticked for the patient').to.equal(0)
    for (const group of ['about', 'person', 'address', 'insurance', 'second']) await page.locator(`#take-${group}`).check()
    await submitStep(page)
    await waitForStep(page, 'contact')
    expect(await page.locator('#phone').inputValue()).to.equal('')
    await page.locator('#phone').fill('512 555 0199')
    await submitStep(page)
    await waitForStep(page, 'address')
    expect(await page.locator('#city').inputValue()).to.equal('Austin')
    await submitStep(page)
    await waitForStep(page, 'insurance')
    expect(await page.locator('#payerId').inputValue()).to.equal('Helio Health Plan')
  })
})
