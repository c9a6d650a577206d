import type { Page } from 'playwright-core'
import { album, type Picture } from './album.ts'
import type { FakeHub } from './fake-hub.ts'
import { everyIncident, incident, soon, uuid } from './fake-kit.ts'
import { bulkRelease } from './fake-ops-bulk.ts'
import { chartActions, chartItem, manyCharts } from './fake-ops-choice.ts'
import { payer } from './fake-ops-data.ts'
import { allowed, attempt, colleague, longQueue, manyOf, override } from './fake-ops-items.ts'
import { cardShapes, correctionShape } from './fake-ops-shapes.ts'

const heading = (page: Page, text: string | RegExp): Promise<void> => page.getByRole('heading', { name: text }).first().waitFor()
const says = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor()
const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click()
const item = (n: number): string => `/ops/overrides/${override(n).id}`
const badDay = (hub: FakeHub): void => {
  hub.data.overrides.push(...manyOf(214))
  hub.data.incidents = everyIncident().slice(-2)
  hub.data.weather = [
    payer('Quiet Valley Insurance', 'open', { payerId: 'QUIET3', waiting: 214, held: 3 }),
    payer('Northwind Mutual', 'suspicious', { payerId: 'NORTH2', next: soon(14), held: 1 }),
    payer('Slow River Benefit Trust', 'closed', { since: null, next: soon(38) }),
    payer('Aetna', 'probing'),
    ...hub.data.weather,
  ]
}
const decided = (hub: FakeHub, change: object): void => {
  const first = hub.data.overrides[0]
  if (!first) return
  first.decision = {
    id: uuid(901),
    overrideId: first.id,
    action: 'confirm',
    state: 'proposed',
    reason: 'confirmed-by-phone',
    by: colleague,
    at: soon(-0.1),
    second: null,
    carryOutAt: null,
    undoUntil: null,
    endedAt: null,
    refusedWhy: null,
    bulkReleaseId: null,
    option: null,
    ...change,
  }
  hub.data.decisions = [
    first.decision,
    { ...first.decision, id: uuid(902), action: 'retry', state: 'refused', refusedWhy: 'failed', at: soon(-0.3) },
    { ...first.decision, id: uuid(903), action: 'drop', state: 'undone', at: soon(-0.4) },
  ]
}

const toChoose = (hub: FakeHub): void => {
  hub.data.overrides = [chartItem(41)]
  hub.data.detail.allowed = chartActions()
  hub.data.detail.attempts = [attempt(1, { outcome: 'choice', cause: null, latencyMs: 640, answerOpenable: true, operation: 'fhir.findChart.v1' })]
}
const openCharts = async (page: Page): Promise<void> => {
  await page.locator('#choice-purpose').selectOption('compare-with-chart')
  await press(page, 'Open them side by side')
  await says(page, 'The patient says')
}

