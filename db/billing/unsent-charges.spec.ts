import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { afterDue, eachSending, type Sending } from './sending-testing.ts'

describe('a charge that was asked for and not sent yet', () => {
  let till: Sending
  eachSending((begun) => {
    till = begun
  })
  /** The envelope of its charge, once its day has come. */
  const instalment = async (now?: Date): Promise<{ planId: string; envelope: Envelope }> => {
    const planId = await till.agreed(now)
    await till.dues(afterDue())
    return { planId, envelope: await till.requested() }
  }
  const notCharged = (planId: string) => till.incidents('instalment-not-charged', planId)

  it('is not sent after the authorisation was taken back, says why, and says it once', async () => {
    const envelope = await till.copay()
    await till.withdraw()
    expect([await till.pin(envelope), await till.pin(envelope, 3)]).to.deep.equal(['settled', 'settled'])
    expect(await till.shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
    const told = (await till.told()).filter(({ type }) => type === 'charge.changed.v1')
    expect(told.map(({ payload }) => [payload.status, payload.code])).to.deep.equal([['canceled', 'authorisation-withdrawn']])
  })

  it('is not sent after its visit was cancelled, and may be charged anew when the visit is reopened', async () => {
    const envelope = await till.copay()
    await till.cancelVisit()
    expect(await till.pin(envelope)).to.equal('settled')
    expect(await till.shown()).to.deep.equal([['canceled', 'visit-off']])
    await till.hub.api.stores.visits.change(till.hub.tenantId, till.link.visitId, 2, { change: 'reopened' }, 'user:desk', till.at(3))
    expect(await till.pin(await till.copay(), 4)).to.equal('open')
  })

  it('is sent where nothing of that happened, and where another consent was taken back', async () => {
    const envelope = await till.copay()
    const other = (await till.hub.api.stores.consents.given(till.link)).find(({ text }) => text.kind === 'telehealth')
    expect(await till.hub.api.stores.consents.withdraw(till.link, other?.id ?? '', till.at(1))).to.equal('telehealth')
    expect(await till.pin(envelope)).to.equal('open')
    expect(await till.shown()).to.deep.equal([['requested', null]])
  })

  it('is not sent either when the partner was away meanwhile, nor when a person sends the held one on its way', async () => {
    const envelope = await till.copay()
    expect(await till.pin(envelope, 0)).to.equal('open')
    await till.failed(envelope, 'failed')
    await till.hub.owner.query("UPDATE messaging.pins SET state = 'open' WHERE root_id = $1", [envelope.rootId])
    await till.withdraw()
    expect(await till.pin(envelope)).to.equal('settled')
    expect(await till.shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
  })

  it('that waits for a person is theirs to end, also when its message comes twice', async () => {
    const envelope = await till.copay()
    await till.pin(envelope, 0)
    const lease = await till.lease(envelope, till.hub.now)
    await till.end(envelope, lease, { is: 'held', outcome: 'failed', cause: 'unavailable', owner: 'ops', staffText: 'Away.', envelope }, till.hub.now)
    await till.withdraw()
    expect([await till.pin(envelope), await till.shown()]).to.deep.equal(['open', [['requested', null]]])
    expect((await till.start(envelope, till.at(3))).is).to.equal('held')
  })

  it('is not sent to the bank’s page of the patient either', async () => {
    const first = randomUUID()
    await till.charge(2500, first)
    await till.declined(first, 'patient-confirms')
    await till.told()
    await till.dues(till.hub.now)
    const envelope = await till.requested('charge.page-due.v1')
    await till.withdraw()
    expect(await till.pin(envelope, 2, 'charge-confirm')).to.equal('settled')
    expect(await till.shown()).to.deep.equal([
      ['canceled', 'authorisation-withdrawn'],
      ['declined', 'insufficient_funds'],
    ])
  })

  it('that is an instalment ends the same, and a person hears of it', async () => {
    const { planId, envelope } = await instalment()
    await till.withdraw()
    expect(await till.pin(envelope, afterDue(2))).to.equal('settled')
    expect(await till.shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
    expect(await notCharged(planId)).to.equal(1)
  })

  it('that is an instalment ends with its visit too; one whose day comes after that is not asked for, and a person hears', async () => {
    const { planId, envelope } = await instalment()
    await till.cancelVisit(afterDue(1))
    expect(await till.pin(envelope, afterDue(2))).to.equal('settled')
    expect(await till.shown()).to.deep.equal([['canceled', 'visit-off']])
    expect(await notCharged(planId)).to.equal(1)
    till = await till.another()
    const planId2 = await till.agreed()
    await till.cancelVisit()
    await till.dues(afterDue())
    expect((await till.told()).map(({ type }) => type)).to.not.include('charge.requested.v1')
    expect([await notCharged(planId2), await till.shown()]).to.deep.equal([1, []])
  })

  it('that is an instalment of a plan agreed to after the visit went off is sent: it is for something else', async () => {
    const late = { change: 'no-show' } as const
    expect((await till.hub.api.stores.visits.change(till.hub.tenantId, till.link.visitId, 1, late, 'user:desk', new Date('2026-02-20T15:00:00Z'))).is).to.equal(
      'changed',
    )
    const { planId, envelope } = await instalment(new Date('2026-02-20T16:00:00Z'))
    expect(await till.pin(envelope, afterDue(2))).to.equal('open')
    expect(await notCharged(planId)).to.equal(0)
  })
})
