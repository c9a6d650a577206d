import { expect } from 'chai'
import { album } from './album.ts'
import { uuid } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

const page1 = `/clinic/intakes/${uuid(1)}`
const forgotten = `/api/clinic/visits/${uuid(501)}/forgotten-charts`

describe('the chart of a visit at the front desk', function () {
  const screens = fakeScreens(this)
  const { open } = screens
  const calls = () => screens.hub.seen.filter((call) => call.method === 'POST' && call.path === forgotten)

  it('is forgotten with a reason only, as it was seen, and says what stays behind', async () => {
    const { page } = screens
    await open(page1)
    await page.getByRole('button', { name: 'It is the wrong chart…' }).click()
    await page.getByText('removed by hand in the EHR').waitFor()
    await page.getByRole('button', { name: 'Forget the chart' }).click()
    await page.getByText('Choose a reason').first().waitFor()
    expect(calls()).to.have.length(0)
    await page.getByLabel('Why').selectOption('another-person')
    await page.getByRole('button', { name: 'Forget the chart' }).click()
    await page.getByText(/^Forgotten\./).waitFor()
    expect(calls().map((call) => call.body)).to.deep.equal([{ knownSince: '2026-03-02T15:20:00.000Z', reason: 'another-person' }])
  })

  it('is shown as it is now when another one was found meanwhile', async () => {
    const { page, hub } = screens
    hub.fail(forgotten, 409, 'changed-meanwhile')
    await open(page1)
    await page.getByRole('button', { name: 'It is the wrong chart…' }).click()
    await page.getByLabel('Why').selectOption('other')
    await page.getByRole('button', { name: 'Forget the chart' }).click()
    await page.getByText('Another chart was found meanwhile').waitFor()
  })

  it('is left alone by who may not change visits', async () => {
    const { page, hub } = screens
    if (hub.data.session) Object.assign(hub.data.session, { actions: ['visit.list', 'journey.read'] })
    await open(page1)
    await page.getByRole('heading', { name: 'The chart' }).waitFor()
    expect(await page.getByRole('button', { name: 'It is the wrong chart…' }).count()).to.equal(0)
  })
})

album('the chart of a visit', [
  {
    name: 'clinic-chart-forget',
    path: page1,
    drive: async (page) => {
      await page.getByRole('button', { name: 'It is the wrong chart…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
])