const pictures: Picture[] = [
  { name: 'ops-queue', path: '/ops', drive: (page) => says(page, '5 items') },
  { name: 'ops-queue-bad-day', path: '/ops', prepare: badDay, drive: (page) => says(page, '219 items') },
  {
    name: 'ops-queue-long',
    path: '/ops',
    prepare: (hub) => {
      hub.data.overrides = longQueue(300)
    },
    drive: (page) => says(page, '300 items'),
  },
  { name: 'ops-queue-empty', path: '/ops', prepare: (hub) => hub.data.overrides.splice(0), drive: (page) => says(page, 'Nothing waits for a person') },
  { name: 'ops-queue-nothing-fits', path: '/ops?cause=timeout', drive: (page) => says(page, 'Nothing matches') },
  { name: 'ops-queue-mine-empty', path: '/ops?mine=true', drive: (page) => says(page, 'You have claimed nothing') },
  {
    name: 'ops-queue-narrowed',
    path: `/ops?incident=${incident(89).id}&cause=unavailable`,
    prepare: badDay,
    drive: (page) => says(page, '214 items'),
  },
  {
    name: 'ops-queue-failed',
    path: '/ops',
    prepare: (hub) => hub.fail('/api/ops/overrides', 500, 'internal', 9),
    drive: (page) => page.getByRole('alert').waitFor(),
  },
  {
    name: 'ops-queue-all-failed',
    path: '/ops',
    prepare: (hub) => {
      for (const path of ['/api/ops/weather', '/api/ops/incidents', '/api/ops/views']) hub.fail(path, 500, 'internal', 99)
    },
    drive: (page) => says(page, 'Not known now'),
  },
  {
    name: 'ops-queue-new',
    path: '/ops',
    drive: async (page, hub) => {
      await says(page, '5 items')
      hub.data.overrides = [override(46), ...hub.data.overrides]
      hub.change()
      await page.getByRole('button', { name: /1 change/ }).waitFor()
    },
  },
  {
    name: 'ops-queue-resolved',
    path: '/ops?status=resolved',
    prepare: (hub) =>
      void Object.assign(hub.data.overrides[0] ?? {}, { status: 'resolved', resolution: 'answer', resolvedBy: 'Robin Ade', resolvedAt: soon(-0.2) }),
    drive: (page) => says(page, '1 item'),
  },
  {
    name: 'ops-queue-views',
    path: '/ops',
    drive: async (page) => {
      await says(page, '5 items')
      await press(page, 'Saved views')
      await page.getByRole('menuitem', { name: 'Save this view' }).waitFor()
    },
  },
  {
    name: 'ops-queue-view-name',
    path: '/ops?cause=contract',
    drive: async (page) => {
      await press(page, 'Saved views')
      await page.getByRole('menuitem', { name: 'Save this view' }).click()
      await press(page, /^Save$/)
      await says(page, 'Enter a name')
    },
  },
  {
    name: 'ops-keys',
    path: '/ops',
    drive: async (page) => {
      await says(page, '5 items')
      await page.keyboard.press('?')
      await heading(page, 'Keys')
    },
  },
  {
    name: 'ops-queue-scheduled',
    path: '/ops',
    prepare: (hub) => decided(hub, { state: 'scheduled', carryOutAt: soon(0.01) }),
    drive: (page) => says(page, 'in a moment'),
  },
  { name: 'ops-queue-proposed', path: '/ops', prepare: (hub) => decided(hub, {}), drive: (page) => says(page, 'Proposed by Sam Ortiz') },
  { name: 'ops-item', path: item(41), drive: (page) => heading(page, 'Decide') },
  {
    name: 'ops-choose-chart',
    path: `/ops/overrides/${chartItem(41).id}`,
    prepare: toChoose,
    drive: async (page) => {
      await press(page, 'Choose the chart…')
      await openCharts(page)
      await page.getByLabel('Chart 1 is this patient’s').check()
    },
  },
  {
    name: 'ops-choose-chart-problems',
    path: `/ops/overrides/${chartItem(41).id}`,
    prepare: toChoose,
    drive: async (page) => {
      await press(page, 'Choose the chart…')
      await press(page, 'Use this choice')
      await says(page, 'Open the charts first')
    },
  },
  {
    name: 'ops-choose-chart-many',
    path: `/ops/overrides/${chartItem(41).id}`,
    prepare: (hub) => {
      toChoose(hub)
      hub.data.choice = manyCharts(7)
    },
    drive: async (page) => {
      await press(page, 'Choose the chart…')
      await openCharts(page)
    },
  },
  {
    name: 'ops-chart-proposed',
    path: `/ops/overrides/${chartItem(41).id}`,
    prepare: (hub) => {
      toChoose(hub)
      decided(hub, { action: 'choose', reason: 'compared-with-chart', option: 1 })
    },
    drive: openCharts,
  },
  { name: 'ops-item-case-claimed', path: item(45), drive: (page) => says(page, 'Claimed by Sam Ortiz') },
  {
    name: 'ops-item-yours',
    path: item(41),
    drive: async (page) => {
      await press(page, 'Claim')
      await says(page, 'Claimed by you')
    },
  },
  { name: 'ops-item-proposed', path: item(41), prepare: (hub) => decided(hub, {}), drive: (page) => page.getByRole('button', { name: 'Approve' }).waitFor() },
  {
    name: 'ops-item-own-proposal',
    path: item(41),
    prepare: (hub) => decided(hub, { by: { userId: uuid(9), name: 'Robin Ade' } }),
    drive: (page) => says(page, 'You proposed it'),
  },
  {
    name: 'ops-item-confirm-wrong',
    path: item(41),
    drive: async (page) => {
      await press(page, 'Confirm by hand')
      await press(page, 'Confirm coverage')
      await heading(page, 'There is a problem')
    },
  },
  {
    name: 'ops-item-confirm-two',
    path: item(41),
    prepare: (hub) => {
      hub.data.detail.allowed = [allowed('confirm', { needsSecond: true })]
    },
    drive: async (page) => {
      await says(page, 'two people')
      await press(page, 'Confirm by hand')
      await says(page, 'This clinic wants two people')
    },
  },
  {
    name: 'ops-item-ask',
    path: item(41),
    drive: async (page) => {
      await press(page, 'Ask the patient')
      await page.getByLabel('Member ID', { exact: true }).check()
    },
  },
  {
    name: 'ops-item-correct',
    path: item(41),
    drive: async (page) => {
      await press(page, 'Correct and resubmit')
      await page.getByRole('dialog').getByLabel('Purpose').selectOption('correct-data')
      await press(page, 'Open the values')
      await page.getByLabel('Member id').waitFor()
    },
  },
  {
    name: 'ops-item-correct-case',
    path: item(45),
    prepare: (hub) => {
      hub.data.detail.allowed = [allowed('correct', { shape: correctionShape, ofAnswers: true })]
      Object.assign(hub.data.overrides[1] ?? {}, { claim: null })
    },
    drive: async (page) => {
      await press(page, 'Correct and resubmit')
      await page.getByRole('dialog').getByLabel('Purpose').selectOption('correct-data')
      await press(page, 'Open the values')
      await page.getByLabel('Given name').waitFor()
    },
  },
  {
    name: 'ops-item-answer',
    path: item(42),
    prepare: (hub) => {
      hub.data.detail.allowed = [allowed('answer'), allowed('retry')]
      hub.data.detail.shapes = cardShapes
    },
    drive: async (page) => {
      await press(page, 'Answer by hand')
      await page.getByLabel('It did it').check()
      await page.getByLabel('Setup intent id').waitFor()
    },
  },
  {
    name: 'ops-item-scheduled',
    path: item(41),
    drive: async (page) => {
      await press(page, 'Drop')
      await page.getByLabel('Reason').selectOption('other')
      await page.getByLabel('Note').fill('Visit was moved.')
      await press(page, 'Drop it')
      await heading(page, 'Decided')
    },
  },
  {
    name: 'ops-item-attempt',
    path: item(41),
    prepare: (hub) => {
      Object.assign(hub.data.detail.attempts[2] ?? {}, { suspicions: ['closed-calendar', 'fast-answer'], outcome: 'succeeded' })
      hub.data.detail.nextTryAt = soon(0.3)
    },
    drive: async (page) => {
      await says(page, 'The payer was closed when it answered. closed-calendar')
      await press(page, 'Open question and answer of attempt 3')
      await page.locator('#purpose-3').selectOption('find-error')
      await page.getByRole('button', { name: 'Open question and answer', exact: true }).last().click()
      await says(page, 'Subscriber or insured not found')
    },
  },
  {
    name: 'ops-item-ledger',
    path: item(42),
    prepare: (hub) => {
      const of = { flow: 'ehr-writeback', step: 'write chart', operation: 'fhir.writeVisit.v1' }
      hub.data.detail.attempts = [
        attempt(1, { ...of, late: true, answerOpenable: true }),
        attempt(2, of),
        attempt(3, { ...of, outcome: 'failed', cause: 'unavailable', nothingSent: true, latencyMs: 3 }),
        attempt(4, { ...of, outcome: 'reconciled', cause: null, latencyMs: 240, answerOpenable: true }),
      ]
    },
    drive: (page) => says(page, 'found out by attempt 4'),
  },
  {
    name: 'ops-item-resolved',
    path: item(41),
    prepare: (hub) =>
      void Object.assign(hub.data.overrides[0] ?? {}, { status: 'resolved', resolution: 'retry', resolvedBy: 'Robin Ade', resolvedAt: soon(-0.1) }),
    drive: (page) => heading(page, 'Resolved'),
  },
  {
    name: 'ops-item-read-only',
    path: item(41),
    prepare: (hub) => {
      if (hub.data.session) hub.data.session.actions = ['override.list', 'override.read', 'journey.read']
    },
    drive: (page) => says(page, 'your role cannot decide'),
  },
  { name: 'ops-item-missing', path: '/ops/overrides/00000000-0000-4000-8000-000000000999', drive: (page) => page.getByRole('alert').waitFor() },
  {
    name: 'ops-incidents',
    path: '/ops/incidents',
    prepare: (hub) => {
      hub.data.incidents = everyIncident()
    },
    drive: (page) => says(page, '9 open'),
  },
  { name: 'ops-incidents-none', path: '/ops/incidents', drive: (page) => says(page, 'Nothing is wrong with many') },
  {
    name: 'ops-incident-close',
    path: '/ops/incidents',
    prepare: (hub) => {
      hub.data.incidents = everyIncident().slice(0, 2)
    },
    drive: async (page) => {
      await press(page, 'Close: A batch was refused')
      await press(page, 'Close this incident')
      await says(page, 'Choose a reason')
    },
  },
  {
    name: 'ops-incidents-closed',
    path: '/ops/incidents?status=resolved',
    prepare: (hub) => {
      hub.data.incidents = everyIncident().map((one) => ({
        ...one,
        status: 'resolved',
        reason: 'sent-again',
        closedBy: 'ops@lakeside.example',
        closedAt: one.lastAt,
      }))
    },
    drive: (page) => says(page, '9 closed'),
  },
  { name: 'ops-waiting', path: '/ops/waiting', drive: (page) => says(page, '2 items') },
  { name: 'ops-waiting-empty', path: '/ops/waiting?payer=NONE', drive: (page) => says(page, 'Nothing waits by itself') },
  {
    name: 'ops-bulk-dry-run',
    path: '/ops',
    prepare: badDay,
    drive: async (page) => {
      await press(page, /^Dry run/)
      await page.getByLabel(/^Try again now/).check()
      await says(page, '214 items would be decided')
    },
  },
  {
    name: 'ops-bulk-dry-run-none',
    path: '/ops',
    prepare: badDay,
    drive: async (page) => {
      await press(page, /^Dry run/)
      await page.getByLabel(/^Drop/).check()
      await says(page, 'Nothing would be decided')
    },
  },
  {
    name: 'ops-bulk',
    path: `/ops/bulk/${uuid(91)}`,
    prepare: (hub) => hub.data.bulk.push(bulkRelease(91)),
    drive: (page) => page.getByRole('button', { name: 'Stop' }).waitFor(),
  },
  {
    name: 'ops-bulk-stopped',
    path: `/ops/bulk/${uuid(91)}`,
    prepare: (hub) => hub.data.bulk.push(bulkRelease(91)),
    drive: async (page) => {
      await press(page, 'Stop')
      await says(page, 'Items whose turn had not come are untouched')
    },
  },
  {
    name: 'ops-bulk-list',
    path: '/ops/bulk',
    prepare: (hub) => hub.data.bulk.push(bulkRelease(91), bulkRelease(92, { status: 'finished', action: 'other-route', finishedAt: soon(-1), endsAt: null })),
    drive: (page) => says(page, 'Finished'),
  },
  { name: 'ops-bulk-list-empty', path: '/ops/bulk', drive: (page) => says(page, 'There has been no bulk release') },
  { name: 'ops-dead-letters', path: '/ops/dead-letters', drive: (page) => page.getByRole('button', { name: /Give back/ }).waitFor() },
  {
    name: 'ops-menu',
    path: '/ops',
    drive: async (page) => {
      await press(page, /Account of/)
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    },
  },
  { name: 'ops-no-such-page', path: '/ops/nowhere', drive: (page) => heading(page, 'There is no such page') },
]

album('every screen of operations', pictures)
