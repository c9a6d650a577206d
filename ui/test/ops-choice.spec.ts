import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { ItemDecision } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { soon, uuid } from './fake-kit.ts'
import { chartActions, chartItem, twoCharts } from './fake-ops-choice.ts'
import { colleague } from './fake-ops-items.ts'
import { fakeScreens } from './screens.ts'

describe('whose chart it is, in a browser', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    hub.data.overrides = [chartItem(41)]
    hub.data.detail.allowed = chartActions()
  })
  const path = `/ops/overrides/${chartItem(41).id}`
  const decisions = (): Seen[] => hub.seen.filter(({ method, path }) => method === 'POST' && path.endsWith('/decisions'))
  const lookedAt = (): Seen[] => hub.seen.filter(({ path }) => path.endsWith('/choice'))
  const dialog = () => page.getByRole('dialog')
  const compare = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Choose the chart…' }).click()
    await dialog().getByLabel('Purpose').selectOption('compare-with-chart')
    await dialog().getByRole('button', { name: 'Open them side by side' }).click()
    await dialog().getByText('The patient says').waitFor()
  }
  const why = async (): Promise<void> => {
    await dialog().getByLabel('Reason').selectOption('compared-with-chart')
    await dialog().getByLabel('Note').fill('Same street, new phone.')
  }
  const send = (): Promise<void> => dialog().getByRole('button', { name: 'Use this choice' }).click()

  it('shows no patient data before a purpose is named, and says so when it is missing', async () => {
    await open(path)
    await page.getByRole('button', { name: 'Choose the chart…' }).click()
    await send()
    await dialog().getByRole('link', { name: 'Open the charts first' }).waitFor()
    await dialog().getByRole('button', { name: 'Open them side by side' }).click()
    await says('Choose why you open it')
    expect(lookedAt()).to.have.length(0)
    expect(await page.content()).to.not.contain('Moreno')
  })

  it('puts the patient on the left and every chart beside them, and says in words what differs', async () => {
    await open(path)
    await compare()
    expect(lookedAt().map(({ body }) => body)).to.deep.equal([{ purpose: 'compare-with-chart' }])
    const columns = await dialog()
      .locator('section section')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ left, top }) => ({ left, top })))
    expect(columns).to.have.length(3)
    expect(columns[0]?.left).to.be.lessThan(columns[1]?.left ?? 0)
    expect(columns[1]?.left).to.be.lessThan(columns[2]?.left ?? 0)
    expect(new Set(columns.map(({ top }) => Math.round(top))).size).to.equal(1)
    const marks = (name: string) => dialog().getByRole('region', { name, exact: true }).getByText('differs', { exact: true }).count()
    expect(await marks('Chart 1')).to.equal(2)
    expect(await marks('Chart 2')).to.equal(2)
    // Rows stand on one line, whatever wraps.
    const tops = await dialog()
      .locator('dl', { hasText: 'Address' })
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
    expect(new Set(tops).size).to.equal(1)
  })

  it('stands one under the other on a phone, and says there what differs from what', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await open(path)
    await compare()
    const columns = await dialog()
      .locator('section section')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ left, top }) => ({ left, top })))
    expect(new Set(columns.map(({ left }) => Math.round(left))).size).to.equal(1)
    expect(columns[0]?.top).to.be.lessThan(columns[1]?.top ?? 0)
    expect(await dialog().getByText('Patient says: 1985-03-27').isVisible()).to.equal(true)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(320)
  })

  it('sends nothing before one is chosen, and leads to the choice', async () => {
    await open(path)
    await compare()
    await why()
    await send()
    await dialog().getByRole('link', { name: 'Choose a chart, or that it is none of them' }).click()
    await focusOn(page.locator('#option'))
    expect(decisions()).to.have.length(0)
  })

  it('sends which one was chosen, by keyboard alone', async () => {
    await open(path)
    await compare()
    // The focus is where the button was: one step to the columns, one to the choice.
    await focusOn(dialog().locator('div').filter({ hasText: 'Whose chart is it?' }))
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await focusOn(page.locator('#option'))
    await page.keyboard.press('ArrowDown')
    expect(await dialog().getByLabel('Chart 2 is this patient’s').isChecked()).to.equal(true)
    await page.keyboard.press('ArrowUp')
    await why()
    await send()
    await dialog().waitFor({ state: 'detached' })
    const { decisionId, ...body } = (decisions()[0]?.body ?? {}) as Record<string, unknown>
    expect(body).to.deep.equal({ action: 'choose', option: 0, reason: 'compared-with-chart', note: 'Same street, new phone.' })
    expect(decisionId).to.match(/^[0-9a-f-]{36}$/)
    await says('Chart 1.')
    expect(calls('POST', `/api/ops/overrides/${chartItem(41).id}/claim`)).to.have.length(1)
  })

  it('sends “none” for a new chart; it comes last', async () => {
    await open(path)
    await compare()
    expect(await dialog().getByRole('radio').last().getAttribute('id')).to.equal('option-none')
    await dialog().getByLabel('None of these: make a new chart').check()
    await why()
    await send()
    await dialog().waitFor({ state: 'detached' })
    expect(decisions()[0]?.body).to.include({ action: 'choose', option: null })
  })

  it('offers no “none” where not all were seen, and says what to do', async () => {
    hub.data.choice = { ...twoCharts(), more: true, none: false }
    await open(path)
    await compare()
    expect(await dialog().getByRole('radio').count()).to.equal(2)
    await says('The EHR has more people')
  })

  it('shows the second person what was chosen, in the same view, for a purpose of their own', async () => {
    const decision: ItemDecision = {
      ...{ id: uuid(901), overrideId: chartItem(41).id, action: 'choose', state: 'proposed', reason: 'compared-with-chart', by: colleague, at: soon(-0.1) },
      ...{ second: null, carryOutAt: null, undoUntil: null, endedAt: null, refusedWhy: null, bulkReleaseId: null, option: 1 },
    }
    hub.data.overrides = [chartItem(41, { decision, nextAction: 'approve' })]
    hub.data.decisions = [decision]
    await open(path)
    await says('Chart 2.')
    expect(await page.content()).to.not.contain('Moreno')
    await page.locator('#choice-purpose').selectOption('compare-with-chart')
    await page.getByRole('button', { name: 'Open them side by side' }).click()
    await says('Chart 2 · chosen')
    expect(await page.getByRole('radio').count()).to.equal(0)
    await page.getByRole('button', { name: 'Approve' }).waitFor()
  })
})
