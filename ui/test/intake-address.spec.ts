import { languageTags } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FakeHub, Seen } from './fake-hub.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { fakeScreens } from './screens.ts'
import { examplePatient, fillIntake, sendForm, submitStep, waitForStep } from './walk-intake.ts'

const link = '/i/a-token-of-a-link'
const { state: _, ...german } = examplePatient

describe('the page of the address', function () {
  const screens = fakeScreens(this, { width: 320 })
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const at = (country: string | null): void => {
    Object.assign(hub.data.intake.clinic, { country, languages: [...languageTags] })
  }
  const open = async (): Promise<void> => {
    await page.goto(`${hub.url}${link}#/address`)
    await waitForStep(page, 'address')
  }
  /** What is asked for under the street, in the order of the page. */
  const asked = (): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll('[data-step=address] :is(input, select)')].map(({ id, tagName }) => id + ' ' + tagName.toLowerCase())`)
  const submitted = (): unknown => {
    const body = hub.seen.find((call: Seen) => call.path === '/api/intake/submit')?.body as { answers: unknown } | undefined
    return body?.answers
  }

  it('asks for the country first, the clinic’s own at the top, and then for what people there write', async () => {
    at('DE')
    await open()
    const street = ['country select', 'line1 input', 'line2 input']
    expect(await asked()).to.deep.equal([...street, 'postalCode input', 'city input'])
    expect(await page.locator('#country').inputValue()).to.equal('DE')
    const names = await page.locator('#country option').allInnerTexts()
    expect(names).to.have.length(249)
    expect(names.slice(0, 3)).to.deep.equal(['Germany', 'Afghanistan', 'Åland Islands'])
    await page.locator('#country').selectOption('US')
    expect(await asked()).to.deep.equal([...street, 'city input', 'state select', 'postalCode input'])
    await page.locator('#state').selectOption('TX')
    await page.locator('#country').selectOption('IT')
    expect(await asked()).to.deep.equal([...street, 'postalCode input', 'city input', 'state input'])
    expect(await page.locator('#state').inputValue(), 'a state of one country is none of another').to.equal('')
    await page.locator('#country').selectOption('GB')
    expect(await asked()).to.deep.equal([...street, 'city input', 'postalCode input'])
    const [numeric, letters] = ['DE', 'GB'].map((country) => async () => {
      await page.locator('#country').selectOption(country)
      return page.locator('#postalCode').getAttribute('inputmode')
    })
    expect([await numeric?.(), await letters?.()]).to.deep.equal(['numeric', 'text'])
    const tokens = await page.locator('[data-step=address] :is(input, select)').evaluateAll((all) => all.map((one) => one.getAttribute('autocomplete')))
    expect(tokens).to.deep.equal(['country', 'address-line1', 'address-line2', 'address-level2', 'postal-code'])
  })

  it('chooses no country where the clinic’s is not known, and says so', async () => {
    at(null)
    await open()
    expect(await page.locator('#country').inputValue()).to.equal('')
    await submitStep(page)
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).to.contain('Choose your country')
  })

  for (const language of languageTags)
    for (const country of ['US', 'DE', 'IE', 'CA'])
      it(`fits a small phone and says what is wrong in ${language}, in ${country}: nothing for axe, nothing cut off`, async () => {
        at('DE')
        await open()
        await page.locator('header select').selectOption(language)
        await page.waitForFunction((tag) => document.documentElement.lang === tag, language)
        await page.locator('#country').selectOption(country)
        await page.locator('#postalCode').fill('<>')
        await submitStep(page)
        await page.getByRole('alert').waitFor()
        const wrong = await page
          .getByRole('alert')
          .locator('a')
          .evaluateAll((all) => all.map((one) => one.getAttribute('href')))
        expect(wrong.length).to.equal(country === 'US' ? 4 : 3)
        expect(await overflowPx(page)).to.equal(0)
        expect(await axeFindings(page)).to.deep.equal([])
        await shoot(page, `intake-address-${country}-${language}-320`)
      })

  it('of another country is kept over a reload, and read back with its country before it is sent', async () => {
    at('DE')
    await page.goto(hub.url + link)
    await fillIntake(page, { ...german, line1: 'Domkloster 4', city: 'Köln', postalCode: 'd 50667' })
    await page.getByText('50667 Köln', { exact: true }).waitFor()
    expect(await page.getByText('Germany', { exact: true }).count(), 'where the clinic is nobody names the country').to.equal(0)
    await page.locator('#change-address').click()
    await waitForStep(page, 'address')
    await page.locator('#country').selectOption('IE')
    await page.locator('#postalCode').fill('d02x285')
    await page.locator('#state').fill('County Dublin')
    await page.locator('#city').fill('Dublin')
    await page.locator('[data-saving=saved]').waitFor()
    await page.reload()
    await waitForStep(page, 'address')
    expect(await page.locator('#country').inputValue()).to.equal('IE')
    await submitStep(page)
    await page.goto(`${hub.url}${link}#/check`)
    await waitForStep(page, 'check')
    for (const line of ['Dublin', 'County Dublin', 'D02 X285', 'Ireland']) await page.getByText(line, { exact: true }).waitFor()
    expect(await axeFindings(page)).to.deep.equal([])
  })

  it('of an earlier visit is offered with its country', async () => {
    at('DE')
    hub.data.intake.previous = {
      givenAt: '2026-01-05T10:00:00.000Z',
      answers: {
        ...{ givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-27', payerSex: 'F', gender: 'female', phone: '512 555 0137', email: null },
        address: { line1: '3 Place de la Cathédrale', line2: null, city: 'Strasbourg', country: 'FR', state: null, postalCode: '67000' },
        ...{ payerId: 'HELIO1', memberId: 'HH204417', groupNumber: null, payerText: null, nameOnCard: null, secondary: null, guardian: null },
        ...{ noCard: false, forms: {}, formVersions: {} },
      },
    }
    await page.goto(hub.url + link)
    await page.locator('main a.button-main').click()
    await waitForStep(page, 'previous')
    await page.getByText('67000 Strasbourg', { exact: true }).waitFor()
    await page.getByText('France', { exact: true }).waitFor()
    await page.locator('#take-address').check()
    await submitStep(page)
    await page.goto(`${hub.url}${link}#/address`)
    await waitForStep(page, 'address')
    expect(await page.locator('#country').inputValue()).to.equal('FR')
    expect(await page.locator('#postalCode').inputValue()).to.equal('67000')
  })

  it('is sent as the api keeps it', async () => {
    at('DE')
    await page.goto(hub.url + link)
    await fillIntake(page, { ...german, phone: '0221/4710 123', line1: 'Domkloster 4', city: 'Köln', postalCode: 'D-50667' })
    await sendForm(page)
    await page.waitForURL(/\/status\//)
    expect(submitted()).to.deep.include({
      phone: '0221/4710 123',
      address: { line1: 'Domkloster 4', line2: null, city: 'Köln', country: 'DE', state: null, postalCode: '50667' },
    })
  })
})
