import type { Page } from 'playwright-core'
import { album, type Picture } from './album.ts'
import type { FakeHub } from './fake-hub.ts'
import { soon } from './fake-kit.ts'
import { cardPicture } from './fake-partner.ts'
import { chooseAccount, examplePatient, fillIntake, sendForm, submitStep, waitForStep } from './walk-intake.ts'

const mayRule = (hub: FakeHub): void => {
  if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'ops-rules.read', 'ops-rules.write']
}
const photo = { name: 'card.png', mimeType: 'image/png', buffer: cardPicture() }
const heading = (page: Page, text: string | RegExp): Promise<void> => page.getByRole('heading', { name: text }).first().waitFor()
const intake = '/i/a-token'
const at = (step: string): string => `${intake}#/${step}`
const wrong = (step: string): Picture => ({
  name: `intake-${step}-wrong`,
  path: at(step),
  drive: async (page) => {
    await submitStep(page)
    await page.getByRole('alert').waitFor()
  },
})

const pictures: Picture[] = [
  { name: 'intake-start', path: intake, drive: (page) => waitForStep(page, 'start') },
  {
    name: 'intake-loading',
    path: intake,
    prepare: (hub) => {
      hub.data.delayMs = 15_000
    },
    drive: (page) => page.getByRole('status').getByRole('heading').waitFor(),
  },
  {
    name: 'intake-unknown',
    path: intake,
    prepare: (hub) => hub.fail('/api/intake', 404, 'link-unknown'),
    drive: (page) => heading(page, 'This link does not work'),
  },
  { name: 'intake-ended', path: intake, prepare: (hub) => hub.fail('/api/intake', 410, 'link-ended'), drive: (page) => heading(page, 'This link has ended') },
  { name: 'intake-unreachable', path: intake, prepare: (hub) => hub.fail('/api/intake', 503), drive: (page) => heading(page, 'The form could not be loaded') },
  ...['about', 'contact', 'address', 'insurance', 'card-front', 'consents', 'sign'].flatMap((step) => [
    { name: `intake-${step}`, path: at(step), drive: (page: Page) => waitForStep(page, step) },
    wrong(step),
  ]),
  { name: 'intake-card-declined', path: at('card'), drive: (page) => heading(page, 'You chose not to keep a card') },
  { name: 'intake-check-missing', path: at('check'), drive: (page) => waitForStep(page, 'check') },
  {
    name: 'intake-photo-sent',
    path: at('card-front'),
    drive: async (page) => {
      await page.locator('#photo-file').setInputFiles(photo)
      await page.getByText('Photo received').waitFor()
    },
  },
  {
    name: 'intake-photo-failed',
    path: at('card-front'),
    prepare: (hub) => hub.fail('/api/intake/uploads', 400, 'invalid'),
    drive: async (page) => {
      await page.locator('#photo-file').setInputFiles(photo)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-consent-open',
    path: at('consents'),
    drive: async (page) => {
      await page.locator('main summary').first().click()
      await page.locator('#consent-treatment').check()
    },
  },
  {
    name: 'intake-card-form',
    path: at('consents'),
    drive: async (page) => {
      await page.locator('#consent-card-authorisation').check()
      await page.evaluate(() => {
        location.hash = '#/card'
      })
      await page.frameLocator('#card-form iframe').getByLabel('Card number').waitFor()
    },
  },
  {
    name: 'intake-card-or-account-form',
    path: at('consents'),
    prepare: (hub) => {
      if (hub.data.intake.card) hub.data.intake.card.bankAccounts = true
    },
    drive: async (page) => {
      await page.locator('#consent-card-authorisation').check()
      await page.evaluate(() => {
        location.hash = '#/card'
      })
      await chooseAccount(page, '000123456789')
    },
  },
  {
    name: 'intake-check-account',
    path: intake,
    prepare: (hub) => {
      if (hub.data.intake.card) hub.data.intake.card.bankAccounts = true
    },
    drive: async (page) => {
      await fillIntake(page, { ...examplePatient, card: undefined, account: '000123456789' })
      await page.getByText('Bank account ending in 6789').waitFor()
    },
  },
  {
    name: 'intake-card-unreachable',
    path: at('consents'),
    prepare: (hub) => {
      hub.data.intake.card = { scriptUrl: `${hub.url}/none.js`, publishableKey: 'pk', bankAccounts: false, currency: 'USD' }
    },
    drive: async (page) => {
      await page.locator('#consent-card-authorisation').check()
      await page.evaluate(() => {
        location.hash = '#/card'
      })
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-check',
    path: intake,
    drive: async (page) => {
      await fillIntake(page, { ...examplePatient, photos: { front: photo, back: photo } })
      await heading(page, 'Check your answers')
    },
  },
  {
    name: 'intake-check-offline',
    path: intake,
    prepare: (hub) => hub.fail('/api/intake/submit', 503),
    drive: async (page) => {
      await fillIntake(page, { ...examplePatient })
      await sendForm(page)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-check-changed',
    path: intake,
    drive: async (page, hub) => {
      await fillIntake(page, { ...examplePatient })
      Object.assign(hub.data.intake.consentTexts.en[0] ?? {}, { sha256: 'b'.repeat(64) })
      hub.fail('/api/intake/submit', 400, 'invalid', 1, [{ path: 'consents.0', message: 'x' }])
      await sendForm(page)
      await heading(page, 'There is a problem')
    },
  },
  {
    name: 'intake-consents-changed',
    path: at('consents'),
    drive: async (page, hub) => {
      await page.locator('#consent-treatment').check()
      Object.assign(hub.data.intake.consentTexts.en[0] ?? {}, { sha256: 'b'.repeat(64) })
      await page.reload()
      await page.getByText('The clinic changed this text').waitFor()
    },
  },
  {
    name: 'intake-check-card-number',
    path: intake,
    drive: async (page, hub) => {
      await fillIntake(page, { ...examplePatient })
      hub.fail('/api/intake/submit', 400, 'card-number-refused', 1, [{ path: 'answers.memberId', message: 'x' }])
      await sendForm(page)
      await heading(page, 'There is a problem')
    },
  },
  {
    name: 'intake-sent-before',
    path: intake,
    drive: async (page, hub) => {
      await fillIntake(page, { ...examplePatient })
      hub.fail('/api/intake/submit', 409, 'idempotency-conflict')
      hub.data.intake.status = 'submitted'
      await sendForm(page)
      await page.getByText('Your form had already arrived').waitFor()
    },
  },
  {
    name: 'intake-photo-too-many',
    path: at('card-front'),
    prepare: (hub) => hub.fail('/api/intake/uploads', 409, 'too-many-uploads'),
    drive: async (page) => {
      await page.locator('#photo-file').setInputFiles(photo)
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'intake-start-half',
    path: intake,
    drive: async (page) => {
      await page.locator('main a.button-main').click()
      await waitForStep(page, 'about')
      await page.goBack()
      await waitForStep(page, 'start')
    },
  },
  {
    name: 'intake-start-spanish',
    path: intake,
    drive: async (page) => {
      await page.getByLabel('Language').selectOption('es')
      await heading(page, 'Antes de su visita')
    },
  },
  { name: 'signin', path: '/signin', drive: (page) => page.getByLabel('Email').waitFor() },
  {
    name: 'signin-refused',
    path: '/signin?ended=1',
    drive: async (page) => {
      await page.getByLabel('Email').fill('ops@lakeside.example')
      await page.getByLabel('Password').fill('wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'clinic-visits', path: '/clinic', drive: (page) => page.getByText('5 visits').waitFor() },
  {
    // The longest words that a chip of the list has.
    name: 'clinic-visits-no-answer',
    path: '/clinic',
    prepare: (hub) =>
      void Object.assign(hub.data.journeys[0] ?? {}, { eligibility: 'checking', nextTry: { at: soon(0.1), why: 'unavailable' }, writeback: 'none' }),
    drive: (page) =>
      page
        .locator('*:visible', { hasText: /^Insurer does not answer$/ })
        .first()
        .waitFor(),
  },
  {
    name: 'clinic-visit-by-file',
    path: '/clinic/intakes/00000000-0000-4000-8000-000000000001',
    prepare: (hub) => void Object.assign(hub.data.journeys[0] ?? {}, { eligibility: 'checking', askedByFile: true, writeback: 'none' }),
    drive: (page) => page.getByText('The insurer answers by file').waitFor(),
  },
  {
    name: 'clinic-visit-provisional',
    path: '/clinic/intakes/00000000-0000-4000-8000-000000000001',
    prepare: (hub) =>
      void Object.assign(hub.data.journeys[0] ?? {}, {
        eligibility: 'provisional',
        provisional: { verdict: 'active', doubts: ['closed-calendar', 'same-body'], recheckAt: soon(10) },
      }),
    // Whoever looks it up in the runbook needs the rule's name.
    drive: (page) => page.getByText('The same answer came for different members. same-body').waitFor(),
  },
  { name: 'clinic-visits-empty', path: '/clinic?day=2020-01-01', drive: (page) => page.getByText('No visits on this day').waitFor() },
  { name: 'clinic-new', path: '/clinic/new', drive: (page) => heading(page, 'New visit') },
  {
    name: 'clinic-new-wrong',
    path: '/clinic/new',
    drive: async (page) => {
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'clinic-new-link',
    path: '/clinic/new',
    drive: async (page) => {
      await page.locator('#time').fill('09:20')
      await page.locator('#practitioner').fill('Dr Okafor')
      await page.getByRole('button', { name: 'Make the link' }).click()
      await heading(page, 'The link is ready')
    },
  },
  {
    name: 'clinic-visit',
    path: '/clinic/intakes/00000000-0000-4000-8000-000000000001',
    drive: async (page) => {
      await page.getByRole('button', { name: /^Show the photo: Front/ }).click()
      await page.getByRole('img', { name: 'Front of the card' }).waitFor()
    },
  },
  {
    name: 'clinic-visit-open',
    path: '/clinic/intakes/00000000-0000-4000-8000-000000000005',
    drive: (page) => page.getByRole('button', { name: 'New link' }).waitFor(),
  },
  {
    name: 'clinic-visit-new-link',
    path: '/clinic/intakes/00000000-0000-4000-8000-000000000005',
    drive: async (page) => {
      await page.getByRole('button', { name: 'New link' }).click()
      await page.getByRole('button', { name: 'Copy the link' }).waitFor()
    },
  },
  {
    name: 'admin-connection-moved',
    path: '/admin/connections/clearinghouse',
    prepare: (hub) => hub.fail('/api/admin/connections/clearinghouse', 400, 'invalid', 1, [{ path: 'secrets', message: 'x' }]),
    drive: async (page) => {
      await page.getByLabel('Rest url').fill('https://elsewhere.example/x12')
      await page.getByRole('button', { name: 'Save the connection' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'admin-connections', path: '/admin', drive: (page) => heading(page, 'EHR (FHIR R4)') },
  { name: 'admin-connection', path: '/admin/connections/clearinghouse', drive: (page) => heading(page, 'Secrets') },
  {
    name: 'admin-connection-wrong',
    path: '/admin/connections/fhir',
    drive: async (page) => {
      await page.getByRole('button', { name: 'Save the connection' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'admin-rules',
    path: '/admin/rules',
    prepare: mayRule,
    drive: async (page) => {
      await page.getByLabel('A second person must approve').check()
      await page.getByRole('button', { name: 'Save the rule' }).click()
      await page.getByText('Saved. From now on a second person approves.').waitFor()
    },
  },
  {
    name: 'admin-rules-failed',
    path: '/admin/rules',
    prepare: mayRule,
    drive: async (page, hub) => {
      await page.getByLabel('A second person must approve').check()
      hub.fail('/api/ops/rules', 503)
      await page.getByRole('button', { name: 'Save the rule' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'admin-rules-read-only', path: '/admin/rules', drive: (page) => page.getByText('One person alone decides').waitFor() },
  { name: 'admin-flows', path: '/admin/flows', drive: (page) => heading(page, /^notify/) },
]

album('every screen', pictures)
