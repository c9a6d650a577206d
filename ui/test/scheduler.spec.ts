import { expect } from 'chai'
import type { ScheduleState } from '../src/client.gen.ts'
import { album } from './album.ts'
import type { FakeHub } from './fake-hub.ts'
import { soon, uuid } from './fake-kit.ts'
import { difference, everyDifference, handover } from './fake-schedule.ts'
import { fakeScreens } from './screens.ts'

const page1 = '/admin/scheduler'
const compared = soon(-0.05)
const mayHandOver = (hub: FakeHub): void => {
  if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'schedule.read', 'schedule.write']
}
const set = (hub: FakeHub, change: Partial<ScheduleState>): void => {
  mayHandOver(hub)
  Object.assign(hub.data.schedule.state, change)
}
const oldOwns = (hub: FakeHub): void => set(hub, { owner: 'legacy-scheduler', comparedAt: compared })
const dualRun = (hub: FakeHub): void => {
  hub.data.schedule.differences = everyDifference()
  set(hub, { dualRun: true, dualRunSince: soon(-90), comparedAt: compared, differences: 8 })
}

describe('the page of the old scheduler', function () {
  const screens = fakeScreens(this)
  const { open, says, calls } = screens
  const press = (name: string | RegExp): Promise<void> => screens.page.getByRole('button', { name, exact: true }).click()

  it('says who keeps the appointments and what follows from it, and turns the dual run on and off', async () => {
    mayHandOver(screens.hub)
    await open(page1)
    await says('The hub keeps the appointments')
    await says('Off: nothing that is done here is written to the old scheduler.')
    await press('Turn dual run on')
    await says('On: what is done here is written to the old scheduler too.')
    await press('Turn dual run off')
    await says('Off: nothing that is done here is written to the old scheduler.')
    expect(calls('PUT', '/api/admin/scheduler/dual-run').map(({ body }) => body)).to.deep.equal([{ on: true }, { on: false }])
  })

  it('asks once more before it hands the appointments over, follows each step, and says how it ended', async () => {
    oldOwns(screens.hub)
    const { page, hub } = screens
    await open(page1)
    await press('Hand the appointments to the hub…')
    await says('Until both sides say the same, nobody can change an appointment on either side.')
    await press('Cancel')
    expect(calls('POST', '/api/admin/scheduler/handovers')).to.deep.equal([])
    await press('Hand the appointments to the hub…')
    await press('Hand the appointments to the hub')
    await says('Step 1 of 2: the old scheduler is being closed for people.')
    expect(calls('POST', '/api/admin/scheduler/handovers').map(({ body }) => body)).to.deep.equal([{ to: 'hub' }])
    expect(await page.getByRole('button', { name: /dual run/ }).count(), 'nothing else may be done meanwhile').to.equal(0)
    hub.data.schedule.state.handover = handover()
    await says('It waits for 1 difference.')
    set(hub, { owner: 'hub', ownerSince: soon(0), handover: handover({ phase: 'done', switchedAt: soon(0), endedAt: soon(0), differences: 0 }) })
    await page.getByRole('heading', { name: 'The hub keeps the appointments' }).waitFor()
    await says('The last handover, to the hub, was done')
    await page.getByRole('button', { name: 'Hand the appointments back…' }).waitFor()
  })

  it('gives a handover up until the switch, and offers that no more once it is being given up', async () => {
    oldOwns(screens.hub)
    set(screens.hub, { handover: handover() })
    const { page } = screens
    await open(page1)
    await press('Give the handover up')
    await says('It is being given up: the old scheduler is being opened for people again.')
    expect(await page.getByRole('button', { name: 'Give the handover up' }).count()).to.equal(0)
    expect(calls('POST', `/api/admin/scheduler/handovers/${uuid(70)}/give-up`)).to.have.length(1)
  })

  it('says why a handover was refused, and shows the state anew', async () => {
    oldOwns(screens.hub)
    const { hub, page } = screens
    await open(page1)
    await press('Hand the appointments to the hub…')
    hub.fail('/api/admin/scheduler/handovers', 409, 'handover-running')
    set(hub, { handover: handover({ phase: 'freezing', comparisons: 0 }) })
    await press('Hand the appointments to the hub')
    await says('Another handover is running, or is being given up. Wait for its end.')
    await says('Step 1 of 2')
    expect(await page.getByRole('dialog').count()).to.equal(0)
  })

  it('shows what each side says, and lets a person decide only what only a person can, by the revisions that were seen', async () => {
    dualRun(screens.hub)
    const { page } = screens
    await open(page1)
    const table = page.getByRole('table')
    await table.waitFor()
    expect(await table.getByRole('row').count()).to.equal(9)
    expect(await table.getByRole('button').count()).to.equal(1)
    await press('Decide… A-1001')
    await press('Decide')
    await page.getByRole('link', { name: 'Say which side counts' }).waitFor()
    await page.getByRole('link', { name: 'Choose a reason' }).waitFor()
    await page.getByLabel(/^Theirs counts/).check()
    await page.getByLabel('Reason').selectOption('patient-says-so')
    await press('Decide')
    await says('Decided. The line goes with the next comparison.')
    const [sent] = calls('POST', `/api/admin/scheduler/differences/${uuid(1)}/decision`).map(({ body }) => body as Record<string, unknown>)
    expect(sent?.decisionId).to.match(/^[0-9a-f-]{36}$/)
    expect({ ...sent, decisionId: '' }).to.deep.equal({ decisionId: '', counts: 'theirs', reason: 'patient-says-so', hereRevision: 3, thereRevision: 8 })
    await table.getByRole('button').waitFor({ state: 'detached' })
  })

  it('says so when a side changed while somebody was deciding, and shows it as it is now', async () => {
    dualRun(screens.hub)
    const { page, hub } = screens
    await open(page1)
    await press('Decide… A-1001')
    hub.fail('/decision', 409, 'changed-meanwhile')
    await page.getByLabel(/^Ours counts/).check()
    await page.getByLabel('Reason').selectOption('done-by-mistake')
    await press('Decide')
    await says('One side changed meanwhile.')
    hub.data.schedule.differences = [difference(9, 'time')]
    await press('Cancel')
    await says('Number A-1009')
  })

  it('keeps what it showed when it cannot be loaded again, and says so', async () => {
    dualRun(screens.hub)
    const { hub, page } = screens
    await open(page1)
    await page.getByRole('table').waitFor()
    hub.fail('/api/admin/scheduler/dual-run', 503)
    hub.fail('/api/admin/scheduler', 403, 'forbidden')
    await press('Turn dual run off')
    await says('This could not be loaded again. What you see is from before.')
    await page.getByRole('heading', { name: 'The hub keeps the appointments' }).waitFor()
  })

  it('offers nothing to who may only read', async () => {
    dualRun(screens.hub)
    const { hub, page } = screens
    if (hub.data.session) hub.data.session.actions = ['schedule.read']
    await open(page1)
    await page.getByRole('table').waitFor()
    expect(await page.getByRole('main').getByRole('button').count()).to.equal(0)
  })
})

