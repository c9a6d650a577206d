import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { everyIncident, incident } from './fake-kit.ts'
import { manyOf } from './fake-ops-items.ts'
import { fakeScreens } from './screens.ts'

describe('incidents and many items in a browser', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })

  describe('many at once', () => {
    beforeEach(() => {
      hub.data.overrides.push(...manyOf(214))
      hub.data.incidents = everyIncident()
    })

    it('begins with a dry run, starts once at a rate, shows how far it is, stops and goes on', async () => {
      await open('/ops')
      await page.getByRole('button', { name: /^Dry run: Quiet Valley/ }).click()
      await page.getByLabel(/^Try again now/).check()
      await says('214 items would be decided')
      await says('2 items claimed by somebody')
      expect(calls('POST', '/api/ops/bulk-releases').map(({ path }) => path)).to.deep.equal(['/api/ops/bulk-releases/plan'])
      await page.getByLabel('Items a minute').fill('1000')
      await page.getByRole('button', { name: 'Start with 214 items' }).click()
      await says('Items a minute must be a number from 1 to 600')
      await page.getByLabel('Items a minute').fill('120')
      await page.getByLabel('Reason').selectOption('partner-is-back')
      await page.getByLabel('Note').fill('Status page is green.')
      hub.fail('/api/ops/bulk-releases', 503, 'not-ready')
      await page.getByRole('button', { name: 'Start with 214 items' }).click()
      await says('Something went wrong on our side')
      await page.getByRole('button', { name: 'Start with 214 items' }).click()
      await page.waitForURL(/\/ops\/bulk\/[0-9a-f-]{36}$/)
      const starts = hub.seen
        .filter(({ method, path }) => method === 'POST' && path === '/api/ops/bulk-releases')
        .map(({ body }) => body as Record<string, unknown>)
      expect(starts).to.have.length(2)
      for (const again of starts) expect(again, 'the same one again').to.deep.equal(starts[0])
      expect(starts[0]).to.deep.include({ action: 'retry', selection: { incidentId: incident(89).id }, ratePerMinute: 120, reason: 'partner-is-back' })
      await page.getByRole('button', { name: 'Stop' }).click()
      await says('Items whose turn had not come are untouched')
      await page.getByRole('button', { name: 'Go on' }).click()
      await says('It goes on with the items')
    })

    it('starts nothing when nothing would be decided', async () => {
      await open('/ops/incidents')
      await page.getByRole('button', { name: 'Dry run: Does not answer' }).click()
      await page.getByLabel(/^Drop/).check()
      await says('Nothing would be decided')
      expect(await page.getByRole('button', { name: /^Start/ }).count()).to.equal(0)
    })

    it('takes a filtered queue as it is, and never a whole one', async () => {
      await open('/ops')
      await says('219 items')
      expect(await page.getByRole('button', { name: 'All of these…' }).count()).to.equal(0)
      await open('/ops?cause=unavailable&owner=ops')
      await page.getByRole('button', { name: 'All of these…' }).click()
      await page.getByLabel(/^Try again now/).check()
      await says('would be decided')
      expect(calls('POST', '/api/ops/bulk-releases/plan')[0]?.body).to.deep.equal({ action: 'retry', selection: { cause: 'unavailable', owner: 'ops' } })
    })
  })

  describe('what waits by itself', () => {
    it('says why and when it is asked again, and narrows to one payer', async () => {
      await open('/ops/waiting')
      await says('Partner did not answer in time')
      await says('The answer is not believed')
      await page.getByRole('link', { name: 'Northwind Mutual' }).click()
      await page.waitForURL(/payer=NORTH2/)
      await says('1 item')
    })
  })

  describe('incidents', () => {
    it('are said in one line above the queue, and not to whom they are not for', async () => {
      await open('/ops')
      await says('No incident is open.')
      hub.data.incidents = everyIncident()
      hub.change()
      await says('9 incidents are open')
      if (hub.data.session) hub.data.session.actions = hub.data.session.actions.filter((action) => !action.startsWith('incident.'))
      const before = calls('GET', '/api/ops/incidents').length
      await page.reload()
      await says('5 items')
      expect(await page.getByText('incidents are open').count()).to.equal(0)
      expect(calls('GET', '/api/ops/incidents')).to.have.length(before)
    })

    it('sends a refused batch again once, says how many go, and takes it off the page', async () => {
      hub.data.incidents = everyIncident()
      await open('/ops/incidents')
      // Only where inquiries were left unsent.
      await says('9 open')
      expect(await page.getByRole('button', { name: /^Send again/ }).count()).to.equal(2)
      await page.getByRole('button', { name: 'Send again: A batch was refused' }).click()
      await says('12 inquiries go with the next file')
      await says('8 open')
      expect(calls('POST', `/api/ops/incidents/${incident(81).id}/send-again`)).to.have.length(1)
    })

    it('closes one only with a reason, and says when someone else was first', async () => {
      hub.data.incidents = everyIncident().slice(0, 2)
      await open('/ops/incidents')
      await page.getByRole('button', { name: 'Close: The payer is silent' }).click()
      await page.getByRole('button', { name: 'Close this incident' }).click()
      await focusOn(page.locator(`#reason-${incident(82).id}`))
      expect(hub.seen.filter((call) => call.path.endsWith('/close'))).to.have.length(0)
      await page.getByLabel('Reason').selectOption('confirmed-by-phone')
      await page.getByRole('button', { name: 'Close this incident' }).click()
      await says('1 open')
      expect(calls('POST', `/api/ops/incidents/${incident(82).id}/close`)[0]?.body).to.deep.equal({ reason: 'confirmed-by-phone' })
      Object.assign(hub.data.incidents[0] ?? {}, { status: 'resolved' })
      await page.getByRole('button', { name: 'Send again: A batch was refused' }).click()
      await says('Someone else closed this incident')
    })

    it('leads from one to its items', async () => {
      hub.data.overrides.push(...manyOf(3))
      hub.data.incidents = everyIncident()
      await open('/ops/incidents')
      await page.getByRole('link', { name: 'Show its items: Does not answer' }).click()
      await page.waitForURL(new RegExp(`incident=${incident(89).id}`))
      await says('3 items')
    })
  })
})
