import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { PayerDetail } from '../src/client.gen.ts'
import { drawn, focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { fakeScreens } from './screens.ts'

const helio: PayerDetail = {
  id: 'HELIO1',
  name: 'Helio Health Plan',
  route: 'real-time-or-batch',
  timeZone: 'America/Chicago',
  open: false,
  nextOpenAt: '2026-11-23T14:00:00.000Z',
  lastSeenAt: '2026-11-22T04:12:00.000Z',
  suspiciousSince: '2026-11-22T03:58:00.000Z',
  suspicions: ['closed-calendar', 'canary-active'],
  own: false,
  version: 0,
  catalogue: {
    route: 'real-time-or-batch',
    calendar: {
      timeZone: 'America/Chicago',
      closed: [{ day: 0, from: '00:00', to: '24:00' }],
      usFederalHolidays: true,
      holidays: ['2026-11-27'],
      downtimes: [],
    },
    ages: { freshDays: 7, expireDays: 30, askAgainDaysBefore: 2 },
    canaries: [{ known: 'inactive', memberId: 'HX00000', givenName: 'Nobody', familyName: 'Here', birthDate: '1980-01-01', payerSex: 'U' }],
    canaryEveryMinutes: 60,
  },
  settings: {},
  canaryResults: [
    { known: 'inactive', askedAt: '2026-11-22T03:58:00.000Z', answeredAt: '2026-11-22T03:58:02.000Z', verdict: 'active', dueAt: '2026-11-22T04:58:00.000Z' },
  ],
}
const other: PayerDetail = {
  ...helio,
  id: 'SLOWB4',
  name: 'Slow but Sure',
  route: 'batch',
  open: true,
  nextOpenAt: null,
  lastSeenAt: null,
  suspiciousSince: null,
  suspicions: [],
}

describe('the payers’ pages in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  let payer: PayerDetail
  let saves: unknown[]
  /** What the next save answers in place of yes. */
  let refusal: { status: number; code: string; fields?: { path: string; message: string }[] } | null
  beforeEach(async () => {
    ;({ hub, page } = screens)
    payer = helio
    saves = []
    refusal = null
    setRoles('payer.read', 'payer.write')
    await answers(page)
  })

  function setRoles(...actions: ('payer.read' | 'payer.write')[]): void {
    const { session } = hub.data
    if (session) session.actions = [...session.actions.filter((action) => !action.startsWith('payer.')), ...actions]
  }
  /** The api's part, in this file: a list, one payer, and what was saved of it. */
  async function answers(at: Page): Promise<void> {
    await at.route('**/api/admin/payers', (route) => route.fulfill({ json: { items: [payer, other] } }))
    await at.route('**/api/admin/payers/*', async (route) => {
      const { url, method } = { url: route.request().url(), method: route.request().method() }
      if (!url.endsWith(payer.id)) return route.fulfill({ status: 404, json: { error: { code: 'not-found', message: '', correlationId: 'c1' } } })
      if (method === 'PUT') {
        const body = route.request().postDataJSON() as { settings: PayerDetail['settings']; version: number }
        saves.push(body)
        if (refusal) {
          const { status, ...error } = refusal
          return route.fulfill({ status, json: { error: { message: 'refused by the test', correlationId: 'c1', ...error } } })
        }
        payer = { ...payer, settings: body.settings, own: true, version: body.version + 1 }
      }
      return route.fulfill({ json: payer })
    })
  }
  const openPayer = async (): Promise<void> => {
    await page.goto(`${hub.url}/admin/payers/${payer.id}`)
    await page.getByRole('heading', { level: 1, name: payer.name }).waitFor()
  }
  const part = (name: string) => page.getByRole('region', { name })
  const own = (name: string): Promise<void> => part(name).getByLabel('Our own').check()

  it('list every payer with its door, its hours now and whether it is believed', async () => {
    await page.goto(`${hub.url}/admin/payers`)
    const row = page.getByRole('row').filter({ hasText: 'Helio Health Plan' })
    await row.waitFor()
    expect(await row.textContent()).to.match(/At once; by file when that fails.*Closed until Nov 23, 08:00.*Not believed.*Catalogue/)
    expect(await page.getByRole('row').filter({ hasText: 'Slow but Sure' }).textContent()).to.match(/By file only.*Open.*Never yet.*Believed/)
    await page.getByRole('link', { name: 'Helio Health Plan' }).click()
    await page.waitForURL(`${hub.url}/admin/payers/HELIO1`)
  })

  it('say in words why a payer is not believed, and what its canary answered', async () => {
    await openPayer()
    await page.getByText('The payer was closed when it answered. closed-calendar').waitFor()
    await page.getByText('Member that does not exist: answered wrongly').waitFor()
    await page.getByText('America/Chicago: 1 weekly closing time, closed on US federal holidays, 1 further day.').waitFor()
  })

  it('take the clinic’s own hours, and send nothing of what stays the catalogue’s', async () => {
    await openPayer()
    await own('When it is closed')
    const hours = part('When it is closed')
    await hours.getByRole('button', { name: 'Add weekly times' }).click()
    await focusOn(page.locator('[id="settings.calendar.closed.1.day"]'))
    const second = hours.getByRole('group', { name: 'Closed time 2' })
    await second.getByLabel('Day').selectOption('Saturday')
    await second.getByLabel('From').fill('18:00')
    await second.getByLabel('Until').fill('00:00')
    await hours.getByRole('button', { name: 'Remove day 1' }).click()
    await focusOn(page.getByRole('button', { name: 'Add a day' }))
    await hours.getByRole('button', { name: 'Add a downtime' }).click()
    const downtime = hours.getByRole('group', { name: 'Downtime 1' })
    await downtime.getByLabel('From, date').fill('2026-12-05')
    await downtime.getByLabel('From, time').fill('22:00')
    await downtime.getByLabel('Until, date').fill('2026-12-06')
    await downtime.getByLabel('Until, time').fill('04:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. Questions and answers from now on go by it.').waitFor()
    expect(saves).to.deep.equal([
      {
        version: 0,
        settings: {
          calendar: {
            timeZone: 'America/Chicago',
            closed: [
              { day: 0, from: '00:00', to: '24:00' },
              { day: 6, from: '18:00', to: '24:00' },
            ],
            usFederalHolidays: true,
            holidays: [],
            downtimes: [{ from: '2026-12-06T04:00:00.000Z', to: '2026-12-06T10:00:00.000Z' }],
          },
        },
      },
    ])
    expect(await page.getByLabel('Our own').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).checked))).to.deep.equal([
      false,
      true,
      false,
      false,
    ])
    // The next save names the version that this one made.
    await part('How it is asked').getByLabel('Our own').check()
    await part('How it is asked').getByLabel('Door').selectOption('By file only')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[id="settings.route"]')?.value === 'batch')
    expect(saves[1]).to.deep.include({ version: 1 })
  })

  it('take members whose answer is known, and ask for every field of them', async () => {
    await openPayer()
    await own('Members whose answer is known')
    await page.getByLabel('Ask about a member that always has cover').check()
    await page.getByRole('group', { name: 'One that always has cover' }).getByLabel('Member ID').fill('HX99871')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Member that always has cover: enter first name' }).click()
    await focusOn(page.locator('[id="canary.active.givenName"]'))
    expect(saves).to.deep.equal([])
  })

  it('lead from the list of problems to each, and to what the api refuses', async () => {
    await openPayer()
    await own('When it is closed')
    await page.getByLabel('Time zone of the payer').fill('America/Lakeside')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Enter a time zone that exists' }).click()
    await focusOn(page.locator('[id="settings.calendar.timeZone"]'))
    await page.getByLabel('Time zone of the payer').fill('America/New_York')
    refusal = { status: 400, code: 'invalid', fields: [{ path: 'settings.calendar.closed.0.to', message: 'must be after its beginning' }] }
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'must be after its beginning' }).click()
    await focusOn(page.locator('[id="settings.calendar.closed.0.to"]'))
    expect(await axeFindings(page)).to.deep.equal([])
  })

  it('overwrite nobody: who saved second is told, and sees what the first one left', async () => {
    await openPayer()
    await own('How it is asked')
    refusal = { status: 409, code: 'changed-meanwhile' }
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else saved this payer meanwhile').waitFor()
    payer = { ...payer, settings: { ages: { freshDays: 3, expireDays: 10, askAgainDaysBefore: 1 } }, own: true, version: 1 }
    await page.getByRole('button', { name: 'Show what is there now' }).click()
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[id="settings.ages.freshDays"]')?.value === '3')
    expect(await part('How it is asked').getByLabel('Our own').isChecked()).to.equal(false)
  })

  it('can be read, and not changed, by operations', async () => {
    setRoles('payer.read')
    await openPayer()
    await page.getByText('Only an administrator may change this.').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).to.equal(0)
    expect(await page.getByLabel('Our own').first().isDisabled()).to.equal(true)
  })

  it('are there with every part open, at every width and in both themes, with nothing for axe to find', async () => {
    payer = { ...helio, settings: helio.catalogue, own: true, version: 3 }
    for (const width of [320, 768, 1280]) {
      for (const dark of [false, true]) {
        const own = await screens.browser.view({ width, dark })
        await answers(own.page)
        for (const [name, path] of [
          ['payers', '/admin/payers'],
          ['payer', '/admin/payers/HELIO1'],
        ] as const) {
          await own.page.goto(hub.url + path)
          await own.page.getByText('Not believed').first().waitFor()
          await drawn(own.page)
          expect(await axeFindings(own.page), `${name} ${width} ${dark}`).to.deep.equal([])
          expect(await overflowPx(own.page), `${name} ${width}`).to.equal(0)
          await shoot(own.page, `admin-${name}-${width}${dark ? '-dark' : ''}`)
        }
        await own.close()
        expect(own.complaints).to.deep.equal([])
      }
    }
  })
})
