import { expect } from 'chai'
import { album } from './album.ts'
import { deskStates, file, page5, waiting } from './desk-states.ts'
import { message } from './fake-desk.ts'
import { soon, uuid } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

describe('the front desk’s day', function () {
  const screens = fakeScreens(this)
  const { open, says, calls, focused } = screens

  it('counts who is ready, and shows only those whose count is pressed, also after a reload', async () => {
    const { page } = screens
    await open('/clinic')
    await says('Moreno, Ada')
    expect(await page.locator('fieldset button').allTextContents()).to.deep.equal(['1 ready', '1 waiting for the patient', '2 with us', '1 not sent'])
    await page.getByRole('button', { name: '1 ready' }).click()
    expect(await page.locator('tbody tr').count()).to.equal(1)
    await page.reload()
    await says('Moreno, Ada')
    expect(await page.locator('tbody tr').count()).to.equal(1)
    expect(page.url()).to.contain('show=ready')
  })

  it('reads the names once for the list, and not again because a state changed', async () => {
    const { page, hub } = screens
    await open('/clinic')
    await says('Moreno, Ada')
    const [first] = hub.data.journeys
    if (first) first.eligibility = 'inactive'
    hub.change()
    await says('Not covered')
    expect(calls('GET', '/api/clinic/day/names')).to.have.length(1)
    expect(calls('GET', '/api/clinic/day?').length).to.be.above(1)
    await page.getByRole('searchbox', { name: 'Find by name' }).fill('haddad')
    expect(await page.locator('tbody tr').count()).to.equal(1)
    expect(page.url()).to.not.contain('addad')
  })

  it('says that a consent was taken back, and nothing of the kind for reminders', async () => {
    const { hub, page } = screens
    hub.data.desk.withdrawn.set(uuid(1), ['treatment']).set(uuid(2), ['sms'])
    await open('/clinic')
    await says('Moreno, Ada')
    expect(await page.getByText('Taken back').count()).to.equal(1)
    expect(await page.locator('tr', { hasText: 'Moreno, Ada' }).getByText('Taken back').count()).to.equal(1)
  })

  it('shows references and no name to who may not read them', async () => {
    const { hub, page } = screens
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open('/clinic')
    await says('HX-7Q2M-K1')
    expect(calls('GET', '/api/clinic/day/names')).to.have.length(0)
    expect(await page.getByText('Moreno').count()).to.equal(0)
  })

  it('keeps a row where it is when it no longer fits the filter, and new ones wait to be shown', async () => {
    const { page, hub } = screens
    await open('/clinic?show=not-sent')
    await says('HX-7Q2M-K5')
    const last = hub.data.journeys[4]
    if (last) last.intake = 'opened'
    hub.data.journeys.push({
      ...hub.data.journeys[0],
      intakeId: uuid(6),
      visitId: uuid(506),
      reference: 'HX-7Q2M-K6',
      intake: 'created',
      eligibility: null,
    } as never)
    hub.change()
    await says('1 change since you opened this list. Show it')
    expect(await page.locator('tbody tr').count()).to.equal(1)
    await page.getByRole('button', { name: /^1 change/ }).click()
    await says('HX-7Q2M-K6')
    expect(await page.getByText('HX-7Q2M-K5').count()).to.equal(0)
  })

  it('sends the link from the row, and says why it could not be sent', async () => {
    const { page, hub } = screens
    hub.fail(`/api/clinic/visits/${uuid(5)}/messages`, 409, 'message-no-address')
    await open('/clinic')
    const send = page.getByRole('button', { name: 'Send the link: HX-7Q2M-K5' })
    await send.click()
    await says('There is no number or mailbox yet.')
    await send.click()
    await says('Text, on its way')
    expect(calls('POST', `/api/clinic/visits/${uuid(5)}/messages`)[0]?.body).to.deep.equal({ kind: 'invitation' })
  })

  it('says that a link has ended, also where one was sent, and leads to where a new one is made', async () => {
    const { hub, page } = screens
    hub.data.desk.messages.set(uuid(5), [message(5)])
    hub.data.desk.links.set(uuid(5), 'revoked')
    await open('/clinic')
    const row = page.locator('tr', { hasText: 'HX-7Q2M-K5' })
    await row.getByText('Link ended').waitFor()
    expect(await row.getByRole('button').count(), 'nothing to send').to.equal(0)
    expect(await page.locator('fieldset button').allTextContents()).to.include('1 not sent')
    await row.getByRole('link', { name: 'Make a new link for HX-7Q2M-K5' }).click()
    await page.getByRole('button', { name: 'New link' }).click()
    await says('The link works.')
    await open('/clinic')
    await row.getByText('Link sent').waitFor()
  })

  it('goes through the list with j and k, and to the week', async () => {
    const { page } = screens
    await open('/clinic')
    await says('Moreno, Ada')
    await page.keyboard.press('j')
    const first = await focused()
    await page.keyboard.press('j')
    expect(await focused()).to.not.equal(first)
    await page.keyboard.press('k')
    expect(await focused()).to.equal(first)
    await page.getByRole('button', { name: 'Week', exact: true }).click()
    await page.waitForURL(/view=week/)
    await page.getByRole('button', { name: 'Week after' }).click()
    await says('No visits in this week.')
    expect(calls('GET', '/api/clinic/day?').at(-1)?.path).to.contain('days=7')
  })
})

