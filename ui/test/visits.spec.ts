import { expect } from 'chai'
import { ahead, over, page1 } from './desk-states.ts'
import type { Seen } from './fake-hub.ts'
import { uuid } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

const changesOf = `/api/clinic/visits/${uuid(501)}/changes`

describe('changing a visit at the front desk', function () {
  const screens = fakeScreens(this)
  const { open } = screens
  const calls = (): Seen[] => screens.hub.seen.filter((call) => call.method === 'POST' && call.path === changesOf)

  it('moves it to a time on the clinic’s clock, also over the night when the clocks change', async () => {
    ahead(screens.hub)
    const { page } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Move…' }).click()
    await page.getByLabel('Date', { exact: true }).fill('2027-03-14')
    // Clocks in Chicago go from two to three in that night.
    await page.getByLabel('Time', { exact: true }).fill('02:30')
    await page.getByRole('button', { name: 'Move the visit' }).click()
    await page.getByText('Enter a time that exists on that day').waitFor()
    expect(calls()).to.have.length(0)
    await page.getByLabel('Time', { exact: true }).fill('09:20')
    await page.getByRole('button', { name: 'Move the visit' }).click()
    await page.getByText('Moved to Sun, Mar 14, 2027, 09:20.').waitFor()
    expect(calls()[0]?.headers['if-match']).to.equal('"1"')
    expect(calls()[0]?.body).to.deep.equal({ change: 'moved', startsAt: '2027-03-14T14:20:00.000Z', minutes: 20 })
  })

  it('cancels with a reason only, and offers to book it again', async () => {
    ahead(screens.hub)
    const { page } = screens
    await open(page1)
    await page.getByRole('button', { name: 'Cancel the visit…' }).click()
    await page.getByRole('button', { name: 'Cancel the visit', exact: true }).click()
    expect(calls()).to.have.length(0)
    await page.getByLabel('Reason').selectOption('patient-asked')
    await page.getByRole('button', { name: 'Cancel the visit', exact: true }).click()
    await page.getByRole('button', { name: 'Book it again' }).click()
    await page.getByRole('button', { name: 'Move…' }).waitFor()
    expect(calls().map((call) => call.body)).to.deep.equal([{ change: 'cancelled', reason: 'patient-asked' }, { change: 'reopened' }])
  })

  it('shows the visit as it is when somebody else was faster', async () => {
    over(screens.hub)
    const { page, hub } = screens
    hub.fail(changesOf, 409, 'changed-meanwhile')
    await open(page1)
    await page.getByRole('button', { name: 'Did not come' }).click()
    await page.getByText('Somebody changed this visit meanwhile').waitFor()
  })

  it('offers nothing to who may not change visits', async () => {
    ahead(screens.hub)
    const { page, hub } = screens
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    await page.getByRole('heading', { name: 'Appointment' }).waitFor()
    expect(await page.getByRole('button', { name: 'Move…' }).count()).to.equal(0)
  })
})
