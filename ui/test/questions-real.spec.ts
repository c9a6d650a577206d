import { expect } from 'chai'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { visitAt } from '../../evidence/demo/walk.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { axeFindings, shoot, shootFailed } from './looks.ts'
import { anotherPatient, walkIntake } from './walk-intake.ts'

/** Over the real hub, from end to end: what an administrator writes is asked, and what a patient answers reaches the desk. */
describe('a question of the clinic, from its administrator to the desk', function () {
  this.timeout(240_000)
  let stack: Stack | undefined
  let browser: Browser | undefined
  const open: View[] = []
  before(async function () {
    needsChromium(this)
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
    browser = await launch()
  })
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') for (const [i, view] of open.entries()) await shootFailed(view.page, `questions-real-${i}`)
    for (const view of open.splice(0)) await view.close()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })
  const view = async (width: number): Promise<View> => {
    if (!browser) throw new Error('no browser')
    const opened = await browser.view({ width })
    open.push(opened)
    return opened
  }
  const signIn = async ({ page }: View, email: string): Promise<void> => {
    await page.goto(`${stack?.urls.public}/`)
    await page.locator('#email').fill(email)
    await page.locator('#password').fill('lakeside-demo-1')
    await page.locator('form button[type=submit]').click()
    await page.waitForURL((url) => !['/', '/signin'].includes(url.pathname))
  }

  it('is written, asked, answered and read; and a text that is published is signed from then on', async () => {
    const admin = await view(1280)
    await signIn(admin, 'admin@lakeside.example')
    const { page } = admin
    await page.goto(`${stack?.urls.public}/admin/forms/~new`)
    await page.getByLabel('Title (English)').fill('At the clinic')
    await page.getByLabel('Title (Español)').fill('En la clínica')
    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.getByLabel('Kind of answer').selectOption('choice')
    await page.getByLabel('Question (English)').fill('What would you like to drink?')
    await page.getByLabel('Question (Español)').fill('¿Qué desea beber?')
    for (const [n, [en, es]] of [
      [1, ['Tea', 'Té']],
      [2, ['Water', 'Agua']],
    ] as const) {
      await page.getByLabel(`Choice ${n} (English)`).fill(en)
      await page.getByLabel(`Choice ${n} (Español)`).fill(es)
    }
    await page.getByLabel('Must be answered').check()
    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('button', { name: 'Publish version 1' }).click()
    await page.getByText('Version 1 is asked.').waitFor()
    await shoot(page, 'real-admin-form-1280')
    await page.goto(`${stack?.urls.public}/admin/consents/telehealth`)
    await page.getByLabel('Title (English)').fill('A visit on a screen')
    await page.getByRole('button', { name: 'Compare and publish…' }).click()
    await page.getByRole('button', { name: /^Publish version/ }).click()
    await page.getByText(/^Version \d is in force/).waitFor()
    await shoot(page, 'real-admin-consent-1280')
    expect(await axeFindings(page)).to.deep.equal([])

    const desk = await Staff.signIn(stack?.urls.public ?? '', 'desk@lakeside.example')
    const visit = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const patient = await view(320)
    await patient.page.goto(visit.patientUrl)
    const seen: string[] = []
    await walkIntake(patient.page, anotherPatient(), async (step) => {
      if (step === 'consents') seen.push(...(await patient.page.locator('main h2').allTextContents()))
      if (step !== 'form-at-the-clinic') return
      seen.push(step)
      await shoot(patient.page, 'real-own-question-320')
      await patient.page.getByRole('radio', { name: 'Tea' }).check()
    })
    expect(seen).to.include.members(['form-at-the-clinic'])
    expect(patient.complaints).to.deep.equal([])

    const front = await view(1280)
    await signIn(front, 'desk@lakeside.example')
    await front.page.goto(`${stack?.urls.public}/clinic/intakes/${visit.intakeId}`)
    await front.page.getByRole('button', { name: 'Show what was answered' }).click()
    const panel = front.page.getByRole('region', { name: 'Answers to the clinic’s questions' })
    await panel.getByText('Tea').waitFor()
    expect(await panel.getByRole('term').allTextContents()).to.include('What would you like to drink?')
    expect(await axeFindings(front.page)).to.deep.equal([])
    await shoot(front.page, 'real-desk-answers-1280')
    expect([...front.complaints, ...admin.complaints]).to.deep.equal([])
  })
})
