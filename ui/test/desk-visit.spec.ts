import { expect } from 'chai'
import { focusOn } from './browser.ts'
import { importLine } from './fake-desk.ts'
import { soon, uuid } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

const page1 = `/clinic/intakes/${uuid(1)}`

describe('one visit at the front desk', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens
  /** The word beside the visit's title. */
  const titleChip = (word: string) => screens.page.locator('h1').locator('..').getByText(word, { exact: true })

  it('says what was taken back and stops the visit, on its page and in the day', async () => {
    const { page, hub } = screens
    const [treatment] = hub.data.desk.consents
    if (treatment) treatment.withdrawnAt = soon(-1)
    hub.data.desk.withdrawn.set(uuid(1), ['treatment'])
    await open(page1)
    await says('Speak with the patient before the visit')
    await says('The patient took back: Treatment.')
    await titleChip('Needs us').waitFor()
    await open('/clinic')
    await page.locator('tr', { hasText: 'Moreno, Ada' }).getByText('Needs us').waitFor()
    expect(await page.getByRole('button', { name: /^\d ready$/ }).count()).to.equal(0)
  })

  it('lets reminders be taken back without a word to the desk', async () => {
    const { page, hub } = screens
    const texts = hub.data.desk.consents.at(-1)
    if (texts) texts.withdrawnAt = soon(-1)
    hub.data.desk.withdrawn.set(uuid(1), ['sms'])
    await open(page1)
    await says(/^Taken back/)
    expect(await page.getByText('Speak with the patient').count()).to.equal(0)
    await titleChip('Ready').waitFor()
    await open('/clinic')
    await page.locator('tr', { hasText: 'Moreno, Ada' }).getByText('Verified').waitFor()
  })

  it('writes down for a patient what they take back, only when it is said what and how they told us, and shows whose hand it was', async () => {
    const { page } = screens
    await open(page1)
    const dialog = page.getByRole('dialog')
    const press = () => page.getByRole('button', { name: 'The patient takes something back…' }).click()
    await press()
    await dialog.getByRole('button', { name: 'Leave it as it is' }).click()
    await press()
    await dialog.getByLabel('What they agreed to').selectOption('card-authorisation')
    await dialog.getByText('what waits for the patient at their bank is called off').waitFor()
    await dialog.getByRole('button', { name: 'Record it for the patient' }).click()
    expect(await dialog.getByLabel('How did the patient say it?').getAttribute('aria-invalid')).to.equal('true')
    const sent = () => calls('POST', `/api/clinic/visits/${uuid(1)}/consents/card-authorisation/withdrawal`).map(({ body }) => body)
    expect(sent()).to.deep.equal([])
    await dialog.getByLabel('How did the patient say it?').selectOption('letter')
    await dialog.getByRole('button', { name: 'Record it for the patient' }).click()
    await says('Recorded for the patient. Taken back: Keeping a card or account.')
    await says('Written down by Dana Desk; the patient wrote')
    expect(sent()).to.deep.equal([{ cameBy: 'letter' }])
    await press()
    expect(await dialog.getByLabel('What they agreed to').locator('option[value="card-authorisation"]').count(), 'once').to.equal(0)
  })

  it('says so where it could not be written down, and keeps the question open', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'The patient takes something back…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What they agreed to').selectOption('sms')
    await dialog.getByLabel('How did the patient say it?').selectOption('phone')
    hub.fail('/withdrawal', 503, 'not-ready')
    await dialog.getByRole('button', { name: 'Record it for the patient' }).click()
    await dialog.getByText('It could not be recorded. Try again.').waitFor()
    await dialog.getByRole('button', { name: 'Record it for the patient' }).click()
    await says('Recorded for the patient. Taken back: Texts.')
  })

  it('offers neither to who may not', async () => {
    const { page, hub } = screens
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    await says('Keeping a card or account')
    expect(await page.getByRole('button', { name: /takes something back|No more/ }).count()).to.equal(0)
  })

  it('ends texts and e-mails on the patient’s word after a question, also once the form was sent, and can allow them again', async () => {
    const { page, hub } = screens
    hub.data.desk.channels = { sms: { is: 'ready' }, mail: { is: 'at-limit' } }
    await open(page1)
    for (const [open_, end, path, again] of [
      ['No more texts…', 'End texts', 'sms', 'Allow texts again'],
      ['No more e-mails…', 'End e-mails', 'mail', 'Allow e-mails again'],
    ] as const) {
      const outs = () => calls('PUT', `/api/clinic/visits/${uuid(1)}/opt-outs/${path}`).map(({ body }) => body)
      await page.getByRole('button', { name: open_ }).click()
      expect(outs()).to.deep.equal([])
      await page.getByRole('dialog').getByRole('button', { name: end, exact: true }).click()
      await page.getByRole('button', { name: again }).waitFor()
      expect(outs()).to.deep.equal([{ out: true }])
    }
    await page.getByRole('button', { name: 'Allow texts again' }).click()
    await page.getByRole('button', { name: 'No more texts…' }).waitFor()
    expect(await page.getByRole('button', { name: /^Send/ }).count(), 'the form is there').to.equal(0)
  })

  it('calls nobody ready whose answer grew old, who is not covered, or whose consents cannot be asked', async () => {
    const { page, hub } = screens
    const [first] = hub.data.journeys
    if (first) first.answer = { at: soon(-30), staleAt: soon(-2), expiresAt: soon(-1) }
    await open(page1)
    await titleChip('With us').waitFor()
    await open('/clinic')
    await page.locator('tr', { hasText: 'Moreno, Ada' }).getByText('Waiting for an answer').waitFor()
    expect(await page.getByRole('button', { name: /^\d ready$/ }).count()).to.equal(0)
    if (first) Object.assign(first, { answer: null, eligibility: 'inactive' })
    await open(page1)
    await titleChip('Not covered').waitFor()
    if (first) first.eligibility = 'confirmed'
    hub.fail('/consents', 503, 'not-ready', 9)
    await open(page1)
    await titleChip('With us').waitFor()
  })

  it('says plainly that it is another person than the one who sent the form, and what to do', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    hub.fail('/contact', 409, 'intake-closed')
    await page.getByRole('button', { name: 'Save' }).click()
    await says('This is clearly another person than the one who sent the form')
    await page.getByRole('dialog').getByRole('link', { name: 'New visit' }).click()
    await page.waitForURL(/\/clinic\/new$/)
  })

  it('says what happened in plain words, and names no step of a flow, its process or its time', async () => {
    const { page, hub } = screens
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    const lines = page.getByRole('list', { name: 'Timeline of this intake' }).getByRole('listitem')
    await lines.filter({ hasText: 'Ask the payer about the cover' }).getByText('Not known whether it was done').waitFor()
    await lines.filter({ hasText: 'Keep the patient’s card' }).getByText('Done', { exact: true }).waitFor()
    expect((await lines.allInnerTexts()).join(' ')).to.not.match(/ask payer|unknown|\.v1|engine-|api-1| ms/)
  })

  it('asks before it clears what somebody began to type, and asks anew where another word was typed', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    hub.fail('/contact', 409, 'typed-already')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await says('Answers were begun behind this link, and may be somebody else’s')
    await page.getByLabel('Given name').fill('Adelina')
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor()
    hub.fail('/contact', 409, 'typed-already')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Save and clear the answers' }).click()
    await says('Saved.')
    expect(calls('PUT', '/api/clinic/visits/').map(({ body }) => (body as { clears: boolean }).clears)).to.deep.equal([false, false, true])
  })

  it('names the version that it saw, and shows what another desk wrote meanwhile', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    hub.fail('/contact', 409, 'changed-meanwhile')
    const known = hub.data.desk.contacts.get(uuid(501))
    if (known) hub.data.desk.contacts.set(uuid(501), { ...known, phone: '+13125550199' })
    await page.getByRole('button', { name: 'Save' }).click()
    await says('Somebody changed this meanwhile')
    expect(calls('PUT', '/api/clinic/visits/')[0]?.headers['if-match']).to.equal('"1"')
    await page.keyboard.press('Escape')
    await says('+13125550199')
  })

  it('does not write over what another desk wrote when Save is pressed once more', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByLabel('E-mail').fill('old@example.org')
    hub.fail('/contact', 409, 'changed-meanwhile')
    const known = hub.data.desk.contacts.get(uuid(501))
    if (known) hub.data.desk.contacts.set(uuid(501), { ...known, phone: '+13125550199' })
    hub.data.desk.contactRevision = 2
    await page.getByRole('button', { name: 'Save' }).click()
    await says('Somebody changed this meanwhile')
    await says('+13125550199')
    hub.fail('/contact', 409, 'changed-meanwhile')
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PUT'), page.getByRole('button', { name: 'Save' }).click()])
    expect(calls('PUT', '/api/clinic/visits/').map(({ headers }) => headers['if-match'])).to.deep.equal(['"1"', '"1"'])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    expect(await page.getByLabel('E-mail').inputValue()).to.equal('ada.moreno@example.org')
    await page.getByRole('button', { name: 'Save' }).click()
    await says('Saved.')
    expect(calls('PUT', '/api/clinic/visits/').at(-1)?.headers['if-match'], 'over what was seen').to.equal('"2"')
  })

  it('marks a photo that is not of the form that was sent', async () => {
    const { page, hub } = screens
    await open(page1)
    await says('Front of the card')
    expect(await page.getByText('Not sent with the form').count()).to.equal(0)
    hub.data.photos.push({ id: uuid(33), kind: 'card-front', status: 'clean', reason: null, sent: false })
    await open(page1)
    await says('Not sent with the form')
    expect(await page.getByText('Not sent with the form').count()).to.equal(1)
  })

  it('opens no photo of a form that was not sent, and says when it can be', async () => {
    const { page, hub } = screens
    hub.data.photos.splice(0, hub.data.photos.length, { id: uuid(33), kind: 'card-front', status: 'clean', reason: null, sent: false })
    const [, , , , unsent] = hub.data.journeys
    expect(unsent?.intake).to.equal('created')
    await open(`/clinic/intakes/${unsent?.intakeId}`)
    await says('The patient has not sent the form yet. The photo can be opened once they have.')
    await says('Clean')
    expect(await page.getByRole('button', { name: /^Show the photo/ }).count()).to.equal(0)
  })

  it('leads to the signed record, and only who may read answers', async () => {
    const { page, hub } = screens
    await open(page1)
    const record = page.getByRole('link', { name: 'Signed record (PDF)' })
    await record.waitFor()
    expect(await record.getAttribute('href')).to.equal(`/api/clinic/visits/${uuid(1)}/receipt`)
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    await says('What the patient agreed to')
    expect(await record.count()).to.equal(0)
  })

  it('says whose words the contact is', async () => {
    const { page, hub } = screens
    await open(page1)
    await says('+13125550142')
    expect(await page.getByText('As the patient wrote it').count()).to.equal(0)
    hub.data.desk.contactSource = 'patient'
    await open(page1)
    await says('As the patient wrote it')
  })

  it('reads what the patient wrote only when asked, and hides it again', async () => {
    const { page } = screens
    await open(page1)
    await says('What the patient wrote')
    expect(calls('POST', '/api/clinic/visits/')).to.deep.equal([])
    await page.getByRole('button', { name: 'Show the answers' }).click()
    await says('Grandfathered Mutual of the Lakes')
    await says('Moreno, Ada Maria')
    await says('Ruiz, Ada')
    await says('Moreno, Luisa (parent)')
    await says('No card at hand: typed from memory or a letter. Ask to see it.')
    await page.getByRole('button', { name: 'Hide the answers' }).click()
    await page.getByText('Grandfathered').waitFor({ state: 'detached' })
  })

  it('shows an administrator who has seen it, and nobody else that it could', async () => {
    const { page, hub } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Show who has seen it' }).click()
    await says('Dana Desk: read name and contact')
    await says('in a list of 37')
    expect(await page.getByText('There is more').count()).to.equal(0)
    hub.data.desk.accessesWhole = false
    await open(page1)
    await page.getByRole('button', { name: 'Show who has seen it' }).click()
    await says('There is more: the log of these days is long, and only what was written since')
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    await says('What happened')
    expect((await page.getByText('Who has seen this').count()) + (await page.getByText('What the patient wrote').count())).to.equal(0)
  })
})

