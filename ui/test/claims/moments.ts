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

/** What somebody does on the page, or waits for there: by what every language has in common. */
type Deed = (page: Page, hub: FakeHub) => Promise<unknown>
type Hub = (hub: FakeHub) => unknown
/** What `fail` is told beside the path. */
type Refusal = Parameters<FakeHub['fail']> extends [string, ...infer Rest] ? Rest : never
/** The states of one page: what is done there, in order, before a hub that was made ready like that. `#step`: a page of the form. */
const on =
  (path: string) =>
  (name: string, deeds: readonly Deed[], prepare?: Hub): Picture => ({
    ...{ name, path, ...(prepare && { prepare }) },
    drive: async (page, hub) => {
      for (const deed of deeds) await deed(page, hub)
    },
  })

const click =
  (selector: string): Deed =>
  (page) =>
    page.locator(selector).click()
const tick =
  (selector: string): Deed =>
  (page) =>
    page.locator(selector).check()
const type =
  (id: string, text: string): Deed =>
  (page) =>
    page.locator(`#${id}`).fill(text)
const key =
  (name: string): Deed =>
  (page) =>
    page.keyboard.press(name)
const there =
  (selector: string): Deed =>
  (page) =>
    page.locator(selector).first().waitFor()
const step =
  (name: string): Deed =>
  (page) =>
    waitForStep(page, name)
const turnTo =
  (name: string): Deed =>
  async (page) => {
    await page.evaluate(`location.hash = '#/${name}'`)
    await waitForStep(page, name)
  }
const openAll: Deed = async (page) => {
  for (const summary of await page.locator('main summary').all()) await summary.click()
}
const alert: Deed = (page) => page.getByRole('alert').first().waitFor()
const refused: readonly Deed[] = [submitStep, alert]
const statusLink = there('main a[href*="/status/"]')
/** Where it is neither loading nor about to be. */
const heading = there('main h1:not([role=status] h1)')

/** The page about the patient is kept as it is typed. */
const typeName = type('givenName', 'Ana')
const saving = (is: string): Deed => there(`[data-saving=${is}]`)
const holdDraft: Deed = (page) => page.route('**/api/intake/draft', () => undefined)
const draftFails =
  (status: number, code: string): Hub =>
  (hub) =>
    hub.fail('/api/intake/draft', status, code, 50)
/** Two devices that went on apart. */
const twice = (elsewhere: Record<string, string> | null): readonly Deed[] => [
  ...[typeName, saving('saved')],
  async (_, hub) => saveElsewhere(hub.data, elsewhere, { hours: 0.5 }),
  ...[type('givenName', 'Annie'), there('[data-page=conflict] h1')],
]

const unlisted = 'Faraway Assurance'
const option = (value: string): string => `[role=option][data-value=${value}]:visible`
const askedByPerson =
  (payer: number): Hub =>
  (hub) =>
    Object.assign(hub.data.intake.payers[payer] ?? {}, { supported: false })

const choosePhoto =
  (file: typeof photo): Deed =>
  (page) =>
    page.locator('#photo-file').setInputFiles(file)
/** Two parts of it arrive, the rest does not: somewhere between "begun" and "there". */
const photoOnItsWay: readonly Deed[] = [
  step('card-front'),
  (page) => {
    let arriving = 2
    return page.route(/\/quarantine\//, (route) => {
      if (route.request().method() !== 'PUT') return route.continue()
      arriving -= 1
      return arriving < 0 ? undefined : route.continue()
    })
  },
  choosePhoto({ ...photo, buffer: Buffer.concat([photo.buffer, Buffer.alloc(3 * limits.uploadPartBytes)]) }),
  there('#photo-progress:not([value="0"])'),
]

/** Kept in the tab, where the next load finds it. */
const consentKept: Deed = (page) => page.waitForFunction(() => Object.values({ ...sessionStorage }).some((kept) => String(kept).includes('"treatment"')))
const changeConsent: Deed = async (page, hub) => {
  for (const texts of Object.values(hub.data.intake.consentTexts)) Object.assign(texts[0] ?? {}, { sha256: 'b'.repeat(64) })
  await page.reload()
}
/** The card's page asks only who agreed to it. */
const toCard: readonly Deed[] = [step('consents'), tick('#consent-card-authorisation'), turnTo('card')]
const cardIs =
  (change: (hub: FakeHub) => Partial<NonNullable<FakeHub['data']['intake']['card']>>): Hub =>
  (hub) =>
    Object.assign(hub.data.intake.card ?? {}, change(hub))
const fillAll: Deed = (page) => fillIntake(page, { ...examplePatient })
const sendFails =
  (...how: Refusal): Deed =>
  async (_, hub) =>
    hub.fail('/api/intake/submit', ...how)
const arrivedBefore: Deed = async (_, hub) => Object.assign(hub.data.intake, { status: 'submitted' })

const asksFor =
  (change: Partial<ReturnType<typeof asksProof>>): Hub =>
  (hub) =>
    Object.assign(hub.data.link, { proof: { ...asksProof(), ...change } })
const proofAsked = there('[data-page=proof] h1')

const correctionAsked = there('[data-page=correction] h1')
const correctionIs =
  (change: Partial<FakeHub['data']['correction']>): Hub =>
  (hub) =>
    Object.assign(hub.data.correction, change)
const correctionFails =
  (...how: Refusal): Hub =>
  (hub) =>
    hub.fail('/api/intake/correction', ...how)
