import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { applies } from '@heliox/core/registry'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, photoWish, submission, submitMeta, submittedIntake, type TestHub } from '../fixtures.ts'
import { applyFunctions } from './index.ts'

describe('applies', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  const apply = (name: string, input: unknown, envelope: Envelope, step = name) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step, process: 'engine-1', now: hub.now })
  const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'applied').catch((error: Error) => error.message)

  it('has a function for each apply that core declares, and none beside', () => {
    expect(Object.keys(applyFunctions).sort()).to.deep.equal(applies.map((spec) => spec.name).sort())
  })

  it('refuses a name that is not declared, and an input that breaks the contract', async () => {
    const { envelope } = await submittedIntake(hub)
    expect(await failure(apply('billing.give-money', {}, envelope))).to.equal('no apply is called billing.give-money')
    expect(await failure(apply('messaging.notify', { intakeId: 'x' }, envelope))).to.not.equal('applied')
  })

  it('opens a payment in the money of the clinic, and shows it so before there is one', async () => {
    for (const [tenantId, currency] of [
      [hub.tenantId, 'USD'],
      [hub.otherTenantId, 'EUR'],
    ] as const) {
      const { envelope, link } = await submittedIntake(hub, tenantId)
      expect((await hub.api.stores.payments.view(tenantId, link.intakeId, hub.now))?.currency, 'before').to.equal(currency)
      await drainAll(hub, 'billing')
      await apply('billing.open-payment', envelope.payload, envelope)
      const [asked] = await drainAll(hub, 'billing')
      expect(asked?.envelope).to.deep.include({ type: 'payment.requested.v1', tenantId })
      expect(asked?.envelope.payload).to.include({ currency })
    }
  })

  it('emits only what its spec says, each from its own schema', async () => {
    const { envelope, link } = await submittedIntake(hub)
    for (const schema of ['clinical', 'billing', 'media', 'messaging']) await drainAll(hub, schema)
    const submitted = envelope.payload as { patientId: string; visitId: string }
    const uploadId = randomUUID()
    const photoId = randomUUID()
    for (const id of [uploadId, photoId]) await hub.api.stores.intake.requestUpload(link, photoWish(id), hub.now)
    await hub.api.stores.intake.completeUpload(link, photoId, hub.now)
    await drainAll(hub, 'media')
    await apply('clinical.attach-patient', envelope.payload, envelope)
    await apply('billing.open-payment', envelope.payload, envelope)
    await apply('billing.open-eligibility', envelope.payload, envelope)
    const asked = await drainAll(hub, 'billing')
    const idOf = (type: string, field: string): string => {
      const payload = asked.find((row) => row.envelope.type === type)?.envelope.payload as Record<string, string>
      return payload[field] ?? ''
    }
    const requestId = idOf('eligibility.requested.v1', 'requestId')
    const paymentId = idOf('payment.requested.v1', 'paymentId')
    const inputs: [string, unknown, string[]][] = [
      [
        'billing.record-eligibility',
        { requestId, verdict: 'rejected', rule: 'aaa', reasonCodes: ['75'], copayCents: null, manual: false },
        ['eligibility.failed.v1'],
      ],
      [
        'billing.record-payment',
        { paymentId, outcome: 'stored', setupIntentId: 'seti_1', customerId: 'cus_1', paymentMethodId: 'pm_1', code: null },
        ['payment.succeeded.v1'],
      ],
      [
        'clinical.record-writeback',
        {
          intakeId: link.intakeId,
          patientId: submitted.patientId,
          visitId: submitted.visitId,
          outcome: 'written',
          refs: { patientRef: 'Patient/77', coverageRef: 'Coverage/8', appointmentRef: 'Appointment/9' },
          codes: [],
        },
        ['ehr.writeback.completed.v1'],
      ],
      ['media.record-scan', { uploadId, outcome: 'rejected', cleanKey: null, clean: null, reason: 'malware', finding: 'EICAR' }, ['upload.rejected.v1']],
      ['media.record-photo', { uploadId: photoId, verdict: { is: 'refused', refused: { reason: 'animated', finding: null } } }, ['upload.rejected.v1']],
      ['messaging.notify', { intakeId: link.intakeId, template: 'payment-stored', aboutId: paymentId }, ['notification.written.v1']],
    ]
    await drainAll(hub, 'clinical')
    for (const [name, input, emitted] of inputs) {
      expect(await apply(name, input, envelope), name).to.equal('applied')
      const rows = await drainAll(hub, name.split('.')[0] ?? '')
      expect(
        rows.map((row) => row.envelope.type),
        name,
      ).to.deep.equal(emitted)
      expect(applies.find((spec) => spec.name === name)?.emits, name).to.include.members(emitted)
      expect(await apply(name, input, envelope), name).to.equal('again')
      expect(await drainAll(hub, name.split('.')[0] ?? ''), name).to.deep.equal([])
    }
    const refs = await hub.owner.query(`SELECT a::text AS text FROM clinical.appointments a`)
    expect(JSON.stringify(refs.rows), 'the EHR’s ids are sealed').to.not.include('Patient/77')
  })

  it('writes one message per subject, whichever delivery asks', async () => {
    const { envelope, link } = await submittedIntake(hub)
    await drainAll(hub, 'messaging')
    const notice = { intakeId: link.intakeId, template: 'visit-ready', aboutId: link.visitId }
    expect(await apply('messaging.notify', notice, envelope, 'one')).to.equal('applied')
    expect(await apply('messaging.notify', notice, envelope, 'two')).to.equal('applied')
    expect(await drainAll(hub, 'messaging')).to.have.length(1)
  })

  it('leaves no inbox row when the commit fails, so that the next delivery applies it', async () => {
    const { envelope } = await submittedIntake(hub)
    const nowhere = { ...(envelope.payload as object), visitId: randomUUID() }
    expect(await failure(apply('clinical.attach-patient', nowhere, envelope))).to.equal('the visit of this intake is not there')
    expect(await apply('clinical.attach-patient', envelope.payload, envelope)).to.equal('applied')
  })

  it('refuses a consent to words that are not the clinic’s', async () => {
    const link = await newLink(hub)
    const consents = submission.consents.map((consent, i) => (i === 0 ? { ...consent, textSha256: '0'.repeat(64) } : consent))
    await hub.api.stores.intake.submit(link, { ...submission, consents }, submitMeta(), hub.now)
    const [row] = (await drainAll(hub, 'identity')).filter((one) => one.envelope.type === 'intake.submitted.v1' && one.envelope.intakeId === link.intakeId)
    if (!row) throw new Error('no event')
    expect(await failure(apply('compliance.record-consents', row.envelope.payload, row.envelope))).to.match(/not one of this clinic/)
  })

  it('opens no payment when the patient left no card', async () => {
    const { envelope } = await submittedIntake(hub)
    await drainAll(hub, 'billing')
    const noCard = { ...(envelope.payload as object), confirmationTokenId: null }
    expect(await apply('billing.open-payment', noCard, envelope)).to.equal('applied')
    expect(await drainAll(hub, 'billing')).to.deep.equal([])
  })
})