describe('a busy day at the front desk', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens

  it('reads the names again when another desk said who comes', async () => {
    const { hub } = screens
    await open('/clinic')
    await says('Moreno, Ada')
    const [first] = hub.data.desk.names
    if (first) first.familyName = 'Moreno-Vega'
    hub.data.desk.contactRevision = 2
    hub.change()
    await says('Moreno-Vega, Ada')
    expect(calls('GET', '/api/clinic/day/names')).to.have.length(2)
  })

  it('says who is next, who should be here, and who is greeted in another language', async () => {
    const { page, hub } = screens
    const [first, second, third] = hub.data.journeys
    if (first) first.startsAt = soon(-0.2)
    for (const one of [second, third]) if (one) one.startsAt = soon(0.01)
    await open('/clinic')
    await page.locator('tr', { hasText: 'Moreno, Ada' }).getByText('began 12 min ago').waitFor()
    await page.locator('tr', { hasText: 'Haddad' }).getByText('Spanish').waitFor()
    expect(await page.getByText('Next', { exact: true }).count()).to.equal(1)
    await page.locator('tr', { hasText: 'Petrov' }).getByText('Next', { exact: true }).waitFor()
  })

  it('books who walks in with the hour filled in and the clinicians of the day to pick from', async () => {
    const { page } = screens
    await open('/clinic')
    await page.getByRole('link', { name: 'Walk-in' }).click()
    await page.locator('datalist option[value="Dr Okafor"]').waitFor({ state: 'attached' })
    expect(await page.getByLabel('Time', { exact: true }).inputValue()).to.match(/^\d\d:\d[05]$/)
    await focusOn(page.locator('#practitioner'))
    await page.keyboard.type('Dr Okafor')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await says('The link is ready')
    const booked = calls('POST', '/api/clinic/visits').map(({ body }) => (body as { startsAt: string }).startsAt)
    expect(Date.parse(booked[0] ?? '') - Date.parse(soon(0))).to.be.within(0, 6 * 60_000)
  })

  it('leaves a cancelled visit of a file cancelled unless its line is ticked', async () => {
    const { page, hub } = screens
    hub.data.desk.lines = [importLine(2, { is: 'cancelled', name: 'Moreno, Ada' }), importLine(3, { is: 'cancelled', name: 'Petrov, Ivan' })]
    await open('/clinic/import')
    await page.getByLabel('CSV file').setInputFiles({ name: 'v.csv', mimeType: 'text/csv', buffer: Buffer.from('date\n') })
    await says('0 to book · 0 there already · 2 cancelled · 0 with a problem')
    await page.getByRole('checkbox', { name: 'Book it anew: Petrov, Ivan' }).check()
    await page.getByRole('button', { name: 'Book 1 visit' }).click()
    await says('1 booked · 0 there already · 1 cancelled · 0 with a problem')
    expect(calls('POST', '/api/clinic/imports').at(-1)?.body).to.deep.include({ anew: [3], dryRun: false })
  })
})
