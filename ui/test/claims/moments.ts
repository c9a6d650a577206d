import { type LanguageTag, limits } from '@heliox/core/kit'
import type { Page } from 'playwright-core'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { buildUi } from '../../build.ts'
import type { Picture } from '../album.ts'
import { launch } from '../browser.ts'
import { type FakeHub, startFakeHub } from '../fake-hub.ts'
import { asksProof, saveElsewhere } from '../fake-link.ts'
import { chooseAccount, choosePayer, examplePatient, fillIntake, sendForm, submitStep, waitForStep } from '../walk-intake.ts'
import { Looks } from './looks.ts'
import { inLanguage, linkPath, opened, photo, token } from './speaking.ts'

/** A path that is not of the form's own link gets its language here. */
const other = (kind: 'correct' | 'method'): string => `/${kind}/${token}`
const alert = (page: Page): Promise<void> => page.getByRole('alert').first().waitFor()
/** By what every language has: the page's mark. */
const marked = (page: Page, name: string): Promise<void> => page.locator(`[data-page=${name}] h1`).waitFor()
const saving = (page: Page, is: string): Promise<void> => page.locator(`[data-saving=${is}]`).waitFor()
const held = async (page: Page, url: string | RegExp): Promise<void> => void (await page.route(url, () => undefined))
const bankAccounts = (hub: FakeHub): void => {
  if (hub.data.intake.card) hub.data.intake.card.bankAccounts = true
}
/** The card's page asks only who agreed to it. */
async function toCard(page: Page): Promise<void> {
  await waitForStep(page, 'consents')
  await page.locator('#consent-card-authorisation').check()
  await page.evaluate("location.hash = '#/card'")
  await waitForStep(page, 'card')
}
/** Two devices that went on apart. */
const twice =
  (there: Record<string, string> | null) =>
  async (page: Page, hub: FakeHub): Promise<void> => {
    await page.locator('#givenName').fill('Ana')
    await saving(page, 'saved')
    saveElsewhere(hub.data, there, { hours: 0.5 })
    await page.locator('#givenName').fill('Annie')
    await marked(page, 'conflict')
  }
/** Two parts of it arrive, the rest does not: somewhere between "begun" and "there". */
const photoOnItsWay = async (page: Page): Promise<void> => {
  await waitForStep(page, 'card-front')
  let arriving = 2
  await page.route(/\/quarantine\//, (route) => {
    if (route.request().method() !== 'PUT') return route.continue()
    arriving -= 1
    return arriving < 0 ? undefined : route.continue()
  })
  await page.locator('#photo-file').setInputFiles({ ...photo, buffer: Buffer.concat([photo.buffer, Buffer.alloc(3 * limits.uploadPartBytes)]) })
  await page.locator('#photo-progress:not([value="0"])').waitFor()
}
const changedConsent = (hub: FakeHub): void => {
  for (const texts of Object.values(hub.data.intake.consentTexts)) Object.assign(texts[0] ?? {}, { sha256: 'b'.repeat(64) })
}
const askedProof =
  (change: Partial<ReturnType<typeof asksProof>>) =>
  (hub: FakeHub): void => {
    hub.data.link.proof = { ...asksProof(), ...change }
  }
const sendCorrection = (page: Page): Promise<void> => page.locator('[data-page=correction] form button[type=submit]').click()
const refuseCorrection =
  (code: string) =>
  (hub: FakeHub): void =>
    hub.fail('/api/intake/correction', 409, code)
const heading = (page: Page): Promise<void> => page.locator('main h1:not([role=status] h1)').waitFor()

