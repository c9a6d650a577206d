import type { Page } from 'playwright-core'

/**
 * Fills in the whole form the way a patient does, against any hub: the fake of these tests or the real stack. It finds
 * controls by id, so that it works in every language.
 */
interface PhotoFile {
  name: string
  mimeType: string
  buffer: Buffer
}
export interface Patient {
  givenName: string
  familyName: string
  /** `1985-03-27` */
  birthDate: string
  payerSex: 'F' | 'M' | 'U'
  phone: string
  email?: string
  line1: string
  line2?: string
  city: string
  /** Without: the clinic's. */
  country?: string
  /** Of the United States. */
  state?: string
  postalCode: string
  payerId: string
  /** With the payer `not-listed`: the insurer as the patient says it. */
  payerText?: string
  memberId: string
  groupNumber?: string
  /** For who is under age on the day of the visit. */
  guardian?: { givenName: string; familyName: string; relationship: 'parent' | 'guardian' | 'other' }
  /** Without: "I do not have my card". */
  photos?: { front: PhotoFile; back: PhotoFile }
  typedName?: string
  /** Without: the card authorisation stays unticked and no card is kept. */
  card?: { number: string; expiry: string; securityCode: string }
  /** In place of a card, where the clinic takes accounts: one that the test bank has, by its number. */
  account?: string
}

export const examplePatient: Patient = {
  givenName: 'Ana',
  familyName: 'Moreno',
  birthDate: '1985-03-27',
  payerSex: 'F',
  phone: '512 555 0137',
  email: 'ana@example.com',
  line1: '12 Lake Street',
  city: 'Austin',
  state: 'TX',
  postalCode: '78701',
  payerId: 'HELIO1',
  memberId: 'HH 204417',
  card: { number: '4242424242424242', expiry: '1230', securityCode: '123' },
}

let made = 0
/** One more like this one, whom no chart of a real hub could be taken for. */
export function anotherPatient(like: Patient = examplePatient): Patient {
  made += 1
  const letter = String.fromCharCode('a'.charCodeAt(0) + (made % 26))
  const phone = like.phone.replace(/\d{3}$/, String(100 + (made % 900)))
  return { ...like, familyName: `${like.familyName}${letter}`, birthDate: `${1950 + (made % 50)}-03-27`, phone }
}

