import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { buildUi } from '../build.ts'
import { type Browser, browserTestTimeoutMs, launch, needsChromium, type View } from './browser.ts'
import { cardShapes, everyIncident, incident, override, uuid } from './fake-data.ts'
import { type FakeHub, type Seen, startFakeHub } from './fake-hub.ts'

describe('the staff screens in a browser', function () {
  this.timeout(browserTestTimeoutMs)
  let hub: FakeHub
  let browser: Browser
  let view: View
  let page: Page
  before(async function () {
    needsChromium(this)
    await buildUi()
    hub = await startFakeHub()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await hub?.close()
  })
  beforeEach(async () => {
    hub.reset()
    view = await browser.view()
    page = view.page
  })
  afterEach(async () => {
    await view.close()
    expect(view.complaints, 'console').to.deep.equal([])
  })
  const open = (path: string): Promise<unknown> => page.goto(hub.url + path)
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

  it('keeps the filter in the URL, and Back undoes it', async () => {
    await open('/ops')
    await page.getByText('4 items').waitFor()
    await page.getByLabel('Cause').selectOption('contract')
    await page.getByText('1 item', { exact: true }).waitFor()
    expect(page.url()).to.contain('cause=contract')
    await page.goBack()
    await page.getByText('4 items').waitFor()
  })

  it('moves through the queue with j and k and opens with Enter', async () => {
    await open('/ops')
    await page.getByText('4 items').waitFor()
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${hub.url}/ops/overrides/${override(41).id}`)
  })

  it('shows no incidents where nothing is wrong, and none to whom they are not for', async () => {
    await open('/ops')
    await page.getByText('4 items').waitFor()
    expect(await page.getByRole('heading', { name: 'Incidents' }).count()).to.equal(0)
    hub.data.incidents = everyIncident()
    if (hub.data.session) hub.data.session.actions = hub.data.session.actions.filter((action) => !action.startsWith('incident.'))
    const before = calls('GET', '/api/ops/incidents?status=open&limit=20').length
    await page.reload()
    await page.getByText('4 items').waitFor()
    expect(await page.getByRole('heading', { name: 'Incidents' }).count()).to.equal(0)
    expect(calls('GET', '/api/ops/incidents?status=open&limit=20')).to.have.length(before)
  })

  it('sends a refused batch again once, says how many go, and takes it off the page', async () => {
    hub.data.incidents = everyIncident()
    await open('/ops')
    // Only where inquiries were left unsent.
    await page.getByText('7 open').waitFor()
    expect(await page.getByRole('button', { name: /^Send again/ }).count()).to.equal(2)
    await page.getByRole('button', { name: 'Send again: A batch was refused' }).click()
    await page.getByText('12 inquiries go with the next file').waitFor()
    await page.getByText('6 open').waitFor()
    expect(calls('POST', `/api/ops/incidents/${incident(81).id}/send-again`)).to.have.length(1)
  })

  it('closes an incident only with a reason, and says when someone else was first', async () => {
    hub.data.incidents = everyIncident().slice(0, 2)
    await open('/ops')
    await page.getByRole('button', { name: 'Close: The payer is silent' }).click()
    await page.getByRole('button', { name: 'Close this incident' }).click()
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal(`reason-${incident(82).id}`)
    expect(hub.seen.filter((call) => call.path.endsWith('/close'))).to.have.length(0)
    await page.getByLabel('Reason').selectOption('confirmed-by-phone')
    await page.getByRole('button', { name: 'Close this incident' }).click()
    await page.getByText('1 open').waitFor()
    expect(calls('POST', `/api/ops/incidents/${incident(82).id}/close`)[0]?.body).to.deep.equal({ reason: 'confirmed-by-phone' })
    Object.assign(hub.data.incidents[0] ?? {}, { status: 'resolved' })
    await page.getByRole('button', { name: 'Send again: A batch was refused' }).click()
    await page.getByText('Someone else closed this incident').waitFor()
  })

  it('keeps the queue when the incidents cannot be loaded', async () => {
    hub.fail('/api/ops/incidents', 500, 'internal', 9)
    await open('/ops')
    await page.getByText('The incidents could not be loaded').waitFor()
    await page.getByText('4 items').waitFor()
    expect(await page.locator('tbody tr').count()).to.equal(4)
  })

  it('never moves the list under the reader: a change is announced, and shown when asked for', async () => {
    await open('/ops')
    await page.getByText('4 items').waitFor()
    hub.data.overrides = [override(77, { cause: 'throttled' }), ...hub.data.overrides]
    hub.change()
    const announce = page.getByRole('button', { name: /1 change/ })
    await announce.waitFor()
    expect(await page.locator('tbody tr').count()).to.equal(4)
    await announce.click()
    await page.locator('tbody').getByText('Partner asks us to wait').waitFor()
    expect(await page.locator('tbody tr').count()).to.equal(5)
  })

  it('answers an eligibility item by hand with a verdict, a reason and a note', async () => {
    await open(`/ops/overrides/${override(41).id}`)
    await page.getByLabel(/^Answer by hand/).check()
    await page.getByLabel(/not active/).check()
    await page.getByLabel('Reason').selectOption('confirmed-by-phone')
    await page.getByLabel('Note').fill('Called the payer at 9:10.')
    await page.getByRole('button', { name: 'Resolve this item' }).click()
    await page.getByRole('heading', { name: 'Resolved' }).waitFor()
    expect(calls('POST', `/api/ops/overrides/${override(41).id}/resolve`)[0]?.body).to.deep.equal({
      resolution: 'answer',
      port: 'ok',
      value: {
        verdict: 'inactive',
        basis: { eb: [], rule: 'by-hand', inferred: false },
        trace: 'by-hand',
        planName: null,
        planDates: [],
        copays: [],
        manual: true,
      },
      reason: 'confirmed-by-phone',
      note: 'Called the payer at 9:10.',
    })
  })

  it('offers no yes by hand where only the partner may say it', async () => {
    hub.data.detail.shapes = { ...cardShapes, ok: null }
    await open(`/ops/overrides/${override(42).id}`)
    await page.getByLabel(/^Answer by hand/).check()
    await page.getByLabel(/^Code/).fill('by-hand')
    expect(await page.locator('input[name="port"]').evaluateAll((all) => all.map((one) => one.getAttribute('value')))).to.deep.equal(['rejected'])
    await page.getByLabel('Reason').selectOption({ index: 1 })
    await page.getByLabel('Note').fill('Looked at it with the clinic.')
    await page.getByRole('button', { name: 'Resolve this item' }).click()
    await page.getByRole('heading', { name: 'Resolved' }).waitFor()
    expect(calls('POST', `/api/ops/overrides/${override(42).id}/resolve`)[0]?.body).to.deep.include({ resolution: 'answer', port: 'rejected' })
  })

  it('opens the input only with a purpose, and corrects a copy of it', async () => {
    await open(`/ops/overrides/${override(41).id}`)
    await page.getByRole('button', { name: 'Open the input' }).click()
    await page.getByText('Choose why you open it').waitFor()
    expect(hub.seen.some((call) => call.path.endsWith('/input'))).to.equal(false)
    await page.getByLabel('Purpose').selectOption('compare-with-card')
    await page.getByRole('button', { name: 'Open the input' }).click()
    await page.getByText('QV-88213').waitFor()
    await page.getByLabel(/^Correct and send again/).check()
    await page.getByLabel('Member id').fill('QV-88231')
    await page.getByLabel('Reason').selectOption('data-corrected')
    await page.getByLabel('Note').fill('Two digits swapped.')
    await page.getByRole('button', { name: 'Resolve this item' }).click()
    await page.getByRole('heading', { name: 'Resolved' }).waitFor()
    const body = calls('POST', `/api/ops/overrides/${override(41).id}/resolve`)[0]?.body as { resolution: string; input: unknown }
    expect(body.resolution).to.equal('correct')
    expect(body.input).to.deep.equal({
      payerId: 'QUIET3',
      memberId: 'QV-88231',
      birthDate: '1985-03-27',
      payerSex: 'F',
      groupNumber: null,
      serviceTypes: ['30'],
    })
  })

  it('says when someone else resolved the item first', async () => {
    await open(`/ops/overrides/${override(41).id}`)
    await page.getByLabel(/^Try again/).check()
    await page.getByLabel('Reason').selectOption('other')
    await page.getByLabel('Note').fill('see ticket')
    Object.assign(hub.data.overrides[0] ?? {}, {
      status: 'resolved',
      resolution: 'drop',
      resolvedBy: 'admin@lakeside.example',
      resolvedAt: override(41).openedAt,
    })
    await page.getByRole('button', { name: 'Resolve this item' }).click()
    await page.getByText(/Drop, by admin@lakeside.example/).waitFor()
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
    expect(calls('POST', '/api/clinic/visits')[0]?.body).to.deep.equal({ startsAt: '2027-03-04T15:20:00.000Z', minutes: 20, practitioner: 'Dr Okafor' })
  })

  it('shows beside the date that the api does not take a visit in the past', async () => {
    hub.fail('/api/clinic/visits', 400, 'invalid', 1, [{ path: 'startsAt', message: 'must be in the future, within a year' }])
    await open('/clinic/new')
    await page.getByLabel('Date').fill('2020-03-04')
    await page.getByLabel('Time').fill('09:20')
    await page.getByLabel('With whom').fill('Dr Okafor')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('link', { name: 'The visit must be in the future, within a year' }).click()
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('date')
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
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('secrets.restToken')
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

  it('keeps showing the last known rows when a refresh fails, and says that they may be old', async () => {
    await open('/ops')
    await page.getByText('4 items').waitFor()
    hub.fail('/api/ops/overrides', 500, 'internal', 50)
    hub.change()
    await page.getByText('could not be refreshed').waitFor()
    expect(await page.locator('tbody tr').count()).to.equal(4)
  })
})
