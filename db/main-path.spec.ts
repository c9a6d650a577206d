import { Envelope } from '@heliox/core/kit'
import { eventByType } from '@heliox/core/registry'
import { expect } from 'chai'
import { drainAll, openTestHub, submittedIntake, type TestHub } from './fixtures.ts'

describe('one intake through the stores', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  it('goes from submit to recorded verdict, each step in the outbox of its context', async () => {
    const { link, envelope } = await submittedIntake(hub)
    const { flows, applies, ledger, phi, projector } = hub.engine.stores
    const delivery = { envelope, flow: 'intake', version: 1, step: 'x', process: 'engine-1', now: hub.now }
    expect(await flows.pin(envelope, 'intake', hub.now)).to.deep.equal({ is: 'open', flow: 'intake', version: 1, ledgerMonth: '2026-02-01', generationOf: {} })
    for (const name of ['clinical.attach-patient', 'compliance.record-consents', 'billing.open-payment', 'billing.open-eligibility']) {
      expect(await applies.apply(name, envelope.payload, { ...delivery, step: name })).to.equal('applied')
      expect(await applies.apply(name, envelope.payload, { ...delivery, step: name })).to.equal('again')
    }
    await flows.settle(envelope, 'intake', 'done', hub.now)
    expect(await flows.pin(envelope, 'intake', hub.now)).to.deep.equal({ is: 'settled' })

    const billing = await drainAll(hub, 'billing')
    expect(billing.map((row) => row.routingKey).sort()).to.deep.equal(['eligibility.requested.v1', 'payment.requested.v1'])
    const requested = billing.find((row) => row.envelope.type === 'eligibility.requested.v1')?.envelope
    if (!requested) throw new Error('no eligibility request')
    const { requestId, patientId } = requested.payload as { requestId: string; patientId: string }
    await flows.pin(requested, 'eligibility', hub.now)
    expect(await phi.readPatient(hub.tenantId, patientId, ['memberId', 'birthDate'], 'eligibility', 'service:engine-1', hub.now)).to.deep.equal({
      memberId: 'HX99871',
      birthDate: '1981-04-09',
    })

    const ref = {
      tenantId: hub.tenantId,
      rootId: requested.rootId,
      flow: 'eligibility',
      version: 1,
      step: 'ask payer',
      intakeId: link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    const target = { partner: 'clearinghouse', operation: 'clearinghouse.checkEligibility.v1' }
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'safe', keyedForMs: null, triesMax: 4, now: hub.now } as const
    const started = await ledger.start(ref, target, '{"a":1}', options)
    if (started.is !== 'go') throw new Error(`ledger: ${started.is}`)
    expect(started).to.include({ input: '{"a":1}', mode: 'first', attempt: 1, fencing: 1, generation: 1 })
    const later = new Date(hub.now.getTime() + 250)
    expect(
      await ledger.end(
        ref,
        started.effectId,
        started.fencing,
        { is: 'answered', port: 'ok', value: { verdict: 'active' }, reconciled: false, suspicions: [] },
        later,
      ),
    ).to.equal('recorded')
    expect(await ledger.start(ref, target, '{"a":2}', options)).to.deep.equal({
      is: 'done',
      port: 'ok',
      value: { verdict: 'active' },
      manual: false,
      suspicions: [],
    })
    const record = { requestId, verdict: 'active', rule: 'eb1', reasonCodes: [], copayCents: 2500, manual: false }
    const applied = await applies.apply('billing.record-eligibility', record, { ...delivery, envelope: requested, flow: 'eligibility', step: 'record' })
    expect(applied).to.equal('applied')

    const rest = [envelope, requested]
    for (const schema of ['clinical', 'billing', 'messaging']) rest.push(...(await drainAll(hub, schema, later)).map((row) => row.envelope))
    for (const event of rest) {
      expect(eventByType.get(event.type)?.contract.schema.safeParse(event.payload).success, event.type).to.equal(true)
      expect(Envelope.safeParse(event).success, event.type).to.equal(true)
      expect(await projector.project(event, later)).to.equal(link.intakeId)
    }
    const told = await hub.api.stores.ops.journey(hub.tenantId, link.intakeId)
    expect(told?.journey).to.include({ intake: 'submitted', eligibility: 'confirmed', payment: null, held: 0, practitioner: 'Dr. Imani Reyes' })
    expect(told?.steps.find((step) => step.step === 'eligibility/ask payer')).to.include({ outcome: 'succeeded', durationMs: 250, process: 'engine-1' })
  })
})