describe('how a patient is reached', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens

  it('says in words what became of a message, and sends by the channel that is there', async () => {
    const { page, hub } = screens
    waiting(hub)
    await open(page5)
    await says('did not arrive: the number cannot take texts')
    await says('No e-mail address is known.')
    await page.getByRole('button', { name: 'Send by text' }).click()
    await says('on its way')
    expect(calls('POST', `/api/clinic/visits/${uuid(5)}/messages`)[0]?.body).to.deep.equal({ kind: 'invitation', channel: 'sms', atOnce: false })
  })

  it('tells the desk that a number said STOP and what is left to do, and offers no way round it', async () => {
    const { page, hub } = screens
    hub.data.desk.channels = { sms: { is: 'opted-out', since: soon(-9), cause: 'stop' }, mail: { is: 'ready' } }
    await open(page5)
    await says('This number answered STOP')
    await says('ask them to text START')
    await says('print the form')
    await page.getByRole('button', { name: /by e-mail/ }).waitFor()
    expect(await page.getByRole('button', { name: /text/i }).count()).to.equal(0)
    hub.data.desk.channels = { sms: { is: 'no-address' }, mail: { is: 'opted-out', since: soon(-9), cause: 'patient' } }
    await page.reload()
    await says('The patient stopped e-mails with the link in one of them.')
    expect(await page.getByRole('button', { name: /e-mail/ }).count()).to.equal(0)
  })

  it('takes back what the clinic itself ended, and that a number takes no texts', async () => {
    const { page, hub } = screens
    for (const [cause, button] of [
      ['staff', 'Allow texts again'],
      ['address', 'The number is right: try it again'],
    ] as const) {
      hub.data.desk.channels = { sms: { is: 'opted-out', since: soon(-9), cause }, mail: { is: 'not-set-up' } }
      await open(page5)
      await page.getByRole('button', { name: button }).click()
      await says('Saved. Messages can be sent there again.')
      await page.getByRole('button', { name: 'Send by text' }).waitFor()
    }
    expect(calls('PUT', `/api/clinic/visits/${uuid(5)}/opt-outs/sms`).map(({ body }) => body)).to.deep.equal([{ out: false }, { out: false }])
  })

  it('says that the texts of a visit are used up, and offers e-mail', async () => {
    const { page, hub } = screens
    hub.data.desk.channels = { sms: { is: 'at-limit' }, mail: { is: 'ready' } }
    await open(page5)
    await says('Six texts were sent for this visit; patients agree to no more.')
    await page.getByRole('button', { name: /by e-mail/ }).waitFor()
    expect(await page.getByRole('button', { name: /by text/ }).count()).to.equal(0)
  })

  it('shows a code only after a second press, and ends the link only after a question', async () => {
    const { page } = screens
    await open(page5)
    await page.getByRole('button', { name: 'Show a code' }).click()
    expect(calls('POST', `/api/clinic/visits/${uuid(5)}/code`)).to.have.length(0)
    await page.getByRole('dialog').getByRole('button', { name: 'Show a code' }).click()
    await says('604218')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'End the link…' }).click()
    await page.getByRole('button', { name: 'End the link', exact: true }).click()
    await says('The link was ended here.')
    expect(await page.getByRole('button', { name: 'Show a code' }).count()).to.equal(0)
    await page.getByRole('button', { name: 'New link' }).click()
    await says('The link works.')
  })

  it('adds whom a visit is for, and says at the field what is wrong', async () => {
    const { page, hub } = screens
    await open(page5)
    await page.getByRole('button', { name: 'Add the patient' }).click()
    await page.getByLabel('Given name').fill('Noor')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Enter the family name, in 60 characters or fewer' }).waitFor()
    await page.getByLabel('Family name').fill('Haddad')
    await page.getByLabel('Mobile number').fill('312 555 0142')
    hub.fail('/contact', 400, 'invalid', 1, [{ path: 'contact.phone', message: 'x' }])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: /^Enter a phone number/ }).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await says('Haddad, Noor')
    expect(calls('PUT', `/api/clinic/visits/${uuid(505)}/contact`).at(-1)?.body).to.deep.equal({
      contact: { givenName: 'Noor', familyName: 'Haddad', birthDate: null, phone: '312 555 0142', email: null, language: 'en', smsAllowed: false },
      clears: false,
    })
  })

  it('books with the patient and sends the link from there', async () => {
    const { page } = screens
    await open('/clinic/new')
    await page.getByLabel('Date', { exact: true }).fill('2027-03-04')
    await page.getByLabel('Time', { exact: true }).fill('09:20')
    await page.getByLabel('With whom').fill('Dr Okafor')
    await page.getByLabel('Given name').fill('Ada')
    await page.getByLabel('Family name').fill('Moreno')
    await page.getByLabel('Mobile number').fill('(312) 555-0142')
    await page.getByLabel('The patient agrees to reminders by text').check()
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('button', { name: 'Send by text' }).click()
    await says('on its way')
    const body = calls('POST', '/api/clinic/visits')[0]?.body as { contact: object }
    expect(body.contact).to.include({ givenName: 'Ada', phone: '(312) 555-0142', smsAllowed: true, birthDate: null })
  })
})

