import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { MethodLeft } from '../src/client.gen.ts'
import type { FakeHub } from './fake-hub.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

const token = 'a-token-of-a-patient-000000000000'
describe('another card, left by the patient, in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    hub.data.intake.status = 'submitted'
  })
  const left = (): MethodLeft[] =>
    hub.seen.filter(({ method, path }) => method === 'POST' && path === '/api/intake/method').map(({ body }) => body as MethodLeft)
  const open = async (): Promise<void> => {
    await screens.open(`/method/${token}`)
    await page.locator('#card-form[data-state="ready"]').waitFor()
  }
  const typeCard = async (): Promise<void> => {
    const frame = page.frameLocator('#card-form iframe')
    await frame.getByLabel('Card number').fill('4242424242424242')
    await frame.getByLabel('Expiry (MM / YY)').fill('12 / 39')
    await frame.getByLabel('Security code').fill('123')
  }

  it('sends a token and nothing of the card, once, and leads back to the status page', async () => {
    await open()
    await looksRight(page, 'patient-other-method')
    await typeCard()
    await page.getByRole('button', { name: 'Use this' }).click()
    await page.waitForURL(`**/status/${token}**`)
    expect(left()).to.have.length(1)
    expect(Object.keys(left()[0] ?? {}).sort()).to.deep.equal(['confirmationTokenId', 'methodId'])
    expect(left()[0]?.confirmationTokenId).to.match(/^ctoken_/)
  })

  it('keeps id and token for the next try when the answer was lost', async () => {
    hub.fail('/api/intake/method', 503, 'storage-away')
    await open()
    await typeCard()
    await page.getByRole('button', { name: 'Use this' }).click()
    await page.getByRole('link', { name: 'This could not be saved.' }).waitFor()
    await page.getByRole('button', { name: 'Use this' }).click()
    await page.waitForURL(`**/status/${token}**`)
    expect(left()).to.have.length(2)
    expect(left()[0]).to.deep.equal(left()[1])
  })

  it('leads to the status page when nobody asks any more', async () => {
    hub.fail('/api/intake/method', 409, 'method-not-asked')
    await open()
    await typeCard()
    await page.getByRole('button', { name: 'Use this' }).click()
    await page.waitForURL(`**/status/${token}**`)
  })
})
