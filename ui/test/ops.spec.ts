import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { buildUi } from '../build.ts'
import { type Browser, browserTestTimeoutMs, drawn, launch, needsChromium, type View } from './browser.ts'
import { type FakeHub, type Seen, startFakeHub } from './fake-hub.ts'
import { everyIncident, incident, soon } from './fake-kit.ts'
import { allowed, cardShapes, colleague, correctionShape, longQueue, manyOf, override, payer } from './fake-ops.ts'

describe('the operations screens in a browser', function () {
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
  const calls = (method: string, path: string): Seen[] => hub.seen.filter((call) => call.method === method && call.path.startsWith(path))
  const says = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor()
  const rows = (): Promise<number> => page.locator('tbody tr[data-index]').count()
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')

  describe('the queue', () => {
    it('keeps the filter in the URL, and Back undoes it', async () => {
      await open('/ops')
      await says('5 items')
      await page.getByRole('button', { name: /^Answer could not be understood/ }).click()
      await says('1 item')
      expect(page.url()).to.contain('cause=contract')
      await page.goBack()
      await says('5 items')
    })

    it('takes no filter that it does not know from an address', async () => {
      await open('/ops?cause=%3Cscript%3E&sort=random&owner=nobody&incident=7')
      await says('5 items')
      expect(calls('GET', '/api/ops/overrides').map(({ path }) => path)).to.deep.equal(['/api/ops/overrides?status=open&sort=visit&grouped=true&limit=100'])
    })

    it('moves with j and k, opens with Enter, and comes back to the same row under the same filter', async () => {
      await open('/ops?owner=engineer')
      await says('2 items')
      for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key)
      await page.keyboard.press('Enter')
      await page.waitForURL(`${hub.url}/ops/overrides/${override(44).id}`)
      await page.getByRole('heading', { name: 'Decide' }).waitFor()
      // The item before in that queue, without going back to it.
      await page.keyboard.press('k')
      await page.waitForURL(`${hub.url}/ops/overrides/${override(43).id}`)
      await page.keyboard.press('b')
      await page.waitForURL(/\/ops\/?\?owner=engineer$/)
      await says('2 items')
      await page.keyboard.press('k')
      await drawn(page)
      expect(await focused()).to.equal('Answer could not be understood')
    })

    it('leaves letters alone in fields and dialogs, and everywhere once a person turned them off', async () => {
      await open('/ops')
      await says('5 items')
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('j')
      await page.getByLabel('Letters act on this page').uncheck()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      for (const key of ['j', '?', 'c']) await page.keyboard.press(key)
      await drawn(page)
      expect(await page.locator('[data-row]:focus').count()).to.equal(0)
      expect(await page.getByRole('dialog').count()).to.equal(0)
      expect(calls('POST', '/api/ops/overrides')).to.have.length(0)
    })

    it('claims with c and gives back with c, and says who has an item that is somebody else’s', async () => {
      await open('/ops')
      await says('5 items')
      await page.keyboard.press('j')
      await page.keyboard.press('c')
      await says('Claimed. For 15 minutes')
      await page.locator('tbody').getByText('you', { exact: true }).waitFor()
      await page.keyboard.press('c')
      await says('Given back.')
      await page.keyboard.press('j')
      await page.keyboard.press('c')
      await says('Sam Ortiz works on that item.')
    })

    it('goes with r to what can be done', async () => {
      await open('/ops')
      await says('5 items')
      await page.keyboard.press('j')
      await page.keyboard.press('r')
      await page.waitForURL(/\/ops\/overrides\/.*#actions$/)
      await page.locator('#actions button:focus').waitFor()
    })

    it('never moves under the reader: a change is announced, and shown when asked for', async () => {
      await open('/ops')
      await says('5 items')
      hub.data.overrides = [override(77, { cause: 'throttled' }), ...hub.data.overrides]
      hub.change()
      await page.getByRole('button', { name: /1 change/ }).waitFor()
      expect(await rows()).to.equal(5)
      await page.keyboard.press('n')
      await page.locator('tbody').getByText('Partner asks us to wait').waitFor()
      expect(await rows()).to.equal(6)
    })

    it('keeps showing the last known rows when a refresh fails, and says that they may be old', async () => {
      await open('/ops')
      await says('5 items')
      hub.fail('/api/ops/overrides', 500, 'internal', 50)
      hub.change()
      await says('could not be refreshed')
      expect(await rows()).to.equal(5)
    })

    it('shows one row for 214 items of one cause, where its soonest visit stands, and all of them when asked', async () => {
      hub.data.overrides.push(...manyOf(214))
      await open('/ops')
      await says('219 items')
      expect(await rows()).to.equal(6)
      await page.getByRole('link', { name: /^214 items: Quiet Valley Insurance/ }).click()
      await page.waitForURL(new RegExp(`incident=${incident(89).id}`))
      await says('214 items')
      await page.getByRole('button', { name: 'Take out the filter: Items of one incident' }).click()
      await says('219 items')
    })

    it('scrolls through 10,000 items with a hundred rows drawn at most, and keeps the row that has the focus', async () => {
      hub.data.overrides = longQueue(10_000)
      await open('/ops')
      await says('more than 10,000 items')
      await page.keyboard.press('j')
      await drawn(page)
      const framesMs: number[] = await page.evaluate(async () => {
        const frames: number[] = []
        let last = performance.now()
        for (let step = 0; step < 240; step += 1) {
          window.scrollBy(0, 600)
          await new Promise((next) => requestAnimationFrame(next))
          frames.push(performance.now() - last)
          last = performance.now()
        }
        return frames
      })
      expect(await rows()).to.be.lessThan(100)
      expect(calls('GET', '/api/ops/overrides').length, 'pages fetched').to.be.greaterThan(5)
      // The row of j is far away and has the focus all the same.
      expect(await page.locator('[data-row="0"]:focus').count()).to.equal(1)
      const p95 = framesMs.sort((a, b) => a - b)[Math.floor(framesMs.length * 0.95)] ?? 0
      // A second without a frame is a page that stands still, on any machine.
      expect(p95, 'frame in ms, p95').to.be.lessThan(1_000)
    })

    it('saves a view under a name, goes to it, and removes it', async () => {
      await open('/ops?owner=engineer&sort=age')
      await page.getByRole('button', { name: 'Saved views' }).click()
      await page.getByRole('menuitem', { name: 'Save this view' }).click()
      await page.getByLabel('Name').fill('For the engineer')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(calls('PUT', '/api/ops/views/')[0]?.body).to.deep.equal({ name: 'For the engineer', filter: { owner: 'engineer' }, sort: 'age' })
      await open('/ops')
      await page.getByRole('button', { name: 'Saved views' }).click()
      await page.getByRole('menuitem', { name: 'For the engineer', exact: true }).click()
      await page.waitForURL(/\/ops\/?\?owner=engineer&sort=age$/)
      await page.getByRole('button', { name: 'Saved views' }).click()
      await page.getByRole('menuitem', { name: 'Remove the view For the engineer' }).click()
      await page.getByRole('button', { name: 'Saved views' }).click()
      await page.getByRole('menuitem', { name: 'Turned down today', exact: true }).waitFor()
      expect(await page.getByRole('menuitem', { name: /For the engineer/ }).count()).to.equal(0)
    })

    it('tells the payers’ weather, worst first, and leads to a payer’s items', async () => {
      hub.data.weather = [payer('Northwind Mutual', 'open', { payerId: 'NORTH2', waiting: 214 }), ...hub.data.weather]
      await open('/ops')
      await says('214 waiting')
      await says('2 others ok')
      await page.getByRole('link', { name: 'Northwind Mutual' }).first().click()
      await page.waitForURL(/payer=NORTH2/)
      await says('1 item')
    })

    it('keeps the queue when weather, incidents and views cannot be loaded', async () => {
      for (const path of ['/api/ops/weather', '/api/ops/incidents', '/api/ops/views']) hub.fail(path, 500, 'internal', 99)
      await open('/ops')
      await says('Not known now')
      await says('The incidents could not be loaded')
      expect(await rows()).to.equal(5)
    })

    it('shows the way to the bus queues and the live view only to whom they are for', async () => {
      await open('/ops')
      const nav = page.getByRole('navigation', { name: 'Operations' })
      expect(await nav.getByRole('link', { name: 'Live view' }).getAttribute('href')).to.equal('/ops/live')
      expect(await nav.getByRole('link', { name: 'Bus queues' }).getAttribute('href')).to.equal('/ops/queues')
      if (hub.data.session) hub.data.session.actions = ['override.list', 'override.read']
      await page.reload()
      await says('5 items')
      expect(await nav.getByRole('link').allTextContents()).to.deep.equal(['Queue', 'Waiting by itself'])
    })
  })

  describe('one item', () => {
    const item = (n: number): string => `/ops/overrides/${override(n).id}`
    const decisions = (): Seen[] => hub.seen.filter(({ method, path }) => method === 'POST' && path.endsWith('/decisions'))
    const choose = async (action: string, reason = 'other', note = 'Called the payer at 9:10.'): Promise<void> => {
      await page.getByRole('button', { name: `${action}…` }).click()
      await page.getByRole('dialog').waitFor()
      await page.getByLabel('Reason').selectOption(reason)
      await page.getByLabel('Note').fill(note)
    }
    const send = (name: string): Promise<void> => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
    const sent = async (): Promise<Record<string, unknown>> => {
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      return decisions()[0]?.body as Record<string, unknown>
    }

    for (const [name, submit, action] of [
      ['Confirm by hand', 'Confirm coverage', 'confirm'],
      ['Mark inactive', 'Mark inactive', 'mark-inactive'],
      ['Retry now', 'Retry now', 'retry'],
      ['Other route', 'Send by file', 'other-route'],
      ['Move to the current version', 'Move it', 'move'],
      ['Drop', 'Drop it', 'drop'],
    ] as const) {
      it(`decides with a reason and a note: ${action}`, async () => {
        await open(item(41))
        await choose(name)
        await send(submit)
        const { decisionId, ...body } = await sent()
        expect(body).to.deep.equal({ action, reason: 'other', note: 'Called the payer at 9:10.' })
        expect(decisionId).to.match(/^[0-9a-f-]{36}$/)
        // Nobody else could start on it while the note was written.
        expect(calls('POST', `/api/ops/overrides/${override(41).id}/claim`)).to.have.length(1)
      })
    }

    it('sends nothing without a reason and a note, and leads to each', async () => {
      await open(item(41))
      await page.getByRole('button', { name: 'Drop…' }).click()
      await send('Drop it')
      await page.getByRole('link', { name: 'Choose a reason' }).click()
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('reason')
      await page.getByRole('link', { name: 'Write a note' }).waitFor()
      expect(decisions()).to.have.length(0)
      // Escape leaves, and the focus goes back to where the person was.
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await focused()).to.equal('Drop…')
    })

    it('asks the patient for named fields', async () => {
      await open(item(41))
      await choose('Ask the patient')
      for (const checked of await page.getByRole('dialog').getByRole('checkbox').all()) await checked.uncheck()
      await send('Ask the patient')
      await says('Choose at least one field')
      await page.getByLabel('Member ID').check()
      await page.getByLabel('Date of birth').check()
      await send('Ask the patient')
      expect((await sent()).fields).to.deep.equal(['memberId', 'birthDate'])
    })

    it('corrects a copy of what was sent, opened with a purpose', async () => {
      await open(item(41))
      await choose('Correct and resubmit', 'data-corrected')
      await send('Correct and resubmit')
      await says('Open the values first')
      expect(hub.seen.some(({ path }) => path.endsWith('/input'))).to.equal(false)
      await page.getByRole('dialog').getByLabel('Purpose').selectOption('compare-with-card')
      await page.getByRole('button', { name: 'Open the values' }).click()
      await page.getByLabel('Member id').fill('QV-88231')
      await send('Correct and resubmit')
      expect((await sent()).input).to.deep.equal({
        payerId: 'QUIET3',
        memberId: 'QV-88231',
        birthDate: '1985-03-27',
        payerSex: 'F',
        groupNumber: null,
        serviceTypes: ['30'],
      })
    })

    it('corrects of a case only what changed', async () => {
      Object.assign(hub.data.overrides[1] ?? {}, { claim: null })
      hub.data.detail.allowed = [allowed('correct', { shape: correctionShape, ofAnswers: true })]
      await open(item(45))
      await choose('Correct and resubmit', 'data-corrected')
      await page.getByRole('dialog').getByLabel('Purpose').selectOption('correct-data')
      await page.getByRole('button', { name: 'Open the values' }).click()
      await page.getByLabel('Given name').waitFor()
      await send('Correct and resubmit')
      await says('Change at least one value')
      await page.getByLabel('Member id').fill('QV-88231')
      await send('Correct and resubmit')
      expect((await sent()).input).to.deep.equal({ memberId: 'QV-88231' })
    })

    it('offers no yes by hand where only the partner may say it', async () => {
      hub.data.detail.allowed = [allowed('answer')]
      hub.data.detail.shapes = { ...cardShapes, ok: null }
      await open(item(42))
      await choose('Answer by hand')
      expect(await page.locator('input[name="port"]').evaluateAll((all) => all.map((one) => one.getAttribute('value')))).to.deep.equal(['rejected'])
      await page.getByLabel(/^Code/).fill('by-hand')
      await send('Give this answer')
      expect(await sent()).to.deep.include({ action: 'answer', port: 'rejected', value: { code: 'by-hand', declineCode: null } })
    })

    it('is one decision however often it is sent: a second click, and again after a failure', async () => {
      await open(item(41))
      await choose('Mark inactive')
      hub.fail('/decisions', 503, 'not-ready')
      await send('Mark inactive')
      await says('Something went wrong on our side')
      hub.data.delayMs = 300
      await page.getByRole('dialog').getByRole('button', { name: 'Mark inactive', exact: true }).dblclick()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      const ids = decisions().map(({ body }) => (body as { decisionId: string }).decisionId)
      expect(ids).to.have.length(2)
      expect(new Set(ids).size).to.equal(1)
      expect(hub.data.decisions).to.have.length(1)
    })

    it('can be taken back while there is time, with u from anywhere', async () => {
      await open('/ops')
      await says('5 items')
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await choose('Drop')
      await send('Drop it')
      await says(`Dropped: HX-7Q2M-K41`)
      await page.getByRole('heading', { name: 'Decided' }).waitFor()
      await page.keyboard.press('b')
      await says('5 items')
      await page.keyboard.press('u')
      await says('Undone. The item waits as before.')
      expect(hub.seen.filter(({ path }) => path.endsWith('/undo'))).to.have.length(1)
    })

    it('says when it is too late to take it back', async () => {
      await open(item(41))
      await choose('Drop')
      await send('Drop it')
      hub.fail('/undo', 409, 'too-late')
      await page.getByRole('button', { name: /^Undo: Dropped/ }).click()
      await says('Too late: it was carried out.')
    })

    it('offers no undo for what happens at once', async () => {
      await open(item(41))
      await choose('Retry now')
      await says('It happens at once')
      await send('Retry now')
      await page.getByRole('heading', { name: 'Resolved' }).waitFor()
      expect(await page.getByRole('button', { name: /^Undo/ }).count()).to.equal(0)
    })

    it('waits for a second person where the clinic wants two, who may approve or refuse; who proposed it may not', async () => {
      hub.data.twoPeople = true
      hub.data.detail.allowed = [allowed('confirm', { needsSecond: true })]
      await open(item(41))
      await choose('Confirm by hand')
      await says('This clinic wants two people')
      await send('Confirm coverage')
      await says('You proposed it, so somebody else has to look at it')
      expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0)
      const decision = hub.data.decisions[0]
      if (decision) decision.by = colleague
      await page.reload()
      await says('Confirm by hand, by Sam Ortiz')
      await page.locator('#decision-purpose').selectOption('call-partner')
      await page.getByRole('button', { name: 'Read the note' }).click()
      await says('Called the payer at 9:10.')
      await page.getByRole('button', { name: 'Approve' }).click()
      await says('About to be carried out')
      await says('Confirm by hand: approved. It is carried out in a moment.')
      expect(hub.seen.filter(({ path }) => path.endsWith('/approve'))).to.have.length(1)
    })

    it('says that a proposal was refused, and that the item waits as before', async () => {
      hub.data.twoPeople = true
      hub.data.detail.allowed = [allowed('confirm', { needsSecond: true })]
      await open(item(41))
      await choose('Confirm by hand')
      await send('Confirm coverage')
      await says('You proposed it')
      const decision = hub.data.decisions[0]
      if (decision) decision.by = colleague
      await page.reload()
      await page.getByRole('button', { name: 'Refuse' }).click()
      await says('Confirm by hand: refused. The item waits as before.')
      await page.getByRole('button', { name: 'Confirm by hand…' }).waitFor()
    })

    it('lets nobody decide about an item that somebody else works on, and says who', async () => {
      await open(item(41))
      await page.getByRole('button', { name: 'Drop…' }).waitFor()
      Object.assign(hub.data.overrides[0] ?? {}, { claim: { ...colleague, until: soon(0.2) } })
      await page.getByRole('button', { name: 'Drop…' }).click()
      await says('Sam Ortiz works on this item')
      expect(await page.getByRole('dialog').count()).to.equal(0)
      expect(await page.getByRole('button', { name: 'Drop…' }).count()).to.equal(0)
    })

    it('says when someone else resolved it first, and shows how', async () => {
      await open(item(41))
      await choose('Drop')
      Object.assign(hub.data.overrides[0] ?? {}, { status: 'resolved', resolution: 'retry', resolvedBy: 'Sam Ortiz', resolvedAt: soon(0) })
      await send('Drop it')
      await says('This item was resolved in the meantime')
      await send('Cancel')
      await says(/Tried again, by Sam Ortiz/)
    })

    it('opens what a partner was asked and answered only with a purpose', async () => {
      await open(item(41))
      await page.getByRole('button', { name: 'Open question and answer of attempt 3' }).click()
      await page.getByRole('button', { name: 'Open question and answer', exact: true }).click()
      await says('Choose why you open it')
      expect(hub.seen.some(({ path }) => path.endsWith('/open'))).to.equal(false)
      await page.locator('#purpose-3').selectOption('find-error')
      await page.getByRole('button', { name: 'Open question and answer', exact: true }).click()
      await says('Subscriber or insured not found')
      expect(hub.seen.find(({ path }) => path.endsWith('/open'))?.body).to.deep.equal({ purpose: 'find-error' })
      await page.getByRole('button', { name: 'Close it again' }).click()
      expect(await page.getByText('Subscriber or insured not found').count()).to.equal(0)
    })

    it('opens what would have been sent only with a purpose', async () => {
      await open(item(41))
      await page.getByRole('button', { name: 'Open the input' }).click()
      await says('Choose why you open it')
      await page.getByLabel('Purpose').selectOption('compare-with-card')
      await page.getByRole('button', { name: 'Open the input' }).click()
      await says('QV-88213')
    })

    it('is worked through with the keyboard alone: claim, decide, undo, next', async () => {
      await open('/ops')
      await says('5 items')
      await page.keyboard.press('j')
      await page.keyboard.press('r')
      await page.locator('#actions button:focus').waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      // The first field has the focus: a reason by its first letters, then the note, then Enter on the button.
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('reason')
      await page.keyboard.type('Other')
      await page.keyboard.press('Tab')
      await page.keyboard.type('Called the payer.')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Decided' }).waitFor()
      await page.keyboard.press('u')
      await says('Undone.')
      await page.keyboard.press('j')
      await page.waitForURL(`${hub.url}${item(45)}`)
    })
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
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal(`reason-${incident(82).id}`)
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

  it('shows a bug of the api as a failure with a number for support, and what still works', async () => {
    hub.fail(`/api/ops/overrides/${override(41).id}`, 500, 'internal', 9)
    await open(`/ops/overrides/${override(41).id}`)
    await says('Tell support: c0ffee00')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  })
})
