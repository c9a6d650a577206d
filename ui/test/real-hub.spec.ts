import { expect } from 'chai'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { Clearinghouse } from '../../evidence/demo/clearinghouse.ts'
import { type Override, Staff } from '../../evidence/demo/hub-client.ts'
import { cardPhoto } from '../../evidence/demo/photo.ts'
import { finished, until, visitAt } from '../../evidence/demo/walk.ts'
import { type Browser, launch, needsChromium, type View } from './browser.ts'
import { axeFindings, overflowPx, shoot, shootFailed } from './looks.ts'
import { anotherPatient, walkIntake } from './walk-intake.ts'

/**
 * People at real screens of the real hub: a patient on a 320 px phone, then operations and the front desk at a desk. Each
 * screen is checked with axe and photographed into evidence/screens (not in git), to be looked at.
 */
describe('people at the screens of a running hub', function () {
  this.timeout(240_000)
  let stack: Stack | undefined
  let browser: Browser | undefined
  let desk: Staff
  let ops: Staff
  const open: View[] = []

  before(async function () {
    needsChromium(this)
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
    browser = await launch()
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  })
  afterEach(async function () {
    // What a person would have seen when it failed.
    if (this.currentTest?.state === 'failed') for (const [i, view] of open.entries()) await shootFailed(view.page, `real-hub-${i}`)
    for (const view of open.splice(0)) await view.close()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })

  const view = async (width: number, language = 'en-US'): Promise<View> => {
    if (!browser) throw new Error('no browser')
    const opened = await browser.view({ width, language })
    open.push(opened)
    return opened
  }
  const photo = async (name: string) => ({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await cardPhoto(name) })
  const signIn = async (at: View, email: string): Promise<void> => {
    await at.page.goto(`${stack?.urls.public}/`)
    await at.page.locator('#email').fill(email)
    await at.page.locator('#password').fill('lakeside-demo-1')
    await at.page.locator('form button[type=submit]').click()
    await at.page.waitForURL((url) => !['/', '/signin'].includes(url.pathname))
  }

  const fill = async (at: View, reason: string, submit: string): Promise<void> => {
    await at.page.getByLabel('Reason').selectOption(reason)
    await at.page.getByLabel('Note').fill('Said on the phone.')
    await at.page.getByRole('dialog').getByRole('button', { name: submit, exact: true }).click()
    await at.page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  const decide = async (at: View, action: string, reason: string, submit: string): Promise<void> => {
    await at.page.getByRole('button', { name: `${action}…` }).click()
    await at.page.getByRole('dialog').waitFor()
    await fill(at, reason, submit)
  }

  it('a patient fills in the form on a phone, and the page tells by itself that the insurer said yes', async () => {
    const visit = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const { page, complaints } = await view(320)
    await page.goto(visit.patientUrl)
    const statusUrl = await walkIntake(page, { ...anotherPatient(), photos: { front: await photo('front'), back: await photo('back') } })
    const { journey } = await finished(ops, visit.intakeId, 2, 90)
    expect([journey.eligibility, journey.payment, journey.writeback, journey.photosClean]).to.deep.equal(['confirmed', 'stored', 'written', 2])
    // No reload: the page hears of it.
    await until('every line to be confirmed', 60, async () =>
      (await page.locator('.line').count()) === 4 && (await page.locator('.line.confirmed').count()) === 4 ? true : undefined,
    )
    expect(await axeFindings(page)).to.deep.equal([])
    expect(await overflowPx(page)).to.equal(0)
    await shoot(page, 'real-status-confirmed-320')
    await page.setViewportSize({ width: 1280, height: 900 })
    await shoot(page, 'real-status-confirmed-1280')
    expect(complaints).to.deep.equal([])
    // The link leads this browser, which sent the form, back to the same page; any other proves first whose it is.
    await page.goto(visit.patientUrl)
    expect(new URL(page.url()).pathname).to.equal(new URL(statusUrl).pathname)
  })

  it('a patient whose bank wants more reads what to do', async () => {
    const visit = await desk.createVisit(visitAt(1), 'Dr Lin')
    const { page } = await view(320)
    await page.goto(visit.patientUrl)
    await walkIntake(page, { ...anotherPatient(), memberId: 'HX200', card: { number: '4000002760003184', expiry: '1230', securityCode: '123' } })
    await page.locator('.line.needs-someone').first().waitFor({ timeout: 60_000 })
    await shoot(page, 'real-status-needs-you-320')
    expect(await axeFindings(page)).to.deep.equal([])
  })

  it('a patient leaves a bank account where the clinic takes them, and the front desk reads which of the two it is', async () => {
    const admin = await Staff.signIn(stack?.urls.public ?? '', 'admin@lakeside.example')
    const before = await admin.connection('stripe')
    await admin.configure('stripe', { ...before, bankAccounts: true })
    const kept = async (): Promise<number> => {
      const { succeeded } = (await (await fetch(`${stack?.urls.stripe}/_sim/objects`)).json()) as { succeeded: Record<string, number> }
      return Object.values(succeeded).reduce((sum, n) => sum + n, 0)
    }
    const keptBefore = await kept()
    try {
      const visit = await desk.createVisit(visitAt(7), 'Dr Okafor')
      const { page, complaints } = await view(320)
      await page.goto(visit.patientUrl)
      await walkIntake(page, { ...anotherPatient(), card: undefined, account: '000123456789' }, async (step) => {
        if (step !== 'card') return
        await shoot(page, 'real-card-or-account-320')
        expect(await axeFindings(page)).to.deep.equal([])
        expect(await overflowPx(page)).to.equal(0)
      })
      await page.getByText('Your bank account is on file.').waitFor({ timeout: 60_000 })
      await shoot(page, 'real-status-account-320')
      expect(await axeFindings(page)).to.deep.equal([])
      expect(complaints).to.deep.equal([])
      expect(await kept()).to.equal(keptBefore + 1)
      const at = await view(1280)
      await signIn(at, 'desk@lakeside.example')
      await at.page.goto(`${stack?.urls.public}/clinic/intakes/${visit.intakeId}`)
      await at.page.getByText('A bank account is on file.').waitFor()
      await shoot(at.page, 'real-clinic-account-1280')
      expect(await axeFindings(at.page)).to.deep.equal([])
    } finally {
      await admin.configure('stripe', before)
    }
  })

  it('a patient whose insurer answers by file reads when, and the page follows by itself when the file is there', async () => {
    const visit = await desk.createVisit(visitAt(4), 'Dr Lin')
    const { page, complaints } = await view(320)
    await page.goto(visit.patientUrl)
    await walkIntake(page, { ...anotherPatient(), payerId: 'SLOWB4', memberId: 'HX300' })
    await page.getByText('Your insurer answers by file').waitFor()
    await shoot(page, 'real-status-by-file-320')
    expect(await axeFindings(page)).to.deep.equal([])
    expect(await overflowPx(page)).to.equal(0)
    // A minute passes between two looks at the folder; by this clock it is shorter.
    const clearinghouse = new Clearinghouse(stack?.urls.clearinghouse ?? '')
    await clearinghouse.speed(10)
    await page.getByText('Your insurer says you are covered').waitFor({ timeout: 120_000 })
    await clearinghouse.speed(1)
    expect(complaints).to.deep.equal([])
    const { steps } = (await ops.journey(visit.intakeId)) ?? { steps: [] }
    expect(steps.map(({ step }) => step)).to.include.members(['eligibility.queued.v1', 'eligibility.succeeded.v1'])
  })

  /**
   * The item of a patient whose insurer never answers, once the hub has given up. That insurer's breaker opens at the tenth failure within a
   * minute, which these patients are together on a quick machine; by this clock it rests for seconds.
   */
  const held = async (intakeId: string, isIt: (item: Override) => boolean = () => true): Promise<Override> => {
    const clearinghouse = new Clearinghouse(stack?.urls.clearinghouse ?? '')
    await clearinghouse.speed(10)
    const item = await until('the override item', 90, async () => (await ops.overrides()).find((one) => one.intakeId === intakeId && isIt(one)))
    await clearinghouse.speed(1)
    return item
  }

  it('operations answers in the insurer’s place, and the patient’s page follows', async () => {
    const visit = await desk.createVisit(visitAt(2), 'Dr Okafor')
    const phone = await view(320)
    await phone.page.goto(visit.patientUrl)
    await walkIntake(phone.page, { ...anotherPatient(), payerId: 'QUIET3', memberId: 'QV900' })
    const item = await held(visit.intakeId)
    await phone.page.locator('.line.checking').first().waitFor()
    await shoot(phone.page, 'real-status-with-our-team-320')

    const at = await view(1280)
    await signIn(at, 'ops@lakeside.example')
    await at.page.getByText(visit.reference).first().waitFor()
    expect(await axeFindings(at.page)).to.deep.equal([])
    await shoot(at.page, 'real-ops-list-1280')
    await at.page.goto(`${stack?.urls.public}/ops/overrides/${item.id}`)
    await at.page.getByText('ask payer').first().waitFor()
    await at.page.getByRole('button', { name: 'Open question and answer of attempt 1' }).click()
    await at.page.locator('#purpose-1').selectOption('find-error')
    await at.page.getByRole('button', { name: 'Open question and answer', exact: true }).last().click()
    await at.page.getByRole('heading', { name: 'What was asked' }).waitFor()
    await shoot(at.page, 'real-ops-item-1280')
    expect(await axeFindings(at.page)).to.deep.equal([])
    await decide(at, 'Retry now', 'partner-is-back', 'Retry now')
    const again = await held(visit.intakeId, ({ id }) => id !== item.id)
    await at.page.goto(`${stack?.urls.public}/ops/overrides/${again.id}`)
    // Taken back once, while there is time; the second time it stands.
    await decide(at, 'Confirm by hand', 'confirmed-by-phone', 'Confirm coverage')
    await at.page.getByRole('button', { name: /^Undo: Confirmed by hand/ }).click()
    await at.page.getByText('Undone. The item waits as before.').waitFor()
    await decide(at, 'Confirm by hand', 'confirmed-by-phone', 'Confirm coverage')
    await shoot(at.page, 'real-ops-decided-1280')
    await at.page.getByRole('heading', { name: 'Resolved' }).waitFor({ timeout: 60_000 })
    await at.page.setViewportSize({ width: 320, height: 640 })
    await shoot(at.page, 'real-ops-resolved-320')
    await until('the phone to hear of it', 60, async () => ((await phone.page.locator('.line.checking').count()) === 0 ? true : undefined))
    expect(at.complaints).to.deep.equal([])
  })

  it('two people never decide about one item: the second is told who has it, and of two at the same moment one wins', async () => {
    const visit = await desk.createVisit(visitAt(5), 'Dr Okafor')
    const phone = await view(320)
    await phone.page.goto(visit.patientUrl)
    await walkIntake(phone.page, { ...anotherPatient(), payerId: 'QUIET3', memberId: 'QV901' })
    const item = await held(visit.intakeId)
    const [omar, olga] = [await view(1280), await view(1280)]
    await signIn(omar, 'ops@lakeside.example')
    await signIn(olga, 'ops2@lakeside.example')
    for (const at of [omar, olga]) {
      await at.page.goto(`${stack?.urls.public}/ops/overrides/${item.id}`)
      await at.page.getByRole('button', { name: 'Drop…' }).waitFor()
    }
    // The one who opens a decision has the item; the other one’s page says so by itself.
    await omar.page.getByRole('button', { name: 'Drop…' }).click()
    await omar.page.getByRole('dialog').waitFor()
    await olga.page.getByText('Omar Ops works on this item').first().waitFor()
    await shoot(olga.page, 'real-ops-theirs-1280')
    await omar.page.keyboard.press('Escape')
    await omar.page.getByRole('button', { name: 'Give back' }).click()
    await olga.page.getByRole('button', { name: 'Drop…' }).waitFor()
    // Both at the same moment: one gets the dialog, the other a name.
    await Promise.all([omar, olga].map(({ page }) => page.getByRole('button', { name: 'Mark inactive…' }).click()))
    const winner = await until('one of them to have it', 30, async () => {
      for (const at of [omar, olga]) if ((await at.page.getByRole('dialog').count()) > 0) return at
      return undefined
    })
    const loser = winner === omar ? olga : omar
    await loser.page
      .getByText(/ works on this item/)
      .first()
      .waitFor()
    expect(await loser.page.getByRole('dialog').count()).to.equal(0)
    await fill(winner, 'confirmed-by-phone', 'Mark inactive')
    await loser.page.getByRole('heading', { name: 'Decided' }).waitFor()
    for (const at of [omar, olga]) {
      await at.page.getByRole('heading', { name: 'Resolved' }).waitFor({ timeout: 60_000 })
      expect(at.complaints).to.deep.equal([])
    }
  })

  it('where the clinic wants two people, one proposes and the other approves', async () => {
    const admin = await Staff.signIn(stack?.urls.public ?? '', 'admin@lakeside.example')
    await admin.opsRules({ confirmNeedsTwo: true })
    try {
      const visit = await desk.createVisit(visitAt(6), 'Dr Lin')
      const phone = await view(320)
      await phone.page.goto(visit.patientUrl)
      await walkIntake(phone.page, { ...anotherPatient(), payerId: 'QUIET3', memberId: 'QV902' })
      const item = await held(visit.intakeId)
      const [omar, olga] = [await view(1280), await view(1280)]
      await signIn(omar, 'ops@lakeside.example')
      await signIn(olga, 'ops2@lakeside.example')
      await omar.page.goto(`${stack?.urls.public}/ops/overrides/${item.id}`)
      await decide(omar, 'Confirm by hand', 'confirmed-by-phone', 'Confirm coverage')
      await omar.page.getByText('You proposed it, so somebody else has to look at it').waitFor()
      expect(await omar.page.getByRole('button', { name: 'Approve' }).count()).to.equal(0)
      // Her list does not move under her: it says that there is something new.
      await olga.page.getByRole('button', { name: /^1 change/ }).click()
      await olga.page.getByText('Confirm by hand? Proposed by Omar Ops').first().waitFor()
      await olga.page.goto(`${stack?.urls.public}/ops/overrides/${item.id}`)
      await shoot(olga.page, 'real-ops-proposed-1280')
      await olga.page.getByRole('button', { name: 'Approve' }).click()
      await olga.page.getByRole('heading', { name: 'Resolved' }).waitFor({ timeout: 60_000 })
      await until('the phone to hear of it', 60, async () => ((await phone.page.locator('.line.checking').count()) === 0 ? true : undefined))
    } finally {
      await admin.opsRules({ confirmNeedsTwo: false })
    }
  })

  it('the front desk sees who is ready, makes a link and looks at a clean photo; the administrator sees the connections', async () => {
    const at = await view(1280)
    await signIn(at, 'desk@lakeside.example')
    // The demo's visits are tomorrow's; one stands there even when this promise runs alone.
    await desk.createVisit(visitAt(3), 'Dr Lin')
    await at.page.getByRole('button', { name: 'Day after' }).click()
    await at.page.locator('tbody tr').first().waitFor()
    expect(await axeFindings(at.page)).to.deep.equal([])
    await shoot(at.page, 'real-clinic-1280')
    const phone = await view(320)
    await signIn(phone, 'desk@lakeside.example')
    await phone.page.getByRole('button', { name: 'Day after' }).click()
    await phone.page.getByText('Dr Lin').first().waitFor()
    await shoot(phone.page, 'real-clinic-320')
    expect(await overflowPx(phone.page)).to.equal(0)
    const admin = await view(1280)
    await signIn(admin, 'admin@lakeside.example')
    await admin.page.goto(`${stack?.urls.public}/admin`)
    await admin.page.getByText('Clearinghouse').first().waitFor()
    await shoot(admin.page, 'real-admin-1280')
    expect(await axeFindings(admin.page)).to.deep.equal([])
    expect([...at.complaints, ...admin.complaints]).to.deep.equal([])
  })
})
