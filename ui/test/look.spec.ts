import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import type { FakeHub } from './fake-hub.ts'
import { axeFindings, looksRight, overflowPx, shoot } from './looks.ts'
import { fakeScreens } from './screens.ts'

describe('how patients see the clinic, in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'clinic.read', 'clinic.write']
  })
  const colour = () => page.getByLabel('Colour of buttons')
  const save = (): Promise<void> => page.getByRole('button', { name: 'Save the look' }).click({ force: true })
  const saved = () => hub.seen.filter(({ method }) => method === 'PUT').map(({ body }) => body as Record<string, unknown>)
  const open = async (): Promise<void> => {
    await page.goto(`${hub.url}/admin/look`)
    await colour().waitFor()
  }
  const file = async (width = 320) => ({
    ...{ name: 'logo.png', mimeType: 'image/png' },
    buffer: await sharp({ create: { width, height: 96, channels: 3, background: '#0f5c78' } })
      .png()
      .toBuffer(),
  })

  it('shows the contrast of a colour, and saves none that cannot be read', async () => {
    await open()
    await colour().fill('#ffd700')
    await page.getByText('That is too little').waitFor()
    await save()
    expect(saved()).to.deep.equal([])
    await colour().fill('#7a1f5c')
    await page.getByText('That can be read.').waitFor()
    await looksRight(page, 'admin-look')
    await save()
    await page.getByText('Saved. Patients see it').waitFor()
    expect(saved()).to.deep.equal([{ brandColour: '#7a1f5c', contactPhone: '+1 512 555 0100', languages: ['en', 'es'] }])
  })

  it('offers languages, one of them first, and never none', async () => {
    await open()
    await page.getByRole('checkbox', { name: 'Deutsch' }).check()
    await page.getByLabel('First language').selectOption('de')
    await page.getByRole('checkbox', { name: 'Español' }).uncheck()
    await save()
    await page.getByText('Saved. Patients see it').waitFor()
    expect(saved()[0]?.languages).to.deep.equal(['de', 'en'])
    await page.getByRole('checkbox', { name: 'Deutsch' }).uncheck()
    await page.getByRole('checkbox', { name: 'English' }).uncheck()
    await page.getByText('Choose at least one language').waitFor()
    await save()
    expect(saved()).to.have.length(1)
  })

  it('takes a logo, shows it before it is saved, says why it took none, and takes it away again', async () => {
    await open()
    await page.locator('#logo').setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(50_000) })
    await page.getByText('This file is larger than 40 kB.').waitFor()
    await page.locator('#logo').setInputFiles(await file())
    await page.getByRole('img', { name: 'The new logo' }).waitFor()
    hub.fail('/api/admin/look', 400, 'invalid', 1, [{ path: 'logo', message: 'must be a PNG or JPEG of at most 40 kB' }])
    await save()
    await page.getByText('This is no PNG or JPEG that can be read.').waitFor()
    await page.locator('#logo').setInputFiles(await file(200))
    await save()
    await page.getByRole('img', { name: 'The logo as it is now' }).waitFor()
    expect(saved().at(-1)?.logo).to.match(/^data:image\/png;base64,/)
    await page.getByRole('button', { name: 'Take the logo away' }).click()
    await save()
    await page.getByText('Saved. Patients see it').waitFor()
    expect(saved().at(-1)?.logo).to.equal(null)
  })

  it('is what a patient’s form wears: colour, logo and name; and from right to left nothing is cut off', async () => {
    const { buffer } = await file()
    Object.assign(hub.data.intake.clinic, { brandColour: '#7a1f5c', logoUrl: `data:image/png;base64,${buffer.toString('base64')}` })
    await page.setViewportSize({ width: 320, height: 640 })
    await page.goto(`${hub.url}/i/a-token-of-a-link`)
    await page.locator('header img').waitFor()
    expect(await page.evaluate("document.documentElement.style.getPropertyValue('--brand')")).to.equal('#7a1f5c')
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-start-logo-320')
    await page.evaluate("document.documentElement.dir = 'rtl'")
    expect(await overflowPx(page)).to.equal(0)
    await shoot(page, 'patient-start-rtl-320')
    await page.locator('main a.button-main').click()
    await page.locator('main [data-step=about] h1').waitFor()
    expect(await overflowPx(page)).to.equal(0)
    expect(await axeFindings(page)).to.deep.equal([])
    await shoot(page, 'patient-about-rtl-320')
  })
})
