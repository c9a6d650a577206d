import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { undoMs } from '@heliox/core/messaging'
import type { DemoTenant } from '@heliox/db/seed/demo'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { Clearinghouse } from '../../evidence/demo/clearinghouse.ts'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { finished, until, visitAt } from '../../evidence/demo/walk.ts'
import { titleOf } from '../src/intake/titles.ts'
import { type PatientMessages, wordsIn } from '../src/shared/messages/index.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { linkOnPhone, type PatientWorld, phones, photoFile, proveWhoIAm } from './patient-kit.ts'
import { choosePayer, fillPerson, fillRest, type Patient, sendForm, typeCard, waitForStep, walkIntake } from './walk-intake.ts'

/**
 * The troubles that a patient meets on a phone, walked at a running hub in one language after another: found by the words of
 * that language, so that one that is missing or in another language fails here.
 */
export interface Walker {
  language: LanguageTag
  /** What their browser says it reads. */
  browser: string
  width: number
  /** Where their texts arrive. */
  phone: string
  /** As a patient of this clinic lives; another one each time. */
  patient(): Patient
  /** What is true of this patient’s form alone. */
  onStep?(page: Page, step: string): Promise<void>
}
export interface WalkedClinic {
  tenant: Pick<DemoTenant, 'slug'>
  deskEmail: string
  opsEmail: string
  walkers: readonly Walker[]
}

/** Put together here so that no scanner takes this source for it; behind a real picture. */
const eicar = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
const infectedPhoto = async () => {
  const photo = await photoFile('back')
  return { ...photo, buffer: Buffer.concat([photo.buffer, Buffer.from(eicar)]) }
}
const refusedCard = { number: '4000000000000002', expiry: '1230', securityCode: '123' }
const goodCard = { ...refusedCard, number: '4242424242424242' }
/** Made up, so that a word of it in a log could come from nowhere else. */
export const unlistedInsurer = 'Prairie Quixen Mutual'
export const rightMemberId = 'HX7CANARY4188'
/** By itself: nobody reloads. */
const patienceMs = 90_000

interface Walk extends Walker {
  world: PatientWorld
  desk: Staff
  ops: Staff
  text: PatientMessages
  /** When the visit is. */
  startsAt: string
}
const says = (page: Page, words: string): Promise<void> => page.getByText(words).first().waitFor({ timeout: patienceMs })

/** In this language, by its attribute and its heading, and no wider than the phone; leaves a picture. */
async function lookAt({ language, text, onStep }: Walk, page: Page, step: string): Promise<void> {
  expect(await page.evaluate('document.documentElement.lang'), step).to.equal(language)
  if (!step.startsWith('form-'))
    expect(await page.locator('main h1').innerText(), step).to.equal(step === 'start' ? text.start.title : titleOf(step as 'about', text))
  expect(await overflowPx(page), step).to.equal(0)
  if (step === 'card')
    expect(await page.frameLocator('#card-form iframe').locator('html').getAttribute('lang'), 'the payment company’s fields').to.equal(language)
  await onStep?.(page, step)
  await shoot(page, `patient-${language}-${step}-${page.viewportSize()?.width}`)
}

/** A status page, as it stands. */
async function lookAtStatus({ language }: Walk, page: Page, name: string): Promise<void> {
  expect(await page.evaluate('document.documentElement.lang')).to.equal(language)
  expect(await overflowPx(page)).to.equal(0)
  expect(await axeFindings(page)).to.deep.equal([])
  await shoot(page, `patient-${language}-${name}-${page.viewportSize()?.width}`)
}

