import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { FakeHub } from './fake-hub.ts'
import { fakeScreens } from './screens.ts'

describe('the rule of two people in a browser', function () {
  const screens = fakeScreens(this)
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    if (hub.data.session) hub.data.session.actions = [...hub.data.session.actions, 'ops-rules.read', 'ops-rules.write']
  })
  const box = () => page.getByLabel('A second person must approve')
  const save = (): Promise<void> => page.getByRole('button', { name: 'Save the rule' }).click()
  const saved = () => hub.seen.filter(({ method }) => method === 'PUT').map(({ path, body }) => ({ path, body }))
  const open = async (): Promise<void> => {
    await page.goto(`${hub.url}/admin/rules`)
    await box().waitFor()
  }

  it('is changed by its button alone, says what is so from now on, and stands there when the page opens again', async () => {
    await open()
    expect(await box().isChecked()).to.equal(false)
    await box().check()
    expect(saved()).to.deep.equal([])
    await save()
    await page.getByText('Saved. From now on a second person approves.').waitFor()
    expect(saved()).to.deep.equal([{ path: '/api/ops/rules', body: { confirmNeedsTwo: true } }])
    await page.reload()
    await box().waitFor()
    expect(await box().isChecked()).to.equal(true)
    await box().uncheck()
    await save()
    await page.getByText('Saved. From now on one person decides.').waitFor()
  })

  it('says when it could not be saved, keeps what was ticked, and takes "saved" back when the box changes', async () => {
    await open()
    await box().check()
    hub.fail('/api/ops/rules', 503)
    await save()
    await page.getByRole('alert').waitFor()
    expect(await box().isChecked()).to.equal(true)
    await save()
    await page.getByText('Saved.').waitFor()
    expect(await page.getByRole('alert').count()).to.equal(0)
    await box().uncheck()
    expect(await page.getByText('Saved.').count()).to.equal(0)
  })

  it('says when it could not be loaded, and asks again', async () => {
    hub.fail('/api/ops/rules', 403, 'forbidden')
    await page.goto(`${hub.url}/admin/rules`)
    await page.getByRole('alert').waitFor()
    expect(await box().count()).to.equal(0)
    await page.getByRole('button', { name: 'Try again' }).click()
    await box().waitFor()
  })

  it('is read by who may not change it, and is in the menu of nobody else than who may', async () => {
    await open()
    await page.getByRole('navigation').getByRole('link', { name: 'Rules' }).waitFor()
    if (hub.data.session) hub.data.session.actions = hub.data.session.actions.filter((action) => action !== 'ops-rules.write')
    await page.reload()
    await page.getByText('One person alone decides what is given by hand.').waitFor()
    expect(await page.getByRole('checkbox').count()).to.equal(0)
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Rules' }).count()).to.equal(0)
  })
})
