import type { Page } from 'playwright-core'
import { album, type Picture } from './album.ts'
import type { FakeHub } from './fake-hub.ts'
import { form, previous } from './fake-known.ts'
import { asksProof, saveElsewhere } from './fake-link.ts'
import { submitStep, waitForStep } from './walk-intake.ts'

const intake = '/i/a-token-of-a-link'
const at = (step: string): string => `${intake}#/${step}`
const heading = (page: Page): Promise<void> => page.locator('[data-page] h1').waitFor()
const ask =
  (change: Partial<ReturnType<typeof asksProof>> = {}) =>
  (hub: FakeHub) => {
    hub.data.link.proof = { ...asksProof(), ...change }
  }
/** A phone without more of the list in the way than the words need. */
const choose = async (page: Page, typed: string, option: string): Promise<void> => {
  await page.locator('#payerId').fill(typed)
  await page.getByRole('option', { name: option }).click()
}

const pictures: Picture[] = [
  { name: 'intake-proof', path: intake, prepare: ask(), drive: heading },
  { name: 'intake-proof-no-address', path: intake, prepare: ask({ to: [], asks: { birthDate: false } }), drive: heading },
  { name: 'intake-proof-paused', path: intake, prepare: ask({ pausedUntil: '2027-03-04T15:20:00.000Z' }), drive: heading },
  {
    name: 'intake-proof-wrong',
    path: intake,
    prepare: ask(),
    drive: async (page) => {
      await heading(page)
      await page.getByRole('button', { name: /Text a code/ }).click()
      for (const [id, text] of Object.entries({ birthMonth: '1', birthDay: '2', birthYear: '1985', code: '000000' })) await page.locator(`#${id}`).fill(text)
      await page.locator('main form button[type=submit]').click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-previous',
    path: at('previous'),
    prepare: (hub) => {
      hub.data.intake.previous = previous
    },
    drive: (page) => waitForStep(page, 'previous'),
  },
  {
    name: 'intake-start-previous',
    path: intake,
    prepare: (hub) => {
      Object.assign(hub.data.intake, { previous, forms: [form] })
    },
    drive: (page) => waitForStep(page, 'start'),
  },
  {
    name: 'intake-guardian',
    path: at('about'),
    drive: async (page) => {
      for (const [id, text] of Object.entries({ givenName: 'Ana', familyName: 'Moreno', birthMonth: '5', birthDay: '1', birthYear: '2015' }))
        await page.locator(`#${id}`).fill(text)
      await submitStep(page)
      await waitForStep(page, 'guardian')
      await submitStep(page)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-person-wrong',
    path: at('person'),
    drive: async (page) => {
      await submitStep(page)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-insurer-list',
    path: at('insurance'),
    drive: async (page) => {
      await page.locator('#payerId').fill('n')
      await page.keyboard.press('ArrowDown')
      await page.getByRole('option', { name: 'Northwind Mutual' }).waitFor()
    },
  },
  { name: 'intake-insurer-not-listed', path: at('insurance'), drive: (page) => choose(page, 'Faraway', 'My insurer is not on the list') },
  {
    name: 'intake-insurer-by-person',
    path: at('insurance'),
    prepare: (hub) => {
      Object.assign(hub.data.intake.payers[0] ?? {}, { supported: false })
    },
    drive: async (page) => {
      await choose(page, 'helio', 'Helio Health Plan')
      await page.locator('#noCard').check()
      await page.locator('#otherName').check()
    },
  },
  {
    name: 'intake-second',
    path: at('second'),
    drive: async (page) => {
      await page.locator('input[name=hasSecond][value=yes]').check()
      await submitStep(page)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-own-form',
    path: at('form-habits'),
    prepare: (hub) => {
      hub.data.intake.forms = [form]
    },
    drive: async (page) => {
      await waitForStep(page, 'form-habits')
      await submitStep(page)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-conflict',
    path: at('about'),
    drive: async (page, hub) => {
      await page.locator('#givenName').fill('Ana')
      await page.locator('[data-saving=saved]').waitFor()
      saveElsewhere(hub.data, { givenName: 'Anita' }, { hours: 0.5 })
      await page.locator('#givenName').fill('Annie')
      await heading(page)
    },
  },
  {
    name: 'intake-offline',
    path: at('about'),
    drive: async (page, hub) => {
      hub.fail('/api/intake/draft', 503, 'internal', 50)
      await page.locator('#givenName').fill('Ana')
      await page.locator('[data-saving=offline]').waitFor()
    },
  },
]

album('every page of the form that only some patients see', pictures)
