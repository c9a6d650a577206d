import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { axeFindings, overflowPx, shoot, shootFailed } from './looks.ts'
import { anotherPatient, walkIntake } from './walk-intake.ts'

const withoutCard = () => ({ ...anotherPatient(), card: undefined })
/** Made up, so that a word of it in a log could come from nowhere else. */
const rightMemberId = 'HX7CANARY4188'
const rightFamilyName = 'Quixenhammer'

/** A patient whose insurer does not know the number, at the real hub with the simulated insurer, on a phone. */
describe('a patient puts a wrong member id right', function () {
  this.timeout(240_000)
  let stack: Stack | undefined
  let browser: Browser | undefined
  let desk: Staff
  let ops: Staff
  const open: View[] = []
  before(async function () {
    needsChromium(this)
    stack = await startStack({
      ...{ kind: 'throw-away', bus: 'postgres', progress: silent },
      extra: { api: { HUB_LOG_LEVEL: 'debug' }, engine: { HUB_LOG_LEVEL: 'debug' }, relay: { HUB_LOG_LEVEL: 'debug' } },
    })
    browser = await launch()
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  })
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') for (const [i, view] of open.entries()) await shootFailed(view.page, `correction-${i}`)
    for (const view of open.splice(0)) await view.close()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })
  const phone = async (): Promise<View> => {
    if (!browser) throw new Error('no browser')
    const view = await browser.view({ width: 320 })
    open.push(view)
    return view
  }
  const stepsOf = async (intakeId: string): Promise<string[]> => ((await ops.journey(intakeId))?.steps ?? []).map(({ step }) => step)
  const count = (steps: readonly string[], step: string): number => steps.filter((one) => one === step).length

  it('reads on the status page what to do, does it there, and the insurer’s yes follows by itself', async () => {
    const visit = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const { page, complaints } = await phone()
    await page.goto(visit.patientUrl)
    const statusUrl = await walkIntake(page, { ...withoutCard(), memberId: 'UNKNOWN77' })
    const button = page.getByRole('link', { name: 'Put my details right' })
    await button.waitFor({ timeout: 90_000 })
    expect(await page.locator('.line.needs-someone').count()).to.equal(1)
    expect(await axeFindings(page)).to.deep.equal([])
    expect(await overflowPx(page)).to.equal(0)
    await shoot(page, 'real-status-correct-320')
    expect(await stepsOf(visit.intakeId)).to.include.members(['case.opened.v1', 'intake.correction-asked.v1'])

    await button.click()
    await page.locator('[data-page=correction]').waitFor()
    expect(await page.locator('#memberId-hint').innerText()).to.contain('ends with N77')
    await page.locator('#memberId').fill(rightMemberId)
    await page.locator('#familyName').fill(rightFamilyName)
    await shoot(page, 'real-correction-320')
    await page.locator('[data-page=correction] form button[type=submit]').click()
    await page.waitForURL((url) => url.pathname === new URL(statusUrl).pathname)
    await page.getByText('Your insurer says you are covered').waitFor({ timeout: 90_000 })
    expect(await page.getByRole('link', { name: 'Put my details right' }).count()).to.equal(0)
    await shoot(page, 'real-status-corrected-320')

    const steps = await until('the case to be closed', 60, async () => {
      const told = await stepsOf(visit.intakeId)
      return told.includes('case.closed.v1') && told.includes('eligibility.succeeded.v1') ? told : undefined
    })
    for (const once of ['intake.corrected.v1', 'eligibility.recheck.v1', 'case.opened.v1', 'case.closed.v1']) expect(count(steps, once), once).to.equal(1)
    expect((await ops.overrides()).filter((item) => item.intakeId === visit.intakeId)).to.deep.equal([])
    // The same link, opened again, leads to where things stand.
    await page.goto(visit.patientUrl)
    expect(new URL(page.url()).pathname).to.equal(new URL(statusUrl).pathname)
    expect(complaints).to.deep.equal([])
  })

  it('is asked again when the new number is not known either', async () => {
    const visit = await desk.createVisit(visitAt(1), 'Dr Lin')
    const { page } = await phone()
    await page.goto(visit.patientUrl)
    await walkIntake(page, { ...withoutCard(), memberId: 'UNKNOWN1' })
    const button = page.getByRole('link', { name: 'Put my details right' })
    for (const memberId of ['UNKNOWN2', 'HX20042']) {
      await button.waitFor({ timeout: 90_000 })
      await button.click()
      await page.locator('#memberId').fill(memberId)
      await page.locator('[data-page=correction] form button[type=submit]').click()
      await page.waitForURL((url) => url.pathname.startsWith('/status/'))
    }
    await page.getByText('Your insurer says you are covered').waitFor({ timeout: 90_000 })
    const steps = await stepsOf(visit.intakeId)
    expect(count(steps, 'intake.corrected.v1')).to.equal(2)
    expect(count(steps, 'eligibility.recheck.v1')).to.equal(2)
  })

  it('is asked by a person of the clinic too, for what that person names, and the case closes by itself', async () => {
    const visit = await desk.createVisit(visitAt(2), 'Dr Lin')
    const { page } = await phone()
    await page.goto(visit.patientUrl)
    // The insurer says active for one thing and inactive for another: nothing of it is the patient's by the codes.
    await walkIntake(page, { ...withoutCard(), memberId: 'AAA4331' })
    const item = await until('the case', 90, async () => (await ops.overrides()).find((one) => one.intakeId === visit.intakeId))
    expect(await page.getByRole('link', { name: 'Put my details right' }).count()).to.equal(0)

    const desktop = await browser?.view({ width: 1280 })
    if (!desktop) throw new Error('no browser')
    open.push(desktop)
    await desktop.page.goto(`${stack?.urls.public}/`)
    await desktop.page.locator('#email').fill('ops@lakeside.example')
    await desktop.page.locator('#password').fill('lakeside-demo-1')
    await desktop.page.locator('form button[type=submit]').click()
    await desktop.page.waitForURL((url) => !['/', '/signin'].includes(url.pathname))
    const post = (path: string, data: unknown) => desktop.page.request.post(`${stack?.urls.public}${path}`, { headers: { 'x-hub-request': '1' }, data })
    const opened = await post(`/api/ops/intakes/${visit.intakeId}/answers`, { purpose: 'compare-with-card', fields: ['memberId'] })
    expect(await opened.json()).to.deep.equal({ values: { memberId: 'AAA4331' } })
    const decided = await post(`/api/ops/overrides/${item.id}/decisions`, {
      ...{
        action: 'ask-patient',
        fields: ['memberId', 'birthDate'],
        decisionId: randomUUID(),
        reason: 'patient-data-wrong',
        note: 'Card shows another number.',
      },
    })
    expect(decided.status(), await decided.text()).to.be.within(200, 202)

    const button = page.getByRole('link', { name: 'Put my details right' })
    await button.waitFor({ timeout: 90_000 })
    await button.click()
    await page.locator('[data-page=correction]').waitFor()
    expect(await page.locator('[data-page=correction] input').evaluateAll((all) => all.map((input) => (input as HTMLInputElement).name))).to.deep.equal([
      ...['memberId', 'birthMonth', 'birthDay', 'birthYear'],
    ])
    await page.locator('#memberId').fill('HX31')
    await page.locator('[data-page=correction] form button[type=submit]').click()
    await page.getByText('Your insurer says you are covered').waitFor({ timeout: 90_000 })
    await until('the case to be closed', 60, async () => ((await ops.overrides()).some((one) => one.intakeId === visit.intakeId) ? undefined : true))
  })

  it('is in no log of any process with any of it', () => {
    const folder = `${stack?.folder}/logs`
    const ours = readdirSync(folder).filter((name) => /^(api|relay|engine|migrate)/.test(name))
    expect(ours).to.have.length.above(3)
    for (const name of ours) {
      const log = readFileSync(`${folder}/${name}`, 'utf8')
      for (const word of [rightMemberId, rightFamilyName, 'UNKNOWN77']) expect(log.includes(word), `${word} in ${name}`).to.equal(false)
    }
  })
})
