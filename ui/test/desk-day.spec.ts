import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { type Clinic, openClinic } from '../../evidence/claims/old-scheduler.ts'
import { Patient, Staff } from '../../evidence/demo/hub-client.ts'
import { somebody } from '../../evidence/demo/people.ts'
import { cardPhoto } from '../../evidence/demo/photo.ts'
import { confirmationToken, effects, mailsTo } from '../../evidence/demo/simulators.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { axeFindings, shoot, shootFailed } from './looks.ts'

const timeZone = 'America/Chicago'
const dayAt = (iso: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(iso))
const timeAt = (iso: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' }).format(new Date(iso))
const dayMs = 24 * 3_600_000

interface Appointment {
  id: string
  status: string
  start: string
}

/** What a front desk does beside the straight way: everything goes somewhere, and the partners say so. One hub, with an old scheduler beside it. */
describe('the front desk’s day, when it does not go straight', function () {
  this.timeout(600_000)
  let stack: Stack
  let browser: Browser | undefined
  let view: View
  let page: Page
  let clinic: Clinic
  before(async function () {
    needsChromium(this)
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent, legacyScheduler: true })
    const admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
    // Whatever the hour at which this runs.
    await admin.messageRules({ quiet: { fromMinutes: 0, untilMinutes: 0 }, senderName: null })
    clinic = await openClinic(stack)
    await clinic.dualRun(true)
    browser = await launch()
    view = await signedIn('desk@lakeside.example')
    page = view.page
  })
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await shootFailed(page, `desk-day-${this.currentTest.title.replace(/[^a-z]+/gi, '-').slice(0, 30)}`)
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })

  async function signedIn(email: string): Promise<View> {
    if (!browser) throw new Error('there is no browser')
    const opened = await browser.view({ width: 1280 })
    opened.page.setDefaultTimeout(90_000)
    await opened.page.goto(`${stack.urls.public}/signin`)
    await opened.page.locator('#email').fill(email)
    await opened.page.locator('#password').fill('lakeside-demo-1')
    await opened.page.locator('form button[type=submit]').click()
    await opened.page.waitForURL((url) => !url.pathname.startsWith('/signin'))
    return opened
  }
  const open = (path: string) => page.goto(`${stack.urls.public}${path}`)
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
  const row = (text: string) => page.locator('tbody tr', { hasText: text })
  const appointments = async (): Promise<Appointment[]> => {
    const answer = await fetch(`${stack.urls.fhir}/_sim/resources?type=Appointment`, { signal: AbortSignal.timeout(10_000) })
    return ((await answer.json()) as { resources: Appointment[] }).resources
  }
  const inquiries = async (): Promise<number> =>
    Object.values(await effects(stack.urls.clearinghouse)).reduce((n, { byKey }) => n + Object.keys(byKey).length, 0)
  const oldOf = (visitId: string) => until('the copy at the old scheduler', 90, async () => (await clinic.oldAll()).find((one) => one.externalRef === visitId))

  const today = visitAt(3)
  const answers = somebody({ memberId: 'DAY711' }).answers
  const mailbox = 'no-texts@patients.example'
  let intakeId = ''
  let visitId = ''

  it('books by hand, tells of a text that did not arrive, and shows the mail that stands in', async () => {
    await open(`/clinic?day=${dayAt(today)}`)
    await page.getByRole('link', { name: 'New visit' }).click()
    await page.getByLabel('Date', { exact: true }).fill(dayAt(today))
    await page.getByLabel('Time', { exact: true }).fill(timeAt(today))
    await page.getByLabel('With whom').fill('Dr Okafor')
    await page.getByLabel('Given name').fill(String(answers.givenName))
    await page.getByLabel('Family name').fill(String(answers.familyName))
    await page.getByLabel('Born on').fill(String(answers.birthDate))
    await page.getByLabel('Mobile number').fill('+15005553006')
    await page.getByLabel('E-mail').fill(mailbox)
    await button('Make the link').click()
    await button('Send by text').click()
    await says('did not arrive')
    await until('the mail', 90, async () => ((await mailsTo(stack.urls.mail, mailbox)).length > 0 ? true : undefined))
    await open(`/clinic?day=${dayAt(today)}`)
    await row(String(answers.familyName)).locator('a[data-row-link]').click()
    await says('did not arrive: the number cannot take texts')
    await says('Link, e-mail')
    intakeId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await shoot(page, 'desk-day-undelivered-1280')
  })

  it('sends the link again from the row', async () => {
    const before = (await mailsTo(stack.urls.mail, mailbox)).length
    await open(`/clinic/intakes/${intakeId}`)
    await button(/^Send (again )?by e-mail$/).click()
    await until('another mail', 90, async () => ((await mailsTo(stack.urls.mail, mailbox)).length > before ? true : undefined))
  })

  it('shows a code to whoever stands at the desk, and with it the form is sent, to all green', async () => {
    const link = /https?:\/\/\S+\/i\/[A-Za-z0-9_-]+/.exec((await mailsTo(stack.urls.mail, mailbox))[0]?.text ?? '')?.[0] ?? ''
    await button('Show a code').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Show a code' }).click()
    const code = (await page.getByRole('dialog').locator('.tabular-nums').innerText()).trim()
    await page.keyboard.press('Escape')
    const patient = new Patient(link)
    expect(await patient.prove(String(answers.birthDate), code)).to.equal('proved')
    const form = await patient.open()
    await patient.submit(
      {
        answers,
        consents: form.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
        signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: form.accessCode },
        uploadIds: [await patient.sendPhoto('card-front', await cardPhoto('front')), await patient.sendPhoto('card-back', await cardPhoto('back'))],
        confirmationTokenId: await confirmationToken(stack.urls.stripe, form.card?.publishableKey ?? '', '4242424242424242'),
      },
      randomUUID(),
    )
    await open(`/clinic?day=${dayAt(today)}`)
    await row(String(answers.familyName)).getByText('Verified').waitFor({ timeout: 150_000 })
  })

  it('shows a cleared photo and the answers, and an administrator sees who looked', async () => {
    await open(`/clinic/intakes/${intakeId}`)
    await button(/^Show the photo: Front/).click()
    await page.getByRole('img', { name: 'Front of the card' }).waitFor()
    await button('Show the answers').click()
    await says('Member DAY711')
    await says('Keeping a card or account')
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'desk-day-visit-1280')
    const admin = await signedIn('admin@lakeside.example')
    await admin.page.goto(page.url())
    await admin.page.getByRole('button', { name: 'Show who has seen it' }).click()
    for (const line of ['Dana Desk: looked at a card photo', 'Dana Desk: read answers', 'Dana Desk: read name and contact', 'Dana Desk: showed a code'])
      await admin.page.getByText(line).first().waitFor()
    expect(admin.complaints).to.deep.equal([])
    await admin.page.context().close()
  })

  it('moves the visit: the chart and the old scheduler follow, and the payer is asked about the new day', async () => {
    const [before] = await appointments()
    if (!before) throw new Error('the visit is not in the EHR')
    const asked = await inquiries()
    const to = new Date(Date.parse(today) + 7 * dayMs).toISOString()
    await open(`/clinic/intakes/${intakeId}`)
    await button('Move…').click()
    await page.getByLabel('Date', { exact: true }).fill(dayAt(to))
    await page.getByLabel('Time', { exact: true }).fill(timeAt(today))
    await button('Move the visit').click()
    await says(/^Moved to/)
    const moved = await until('the EHR to follow', 120, async () => (await appointments()).find(({ id, start }) => id === before.id && start !== before.start))
    expect(dayAt(moved.start)).to.equal(dayAt(to))
    visitId = (await page.getByRole('link', { name: 'Print forms' }).getAttribute('href'))?.match(/visit=([^&]+)/)?.[1] ?? ''
    await until('the old scheduler to follow', 120, async () => (dayAt((await oldOf(visitId)).starts) === dayAt(to) ? true : undefined))
    await until('the payer to be asked again', 120, async () => ((await inquiries()) > asked ? true : undefined))
    await open(`/clinic?day=${dayAt(to)}`)
    await row(String(answers.familyName)).waitFor()
    await button('Week').click()
    await page.getByRole('region', { name: /,/ }).first().waitFor()
    await row(String(answers.familyName)).waitFor()
    await open(`/clinic?day=${dayAt(to)}&show=inactive`)
    await says('No visit of this time is in that state now.')
    await button('Show all').click()
    await row(String(answers.familyName)).waitFor()
  })

  it('cancels the visit: the chart and the old scheduler say so, and the day too', async () => {
    await open(`/clinic/intakes/${intakeId}`)
    await button('Cancel the visit…').click()
    await page.getByLabel('Reason').selectOption('patient-asked')
    await button('Cancel the visit').click()
    await button('Book it again').waitFor()
    await until('the EHR to say so', 120, async () => ((await appointments()).some(({ status }) => status === 'cancelled') ? true : undefined))
    await until('the old scheduler to say so', 120, async () => ((await oldOf(visitId)).status === 'cancelled' ? true : undefined))
    await open(`/clinic?day=${dayAt(new Date(Date.parse(today) + 7 * dayMs).toISOString())}`)
    await button('1 over or called off').waitFor()
  })

  it('prints the forms of a day for whoever has none', async () => {
    await clinic.book(today, 'Dr Lin')
    await open(`/clinic/print?day=${dayAt(today)}`)
    await page.locator('article').first().waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('article').count()).to.equal(1)
    expect(await page.locator('article').innerText()).to.contain('Dr Lin')
    expect(await page.locator('main').innerText()).to.not.match(/\/i\//)
    await page.emulateMedia({ media: 'screen' })
  })

  it('shows what is booked at the old scheduler once that keeps the appointments, by itself', async () => {
    await open(`/clinic?day=${dayAt(today)}`)
    await row('Dr Lin').waitFor()
    await clinic.handOver('legacy-scheduler')
    await clinic.handedOver('legacy-scheduler', 150)
    await clinic.oldBook(visitAt(6), 'Dr Old')
    await button(/^1 change since/).click({ timeout: 150_000 })
    await row('Dr Old').waitFor()
    expect(view.complaints).to.deep.equal([])
  })
})
