import { readdirSync, readFileSync } from 'node:fs'
import { demo } from '@heliox/db/seed/demo'
import { expect } from 'chai'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { patientWorld, phones } from './patient-kit.ts'
import { rightMemberId, unlistedInsurer, walkTroubles } from './patient-troubles.ts'
import { anotherPatient, walkIntake } from './walk-intake.ts'

const loud = { HUB_LOG_LEVEL: 'debug' }
const rightFamilyName = 'Quixenhammer'

/** Patients of the clinic in the United States on their phones, at a running hub with its simulated partners. */
describe('patients on their phones', function () {
  const world = patientWorld(this, { extra: { api: loud, engine: loud, relay: loud } })
  let desk: Staff
  let ops: Staff
  before(async () => {
    desk = await Staff.signIn(world.stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(world.stack.urls.public, 'ops@lakeside.example')
  })
  walkTroubles(world, {
    tenant: demo.lakeside,
    deskEmail: 'desk@lakeside.example',
    opsEmail: 'ops@lakeside.example',
    walkers: [
      { language: 'en', browser: 'en-US', width: phones.usual, phone: '+13125550161', patient: anotherPatient },
      { language: 'es', browser: 'es-MX', width: phones.small, phone: '+13125550162', patient: anotherPatient },
    ],
  })

  const withoutCard = () => ({ ...anotherPatient(), card: undefined })
  const stepsOf = async (intakeId: string): Promise<string[]> => (await ops.journey(intakeId)).steps.map(({ step }) => step)
  const count = (steps: readonly string[], step: string): number => steps.filter((one) => one === step).length

  it('whose insurer does not know the number read what to do, do it there, and the insurer’s yes follows by itself', async () => {
    const visit = await desk.createVisit(visitAt(4), 'Dr Okafor')
    const { page, complaints } = await world.view(phones.small)
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

  it('are asked again when the new number is not known either', async () => {
    const visit = await desk.createVisit(visitAt(5), 'Dr Lin')
    const { page } = await world.view(phones.small)
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

  it('are in no log of any process with what they put right', () => {
    const folder = `${world.stack.folder}/logs`
    const ours = readdirSync(folder).filter((name) => /^(api|relay|engine|migrate)/.test(name))
    expect(ours).to.have.length.above(3)
    for (const name of ours) {
      const log = readFileSync(`${folder}/${name}`, 'utf8')
      for (const word of [rightMemberId, rightFamilyName, unlistedInsurer, 'UNKNOWN77']) expect(log.includes(word), `${word} in ${name}`).to.equal(false)
    }
  })
})