const sendCorrection = click('[data-page=correction] form button[type=submit]')
/** The status page follows; one that does not come leaves this in front of the patient, as an answer without a page does. */
const noStatusPage: Deed = (page) => page.route('**/status/**', (route) => route.fulfill({ status: 204 }))

const sent =
  (change: object = {}): Hub =>
  (hub) =>
    Object.assign(hub.data.intake, { status: 'submitted', ...change })
const cardForm = there('#card-form[data-state=ready]')

const [start, about, insurance, second] = [on('#start'), on('#about'), on('#insurance'), on('#second')]
const [front, consents] = [on('#card-front'), on('#consents')]
/** A path that is not of the form's own link gets its language with the rest. */
const [correction, method] = [on(`/correct/${token}`), on(`/method/${token}`)]

/** What a page becomes while somebody uses it, or when things go otherwise. */
const moments: readonly Picture[] = [
  start('loading', [(page) => page.getByRole('status').waitFor()], (hub) => Object.assign(hub.data, { delayMs: 6_000 })),
  about('two devices, the other newer', twice({ givenName: 'Anita' })),
  about('two devices, the other cleared', twice(null)),
  about('being saved', [holdDraft, typeName, saving('saving')]),
  about('saved', [typeName, saving('saved')]),
  about('no connection', [typeName, saving('offline')], draftFails(503, 'internal')),
  about('not kept by the clinic', [typeName, saving('refused')], draftFails(400, 'invalid')),
  about('begun, about to be cleared', [typeName, saving('saved'), turnTo('start'), openAll]),
  insurance('insurers, all', [click('#payerId'), there('[role=option]:visible')], askedByPerson(1)),
  insurance('insurers, found', [type('payerId', 'north'), key('ArrowDown'), there(option('NORTH2'))]),
  insurance('insurers, none found', [type('payerId', unlisted), there(option('not-listed'))]),
  insurance('insurer typed and not chosen', [type('payerId', unlisted), key('Escape'), there('[data-take-typed]')]),
  insurance('insurer not on the list', [type('payerId', unlisted), click(option('not-listed')), there('#payerText')]),
  insurance(
    'insurer that a person asks, another name on the card, no card',
    [(page) => choosePayer(page, 'HELIO1'), tick('#noCard'), tick('#otherName'), there('#cardGivenName')],
    askedByPerson(0),
  ),
  insurance('name on the card, refused', [tick('#otherName'), ...refused]),
  second('a second insurance, refused', [tick('input[name=hasSecond][value=yes]'), tick('#secondOtherName'), ...refused]),
  front('a photo that is being sent', photoOnItsWay),
  front('a photo that is not there yet', [...photoOnItsWay, ...refused]),
  front('too many photos', [choosePhoto(photo), alert], (hub) => hub.fail('/api/intake/uploads', 409, 'too-many-uploads')),
  front('no card at hand', [tick('#no-photos'), openAll]),
  consents('a consent, read', [step('consents'), openAll, tick('#consent-treatment')]),
  consents('a consent that the clinic changed', [
    ...[step('consents'), tick('#consent-treatment'), consentKept, changeConsent],
    ...[step('consents'), there('#consent-treatment-hint')],
  ]),
  consents(
    'a card or an account',
    [...toCard, (page) => chooseAccount(page, '000123456789')],
    cardIs(() => ({ bankAccounts: true })),
  ),
  consents(
    'a card form that does not come',
    [...toCard, alert],
    cardIs(({ url }) => ({ scriptUrl: `${url}/none.js` })),
  ),
  start('answers that could not be sent', [fillAll, sendFails(503), sendForm, alert]),
  start('answers with a card number among them', [
    ...[fillAll, sendFails(400, 'card-number-refused', 1, [{ path: 'answers.memberId', message: 'x' }])],
    ...[sendForm, alert],
  ]),
  start('answers that had arrived before', [fillAll, sendFails(409, 'idempotency-conflict'), arrivedBefore, sendForm, statusLink]),
  start('the proof, nowhere to send a code', [proofAsked], asksFor({ to: [], asks: { birthDate: false } })),
  start('the proof, paused', [proofAsked], asksFor({ pausedUntil: '2027-03-04T15:20:00.000Z' })),
  correction('a correction, asked by the insurer’s answer', [correctionAsked]),
  correction('a correction, asked by a person', [correctionAsked], correctionIs({ askedBy: 'staff', fields: ['memberId'], left: 1 })),
  correction('a correction, refused', [correctionAsked, type('memberId', 'no/such#id'), type('birthYear', '81'), sendCorrection, alert]),
  correction(
    'a correction, an insurer that is not listed',
    [type('payerId', unlisted), click('[data-take-typed]'), there('#payerText')],
    correctionIs({ fields: ['payerId'] }),
  ),
  correction('a correction that was not sent', [
    ...[correctionAsked, async (_: Page, hub: FakeHub) => correctionFails(503, 'internal', 20)(hub)],
    ...[type('memberId', 'HX99872'), sendCorrection, alert],
  ]),
  correction('a correction, sent', [correctionAsked, noStatusPage, type('memberId', 'HX99872'), sendCorrection, statusLink]),
  correction('a correction, answered already', [heading], correctionFails(409, 'correction-closed')),
  correction('a correction, tried too often', [heading], correctionFails(409, 'too-many-corrections')),
  method('another card', [cardForm], sent()),
  method('another card, refused', [cardForm, click('[data-page=method] form button[type=submit]'), alert], sent()),
  method('another card, which the clinic does not take here', [there('[data-page=method] h1')], sent({ card: null })),
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