/** The page's name in the hash: `about`, `card-front`, `start`. */
export const stepOf = (page: Page): string => new URL(page.url()).hash.replace(/^#\/?/, '').split('/')[0] || 'start'
export const submitStep = (page: Page): Promise<void> => page.locator('main form button[type=submit]').click()
/** The button of "Check your answers", whatever it says by now. */
export const sendForm = (page: Page): Promise<void> => page.locator('[data-step=check] button.button-main').click()
/** Asks the page, not the address: that changes first, and a click on the page before it would be lost. */
export async function waitForStep(page: Page, step: string): Promise<void> {
  await page.locator(`main [data-step=${step}] h1`).waitFor()
}

/** Told of each page once it is filled in, before the next one. */
type OnStep = (step: string) => Promise<void>
const toldOfNone: OnStep = async () => undefined

async function fill(page: Page, fields: Partial<Record<string, string>>): Promise<void> {
  for (const [id, value] of Object.entries(fields)) if (value !== undefined) await page.locator(`#${id}`).fill(value)
}
async function next(page: Page, step: string, onStep: OnStep): Promise<void> {
  await onStep(stepOf(page))
  await submitStep(page)
  await waitForStep(page, step)
}

/** From the first page to "Check your answers". */
export async function fillIntake(page: Page, patient: Patient, onStep: OnStep = toldOfNone): Promise<void> {
  await fillPerson(page, patient, onStep)
  await fillRest(page, patient, onStep)
}

/** From the first page to the address, which is filled in. */
export async function fillPerson(page: Page, patient: Patient, onStep: OnStep = toldOfNone): Promise<void> {
  await page.locator('main h1').waitFor()
  await onStep('start')
  await page.locator('main a.button-main').click()
  // What the clinic knows already is looked at and left: this patient types.
  await page.locator('main [data-step=previous] h1, main [data-step=about] h1').waitFor()
  if (stepOf(page) === 'previous') await next(page, 'about', onStep)
  await waitForStep(page, 'about')

  const [year = '', month = '', day = ''] = patient.birthDate.split('-')
  await fill(page, { givenName: patient.givenName, familyName: patient.familyName, birthMonth: month, birthDay: day, birthYear: year })
  if (patient.guardian) {
    await next(page, 'guardian', onStep)
    await fill(page, { guardianGivenName: patient.guardian.givenName, guardianFamilyName: patient.guardian.familyName })
    await page.locator(`input[name=guardianRelationship][value=${patient.guardian.relationship}]`).check()
  }
  await next(page, 'person', onStep)
  await page.locator(`input[name=payerSex][value=${patient.payerSex}]`).check()
  await next(page, 'contact', onStep)
  await fill(page, { phone: patient.phone, email: patient.email })
  await next(page, 'address', onStep)
  if (patient.country) await page.locator('#country').selectOption(patient.country)
  await fill(page, { line1: patient.line1, line2: patient.line2, city: patient.city, postalCode: patient.postalCode })
  if (patient.state) await page.locator('#state').selectOption(patient.state)
}

/** From the address, filled in on this device or another, to "Check your answers". */
export async function fillRest(page: Page, patient: Patient, onStep: OnStep = toldOfNone): Promise<void> {
  await next(page, 'insurance', onStep)
  await choosePayer(page, patient.payerId)
  await fill(page, { payerText: patient.payerText, memberId: patient.memberId, groupNumber: patient.groupNumber })
  await next(page, 'second', onStep)
  await page.locator('input[name=hasSecond][value=no]').check()
  await next(page, 'card-front', onStep)
  if (patient.photos) {
    await sendPhoto(page, patient.photos.front)
    await next(page, 'card-back', onStep)
    await sendPhoto(page, patient.photos.back)
  } else await page.locator('#no-photos').check()
  await passForms(page, onStep)
  // A clinic that keeps no card asks for none.
  const keepsCards = (await page.locator('#consent-card-authorisation').count()) > 0
  await agree(page, patient)
  await next(page, 'sign', onStep)
  await fill(page, { typedName: patient.typedName ?? `${patient.givenName} ${patient.familyName}` })
  if (keepsCards) {
    await next(page, 'card', onStep)
    if (patient.account) await chooseAccount(page, patient.account)
    else if (patient.card) await typeCard(page, patient.card)
  }
  await next(page, 'check', onStep)
  await onStep('check')
}

/** Ticks what is asked for, and shows that the texts can be read. Without a card or account nothing is agreed about one. */
export async function agree(page: Page, { card, account }: Pick<Patient, 'card' | 'account'>): Promise<void> {
  for (const box of await page.locator('main input[type=checkbox]').all()) {
    if (card || account || (await box.getAttribute('id')) !== 'consent-card-authorisation') await box.check()
  }
  await typeCode(page)
}

/** On to the consents, over the clinic's own questions where it has some: none of them has to be answered. */
async function passForms(page: Page, onStep: OnStep): Promise<void> {
  let from = stepOf(page)
  do {
    await onStep(from)
    await submitStep(page)
    await page.locator(`main [data-step]:not([data-step="${from}"]) h1`).waitFor()
    from = stepOf(page)
  } while (from.startsWith('form-'))
  await waitForStep(page, 'consents')
}

/** By the number that stands on the card, as a patient would: typed, then chosen from the list. */
export async function choosePayer(page: Page, payerId: string, control = 'payerId'): Promise<void> {
  await page.locator(`#${control}`).fill(payerId)
  await page.locator(`[role=option][data-value="${payerId}"]:visible`).click()
}

/** Everything, sent; ends on the status page, whose address is returned. */
export async function walkIntake(page: Page, patient: Patient, onStep?: OnStep): Promise<string> {
  await fillIntake(page, patient, onStep)
  await sendForm(page)
  await page.waitForURL(/\/status\//)
  return page.url()
}

/** Where a text asks for it, the code that stands at its end: read as a patient reads it. */
async function typeCode(page: Page): Promise<void> {
  const field = page.locator('#accessCode')
  if ((await field.count()) === 0) return
  const read = await page.locator('section', { has: field }).locator('details').textContent()
  await field.fill(/(\d{4})\s*$/.exec(read ?? '')?.[1] ?? '')
}

export async function sendPhoto(page: Page, photo: PhotoFile): Promise<void> {
  await page.locator('#photo-file').setInputFiles(photo)
  await page.locator('main .text-confirmed').waitFor()
}

/** What a patient does who pays from a bank account: the numbers are the bank's to know. */
export async function chooseAccount(page: Page, account: string): Promise<void> {
  await page.locator('#card-form[data-state=ready]').waitFor()
  const frame = page.frameLocator('#card-form iframe')
  await frame.getByRole('radio', { name: /bank account|cuenta bancaria/i }).check()
  await frame.getByLabel(/your account at|su cuenta en/i).selectOption(account)
}

/** Types into the payment company's frame, whose labels are in the patient's language. */
export async function typeCard(page: Page, card: NonNullable<Patient['card']>): Promise<void> {
  await page.locator('#card-form[data-state=ready]').waitFor()
  const frame = page.frameLocator('#card-form iframe')
  const field = (names: RegExp) => frame.getByLabel(names)
  await field(/card number|número de (la )?tarjeta|kartennummer|numéro de (la )?carte/i).fill(card.number)
  await field(/expir|vencimiento|caducidad|gültig bis/i).fill(card.expiry)
  await field(/security code|cvc|código de seguridad|sicherheitscode|code de sécurité/i).fill(card.securityCode)
}
