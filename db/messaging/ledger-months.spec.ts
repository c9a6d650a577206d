import { expect } from 'chai'
import { openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

describe('months of the ledger', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  const open = async (at: string) => (await hub.engine.stores.ledgerMonths.open(new Date(at))).map(({ month, is }) => `${month} ${is}`)

  it('opens the present one, by UTC, and three more, once', async () => {
    expect(await open('2025-10-31T23:30:00Z')).to.deep.equal(['2025-10-01 opened', '2025-11-01 opened', '2025-12-01 opened', '2026-01-01 opened'])
    expect(await open('2025-11-01T00:00:00Z')).to.deep.equal(['2025-11-01 there', '2025-12-01 there', '2026-01-01 there', '2026-02-01 opened'])
  })

  it('opens each once when engines start together', async () => {
    const said = await Promise.all([1, 2, 3].map(() => open('2027-01-15T00:00:00Z')))
    expect(said.flat().filter((one) => one.endsWith('opened'))).to.have.length.within(1, 4)
    expect((await open('2027-01-15T00:00:00Z')).filter((one) => /busy|rest/.test(one))).to.deep.equal([])
  })

  it('refuses no row of a month that nobody opened: it is kept with the rest, and so is its month', async () => {
    const { envelope, link } = await submittedIntake(hub)
    const now = new Date('2030-06-15T12:00:00Z')
    const pin = await hub.engine.stores.flows.pin(envelope, 'intake', now)
    if (pin.is !== 'open') throw new Error(pin.is)
    const ref = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'intake',
      version: 1,
      step: 's',
      intakeId: link.intakeId,
      ledgerMonth: pin.ledgerMonth,
    }
    const start = () =>
      hub.engine.stores.ledger.start(ref, { partner: 'p', operation: 'o' }, '{}', {
        ...{ owner: 'engine-1', leaseMs: 1_000, replay: 'safe', keyedForMs: null, triesMax: 4, now },
      })
    expect(await start()).to.include({ is: 'go' })
    expect(await open('2030-06-01T00:00:00Z')).to.deep.equal(['2030-06-01 in-rest', '2030-07-01 opened', '2030-08-01 opened', '2030-09-01 opened'])
    expect(await start(), 'and it is still found').to.include({ is: 'busy' })
  })

  it('gives up at once where somebody holds the ledger, and holds up nobody', async () => {
    const holder = await hub.owner.connect()
    try {
      await holder.query('BEGIN; LOCK TABLE messaging.effects IN ROW EXCLUSIVE MODE')
      expect(await open('2031-01-01T00:00:00Z')).to.deep.equal(['2031-01-01 busy', '2031-02-01 busy', '2031-03-01 busy', '2031-04-01 busy'])
      await holder.query('COMMIT')
      expect((await open('2031-01-01T00:00:00Z')).filter((one) => one.endsWith('opened'))).to.have.length(4)
    } finally {
      holder.release()
    }
  })
})