/** What a page becomes while somebody uses it, or when things go otherwise: by what every language has in common. `#step`: of the form. */
const moments: readonly Picture[] = [
  { name: 'loading', path: '#start', prepare: (hub) => void Object.assign(hub.data, { delayMs: 6_000 }), drive: (page) => page.getByRole('status').waitFor() },
  { name: 'two devices, the other newer', path: '#about', drive: twice({ givenName: 'Anita' }) },
  { name: 'two devices, the other cleared', path: '#about', drive: twice(null) },
  {
    name: 'being saved',
    path: '#about',
    drive: async (page) => {
      await held(page, '**/api/intake/draft')
      await page.locator('#givenName').fill('Ana')
      await saving(page, 'saving')
    },
  },
  {
    name: 'saved',
    path: '#about',
    drive: async (page) => {
      await page.locator('#givenName').fill('Ana')
      await saving(page, 'saved')
    },
  },
  {
    name: 'no connection',
    path: '#about',
    prepare: (hub) => hub.fail('/api/intake/draft', 503, 'internal', 50),
    drive: async (page) => {
      await page.locator('#givenName').fill('Ana')
      await saving(page, 'offline')
    },
  },
  {
    name: 'not kept by the clinic',
    path: '#about',
    prepare: (hub) => hub.fail('/api/intake/draft', 400, 'invalid', 50),
    drive: async (page) => {
      await page.locator('#givenName').fill('Ana')
      await saving(page, 'refused')
    },
  },
  {
    name: 'begun, about to be cleared',
    path: '#about',
    drive: async (page) => {
      await page.locator('#givenName').fill('Ana')
      await saving(page, 'saved')
      await page.evaluate("location.hash = '#/start'")
      await waitForStep(page, 'start')
      for (const summary of await page.locator('main summary').all()) await summary.click()
    },
  },
  {
    name: 'insurers, all',
    path: '#insurance',
    prepare: (hub) => void Object.assign(hub.data.intake.payers[1] ?? {}, { supported: false }),
    drive: async (page) => {
      await page.locator('#payerId').click()
      await page.locator('[role=option]:visible').first().waitFor()
    },
  },
  {
    name: 'insurers, found',
    path: '#insurance',
    drive: async (page) => {
      await page.locator('#payerId').fill('north')
      await page.keyboard.press('ArrowDown')
      await page.locator('[role=option][data-value=NORTH2]:visible').waitFor()
    },
  },
  {
    name: 'insurers, none found',
    path: '#insurance',
    drive: async (page) => {
      await page.locator('#payerId').fill('Faraway Assurance')
      await page.locator('[role=option][data-value=not-listed]:visible').waitFor()
    },
  },
  {
    name: 'insurer typed and not chosen',
    path: '#insurance',
    drive: async (page) => {
      await page.locator('#payerId').fill('Faraway Assurance')
      await page.keyboard.press('Escape')
      await page.locator('[data-take-typed]').waitFor()
    },
  },
  {
    name: 'insurer not on the list',
    path: '#insurance',
    drive: async (page) => {
      await page.locator('#payerId').fill('Faraway Assurance')
      await page.locator('[role=option][data-value=not-listed]:visible').click()
      await page.locator('#payerText').waitFor()
    },
  },
  {
    name: 'insurer that a person asks, another name on the card, no card',
    path: '#insurance',
    prepare: (hub) => void Object.assign(hub.data.intake.payers[0] ?? {}, { supported: false }),
    drive: async (page) => {
      await choosePayer(page, 'HELIO1')
      await page.locator('#noCard').check()
      await page.locator('#otherName').check()
      await page.locator('#cardGivenName').waitFor()
    },
  },
  {
    name: 'name on the card, refused',
    path: '#insurance',
    drive: async (page) => {
      await page.locator('#otherName').check()
      await submitStep(page)
      await alert(page)
    },
  },
  {
    name: 'a second insurance, refused',
    path: '#second',
    drive: async (page) => {
      await page.locator('input[name=hasSecond][value=yes]').check()
      await page.locator('#secondOtherName').check()
      await submitStep(page)
      await alert(page)
    },
  },
  { name: 'a photo that is being sent', path: '#card-front', drive: photoOnItsWay },
  {
    name: 'a photo that is not there yet',
    path: '#card-front',
    drive: async (page) => {
      await photoOnItsWay(page)
      await submitStep(page)
      await alert(page)
    },
  },
  {
    name: 'too many photos',
    path: '#card-front',
    prepare: (hub) => hub.fail('/api/intake/uploads', 409, 'too-many-uploads'),
    drive: async (page) => {
      await page.locator('#photo-file').setInputFiles(photo)
      await alert(page)
    },
  },
  {
    name: 'no card at hand',
    path: '#card-front',
    drive: async (page) => {
      await page.locator('#no-photos').check()
      for (const summary of await page.locator('main summary').all()) await summary.click()
    },
  },
  {
    name: 'a consent, read',
    path: '#consents',
    drive: async (page) => {
      await waitForStep(page, 'consents')
      for (const summary of await page.locator('main summary').all()) await summary.click()
      await page.locator('#consent-treatment').check()
    },
  },
  {
    name: 'a consent that the clinic changed',
    path: '#consents',
    drive: async (page, hub) => {
      await waitForStep(page, 'consents')
      await page.locator('#consent-treatment').check()
      // Kept in the tab, where the next load finds it.
      await page.waitForFunction(() => Object.values({ ...sessionStorage }).some((kept) => String(kept).includes('"treatment"')))
      changedConsent(hub)
      await page.reload()
      await waitForStep(page, 'consents')
      await page.locator('#consent-treatment-hint').waitFor()
    },
  },
  {
    name: 'a card or an account',
    path: '#consents',
    prepare: bankAccounts,
    drive: async (page) => {
      await toCard(page)
      await chooseAccount(page, '000123456789')
    },
  },
  {
    name: 'a card form that does not come',
    path: '#consents',
    prepare: (hub) => void Object.assign(hub.data.intake.card ?? {}, { scriptUrl: `${hub.url}/none.js` }),
    drive: async (page) => {
      await toCard(page)
      await alert(page)
    },
  },
  {
    name: 'answers that could not be sent',
    path: '#start',
    prepare: (hub) => hub.fail('/api/intake/submit', 503),
    drive: async (page) => {
      await fillIntake(page, { ...examplePatient })
      await sendForm(page)
      await alert(page)
    },
  },
  {
    name: 'answers with a card number among them',
    path: '#start',
    drive: async (page, hub) => {
      await fillIntake(page, { ...examplePatient })
      hub.fail('/api/intake/submit', 400, 'card-number-refused', 1, [{ path: 'answers.memberId', message: 'x' }])
      await sendForm(page)
      await alert(page)
    },
  },
  {
    name: 'answers that had arrived before',
    path: '#start',
    drive: async (page, hub) => {
      await fillIntake(page, { ...examplePatient })
      hub.fail('/api/intake/submit', 409, 'idempotency-conflict')
      hub.data.intake.status = 'submitted'
      await sendForm(page)
      await page.locator('main a[href*="/status/"]').waitFor()
    },
  },
  {
    name: 'the proof, nowhere to send a code',
    path: '#start',
    prepare: askedProof({ to: [], asks: { birthDate: false } }),
    drive: (page) => marked(page, 'proof'),
  },
  { name: 'the proof, paused', path: '#start', prepare: askedProof({ pausedUntil: '2027-03-04T15:20:00.000Z' }), drive: (page) => marked(page, 'proof') },
  { name: 'a correction, asked by the insurer’s answer', path: other('correct'), drive: (page) => marked(page, 'correction') },
  {
    name: 'a correction, asked by a person',
    path: other('correct'),
    prepare: (hub) => void Object.assign(hub.data.correction, { askedBy: 'staff', fields: ['memberId'], left: 1 }),
    drive: (page) => marked(page, 'correction'),
  },
  {
    name: 'a correction, refused',
    path: other('correct'),
    drive: async (page) => {
      await marked(page, 'correction')
      await page.locator('#memberId').fill('no/such#id')
      await page.locator('#birthYear').fill('81')
      await sendCorrection(page)
      await alert(page)
    },
  },
  {
    name: 'a correction, an insurer that is not listed',
    path: other('correct'),
    prepare: (hub) => void Object.assign(hub.data.correction, { fields: ['payerId'] }),
    drive: async (page) => {
      await page.locator('#payerId').fill('Faraway Assurance')
      await page.locator('[data-take-typed]').click()
      await page.locator('#payerText').waitFor()
    },
  },
  {
    name: 'a correction, a second insurance where there is none, refused',
    path: other('correct'),
    prepare: (hub) => void Object.assign(hub.data.correction, { fields: ['secondPayerId', 'secondMemberId'], hints: {} }),
    drive: async (page) => {
      await marked(page, 'correction')
      await page.locator('#secondMemberId').fill('NM1')
      await sendCorrection(page)
      await alert(page)
    },
  },
  {
    name: 'a correction that was not sent',
    path: other('correct'),
    drive: async (page, hub) => {
      await marked(page, 'correction')
      hub.fail('/api/intake/correction', 503, 'internal', 20)
      await page.locator('#memberId').fill('HX99872')
      await sendCorrection(page)
      await alert(page)
    },
  },
  {
    name: 'a correction, sent',
    path: other('correct'),
    drive: async (page) => {
      await marked(page, 'correction')
      // The status page follows; one that does not come leaves this in front of the patient, as an answer without a page does.
      await page.route('**/status/**', (route) => route.fulfill({ status: 204 }))
      await page.locator('#memberId').fill('HX99872')
      await sendCorrection(page)
      await page.locator('main a[href*="/status/"]').waitFor()
    },
  },
  { name: 'a correction, answered already', path: other('correct'), prepare: refuseCorrection('correction-closed'), drive: heading },
  { name: 'a correction, tried too often', path: other('correct'), prepare: refuseCorrection('too-many-corrections'), drive: heading },
  {
    name: 'another card',
    path: other('method'),
    prepare: (hub) => void Object.assign(hub.data.intake, { status: 'submitted' }),
    drive: (page) => page.locator('#card-form[data-state=ready]').waitFor(),
  },
  {
    name: 'another card, refused',
    path: other('method'),
    prepare: (hub) => void Object.assign(hub.data.intake, { status: 'submitted' }),
    drive: async (page) => {
      await page.locator('#card-form[data-state=ready]').waitFor()
      await page.locator('[data-page=method] form button[type=submit]').click()
      await alert(page)
    },
  },
  {
    name: 'another card, which the clinic does not take here',
    path: other('method'),
    prepare: (hub) => void Object.assign(hub.data.intake, { status: 'submitted', card: null }),
    drive: (page) => marked(page, 'method'),
  },
]

/** The form, the correction and the other card in what they become: each on its own, before a hub that says whatever is wanted. */
export async function claimMoments(language: LanguageTag, only = ''): Promise<ClaimLine> {
  await buildUi()
  const looks = new Looks(`patient.moments-${language}`)
  const hub = await startFakeHub()
  const browser = await launch()
  try {
    for (const { name, path, prepare, drive } of moments.filter((moment) => moment.name.includes(only)))
      await opened(browser, hub, language, async (page) => {
        prepare?.(hub)
        await page.goto(hub.url + (path.startsWith('#') ? `${linkPath(language)}#/${path.slice(1)}` : `${path}?lang=${language}`), {
          waitUntil: 'domcontentloaded',
        })
        await drive(page, hub).catch((error: Error) => {
          throw new Error(`${name}: ${error.message}`)
        })
        await inLanguage(page, language)
        await looks.at(page, name)
      })
    return looks.line(moments.length)
  } finally {
    await browser.close()
    await hub.close()
  }
}