/** The link by text, no connection while typing, another phone, a line that breaks in the middle of a photo. Ends on the status page. */
async function sendFromTwoPhones(walk: Walk, patient: Patient): Promise<{ page: Page; intakeId: string; over(): Promise<void> }> {
  const { world, desk, language, browser, width, phone, text } = walk
  const { urls } = world.stack
  const { givenName, familyName, birthDate } = patient
  const { intakeId } = await desk.bookFor(walk.startsAt, { givenName, familyName, birthDate, phone, email: null, language, smsAllowed: true })
  await desk.sendLink(intakeId, 'sms')
  const link = await linkOnPhone(urls.twilio, phone)
  const [first, texts] = [await world.view(width, browser), await world.view(phones.usual, browser)]
  await first.page.goto(link)
  await first.page.getByRole('heading', { name: text.proof.title }).waitFor()
  expect(await first.page.locator('body').innerText(), 'before the proof nothing is said of the patient').to.not.match(new RegExp(`${familyName}|Okafor`))
  await lookAtStatus(walk, first.page, 'proof')
  await proveWhoIAm(first.page, texts.page, urls.twilio, phone, birthDate)

  await first.page.locator('main [data-step=start] h1').waitFor()
  await fillPerson(first.page, patient, async (step) => {
    await lookAt(walk, first.page, step)
    if (step === 'contact') await first.page.context().setOffline(true)
  })
  await says(first.page, text.saving.offline)
  await first.page.context().setOffline(false)
  await first.page.locator('[data-saving=saved]').waitFor()

  const second = await world.view(phones.small, browser)
  // A second code is not sent within half a minute of the first.
  await new Clearinghouse(urls.clearinghouse).pass(31)
  await second.page.goto(link)
  await proveWhoIAm(second.page, texts.page, urls.twilio, phone, birthDate)
  await second.page.getByRole('link', { name: text.start.goOn, exact: true }).click()
  await waitForStep(second.page, 'insurance')
  await second.page.goto(`${link}#/address`)
  await waitForStep(second.page, 'address')
  const typed = await Promise.all(['#line1', '#city', '#postalCode'].map((id) => second.page.locator(id).inputValue()))
  expect(typed, 'what was typed without a connection, on the other phone').to.deep.equal([patient.line1, patient.city, patient.postalCode])
  let cuts = 2
  await second.page.route(`${urls.objects}/**`, (route) => {
    if (route.request().method() !== 'PUT' || cuts === 0) return route.continue()
    cuts -= 1
    return route.abort('connectionreset')
  })
  await fillRest(second.page, patient, (step) => lookAt(walk, second.page, step))
  await sendForm(second.page)
  await second.page.waitForURL(/\/status\//)
  expect(cuts, 'the line broke').to.equal(0)
  return {
    page: second.page,
    intakeId,
    async over() {
      // The first phone is told, and cannot send a second form.
      await first.page.goto(link)
      await first.page.waitForURL(/\/status\//)
      for (const { complaints } of [first, second]) expect(complaints).to.deep.equal([])
    },
  }
}

/** No connection, another phone, a photo that is none, a card that the bank refuses: the form arrives once, the rest is told, and another card is taken. */
async function walkTwoPhones(walk: Walk): Promise<void> {
  const { desk, ops, language, text } = walk
  const photos = { front: await photoFile('front'), back: await infectedPhoto() }
  const { page, intakeId, over } = await sendFromTwoPhones(walk, { ...walk.patient(), photos, card: refusedCard })
  for (const words of ['insurance.confirmed.what', 'method.declined.what', 'photos.rejected.what'] as const) await says(page, fill(words, language))
  await lookAtStatus(walk, page, 'status-refused')
  // What was found in the photo is nowhere to be had.
  const seen = await Promise.all(
    (await desk.photos(intakeId)).map(async ({ id, status }) => [
      status,
      await desk.photo(id).then(
        () => 'served',
        () => 'kept back',
      ),
    ]),
  )
  expect(seen.map((one) => one.join()).sort()).to.deep.equal(['clean,served', 'rejected,kept back'])

  await desk.askMethod(intakeId)
  await page.getByRole('link', { name: fill('page.leave-method', language) }).click({ timeout: patienceMs })
  await page
    .locator('[data-page=method]')
    .getByRole('heading', { name: fill('page.leave-method', language) })
    .waitFor()
  await typeCard(page, goodCard)
  await page.locator('#authorisation').check()
  await lookAtStatus(walk, page, 'another-card')
  await page.getByRole('button', { name: text.card.save }).click()
  await page.waitForURL(/\/status\//)
  await says(page, fill('card.stored.what', language))
  expect(await page.getByText(fill('method.declined.what', language)).count(), 'the refusal is over').to.equal(0)
  const { journey, steps } = await finished(ops, intakeId, 2, 90)
  expect([journey.eligibility, journey.payment, journey.writeback, journey.photosClean, journey.photosRejected]).to.deep.equal([
    ...['confirmed', 'stored', 'written', 1, 1],
  ])
  expect(
    steps.filter(({ step }) => step === 'intake.submitted.v1'),
    'arrived',
  ).to.have.length(1)
  await over()
}

/** An insurer that nobody has on a list: a person looks it up, asks the patient, and what the patient puts right is asked about anew. */
async function walkUnlisted(walk: Walk): Promise<void> {
  const { world, desk, ops, language, browser, width, text } = walk
  const visit = await desk.createVisit(walk.startsAt, 'Dr Lin')
  const { page, complaints } = await world.view(width, browser)
  await page.goto(visit.patientUrl)
  const patient = { ...walk.patient(), card: undefined, payerId: 'not-listed', payerText: unlistedInsurer }
  await walkIntake(page, patient, async (step) => {
    if (step !== 'insurance') return
    expect(await page.locator('#payerId').inputValue()).to.equal(text.payer.notListed)
    await says(page, text.payer.notListedText)
  })
  const ofVisit = async () => (await ops.overrides()).find(({ intakeId }) => intakeId === visit.intakeId)
  const item = await until('the item of a person', 90, ofVisit)
  expect(item.cause).to.equal('not-listed')
  await says(page, fill('insurance.with-our-team.what', language))
  await lookAtStatus(walk, page, 'not-listed')

  expect(await ops.openAnswers(visit.intakeId, ['memberId'])).to.deep.equal({ memberId: patient.memberId.replaceAll(' ', '') })
  await ops.decide(item.id, { action: 'ask-patient', fields: ['payerId', 'memberId'], reason: 'patient-data-wrong', note: 'Sold to Helio this year.' })
  // For so long it could be taken back.
  await new Clearinghouse(world.stack.urls.clearinghouse).pass(undoMs / 1000)
  await page.getByRole('link', { name: fill('page.correct', language) }).click({ timeout: patienceMs })
  const form = page.locator('[data-page=correction]')
  await form.getByRole('heading', { name: text.correction.title }).waitFor()
  await says(page, text.correction.leads.staff)
  expect(await form.locator('input').evaluateAll((all) => all.map((input) => (input as HTMLInputElement).name))).to.deep.equal([
    'payerId',
    'payerText',
    'memberId',
  ])
  await choosePayer(page, 'HELIO1')
  await page.locator('#memberId').fill(rightMemberId)
  await lookAtStatus(walk, page, 'correction')
  await page.getByRole('button', { name: text.correction.send }).click()
  await says(page, fill('insurance.confirmed.what', language))
  await until('the case to be closed', 60, async () => ((await ofVisit()) ? undefined : true))
  const { steps } = await ops.journey(visit.intakeId)
  for (const once of ['intake.corrected.v1', 'eligibility.recheck.v1'])
    expect(
      steps.filter(({ step }) => step === once),
      once,
    ).to.have.length(1)
  expect(complaints).to.deep.equal([])
}

/** Registers the walks of one clinic, in each of its languages. */
export function walkTroubles(world: PatientWorld, { tenant, deskEmail, opsEmail, walkers }: WalkedClinic): void {
  let staff: [desk: Staff, ops: Staff] | undefined
  const walkOf = async (walker: Walker, slot: number): Promise<Walk> => {
    const signIn = (email: string) => Staff.signIn(world.stack.urls.public, email, tenant.slug)
    staff ??= [await signIn(deskEmail), await signIn(opsEmail)]
    const [desk, ops] = staff
    return { ...walker, world, desk, ops, text: (await wordsIn(walker.language)).text, startsAt: visitAt(slot) }
  }
  for (const [n, walker] of walkers.entries()) {
    const { language } = walker
    it(`in ${language}: no connection while typing, a second phone, an infected photo and a refused card; another card is taken`, async () =>
      walkTwoPhones(await walkOf(walker, 2 * n)))
    it(`in ${language}: an insurer that is not on the list, and the correction that operations ask for`, async () =>
      walkUnlisted(await walkOf(walker, 2 * n + 1)))
  }
}
