import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { focusOn } from './browser.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { soon } from './fake-kit.ts'
import { allowed, attempt, colleague, override } from './fake-ops-items.ts'
import { cardShapes, correctionShape } from './fake-ops-shapes.ts'
import { fakeScreens } from './screens.ts'

describe('one item of operations in a browser', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
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

  it('says what happened in plain words, and beside them by which names the runbooks go', async () => {
    await open(item(41))
    const lines = page.getByRole('list', { name: 'Timeline of this intake' }).getByRole('listitem')
    const asked = lines.filter({ hasText: 'Ask the payer about the cover' })
    await asked.getByText('Not known whether it was done').waitFor()
    await asked.getByText('eligibility/ask payer unknown', { exact: true }).waitFor()
    expect(await asked.innerText()).to.contain('engine-1, took 20 s')
    const facts = page.getByRole('region', { name: 'Details' })
    await facts.getByText(/^Ask the payer about the cover\s+eligibility@\d+\/ask payer$/).waitFor()
  })

  it('sends nothing without a reason and a note, and leads to each', async () => {
    await open(item(41))
    await page.getByRole('button', { name: 'Drop…' }).click()
    await send('Drop it')
    await page.getByRole('link', { name: 'Choose a reason' }).click()
    await focusOn(page.locator('#reason'))
    await page.getByRole('link', { name: 'Write a note' }).waitFor()
    expect(decisions()).to.have.length(0)
    // Escape leaves, and the focus goes back to where the person was.
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await focusOn(page.getByRole('button', { name: 'Drop…' }))
  })

  it('asks the patient for named fields', async () => {
    await open(item(41))
    await choose('Ask the patient')
    for (const checked of await page.getByRole('dialog').getByRole('checkbox').all()) await checked.uncheck()
    await send('Ask the patient')
    await says('Choose at least one field')
    await page.getByLabel('Member ID', { exact: true }).check()
    await page.getByLabel('Date of birth').check()
    await send('Ask the patient')
    expect((await sent()).fields).to.deep.equal(['memberId', 'birthDate'])
  })

  it('asks the patient for the second insurance', async () => {
    await open(item(41))
    await choose('Ask the patient')
    for (const checked of await page.getByRole('dialog').getByRole('checkbox').all()) await checked.uncheck()
    await page.getByLabel('Insurer of the second insurance').check()
    await page.getByLabel('Member ID of the second insurance').check()
    await send('Ask the patient')
    expect((await sent()).fields).to.deep.equal(['secondPayerId', 'secondMemberId'])
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

  it('says of an attempt whether the partner may have done it, who found out, and that a late answer counts for nothing', async () => {
    hub.data.detail.attempts = [
      attempt(1, { late: true }),
      attempt(2, { id: 'of-another-effect.1' }),
      attempt(3, { outcome: 'failed', nothingSent: true }),
      attempt(4, { outcome: 'reconciled', cause: null }),
      attempt(5, { outcome: 'running', cause: null, latencyMs: null }),
    ]
    await open(item(41))
    const told = page.getByRole('region', { name: 'Attempts' }).getByRole('listitem')
    await told.first().waitFor()
    const [first, second, third, fourth, fifth] = await told.allInnerTexts()
    expect(first)
      .to.contain('the partner may have done it. What became of it was found out by attempt 4.')
      .and.contain('Its answer came late, when something else had taken its place.')
    expect(second).to.contain('the partner may have done it.').and.not.contain('found out')
    expect(third).to.contain('nothing was sent').and.not.contain('may have done it')
    expect(fourth).to.contain('Not sent again: the partner was asked what had become of it, and knew.')
    expect(fifth).to.contain('what became of it is not known yet')
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
    await focusOn(page.locator('#reason'))
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

  it('shows a bug of the api as a failure with a number for support, and what still works', async () => {
    hub.fail(`/api/ops/overrides/${override(41).id}`, 500, 'internal', 9)
    await open(`/ops/overrides/${override(41).id}`)
    await says('Tell support: c0ffee00')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  })
})
