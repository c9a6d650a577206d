import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Patient, Staff } from '../../evidence/demo/hub-client.ts'
import { somebody } from '../../evidence/demo/people.ts'
import { cardPhoto } from '../../evidence/demo/photo.ts'
import { confirmationToken, textsTo } from '../../evidence/demo/simulators.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { linkOnPhone, patientWorld, phones } from './patient-kit.ts'

const timeZone = 'America/Chicago'
const wallClock = (iso: string, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat('sv-SE', { timeZone, ...options }).format(new Date(iso))

interface Booked {
  phone: string
  startsAt: string
  answers: Record<string, unknown>
}
/** Three patients of tomorrow morning, as their scheduler would list them. */
const booked: readonly Booked[] = [0, 1, 2].map((n) => ({
  phone: `+1312555017${n}`,
  startsAt: visitAt(3 + n),
  answers: somebody({ memberId: `DAY${n}11` }).answers,
}))
const csv = (): string =>
  [
    'Date,Time,Clinician,Given name,Family name,Birth date,Phone,Language,Texts allowed,Room',
    ...booked.map(({ phone, startsAt, answers }) =>
      [
        wallClock(startsAt, { dateStyle: 'short' }),
        wallClock(startsAt, { timeStyle: 'short' }),
        ...['Dr Okafor', answers.givenName, answers.familyName, answers.birthDate, phone, 'en', 'yes', '4'],
      ].join(','),
    ),
  ].join('\n')

/** The front desk's day at a running hub: a file in the evening, and in the end every row says that the patient can come. */
describe('the front desk’s day', function () {
  const world = patientWorld(this)
  const daytime = async (): Promise<void> => {
    const admin = await Staff.signIn(world.stack.urls.public, 'admin@lakeside.example')
    // Whatever the hour at which this runs.
    await admin.messageRules({ quiet: { fromMinutes: 0, untilMinutes: 0 }, senderName: null })
  }

  it('from a file to all green, and the list follows by itself', async () => {
    await daytime()
    const { urls } = world.stack
    const { page, complaints } = await world.view(1280)
    await page.goto(`${urls.public}/`)
    await page.locator('#email').fill('desk@lakeside.example')
    await page.locator('#password').fill('lakeside-demo-1')
    await page.locator('form button[type=submit]').click()
    await page.waitForURL((url) => url.pathname.startsWith('/clinic'))

    await page.goto(`${urls.public}/clinic/import`)
    await page.locator('input[type=file]').setInputFiles({ name: 'tomorrow.csv', mimeType: 'text/csv', buffer: Buffer.from(csv()) })
    await page.getByText('3 to book').waitFor()
    await page.getByText('1 column means nothing here').waitFor()
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-desk-import-1280')
    await page.locator('main button.button-main').click()
    await page.getByText('3 booked').waitFor()
    // The same file again books nothing twice.
    await page.locator('input[type=file]').setInputFiles({ name: 'tomorrow.csv', mimeType: 'text/csv', buffer: Buffer.from(csv()) })
    await page.getByText('3 there already').waitFor()

    await page.goto(`${urls.public}/clinic?day=${wallClock(booked[0]?.startsAt ?? '', { dateStyle: 'short' })}`)
    const rowOf = ({ answers }: Booked) => page.locator('tbody tr', { hasText: String(answers.familyName) })
    for (const one of booked) await rowOf(one).getByText('Link sent').waitFor({ timeout: 60_000 })
    await shoot(page, 'patient-desk-sent-1280')

    for (const one of booked) await answer(one)
    for (const one of booked) await rowOf(one).getByText('Verified').waitFor({ timeout: 90_000 })
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-desk-green-1280')
    const phone = await world.view(phones.small)
    await phone.page.context().addCookies(await page.context().cookies())
    await phone.page.goto(page.url())
    await phone.page.getByText('Verified').first().waitFor()
    expect(await overflowPx(phone.page)).to.equal(0)
    await shoot(phone.page, 'patient-desk-green-320')

    // What was cleared may be looked at, from our own address.
    await rowOf(booked[0] as Booked)
      .locator('a[data-row-link]')
      .click()
    await page.getByRole('button', { name: /^Show the photo: Front/ }).click()
    const image = page.getByRole('img', { name: 'Front of the card' })
    await image.waitFor()
    await until('the photo to be drawn', 30, async () => ((await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)) > 0 ? true : undefined))
    expect(new URL((await image.getAttribute('src')) ?? '', urls.public).origin).to.equal(urls.public)
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-desk-visit-1280')
    expect(complaints).to.deep.equal([])
  })

  /** Opens the text, proves who they are, and sends the form with two photos and a card. */
  async function answer({ phone, answers }: Booked): Promise<void> {
    const { urls } = world.stack
    const patient = new Patient(await linkOnPhone(urls.twilio, phone))
    await patient.askCode('sms')
    const code = await until('the code', 60, async () => /\b\d{6}\b/.exec((await textsTo(urls.twilio, phone))[0]?.body ?? '')?.[0])
    expect(await patient.prove(String(answers.birthDate), code)).to.equal('proved')
    const view = await patient.open()
    await patient.submit(
      {
        answers,
        consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
        signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
        uploadIds: [
          await patient.sendPhoto('card-front', await cardPhoto(`${view.reference} front`)),
          await patient.sendPhoto('card-back', await cardPhoto(`${view.reference} back`)),
        ],
        confirmationTokenId: await confirmationToken(urls.stripe, view.card?.publishableKey ?? '', '4242424242424242'),
      },
      randomUUID(),
    )
  }
})
