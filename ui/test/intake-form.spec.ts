import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { IntakeForm } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { formScreens } from './form-screens.ts'
import { overflowPx } from './looks.ts'
import { choosePayer, examplePatient, fillIntake, submitStep, waitForStep } from './walk-intake.ts'

const allergies = {
  id: 'allergies',
  version: 1,
  schema: {
    type: 'object',
    properties: {
      any: { type: 'boolean' },
      which: { type: 'array', items: { type: 'string', enum: ['nuts', 'bees'] }, uniqueItems: true, maxItems: 2 },
      since: { type: 'string', format: 'date' },
      note: { type: 'string', maxLength: 200 },
    },
    required: ['any'],
    additionalProperties: false,
  },
  words: {
    en: {
      title: 'Allergies',
      fields: {
        any: { label: 'Do you have an allergy?' },
        which: { label: 'To what?', options: { nuts: 'Nuts', bees: 'Bee stings' } },
        since: { label: 'Since when?' },
        note: { label: 'Anything else?' },
      },
    },
  },
} as unknown as IntakeForm

describe('what the intake form asks only of some', function () {
  const form = formScreens(this)
  const { open, change, arrives, sent } = form
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = form)
  })

  it('a guardian answers and signs for a minor', async () => {
    await open()
    await fillIntake(page, {
      ...examplePatient,
      birthDate: '2015-05-01',
      guardian: { givenName: 'Rosa', familyName: 'Moreno', relationship: 'parent' },
      typedName: 'Rosa Moreno',
    })
    await page.getByText('Rosa Moreno').first().waitFor()
    await change('sign', async () => page.getByText('You sign for Ana Moreno.').waitFor())
    await arrives()
    expect(sent().answers.guardian).to.deep.equal({ givenName: 'Rosa', familyName: 'Moreno', relationship: 'parent' })
  })

  it('the name on the card, the gender, a second insurance that pays first, and no card: each where it is so', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await change('person', () => page.locator('input[name=gender][value=other]').check())
    await change('insurance', async () => {
      await page.locator('#noCard').check()
      await page.locator('#otherName').check()
      await page.locator('#cardGivenName').fill('Anita')
      await page.locator('#cardFamilyName').fill('Moreno Ruiz')
    })
    await change('second', async () => {
      await page.locator('input[name=hasSecond][value=yes]').check()
      await choosePayer(page, 'NORTH2', 'secondPayerId')
      await page.locator('#secondMemberId').fill('NW 77')
      await page.getByLabel('Northwind Mutual').last().check()
    })
    await arrives()
    expect(sent().answers).to.deep.include({
      gender: 'other',
      payerSex: 'F',
      noCard: true,
      ...{ payerId: 'NORTH2', memberId: 'NW77', nameOnCard: null },
      secondary: {
        ...{ payerId: 'HELIO1', payerText: null, memberId: 'HH204417', groupNumber: null },
        nameOnCard: { givenName: 'Anita', familyName: 'Moreno Ruiz' },
      },
    })
  })

  it('the name on the second card, which goes with that card; without it nothing is sent', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await change('second', async () => {
      await page.locator('input[name=hasSecond][value=yes]').check()
      await choosePayer(page, 'NORTH2', 'secondPayerId')
      await page.locator('#secondMemberId').fill('NW 77')
      await page.locator('#secondOtherName').check()
      await submitStep(page)
      const missing = await page.locator('[role=alert] li').allInnerTexts()
      expect(missing).to.deep.equal(['Enter the first name as it is on the card', 'Enter the last name as it is on the card'])
      await page.locator('#secondCardGivenName').fill('Ana Lucía')
      await page.locator('#secondCardFamilyName').fill('Ruiz')
    })
    await page.getByText('Ana Lucía Ruiz').waitFor()
    const nameOnCard = { givenName: 'Ana Lucía', familyName: 'Ruiz' }
    await arrives()
    expect(sent().answers).to.deep.include({ payerId: 'HELIO1', nameOnCard: null })
    expect(sent().answers.secondary).to.deep.include({ payerId: 'NORTH2', nameOnCard })
  })

  it('an insurer that is not on the list is named, and goes to a person', async () => {
    await open()
    await fillIntake(page, examplePatient)
    await change('insurance', async () => {
      await page.locator('#payerId').fill('Faraway Assurance')
      await page.getByRole('option', { name: 'My insurer is not on the list' }).click()
      await page.getByText('A person at the clinic finds out whether you are covered').waitFor()
      expect(await page.locator('#payerText').inputValue()).to.equal('Faraway Assurance')
      await page.locator('#memberId').fill('')
    })
    await page.getByText('Faraway Assurance').waitFor()
    await arrives()
    expect(sent().answers).to.deep.include({ payerId: 'not-listed', payerText: 'Faraway Assurance', memberId: 'NONE' })
  })

  it('what was typed for an insurer and not chosen is kept over pages, a reload and another device, and may be taken as it is', async () => {
    await open('#/insurance')
    await page.locator('#payerId').fill('Faraway Assur')
    await submitStep(page)
    await page.getByRole('alert').waitFor()
    await page.getByText('Saved at').waitFor()
    expect([...hub.data.link.drafts.values()].at(-1)?.data?.fields).to.include({ payerId: '', payerText: 'Faraway Assur' })
    await page.goBack()
    await open('#/insurance')
    await waitForStep(page, 'insurance')
    expect(await page.locator('#payerId').inputValue()).to.equal('Faraway Assur')
    await page.reload()
    await waitForStep(page, 'insurance')
    expect(await page.locator('#payerId').inputValue()).to.equal('Faraway Assur')
    await page.getByRole('button', { name: 'My insurer is not listed: use “Faraway Assur”' }).click()
    expect(await page.locator('#payerText').inputValue()).to.equal('Faraway Assur')
    await submitStep(page)
    await waitForStep(page, 'second')
  })

  it('an insurer that a person asks is told of as such, and needs nothing else', async () => {
    const [helio] = hub.data.intake.payers
    Object.assign(helio ?? {}, { supported: false })
    await open()
    await fillIntake(page, examplePatient)
    await change('insurance', () => page.getByText('This insurer does not answer computers').waitFor())
    await arrives()
    expect(sent().answers).to.deep.include({ payerId: 'HELIO1', payerText: null })
  })

  it('finds an insurer by an alias and by the number on the card, by keyboard alone, and says how many there are', async () => {
    const [helio] = hub.data.intake.payers
    Object.assign(helio ?? {}, { aliases: ['Sunrise Benefit'], cardPayerIds: ['60054'] })
    await open('#/insurance')
    const payer = page.getByRole('combobox', { name: 'Insurance company' })
    expect(await payer.getAttribute('aria-expanded')).to.equal('false')
    await payer.focus()
    await page.keyboard.type('sunrise')
    await page.locator('[role=status]', { hasText: '1 insurer in the list' }).waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowDown')
    const active = await payer.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).textContent()).to.equal('Helio Health Plan')
    await page.keyboard.press('Enter')
    expect([await payer.inputValue(), await payer.getAttribute('aria-expanded')]).to.deep.equal(['Helio Health Plan', 'false'])
    await payer.fill('60054')
    await page.keyboard.press('Tab')
    expect(await payer.inputValue(), 'a number in full needs no choice').to.equal('Helio Health Plan')
    await payer.fill('Nor')
    await page.keyboard.press('Escape')
    await submitStep(page)
    await page.getByRole('alert').getByRole('link', { name: 'Choose your insurer from the list, or say that it is not listed' }).click()
    await focusOn(page.locator('#payerId'))
  })

  it('the clinic’s own form is asked in its own words, checked, shown with the answers and sent by its types', async () => {
    hub.data.intake.forms = [allergies]
    await open('#/form-allergies')
    await waitForStep(page, 'form-allergies')
    await submitStep(page)
    await page.getByRole('alert').getByRole('link', { name: 'Answer the question “Do you have an allergy?”' }).click()
    await focusOn(page.locator('#form-allergies-any'))
    await page.getByLabel('Yes').check()
    await page.getByLabel('Bee stings').check()
    await page.locator('#form-allergies-note').fill('Only in summer')
    await submitStep(page)
    await waitForStep(page, 'consents')
    await open('#/check')
    await page.getByText('Bee stings').waitFor()
    await page.getByText('Only in summer').waitFor()
  })

  it('keeps answers and place in every language of the clinic', async () => {
    hub.data.intake.clinic.languages = ['en', 'es', 'de', 'fr']
    hub.data.intake.consentTexts.de = hub.data.intake.consentTexts.en
    hub.data.intake.consentTexts.fr = hub.data.intake.consentTexts.en
    await open('#/about')
    await page.locator('#givenName').fill('Ana')
    for (const [tag, title] of [
      ['de', 'Über Sie'],
      ['fr', 'À propos de vous'],
      ['es', 'Sobre usted'],
    ] as const) {
      await page.locator('header select').selectOption(tag)
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, tag)
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
      expect(await page.locator('#givenName').inputValue(), tag).to.equal('Ana')
      expect(await overflowPx(page), tag).to.equal(0)
    }
  })

  it('stands right to left, and at twice the size, without being cut off', async () => {
    for (const step of ['start', 'about', 'person', 'insurance', 'second', 'consents', 'check']) {
      await open(step === 'start' ? '' : `#/${step}`)
      await waitForStep(page, step)
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl'
      })
      expect(await overflowPx(page), `${step} from the right`).to.equal(0)
      // A window of twice that width at 200 % is as wide inside.
      await page.setViewportSize({ width: 640, height: 640 })
      await page.evaluate(() => {
        document.documentElement.dir = 'ltr'
        document.documentElement.style.fontSize = '200%'
      })
      expect(await overflowPx(page), `${step} at 200 %`).to.equal(0)
      await page.setViewportSize({ width: 320, height: 640 })
      await page.goto('about:blank')
    }
  })
})