describe('visits out of a file', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens

  it('shows line by line what it would do before it books anything, and books nothing twice', async () => {
    const { page } = screens
    await open('/clinic/import')
    await page.getByLabel('CSV file').setInputFiles(file)
    await says('1 to book · 2 there already · 1 with a problem')
    await says('phone cannot be read')
    expect(calls('POST', '/api/clinic/imports').map((call) => (call.body as { dryRun: boolean }).dryRun)).to.deep.equal([true])
    await page.getByRole('button', { name: 'Book 1 visit' }).click()
    await says('1 booked · 2 there already · 1 with a problem')
    await says('link on its way')
    await page.getByLabel('CSV file').setInputFiles(file)
    await says('There is nothing to book in this file.')
  })

  it('reads a file that an old spreadsheet wrote', async () => {
    const { page } = screens
    await open('/clinic/import')
    await page.getByLabel('CSV file').setInputFiles({ ...file, buffer: Buffer.from('Name;M\xfcller', 'latin1') })
    await says('to book')
    expect(calls('POST', '/api/clinic/imports')[0]?.body).to.deep.equal({ text: 'Name;Müller', dryRun: true })
  })

  it('says what is wrong with the file as a whole, and that it is too large before it sends it', async () => {
    const { page, hub } = screens
    hub.data.desk.refused = { problem: 'missing-columns', columns: ['time', 'familyName'] }
    await open('/clinic/import')
    await page.getByLabel('CSV file').setInputFiles(file)
    await says('The first line must name these columns too: time, family name')
    await page.getByLabel('CSV file').setInputFiles({ ...file, buffer: Buffer.alloc(60_000, 'a') })
    await says('The file is too large')
    expect(calls('POST', '/api/clinic/imports')).to.have.length(1)
  })
})

describe('forms on paper', function () {
  const screens = fakeScreens(this)
  const { open, says } = screens

  it('prints the forms that were not sent, in each patient’s language, with nothing that opens a form', async () => {
    const { page, hub } = screens
    for (const one of hub.data.journeys.slice(2, 4)) Object.assign(one, { intake: 'created', eligibility: null })
    await open('/clinic/print')
    await says('Consentimiento para el tratamiento')
    expect(await page.locator('article').count()).to.equal(3)
    expect(await page.locator('article[lang=es]').count()).to.equal(1)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).to.equal(false)
    expect(await page.getByRole('navigation').isVisible()).to.equal(false)
    expect(await page.locator('main').innerText()).to.not.match(/\/i\/|604218/)
  })
})

album('the front desk', deskStates)
