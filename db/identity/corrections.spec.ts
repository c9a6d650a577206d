import { randomUUID } from 'node:crypto'
import { type CorrectionFields, correctableFields, correctionLimits, type PatientCorrection } from '@heliox/core/identity'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, submission, submitMeta, submittedIntake, type TestHub } from '../fixtures.ts'

describe('putting details right', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const meta = (idempotencyKey: string = randomUUID(), payerName: string | null = null) => ({
    idempotencyKey,
    payerName,
    traceparent: null,
    correlationId: 'c-1',
  })
  const offerFor = async (envelope: Envelope, fields: string[], answerVersion: number, cause = fields.length > 0 ? 'turned-down' : null): Promise<void> => {
    const { intakeId } = envelope.payload as { intakeId: string }
    const finding = { intakeId, requestId: randomUUID(), payerId: 'HELIO1', payerName: 'Helio', verdict: fields.length > 0 ? 'rejected' : 'active' }
    const rest = { cause, owner: 'patient', reasonCodes: fields.length > 0 ? ['72'] : [], fields }
    const told = { ...envelope, id: randomUUID(), rootId: randomUUID(), aggregateVersion: answerVersion }
    const at = { envelope: told, flow: 'eligibility-case', version: 1, step: 'offer correction', process: 'engine-1', now: hub.now }
    await hub.engine.stores.applies.apply('identity.offer-correction', { ...finding, ...rest }, at)
  }
  /** A sent intake whose patient is asked for these. */
  async function asked(fields: string[] = ['memberId', 'payerId']) {
    const intake = await submittedIntake(hub)
    await offerFor(intake.envelope, fields, 2)
    await drainAll(hub, 'identity')
    const link = { ...intake.link, status: 'submitted' as const }
    const submit = (values: CorrectionFields, how = meta()) => hub.api.stores.corrections.submit(link, values, how, hub.now)
    return { ...intake, link, submit }
  }
  const answersOf = async (envelope: Envelope): Promise<Record<string, unknown>> => {
    const { patientId } = envelope.payload as { patientId: string }
    return hub.engine.stores.phi.readPatient(hub.tenantId, patientId, ['memberId', 'payerId', 'groupNumber', 'familyName'], 'eligibility', 'service:t', hub.now)
  }
  const rows = async (sql: string, intakeId: string) => (await hub.owner.query(sql, [hub.tenantId, intakeId])).rows

  it('takes the new values in one commit with an event of field names, and keeps what was there, sealed', async () => {
    const { envelope, link, submit } = await asked()
    expect(await submit({ memberId: 'HX-NEW-1' })).to.equal('corrected')
    expect(await answersOf(envelope)).to.include({ memberId: 'HX-NEW-1', familyName: 'Okafor' })
    const [event, ...others] = await drainAll(hub, 'identity')
    expect(others).to.deep.equal([])
    expect(event?.envelope.type).to.equal('intake.corrected.v1')
    expect(event?.envelope.payload).to.deep.include({ intakeId: link.intakeId, by: 'patient', fields: ['memberId'], payer: null })
    expect(JSON.stringify(event)).to.not.contain('HX-NEW-1')
    const [kept] = await rows('SELECT former_sealed, fields FROM identity.corrections WHERE tenant_id = $1 AND intake_id = $2', link.intakeId)
    const { patientId } = envelope.payload as { patientId: string }
    const former = await hub.api.vault.open(hub.tenantId, { table: 'identity.patient_phi', row: `${patientId}/answers` }, kept.former_sealed)
    expect(JSON.parse(former)).to.deep.equal(submission.answers)
    expect(kept.former_sealed.includes(Buffer.from('HX99871'))).to.equal(false)
    const audits = await rows(
      `SELECT action, actor FROM compliance.audit_logs WHERE tenant_id = $1 AND resource LIKE 'intake:' || $2 || '%' AND action = 'intake.correct'`,
      link.intakeId,
    )
    expect(audits).to.deep.equal([{ action: 'intake.correct', actor: `patient:${link.intakeId}` }])
  })

  it('is one correction however often it arrives, also at one moment; the same key with other values is refused', async () => {
    const { link, submit } = await asked()
    const how = meta()
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => submit({ memberId: 'HX-ONCE' }, how)))
    expect(outcomes.sort()).to.deep.equal(['corrected', ...Array.from({ length: 7 }, () => 'replayed')])
    expect(await submit({ memberId: 'HX-OTHER' }, how)).to.equal('conflict')
    expect((await drainAll(hub, 'identity')).map((row) => row.envelope.type)).to.deep.equal(['intake.corrected.v1'])
    expect(await rows('SELECT id FROM identity.corrections WHERE tenant_id = $1 AND intake_id = $2', link.intakeId)).to.have.length(1)
  })

  it('names the new insurer in the event, and drops the group number of the old one', async () => {
    const { envelope, submit } = await asked()
    expect(await submit({ payerId: 'NORTH2' }, meta(randomUUID(), 'Northwind Mutual'))).to.equal('corrected')
    expect(await answersOf(envelope)).to.include({ payerId: 'NORTH2', groupNumber: null })
    const [event] = await drainAll(hub, 'identity')
    expect(event?.envelope.payload).to.deep.include({ payer: { id: 'NORTH2', name: 'Northwind Mutual' } })
  })

  it('takes an insurer that is not on the list, in the patient’s own words, and tells nobody these words', async () => {
    const { envelope, submit } = await asked()
    const unlisted = { payerId: 'not-listed', payerText: 'Prairie Farm Mutual' }
    expect(await submit(unlisted, meta(randomUUID(), 'Insurer not on the list'))).to.equal('corrected')
    expect(await answersOf(envelope)).to.include({ payerId: 'not-listed', groupNumber: null })
    const [event] = await drainAll(hub, 'identity')
    expect(event?.envelope.payload).to.deep.include({ fields: ['payerId'], payer: { id: 'not-listed', name: 'Insurer not on the list' } })
    expect(JSON.stringify(event)).to.not.contain('Prairie')
  })

  it('refuses what nobody asked for, what is there already, what was not sent, and a second form for one asking', async () => {
    const { submit } = await asked(['memberId'])
    expect(await submit({ birthDate: '1990-01-01' })).to.equal('not-asked')
    expect(await submit({ memberId: submission.answers.memberId })).to.equal('nothing-changed')
    expect(await submit({ memberId: 'HX-A' })).to.equal('corrected')
    expect(await submit({ memberId: 'HX-B' })).to.equal('not-asked')
    const unsent = await newLink(hub)
    expect(await hub.api.stores.corrections.submit(unsent, { memberId: 'HX-B' }, meta(), hub.now)).to.equal('not-found')
    expect(await hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: unsent.intakeId, fields: ['memberId'] }, 'user:x', hub.now)).to.equal(
      'not-found',
    )
  })

  it(`stops a patient after ${correctionLimits.byPatientMax} corrections, and offers no more`, async () => {
    const { envelope, link, submit } = await asked()
    for (let i = 0; i < correctionLimits.byPatientMax; i += 1) {
      await offerFor(envelope, ['memberId'], 3 + i)
      expect((await hub.api.stores.corrections.offer(link, hub.now))?.left).to.equal(correctionLimits.byPatientMax - i)
      expect(await submit({ memberId: `HX-${i}-X` })).to.equal('corrected')
    }
    await offerFor(envelope, ['memberId'], 20)
    expect(await hub.api.stores.corrections.asked(hub.tenantId, link.intakeId)).to.equal(false)
    expect(await hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: link.intakeId, fields: ['memberId'] }, 'user:x', hub.now)).to.equal('too-many')
    const staff = { correctionId: randomUUID(), intakeId: link.intakeId, fields: { memberId: 'HX-STAFF' }, payerName: null, correlationId: null }
    const user = `user:${randomUUID()}`
    expect(await hub.api.stores.corrections.correct(hub.tenantId, staff, user, hub.now)).to.equal('corrected')
    expect(await hub.api.stores.corrections.correct(hub.tenantId, staff, user, hub.now)).to.equal('replayed')
  })

  it('shows the patient how the values end and begin, never the values, and audits the look', async () => {
    const { link } = await asked(['memberId', 'givenName', 'birthDate', 'payerSex', 'payerId'])
    const offer = await hub.api.stores.corrections.offer(link, hub.now)
    expect(offer).to.deep.equal({
      fields: ['memberId', 'givenName', 'birthDate', 'payerSex', 'payerId'],
      askedBy: 'payer-answer',
      hints: { memberId: '871', givenName: 'R', payerId: 'HELIO1' },
      left: correctionLimits.byPatientMax,
    })
    const looks = await hub.owner.query(`SELECT purpose FROM compliance.audit_logs WHERE tenant_id = $1 AND actor = $2 AND action = 'phi.read'`, [
      ...[hub.tenantId, `patient:${link.intakeId}`],
    ])
    expect(looks.rows).to.deep.equal([{ purpose: 'correction' }])
  })

  it('puts a name right on the card, where there is another one; their own, and how they are found again, stay', async () => {
    const link = await newLink(hub)
    await drainAll(hub, 'identity')
    const sent = { ...submission, answers: { ...submission.answers, nameOnCard: { givenName: 'Grace', familyName: 'Lind' } } }
    expect(await hub.api.stores.intake.submit(link, sent, submitMeta(), hub.now)).to.equal('submitted')
    const envelope = (await drainAll(hub, 'identity')).find(({ envelope: { type, intakeId } }) => type === 'intake.submitted.v1' && intakeId === link.intakeId)
      ?.envelope as Envelope
    const matches = () =>
      rows(
        'SELECT match_mac FROM identity.visit_contacts c JOIN identity.intake_sessions s USING (tenant_id, visit_id) WHERE tenant_id = $1 AND s.id = $2',
        link.intakeId,
      )
    const before = await matches()
    await offerFor(envelope, ['givenName', 'familyName'], 2)
    const submitted = { ...link, status: 'submitted' as const }
    expect((await hub.api.stores.corrections.offer(submitted, hub.now))?.hints).to.deep.equal({ givenName: 'G', familyName: 'L' })
    expect(await hub.api.stores.corrections.submit(submitted, { familyName: 'Lind-Okafor' }, meta(), hub.now)).to.equal('corrected')
    const { patientId } = envelope.payload as { patientId: string }
    const names = ['givenName', 'familyName', 'nameOnCard'] as const
    expect(await hub.engine.stores.phi.readPatient(hub.tenantId, patientId, names, 'eligibility', 'service:t', hub.now)).to.deep.include({
      ...{ givenName: 'Ruth', familyName: 'Okafor', nameOnCard: { givenName: 'Grace', familyName: 'Lind-Okafor' } },
    })
    expect(before).to.have.length(1)
    expect(await matches()).to.deep.equal(before)
    const opened = await hub.api.stores.corrections.open(
      hub.tenantId,
      link.intakeId,
      ['givenName', 'familyName'],
      'correct-data',
      `user:${randomUUID()}`,
      hub.now,
    )
    expect(opened).to.deep.equal({ givenName: 'Grace', familyName: 'Lind-Okafor' })
  })

  describe('of the second insurance', () => {
    const secondary = { payerId: 'NORTH2', payerText: null, memberId: 'NM-20551', groupNumber: 'N 4', nameOnCard: null }
    /** A sent intake with this second insurance, whose patient a person asks for these. */
    async function askedBySomebody(second: typeof secondary | null, fields: readonly ('memberId' | 'secondPayerId' | 'secondMemberId')[]) {
      const link = await newLink(hub)
      await drainAll(hub, 'identity')
      const sent = { ...submission, answers: { ...submission.answers, secondary: second } }
      expect(await hub.api.stores.intake.submit(link, sent, submitMeta(), hub.now)).to.equal('submitted')
      const events = await drainAll(hub, 'identity')
      const submitted = events.find(({ envelope: { type, intakeId } }) => type === 'intake.submitted.v1' && intakeId === link.intakeId)?.envelope as Envelope
      const { patientId } = submitted.payload as { patientId: string }
      const user = `user:${randomUUID()}`
      expect(await hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: link.intakeId, fields }, user, hub.now)).to.equal('asked')
      const [told] = await drainAll(hub, 'identity')
      expect(told?.envelope.payload).to.deep.equal({ intakeId: link.intakeId, fields: [...fields], askedBy: 'staff' })
      const mine = { ...link, status: 'submitted' as const }
      const read = () => hub.engine.stores.phi.readPatient(hub.tenantId, patientId, ['memberId', 'secondary'], 'ehr-writeback', 'service:t', hub.now)
      const submit = (values: PatientCorrection) => hub.api.stores.corrections.submit(mine, values, meta(), hub.now)
      return { link: mine, read, submit }
    }

    it('is put right by the patient in one commit, sealed and audited as the others, and read by whoever writes the chart', async () => {
      const { link, read, submit } = await askedBySomebody(secondary, ['secondPayerId', 'secondMemberId'])
      const offer = await hub.api.stores.corrections.offer(link, hub.now)
      expect(offer).to.deep.include({ fields: ['secondPayerId', 'secondMemberId'], hints: { secondPayerId: 'NORTH2', secondMemberId: '551' } })
      expect(await submit({ memberId: 'HX-NEW' }), 'of the first nothing is asked').to.equal('not-asked')
      expect(await submit({ secondMemberId: 'NM-77' })).to.equal('corrected')
      expect(await read()).to.deep.equal({ memberId: submission.answers.memberId, secondary: { ...secondary, memberId: 'NM-77' } })
      const [event] = await drainAll(hub, 'identity')
      expect(event?.envelope).to.deep.include({ type: 'intake.corrected.v1' })
      expect(event?.envelope.payload).to.deep.include({ by: 'patient', fields: ['secondMemberId'], payer: null })
      expect(JSON.stringify(event)).to.not.contain('NM-77')
      const audits = await rows(
        `SELECT actor, resource FROM compliance.audit_logs WHERE tenant_id = $1 AND resource LIKE 'intake:' || $2 || '%' AND action = 'intake.correct'`,
        link.intakeId,
      )
      expect(audits).to.deep.equal([{ actor: `patient:${link.intakeId}`, resource: `intake:${link.intakeId} fields:secondMemberId` }])
      const [kept] = await rows('SELECT former_sealed FROM identity.corrections WHERE tenant_id = $1 AND intake_id = $2', link.intakeId)
      expect(kept.former_sealed.includes(Buffer.from('NM-20551'))).to.equal(false)
      expect(await hub.api.stores.corrections.asked(hub.tenantId, link.intakeId)).to.equal(false)
    })

    it('is asked for whole where there is none, and half of one changes nothing', async () => {
      const { link, read, submit } = await askedBySomebody(null, ['secondMemberId'])
      expect(await hub.api.stores.corrections.offer(link, hub.now)).to.deep.include({ fields: ['secondMemberId', 'secondPayerId'], hints: {} })
      expect(await submit({ secondMemberId: 'NM-1' })).to.equal('nothing-changed')
      expect(await read()).to.deep.include({ secondary: null })
      expect(await submit({ secondPayerId: 'not-listed', secondPayerText: 'Prairie Farm Mutual', secondMemberId: 'NM-1' })).to.equal('corrected')
      expect(await read()).to.deep.include({
        secondary: { payerId: null, payerText: 'Prairie Farm Mutual', memberId: 'NM-1', groupNumber: null, nameOnCard: null },
      })
      expect(JSON.stringify(await drainAll(hub, 'identity'))).to.not.contain('Prairie')
    })

    it('is opened to staff for a purpose and put right by them, all eight fields together', async () => {
      const { link, read } = await askedBySomebody(secondary, ['memberId'])
      const user = `user:${randomUUID()}`
      const fields = ['memberId', 'secondPayerId', 'secondMemberId'] as const
      const opened = await hub.api.stores.corrections.open(hub.tenantId, link.intakeId, fields, 'correct-data', user, hub.now)
      expect(opened).to.deep.equal({ memberId: submission.answers.memberId, secondPayerId: 'NORTH2', secondMemberId: 'NM-20551' })
      const all: Required<CorrectionFields> = {
        ...{ memberId: 'HX-ALL', givenName: 'Ruthie', familyName: 'Okafor-Lind', birthDate: '1981-04-10', payerId: 'NORTH2', payerSex: 'M' },
        ...{ secondPayerId: 'HELIO1', secondMemberId: 'NM-ALL' },
      }
      const correction = { correctionId: randomUUID(), intakeId: link.intakeId, fields: all, payerName: 'Northwind Mutual', correlationId: null }
      expect(await hub.api.stores.corrections.correct(hub.tenantId, correction, user, hub.now)).to.equal('corrected')
      expect(await read()).to.deep.equal({ memberId: 'HX-ALL', secondary: { ...secondary, payerId: 'HELIO1', memberId: 'NM-ALL', groupNumber: null } })
      const asking = { intakeId: link.intakeId, fields: correctableFields }
      expect(await hub.api.stores.corrections.askPatient(hub.tenantId, asking, user, hub.now)).to.equal('asked')
    })
  })

  it('asks once per answer and in any order: an older answer changes nothing, a clean one takes the question back', async () => {
    const { envelope, link } = await submittedIntake(hub)
    const isAsked = () => hub.api.stores.corrections.asked(hub.tenantId, link.intakeId)
    await drainAll(hub, 'identity')
    await offerFor(envelope, [], 3)
    await offerFor(envelope, ['memberId'], 2)
    expect(await isAsked(), 'the clean answer is the newer one').to.equal(false)
    await offerFor(envelope, ['memberId'], 4)
    await offerFor(envelope, ['memberId'], 5)
    expect(await isAsked()).to.equal(true)
    expect((await drainAll(hub, 'identity')).map((row) => row.envelope.type)).to.deep.equal(['intake.correction-asked.v1'])
    await offerFor(envelope, [], 6)
    expect(await isAsked()).to.equal(false)
  })

  it('waits for itself in one order: patients, staff and answers at one moment end without a deadlock', async () => {
    const { envelope, link, submit } = await asked()
    const ask = (field: 'birthDate') => hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: link.intakeId, fields: [field] }, 'user:x', hub.now)
    const staff = (memberId: string) =>
      hub.api.stores.corrections.correct(
        hub.tenantId,
        { correctionId: randomUUID(), intakeId: link.intakeId, fields: { memberId }, payerName: null, correlationId: null },
        `user:${randomUUID()}`,
        hub.now,
      )
    const work = Array.from({ length: 6 }, (_, i) => [
      offerFor(envelope, ['memberId'], 3 + i),
      submit({ memberId: `HX-R${i}` }),
      staff(`HX-S${i}`),
      ask('birthDate'),
    ])
    const ended = await Promise.allSettled(work.flat())
    expect(ended.flatMap((one) => (one.status === 'rejected' ? String(one.reason) : []))).to.deep.equal([])
  })

  it('keeps what a person asked through an answer without a verdict, until a clean one', async () => {
    const { envelope, link } = await submittedIntake(hub)
    const isAsked = () => hub.api.stores.corrections.asked(hub.tenantId, link.intakeId)
    await hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: link.intakeId, fields: ['birthDate'] }, 'user:x', hub.now)
    await offerFor(envelope, [], 2, 'no-verdict')
    expect(await isAsked()).to.equal(true)
    await offerFor(envelope, [], 3)
    expect(await isAsked()).to.equal(false)
  })

  it('lets staff ask for more than the answer does, twice without a second event', async () => {
    const { link } = await asked(['memberId'])
    const ask = () => hub.api.stores.corrections.askPatient(hub.tenantId, { intakeId: link.intakeId, fields: ['birthDate'] }, 'user:x', hub.now)
    expect([await ask(), await ask()]).to.deep.equal(['asked', 'asked'])
    const events = await drainAll(hub, 'identity')
    expect(events.map((row) => row.envelope.payload)).to.deep.equal([{ intakeId: link.intakeId, fields: ['memberId', 'birthDate'], askedBy: 'staff' }])
    expect((await hub.api.stores.corrections.offer(link, hub.now))?.askedBy, 'the form says who asks').to.equal('staff')
  })

  it('opens to staff exactly what they name, and nothing of another clinic', async () => {
    const { link } = await asked()
    const open = (tenantId: string) => hub.api.stores.corrections.open(tenantId, link.intakeId, ['memberId'], 'correct-data', 'user:x', hub.now)
    expect(await open(hub.tenantId)).to.deep.equal({ memberId: submission.answers.memberId })
    expect(await open(hub.otherTenantId)).to.equal(undefined)
    expect(await hub.api.stores.corrections.asked(hub.otherTenantId, link.intakeId)).to.equal(false)
  })

  it('opens the insurer in the patient’s words, and leaves out what the patient left out; another insurer takes the words with it', async () => {
    const link = await newLink(hub)
    const words = { payerId: 'not-listed', payerText: 'Acme Health' }
    await hub.api.stores.intake.submit(link, { ...submission, answers: { ...submission.answers, ...words } }, submitMeta(), hub.now)
    const open = () => hub.api.stores.corrections.open(hub.tenantId, link.intakeId, ['payerId', 'payerText'], 'call-partner', 'user:x', hub.now)
    expect(await open()).to.deep.equal(words)
    const correction = {
      correctionId: randomUUID(),
      intakeId: link.intakeId,
      fields: { payerId: 'HELIO1' },
      payerName: 'Helio Health Plan',
      correlationId: null,
    }
    expect(await hub.api.stores.corrections.correct(hub.tenantId, correction, 'user:x', hub.now)).to.equal('corrected')
    expect(await open()).to.deep.equal({ payerId: 'HELIO1' })
  })
})
