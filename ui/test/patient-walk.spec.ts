import { expect } from 'chai'
import { Clearinghouse } from '../../evidence/demo/clearinghouse.ts'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { finished, until, visitAt } from '../../evidence/demo/walk.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { linkOnPhone, patientWorld, phones, photoFile, proveWhoIAm } from './patient-kit.ts'
import { anotherPatient, choosePayer, submitStep, waitForStep, walkIntake } from './walk-intake.ts'

/** Put together here so that no scanner takes this source for it; behind a real picture. */
const eicar = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** Patients of the clinic in the United States on their phones, at a running hub with its simulated partners. */
describe('patients on their phones', function () {
  const world = patientWorld(this)
  let desk: Staff
  let ops: Staff
  before(async () => {
    desk = await Staff.signIn(world.stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(world.stack.urls.public, 'ops@lakeside.example')
  })

  it('invited by text: the connection drops in the middle, another phone goes on after a code, and everything arrives once', async () => {
    const { urls } = world.stack
    const patient = anotherPatient()
    const phone = '+13125550161'
    const { intakeId } = await desk.bookFor(visitAt(0), {
      ...{ givenName: patient.givenName, familyName: patient.familyName, birthDate: patient.birthDate, phone, email: null, language: 'en', smsAllowed: true },
    })
    await desk.sendLink(intakeId, 'sms')
    const link = await linkOnPhone(urls.twilio, phone)
    const [first, phonePage] = [await world.view(phones.usual), await world.view(phones.usual)]
    await first.page.goto(link)
    // Before the proof the page says nothing of the patient.
    await first.page.locator('[data-page=proof] h1').waitFor()
    expect(await first.page.locator('body').innerText()).to.not.match(new RegExp(`${patient.familyName}|Okafor`))
    await shoot(first.page, 'patient-proof-390')
    expect(await axeFindings(first.page)).to.deep.equal([])
    await proveWhoIAm(first.page, phonePage.page, urls.twilio, phone, patient.birthDate)
    await first.page.locator('main [data-step=start] h1').waitFor()

    await first.page.goto(`${link}#/contact`)
    await waitForStep(first.page, 'contact')
    // Nothing typed is lost while there is no connection.
    await first.page.context().setOffline(true)
    await first.page.locator('#phone').fill('512 556 0161')
    await submitStep(first.page)
    await waitForStep(first.page, 'address')
    await first.page.locator('#line1').fill('9 Offline Way')
    await first.page.context().setOffline(false)
    await until('the draft to be kept', 60, async () => {
      const kept = await first.page.request.get(`${urls.public}/api/intake/draft`, {
        headers: { authorization: `Intake ${new URL(link).pathname.split('/').at(-1)}` },
      })
      return kept.ok() && (await kept.text()).includes('9 Offline Way') ? true : undefined
    })
    expect(first.complaints).to.deep.equal([])

    const second = await world.view(phones.small)
    // A second code is not sent within half a minute of the first.
    await new Clearinghouse(urls.clearinghouse).pass(31)
    await second.page.goto(link)
    await proveWhoIAm(second.page, phonePage.page, urls.twilio, phone, patient.birthDate)
    await second.page.locator('main [data-step=start] h1').waitFor()
    await second.page.goto(`${link}#/address`)
    await waitForStep(second.page, 'address')
    expect(await second.page.locator('#line1').inputValue()).to.equal('9 Offline Way')
    await second.page.goto(`${link}#/`)
    await second.page.locator('main [data-step=start] h1').waitFor()
    // The upload meets a line that breaks twice.
    let cuts = 2
    await second.page.route(`${urls.objects}/**`, (route) => {
      if (route.request().method() !== 'PUT' || cuts === 0) return route.continue()
      cuts -= 1
      return route.abort('connectionreset')
    })
    await walkIntake(second.page, { ...patient, photos: { front: await photoFile('front'), back: await photoFile('back') } })
    expect(cuts).to.equal(0)
    const { journey } = await finished(ops, intakeId, 2, 90)
    expect([journey.eligibility, journey.payment, journey.writeback, journey.photosClean]).to.deep.equal(['confirmed', 'stored', 'written', 2])
    await until('every line to be confirmed', 60, async () => ((await second.page.locator('.line.confirmed').count()) === 4 ? true : undefined))
    await shoot(second.page, 'patient-status-320')
    expect(second.complaints).to.deep.equal([])
    // The first phone is told, and cannot send a second form.
    await first.page.goto(link)
    await first.page.waitForURL(/\/status\//)
  })

  it('in Spanish: a card that the bank refuses, and a photo that is not one, stop neither the form nor the insurer', async () => {
    const visit = await desk.createVisit(visitAt(1), 'Dr Lin')
    const { page, complaints } = await world.view(phones.small, 'es-MX')
    await page.goto(visit.patientUrl)
    const front = await photoFile('front')
    const infected = { ...(await photoFile('back')), buffer: Buffer.concat([(await photoFile('back')).buffer, Buffer.from(eicar)]) }
    const seen: string[] = []
    await walkIntake(
      page,
      { ...anotherPatient(), photos: { front, back: infected }, card: { number: '4000000000000002', expiry: '1230', securityCode: '123' } },
      async (step) => {
        seen.push(step)
        expect(await page.evaluate('document.documentElement.lang'), step).to.equal('es')
        expect(await overflowPx(page), step).to.equal(0)
        await shoot(page, `patient-es-${step}-320`)
      },
    )
    expect(seen).to.include.members(['start', 'about', 'insurance', 'consents', 'sign', 'card', 'check'])
    const stateOf = async () => {
      const { journey } = await ops.journey(visit.intakeId)
      return [journey.eligibility, journey.payment, journey.photosClean, journey.photosRejected]
    }
    await until('both photos to be looked at, and the bank to answer', 90, async () =>
      (await stateOf()).slice(1).join() === 'declined,1,1' ? true : undefined,
    ).catch(async () => expect(await stateOf()).to.deep.equal(['confirmed', 'declined', 1, 1]))
    await until('the page to say both', 60, async () => ((await page.locator('.line.failed, .line.needs-someone').count()) >= 2 ? true : undefined))
    expect(await page.evaluate('document.documentElement.lang')).to.equal('es')
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-es-status-refused-320')
    expect(complaints).to.deep.equal([])
    // What was found in the photo is nowhere to be had.
    for (const photo of await desk.photos(visit.intakeId))
      if (photo.status !== 'clean')
        expect(
          await desk.photo(photo.id).then(
            () => 'served',
            () => 'refused',
          ),
        ).to.equal('refused')
  })

  it('an insurer that is not on the list: a person looks it up, asks the patient, and the corrected answer is asked about', async () => {
    const visit = await desk.createVisit(visitAt(2), 'Dr Lin')
    const { page, complaints } = await world.view(phones.usual)
    await page.goto(visit.patientUrl)
    const patient = { ...anotherPatient(), card: undefined }
    await walkIntake(page, { ...patient, payerId: 'not-listed', payerText: 'Prairie Farm Mutual' })
    const item = await until('the item of a person', 90, async () => (await ops.overrides()).find(({ intakeId }) => intakeId === visit.intakeId))
    expect(item.cause).to.equal('not-listed')
    await until('the page to say that we look it up', 60, async () =>
      (await page.locator('.line.checking, .line.provisional').count()) > 0 ? true : undefined,
    )
    await shoot(page, 'patient-not-listed-390')
    expect(await axeFindings(page)).to.deep.equal([])
    await ops.decide(item.id, { action: 'ask-patient', fields: ['payerId', 'memberId'], reason: 'patient-data-wrong', note: 'Sold to Helio this year.' })
    await page.locator(`a[href*="/correct/"]`).click({ timeout: 90_000 })
    await page.locator('[data-page=correction]').waitFor()
    await shoot(page, 'patient-correction-390')
    await choosePayer(page, 'HELIO1')
    await page.locator('#memberId').fill('HX8811')
    await page.locator('[data-page=correction] form button[type=submit]').click()
    await page.getByText('Your insurer says you are covered').waitFor({ timeout: 90_000 })
    expect(complaints).to.deep.equal([])
  })
})
