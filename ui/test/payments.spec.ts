import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { MethodAsked, NewCharge, NewPlan, NewRefund } from '../src/client.gen.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { uuid } from './fake-kit.ts'
import { looksRight } from './looks.ts'
import { fakeScreens } from './screens.ts'

describe('money at the front desk, in a browser', function () {
  const screens = fakeScreens(this)
  const { open } = screens
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
    if (hub.data.session) Object.assign(hub.data.session, { roles: ['front-desk'], actions: [...frontDesk] })
  })
  const frontDesk = ['visit.list', 'journey.read', 'payment.read', 'payment.charge', 'payment.refund', 'payment.plan'] as const
  const posted = (end: string): Seen[] => hub.seen.filter((call) => call.method === 'POST' && call.path.endsWith(end))

  it('charges the copay that the insurer names, once for two clicks, and says so', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('The insurer says $25.00.').waitFor()
    await page.getByRole('button', { name: 'Charge $25.00' }).dblclick()
    await page.getByText('Charged', { exact: true }).waitFor()
    const sent = posted('/charges').map(({ body }) => body as NewCharge)
    expect(new Set(sent.map(({ chargeId }) => chargeId)).size, 'both clicks are one charge').to.equal(1)
    expect(sent[0]?.amountMinor).to.equal(2500)
    expect(await page.getByRole('button', { name: /^Charge/ }).count()).to.equal(0)
  })

  it('takes another amount as typed, and none that is not one', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByLabel('Copay (USD)').fill('12.345')
    await page.getByRole('button', { name: 'Charge' }).click()
    await page.getByText('Enter an amount above 0').waitFor()
    expect(posted('/charges')).to.deep.equal([])
    await page.getByLabel('Copay (USD)').fill('12.30')
    await page.getByRole('button', { name: 'Charge $12.30' }).click()
    await page.getByText('Charged', { exact: true }).waitFor()
    expect(posted('/charges').map(({ body }) => (body as NewCharge).amountMinor)).to.deep.equal([1230])
  })

  it('says so when somebody else charged it a moment before', async () => {
    hub.fail(`/api/payments/intakes/${uuid(1)}/charges`, 409, 'charged-already')
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: 'Charge $25.00' }).click()
    await page.getByText('charged already, or is being charged now').waitFor()
  })

  it('gives a part back, with a reason, and never more than is left', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: 'Charge $25.00' }).click()
    await page.getByRole('button', { name: 'Give back of $25.00…' }).click()
    await page.getByLabel('Amount').fill('25.01')
    await page.getByRole('button', { name: 'Give back $25.01' }).click()
    await page.getByRole('link', { name: 'Enter an amount above 0, at most $25.00' }).waitFor()
    await page.getByLabel('Amount').fill('9')
    await page.getByLabel('Why').selectOption('charged-too-much')
    await page.getByRole('button', { name: 'Give back $9.00' }).click()
    await page.getByText('$9.00: On its way').waitFor()
    const [refund] = posted('/refunds').map(({ body }) => body as NewRefund)
    expect([refund?.amountMinor, refund?.reason]).to.deep.equal([900, 'charged-too-much'])
  })

  it('proposes a plan whose parts make the sum, shown before they are sent', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: 'Propose a plan…' }).click()
    await page.getByLabel('In all (USD)').fill('100')
    await page.getByLabel('First on').fill('2030-01-31')
    await page.getByText('Feb 28, 2030: $33.33').waitFor()
    await looksRight(page, 'clinic-plan')
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.getByText('Waits for the patient to agree').waitFor()
    const [plan] = posted('/plans').map(({ body }) => body as NewPlan)
    expect(plan?.instalments.map(({ amountMinor }) => amountMinor)).to.deep.equal([3333, 3333, 3334])
  })

  it('shows what is on file, why a charge was declined and when it is tried again', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('tried again by itself on the third and the seventh day').waitFor()
    await page.getByText(/^Next try /).waitFor()
    await looksRight(page, 'clinic-payments')
  })

  it('says that the patient’s own page leads to their bank, and stops it with one click', async () => {
    const [one] = hub.data.payments.charges
    if (!one) throw new Error('a charge is there')
    const asked = { status: 'declined', next: 'patient-confirms', code: 'authentication_required', dueAt: null, purpose: 'copay', amountMinor: 2500 } as const
    hub.data.payments.charges = [
      { ...one, ...asked, id: uuid(93), status: 'needs-you', next: null, code: null, withPatient: true },
      { ...one, ...asked, id: uuid(92) },
    ]
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('The next try is made with them, on their own page.').waitFor()
    await page.getByText('own page has a button to their bank for this payment').waitFor()
    expect(await page.getByRole('button', { name: /^Charge/ }).count(), 'not beside it').to.equal(0)
    await looksRight(page, 'clinic-payments-confirm')
    await page.getByRole('button', { name: 'Stop it: $25.00' }).dblclick()
    await page.getByText('It is being stopped at the bank.').waitFor()
    expect(new Set(posted('/stop').map(({ path }) => path)).size).to.equal(1)
    expect(await page.getByRole('button', { name: 'Stop it: $25.00' }).count()).to.equal(0)
  })

  it('stops a later try, and says so when it was too late', async () => {
    await open(`/clinic/intakes/${uuid(1)}`)
    hub.fail(`/api/payments/charges/${uuid(91)}/stop`, 409, 'nothing-waiting')
    await page.getByRole('button', { name: 'Stop it: $50.00' }).click()
    await page.getByText('It waits for nothing any more.').waitFor()
    await page.getByRole('button', { name: 'Stop it: $50.00' }).click()
    await page.getByText('Not charged', { exact: true }).first().waitFor()
    expect(posted('/stop')).to.have.length(2)
  })

  it('says why a charge was not taken any more, in words', async () => {
    const [one] = hub.data.payments.charges
    if (!one) throw new Error('a charge is there')
    const over = { ...one, status: 'canceled' as const, next: null, dueAt: null }
    hub.data.payments.charges = [
      { ...over, code: 'authorisation-withdrawn' },
      { ...over, id: uuid(92), code: 'visit-off' },
    ]
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('took the authorisation of their card or account back before it was taken').waitFor()
    await page.getByText('the visit was cancelled, or not come to, before it was taken').waitFor()
    expect(await page.getByText('authorisation-withdrawn').count()).to.equal(0)
  })

  it('asks the patient for another card where this one will not work again, once, and shows what became of it', async () => {
    const [one] = hub.data.payments.charges
    if (!one) throw new Error('a charge is there')
    hub.data.payments.charges = [{ ...one, status: 'declined', next: 'new-method', code: 'lost_card', dueAt: null }]
    await open(`/clinic/intakes/${uuid(1)}`)
    await looksRight(page, 'clinic-payments-new-method')
    await page.getByRole('button', { name: 'Ask the patient for another card' }).dblclick()
    await page.getByText('own page asks for another card or account since').waitFor()
    expect(new Set(posted('/method-requests').map(({ body }) => (body as MethodAsked).requestId)).size, 'both clicks ask once').to.equal(1)
    hub.data.payments.offer = { status: 'declined', code: 'card_declined' }
    await page.reload()
    await page.getByText('The bank did not accept the one that the patient left.').waitFor()
    await looksRight(page, 'clinic-payments-asked')
  })

  it('charges nothing that nobody authorised, says why, and asks for another card', async () => {
    hub.data.payments.charges = []
    for (const [unauthorised, words] of [
      ['not-authorised', 'Nobody has authorised a charge of it'],
      ['authorisation-withdrawn', 'The patient took the authorisation to charge it back'],
    ] as const) {
      hub.data.payments.unauthorised = unauthorised
      await open(`/clinic/intakes/${uuid(1)}`)
      await page.getByText(words).waitFor()
      expect(await page.getByRole('button', { name: /^Charge|Propose/ }).count(), unauthorised).to.equal(0)
      await page.reload()
    }
    await looksRight(page, 'clinic-payments-unauthorised')
    await page.getByRole('button', { name: 'Ask the patient for another card' }).click()
    await page.getByText('own page asks for another card or account since').waitFor()
    expect(posted('/method-requests')).to.have.length(1)
  })

  it('says why nothing is charged where the authorisation was taken back a moment before', async () => {
    hub.fail(`/api/payments/intakes/${uuid(1)}/charges`, 409, 'no-authorisation')
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: 'Charge $25.00' }).click()
    await page.getByText('Nobody has authorised a charge of this card or account, so nothing is charged').waitFor()
  })

  it('says of a plan that nobody agreed to in time what it is, and what to do', async () => {
    for (const plan of hub.data.payments.plans) plan.status = 'expired'
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('Not agreed in time').waitFor()
    await page.getByText('Propose another one with later days.').waitFor()
    await looksRight(page, 'clinic-payments-expired')
  })

  it('says why nothing is charged when the visit was cancelled a moment before', async () => {
    hub.fail(`/api/payments/intakes/${uuid(1)}/charges`, 409, 'visit-off')
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByRole('button', { name: 'Charge $25.00' }).click()
    await page.getByText('This visit was cancelled: nothing more is charged for it.').waitFor()
  })

  it('offers nothing to whoever may only look', async () => {
    if (hub.data.session) Object.assign(hub.data.session, { roles: ['ops'], actions: ['visit.list', 'journey.read', 'payment.read'] })
    await open(`/clinic/intakes/${uuid(1)}`)
    await page.getByText('A card is on file.').waitFor()
    expect(await page.getByRole('button', { name: /Charge|Give back|plan/ }).count()).to.equal(0)
  })
})
