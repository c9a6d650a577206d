import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { focusOn } from './browser.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { uuid } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

describe('the staff screens in a browser', function () {
  const screens = fakeScreens(this)
  const { open } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const calls = (method: string, path: string): Seen[] => hub.seen.filter((call) => call.method === method && call.path === path)

  it('brings who is not signed in to the sign-in page and back to where they were going', async () => {
    const session = hub.data.session
    hub.data.session = null
    await open('/ops?cause=timeout')
    await page.waitForURL(/\/signin\?/)
    expect(await page.getByLabel('Clinic').inputValue()).to.equal('lakeside')
    hub.data.session = session
    await page.getByLabel('Email').fill('ops@lakeside.example')
    await page.getByLabel('Password').fill('right')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/ops\?cause=timeout$/)
    expect(calls('POST', '/api/session')[0]?.headers['x-hub-request']).to.equal('1')
  })

  it('does not follow a `next` that leads outside', async () => {
    await open('/signin?next=//evil.example/ops')
    await page.getByLabel('Email').fill('ops@lakeside.example')
    await page.getByLabel('Password').fill('right')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${hub.url}/ops`)
  })

  it('shows a person only what their role may do', async () => {
    if (hub.data.session) Object.assign(hub.data.session, { roles: ['front-desk'], actions: ['visit.create', 'visit.list', 'photo.read', 'journey.read'] })
    await open('/clinic')
    await page.getByRole('link', { name: 'New visit' }).waitFor()
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).to.deep.equal(['Visits'])
  })

  it('ends the session and says so when it ended elsewhere', async () => {
    await open('/ops')
    await page.getByRole('button', { name: 'Account of Robin Ade' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/\/signin$/)
    expect(calls('DELETE', '/api/session')).to.have.length(1)
  })

  it('makes a visit at the clinic’s time of day and shows its link once, ready to copy', async () => {
    await open('/clinic/new')
    await page.getByLabel('Date').fill('2027-03-04')
    await page.getByLabel('Time').fill('09:20')
    await page.getByLabel('With whom').fill('Dr Okafor')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('button', { name: 'Copy the link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.contain('/i/')
    // 09:20 in Chicago, in March before the clocks change.
    const { visitId, ...visit } = (calls('POST', '/api/clinic/visits')[0]?.body ?? {}) as Record<string, unknown>
    expect(visit).to.deep.equal({ startsAt: '2027-03-04T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' })
    expect(visitId).to.match(/^[0-9a-f-]{36}$/)
  })

  it('asks again for the same visit where the answer was lost, and for another one after it', async () => {
    await open('/clinic/new')
    const make = async (button: string): Promise<void> => {
      await page.getByLabel('Date').fill('2027-03-04')
      await page.getByLabel('Time').fill('09:20')
      await page.getByLabel('With whom').fill('Dr Okafor')
      await page.getByRole('button', { name: button }).click()
    }
    hub.fail('/api/clinic/visits', 503, 'unavailable')
    await make('Make the link')
    await page.getByRole('alert').waitFor()
    hub.fail('/api/clinic/visits', 409, 'visit-booked-already')
    await make('Make the link')
    await page.getByText('The visit is booked: only the answer was lost').waitFor()
    await make('Make the link')
    await page.getByRole('button', { name: 'Make another' }).click()
    await make('Make the link')
    await page.getByRole('button', { name: 'Copy the link' }).waitFor()
    const ids = calls('POST', '/api/clinic/visits').map(({ body }) => (body as { visitId: string }).visitId)
    expect(ids).to.have.length(4)
    expect([new Set(ids.slice(0, 3)).size, ids[3] === ids[0]]).to.deep.equal([1, false])
  })

  it('shows beside the date that the api does not take a visit in the past', async () => {
    hub.fail('/api/clinic/visits', 400, 'invalid', 1, [{ path: 'startsAt', message: 'must be in the future, within a year' }])
    await open('/clinic/new')
    await page.getByLabel('Date').fill('2020-03-04')
    await page.getByLabel('Time').fill('09:20')
    await page.getByLabel('With whom').fill('Dr Okafor')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('link', { name: 'The visit must be in the future, within a year' }).click()
    await focusOn(page.locator('#date'))
  })

  it('makes a new link for a visit whose form was not sent, ready to copy', async () => {
    await open(`/clinic/intakes/${uuid(5)}`)
    await page.getByRole('button', { name: 'New link' }).click()
    await page.getByRole('button', { name: 'Copy the link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(await page.locator('#patient-link').inputValue())
    expect(calls('POST', `/api/clinic/visits/${uuid(5)}/link`)).to.have.length(1)
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: /^Show the photo: Front/ }).waitFor()
    expect(await page.getByRole('button', { name: 'New link' }).count()).to.equal(0)
  })

  it('says so when the form was sent a moment before the new link was asked for', async () => {
    hub.fail(`/api/clinic/visits/${uuid(5)}/link`, 409, 'intake-closed')
    await open(`/clinic/intakes/${uuid(5)}`)
    await page.getByRole('button', { name: 'New link' }).click()
    await page.getByText('The patient has sent the form').waitFor()
  })

  it('asks for the secrets again when an address changed, at their fields', async () => {
    hub.fail('/api/admin/connections/clearinghouse', 400, 'invalid', 1, [{ path: 'secrets', message: 'must be given again' }])
    await open('/admin/connections/clearinghouse')
    await page.getByLabel('Rest url').fill('https://elsewhere.example/x12')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByRole('link', { name: /^Enter Rest token again: an address changed/ }).click()
    await focusOn(page.locator('[id="secrets.restToken"]'))
    await page.getByLabel('Rest token').fill('a-new-long-token')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Saved.').waitFor()
  })

  it('fetches a photo only when someone asks to see it', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: /^Show the photo: Front/ }).waitFor()
    expect(hub.seen.some((call) => call.path.includes('/clinic/photos/'))).to.equal(false)
    await page.getByRole('button', { name: /^Show the photo: Front/ }).click()
    await page.getByRole('img', { name: 'Front of the card' }).waitFor()
    expect(await page.getByRole('button', { name: /^Show the photo: Back/ }).count()).to.equal(0)
  })

  it('saves settings without touching secrets that stay empty, and never shows a secret', async () => {
    await open('/admin/connections/clearinghouse')
    await page.getByLabel('Rest url').fill('https://clearing.example/v2')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Saved.').waitFor()
    expect(calls('PUT', '/api/admin/connections/clearinghouse')[0]?.body).to.deep.equal({
      config: { restUrl: 'https://clearing.example/v2', submitterId: 'LAKESIDE', usage: 'T', timeoutSeconds: null },
    })
    expect(await page.getByLabel('Rest token').getAttribute('type')).to.equal('password')
    expect(await page.getByLabel('Rest token').inputValue()).to.equal('')
  })

  it('leaves out what may stay empty, starts from what is usual, and takes one secret of several that stand in for each other', async () => {
    await open('/admin/connections/files')
    expect(await page.getByLabel('SFTP port').inputValue()).to.equal('22')
    await page.getByLabel('SFTP server').fill('sftp.partner.example')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByRole('link', { name: 'Enter the secrets that this partner uses' }).waitFor()
    expect(await page.getByLabel('SFTP password').getAttribute('type')).to.equal('password')
    // A key has several lines.
    await page.getByLabel('SFTP private key').fill('-----BEGIN\nline\nEND-----')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Saved.').waitFor()
    expect(calls('PUT', '/api/admin/connections/files')[0]?.body).to.deep.equal({
      config: { sftpHost: 'sftp.partner.example', sftpPort: 22 },
      secrets: { sftpPrivateKey: '-----BEGIN\nline\nEND-----' },
    })
  })
})