album('the old scheduler', [
  { name: 'admin-scheduler-hub', path: page1, prepare: mayHandOver, drive: (page) => page.getByText('Not compared yet').first().waitFor() },
  {
    name: 'admin-scheduler-none',
    path: page1,
    prepare: (hub) => set(hub, { connected: false }),
    drive: (page) => page.getByText('This clinic has no connection').waitFor(),
  },
  { name: 'admin-scheduler-old', path: page1, prepare: oldOwns, drive: (page) => page.getByText('Both sides say the same.').waitFor() },
  { name: 'admin-scheduler-dual-run', path: page1, prepare: dualRun, drive: (page) => page.getByRole('table').waitFor() },
  {
    name: 'admin-scheduler-decide',
    path: page1,
    prepare: dualRun,
    drive: async (page) => {
      await page.getByRole('button', { name: /^Decide…/ }).click()
      await page.getByRole('button', { name: 'Decide', exact: true }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'admin-scheduler-ask',
    path: page1,
    prepare: dualRun,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Hand the appointments back…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'admin-scheduler-handover',
    path: page1,
    prepare: (hub) => {
      hub.data.schedule.differences = [difference(5, 'only-here', { legacyId: null, there: null })]
      set(hub, { owner: 'legacy-scheduler', comparedAt: compared, differences: 1, handover: handover() })
    },
    drive: (page) => page.getByText('Step 2 of 2').waitFor(),
  },
  {
    name: 'admin-scheduler-refused',
    path: page1,
    prepare: (hub) => set(hub, { owner: 'legacy-scheduler', comparedAt: soon(-5), refused: { code: 'key-refused', at: soon(-0.2) } }),
    drive: (page) => page.getByText('The old scheduler refused a call of ours').waitFor(),
  },
  {
    name: 'admin-scheduler-failed',
    path: page1,
    prepare: (hub) => {
      mayHandOver(hub)
      hub.fail('/api/admin/scheduler', 403, 'forbidden')
    },
    drive: (page) => page.getByRole('alert').waitFor(),
  },
])
