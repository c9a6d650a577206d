import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { type Envelope, sha256Hex } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { newLink, openTestHub, shownAuthorisation, submittedIntake, type TestHub } from './fixtures.ts'
import { type Watched, watchPlans } from './hot-plans.ts'
import { fillTables } from './hot-rows.ts'
import type { Stores } from './stores.ts'

/** As `hot-queries.spec.ts`, over what the front desk, the chart, the old scheduler and the payment partner do. */
describe('hot queries of visits and money', function () {
  this.timeout(300_000)
  let hub: TestHub
  let watched: Watched
  before(async () => {
    hub = await openTestHub()
    await fillTables(hub)
    watched = watchPlans(hub)
  })
  after(async () => {
    await watched?.end()
    await hub?.close()
  })

  const expectServed = (): void => {
    expect(watched.scanned()).to.deep.equal([])
    expect(watched.passedOver()).to.deep.equal([])
  }
  const as = (role: string): Stores => watched.storesAs(role).stores
  const later = (minutes: number): Date => new Date(hub.now.getTime() + minutes * 60_000)
  const envelopeOf = (payload: object = {}): Envelope => {
    const id = randomUUID()
    return {
      ...{ id, rootId: id, type: 'x', contract: 'x', tenantId: hub.tenantId, region: 'us-east', aggregateType: 'x', aggregateId: id },
      ...{ aggregateVersion: 2, intakeId: null, occurredAt: hub.now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload },
    }
  }
  const apply = (stores: Stores, name: string, input: unknown, now = hub.now, envelope = envelopeOf()) =>
    stores.applies.apply(name, input, { envelope, flow: 'hot', version: 1, step: name, process: 'engine-1', now })

  /** A form that was sent, with its payment asked for. */
  async function patient(engine: Stores): Promise<{ link: LinkFacts; ids: { intakeId: string; patientId: string; visitId: string }; paymentId: string }> {
    const { link, envelope } = await submittedIntake(hub)
    const { patientId } = envelope.payload as { patientId: string }
    await apply(engine, 'clinical.attach-patient', envelope.payload, hub.now, envelope)
    await apply(engine, 'compliance.record-consents', envelope.payload)
    await apply(engine, 'billing.open-payment', { ...(envelope.payload as object), confirmationTokenId: 'ctoken_12345678' })
    const found = await hub.owner.query<{ id: string }>('SELECT id FROM billing.payments WHERE intake_id = $1', [link.intakeId])
    return { link, ids: { intakeId: link.intakeId, patientId, visitId: link.visitId }, paymentId: found.rows[0]?.id ?? '' }
  }
  const method = (paymentId: string, over: object = {}) => ({
    ...{ paymentId, status: 'stored', intent: { kind: 'setup', id: `seti_${paymentId}` }, customerId: 'cus_hot', paymentMethodId: 'pm_hot', method: 'card' },
    ...{ actionUrl: null, heldUntil: null, code: null, ...over },
  })
  const fact = (kind: string, id: string, type: string, over: object = {}) => ({
    ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: later(2).toISOString() },
    item: {
      ...{ is: 'fact', eventId: `evt_${randomUUID()}`, type, at: later(1).toISOString(), object: { kind, id }, intentId: null },
      ...{ ours: { paymentId: null, chargeId: null, refundId: null }, status: null, code: null, amountMinor: null },
      ...{ customerId: 'cus_hot', paymentMethodId: 'pm_hot', captureBefore: null, ...over },
    },
  })

  it('sees a statement that an index serves by the clinic alone', async () => {
    const { pool } = watched.storesAs('hub_api')
    await pool.query(`SELECT set_config('app.tenant_id', $1, false)`, [hub.tenantId])
    await pool.query('SELECT code FROM billing.charges WHERE tenant_id = $1 AND requested_by = $2', [hub.tenantId, 'nobody'])
    expect(watched.passedOver()).to.have.length(1)
  })

  it('keeps a method, asks about one whose end nobody told, and leads the patient to the bank', async () => {
    const engine = as('hub_engine')
    const { link, paymentId } = await patient(engine)
    await apply(engine, 'billing.record-method', method(paymentId, { status: 'needs-you', paymentMethodId: null, actionUrl: 'https://bank.example/3ds' }))
    expect(await engine.dues.tenants(later(6))).to.deep.equal([hub.tenantId])
    expect((await engine.dues.begin(hub.tenantId, { process: 'engine-1', now: later(6) })).checks).to.equal(1)
    expectServed()
    const { payments } = as('hub_api')
    expect(await payments.ofPatient(link, hub.now)).to.include({ confirm: true })
    expect(await payments.confirmationUrl(link, hub.now)).to.equal('https://bank.example/3ds')
    expectServed()
    const told = as('hub_engine')
    await apply(told, 'billing.record-payment-fact', fact('setup-intent', `seti_${paymentId}`, 'setup_intent.succeeded'))
    expectServed()
  })

  it('charges, declines, tries again, gives back, and folds what the partner tells of it', async () => {
    const engine = as('hub_engine')
    const { ids, paymentId } = await patient(engine)
    await apply(engine, 'billing.record-method', method(paymentId))
    expectServed()
    const chargeId = randomUUID()
    const desk = as('hub_api')
    const wish = { id: chargeId, intakeId: ids.intakeId, amountMinor: 2500 }
    for (const is of ['begun', 'again']) expect(await desk.payments.charge(hub.tenantId, wish, 'user:desk', hub.now)).to.equal(is)
    expectServed()

    const answers = as('hub_engine')
    const declined = { code: 'card_declined', declineCode: 'insufficient_funds', next: 'later', paymentIntentId: 'pi_hot' }
    await apply(answers, 'billing.record-charge', { is: 'declined', chargeId, declined })
    const inAWeek = later(8 * 24 * 60)
    expect(await answers.dues.tenants(inAWeek)).to.deep.equal([hub.tenantId])
    expect((await answers.dues.begin(hub.tenantId, { process: 'engine-1', now: inAWeek })).charges).to.equal(1)
    const again = await hub.owner.query<{ id: string }>('SELECT id FROM billing.charges WHERE series_id = $1 AND attempt = 2', [chargeId])
    const second = again.rows[0]?.id ?? ''
    await apply(answers, 'billing.record-charge', {
      ...{ is: 'charged', chargeId: second },
      charged: { status: 'succeeded', paymentIntentId: 'pi_hot_2', amountMinor: 2500 },
    })
    await apply(answers, 'billing.record-payment-fact', fact('payment-intent', 'pi_hot_2', 'payment_intent.succeeded'))
    expectServed()

    const back = as('hub_api')
    const refundId = randomUUID()
    const refund = { id: refundId, chargeId: second, amountMinor: 500, reason: 'other' } as const
    expect(await back.payments.refund(hub.tenantId, refund, 'user:desk', hub.now)).to.equal('begun')
    expect((await back.payments.view(hub.tenantId, ids.intakeId, hub.now))?.charges).to.have.length(2)
    expectServed()
    const told = as('hub_engine')
    await apply(
      told,
      'billing.record-payment-fact',
      fact('refund', 're_foreign', 'refund.created', { intentId: 'pi_hot_2', amountMinor: 100, status: 'succeeded' }),
    )
    await apply(
      told,
      'billing.record-payment-fact',
      fact('refund', 're_foreign', 'refund.updated', { intentId: 'pi_hot_2', amountMinor: 100, status: 'succeeded' }),
    )
    expectServed()
  })

  it('asks for another card, takes the one that is left, and puts it in the place of the first', async () => {
    const engine = as('hub_engine')
    const { link, ids, paymentId } = await patient(engine)
    await apply(engine, 'billing.record-method', method(paymentId))
    const desk = as('hub_api')
    const wish = { id: randomUUID(), intakeId: ids.intakeId }
    for (const is of ['asked', 'again']) expect(await desk.payments.askForMethod(hub.tenantId, wish, 'user:desk', hub.now)).to.equal(is)
    const left = { id: randomUUID(), confirmationTokenId: 'ctoken_87654321', authorisation: shownAuthorisation() }
    for (const is of ['offered', 'again']) expect(await desk.payments.leaveMethod(link, left, later(1))).to.equal(is)
    expect((await desk.payments.ofPatient(link, later(1))).asked).to.deep.include({ offer: 'requested' })
    expectServed()
    await apply(as('hub_engine'), 'billing.record-method', method(left.id, { paymentMethodId: 'pm_hot_2' }), later(2))
    expectServed()
    expect((await hub.api.stores.payments.ofPatient(link, later(3))).asked).to.equal(null)
  })

  it('leads the patient to the bank with a charge, asks what became of it, and stops it', async () => {
    const engine = as('hub_engine')
    const { link, ids, paymentId } = await patient(engine)
    await apply(engine, 'billing.record-method', method(paymentId))
    const [first, paymentIntentId] = [randomUUID(), `pi_${randomUUID()}`]
    expect(await hub.api.stores.payments.charge(hub.tenantId, { id: first, intakeId: ids.intakeId, amountMinor: 2500 }, 'user:desk', hub.now)).to.equal('begun')
    const declined = { code: 'authentication_required', declineCode: null, next: 'patient-confirms', paymentIntentId: null }
    await apply(engine, 'billing.record-charge', { is: 'declined', chargeId: first, declined })
    expect((await engine.dues.begin(hub.tenantId, { process: 'engine-1', now: hub.now })).charges).to.equal(1)
    const found = await hub.owner.query<{ id: string }>('SELECT id FROM billing.charges WHERE series_id = $1 AND attempt = 2', [first])
    const chargeId = found.rows[0]?.id ?? ''
    const seen = { status: 'requires-action', paymentIntentId, amountMinor: 2500, actionUrl: 'https://bank.example/charge' }
    await apply(engine, 'billing.record-charge-seen', { is: 'seen', chargeId, seen })
    expect(await engine.dues.tenants(later(6))).to.deep.equal([hub.tenantId])
    expect((await engine.dues.begin(hub.tenantId, { process: 'engine-1', now: later(6) })).chargeChecks).to.equal(1)
    expectServed()
    const api = as('hub_api')
    expect(await api.payments.chargeUrl(link, later(7))).to.equal('https://bank.example/charge')
    expect(await api.payments.stopCharge(hub.tenantId, chargeId, 'user:desk', later(7))).to.equal('stopped')
    expectServed()
    const ended = as('hub_engine')
    await apply(ended, 'billing.record-charge-seen', { is: 'declined', chargeId, declined: { ...declined, code: 'canceled', paymentIntentId } }, later(8))
    expectServed()
  })

  it('proposes a plan, takes the patient’s agreement, charges an instalment, shows it and ends it', async () => {
    const engine = as('hub_engine')
    const { link, ids, paymentId } = await patient(engine)
    await apply(engine, 'billing.record-method', method(paymentId))
    const desk = as('hub_api')
    const planId = randomUUID()
    const instalments = ['2026-03-01', '2026-04-01', '2026-05-01'].map((dueOn) => ({ dueOn, amountMinor: 2_000 }))
    const proposed = await desk.payments.proposePlan(hub.tenantId, { id: planId, intakeId: ids.intakeId, instalments }, 'America/Chicago', 'user:desk', hub.now)
    expect(proposed).to.equal('proposed')
    const { plan } = await desk.payments.ofPatient(link, hub.now)
    const { name } = await desk.clinic.tenant(hub.tenantId)
    if (!plan) throw new Error('no plan')
    const termsSha256 = sha256Hex(planTerms(plan, name, 'en').join('\n'))
    expect(await desk.payments.agreePlan(link, { planId, termsSha256, language: 'en' }, hub.now)).to.equal('agreed')
    expectServed()
    const dues = as('hub_engine')
    expect((await dues.dues.begin(hub.tenantId, { process: 'engine-1', now: new Date('2026-03-02T00:00:00Z') })).instalments).to.equal(1)
    expectServed()
    const end = as('hub_api')
    expect((await end.payments.view(hub.tenantId, ids.intakeId, hub.now))?.plans[0]?.instalments.map(({ status }) => status)).to.deep.equal([
      'requested',
      'waiting',
      'waiting',
    ])
    expect(await end.payments.endPlan(hub.tenantId, planId, 'user:desk', hub.now)).to.equal('ended')
    expectServed()
  })

  it('finds whose door a call came in at, and the keys that one connection signs with', async () => {
    const { hooks, connectionAdmin } = as('hub_api')
    expect(await hooks.find('stripe', 'x'.repeat(40))).to.equal(undefined)
    expect(await connectionAdmin.publicKeys('x'.repeat(40))).to.equal(undefined)
    expect(await hooks.open(hub.tenantId, 'hot-1')).to.equal(undefined)
    expectServed()
  })

  it('moves and cancels a visit at the desk, and shows what was done to it', async () => {
    const { visitId } = await newLink(hub)
    const { visits } = as('hub_api')
    const moved = { change: 'moved', startsAt: new Date('2026-02-10T16:00:00Z'), endsAt: new Date('2026-02-10T16:20:00Z') } as const
    expect((await visits.change(hub.tenantId, visitId, 1, moved, 'user:desk', hub.now)).is).to.equal('changed')
    const cancelled = { change: 'cancelled', reason: 'patient-asked' } as const
    expect((await visits.change(hub.tenantId, visitId, 2, cancelled, 'user:desk', hub.now)).is).to.equal('changed')
    expect((await visits.find(hub.tenantId, visitId))?.changes).to.have.length(2)
    expectServed()
  })

  it('keeps whose chart it is, records what was written, and takes the chart’s word about a visit', async () => {
    const engine = as('hub_engine')
    const { link, ids } = await patient(engine)
    const outcome = { ...ids, requestId: randomUUID(), coverageId: randomUUID(), payerId: 'HELIO1', payerName: 'Helio', reasonCodes: [], manual: false }
    const root = envelopeOf({ ...outcome, verdict: 'active' })
    await apply(engine, 'clinical.keep-chart', { ...ids, found: { patientRef: 'Patient/12', how: 'chosen', notRefs: [] } }, hub.now, root)
    expect(await engine.phi.readChart(hub.tenantId, ids.patientId, 'ehr-writeback', 'service:engine-1', hub.now)).to.include({ patientRef: 'Patient/12' })
    const appointment = { status: 'booked', startsAt: link.startsAt, endsAt: link.endsAt }
    const refs = { patientRef: 'Patient/12', coverageRef: 'Coverage/8', appointmentRef: 'Appointment/9', eligibilityRefs: [], appointment }
    await apply(engine, 'clinical.record-chart', { ...ids, outcome: 'written', refs, codes: [] }, hub.now, root)
    const item = { is: 'appointment', visitId: ids.visitId, ...appointment, status: 'cancelled', versionId: '2', updatedAt: later(1).toISOString() }
    await apply(
      engine,
      'clinical.take-appointment',
      { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: later(2).toISOString(), item },
      later(2),
    )
    expect(await hub.api.stores.visits.find(hub.tenantId, ids.visitId)).to.include({ status: 'cancelled' })
    expectServed()
  })

  it('forgets a chart, remembers that it was not the patient’s, and believes no write-back from before', async () => {
    const engine = as('hub_engine')
    const { ids } = await patient(engine)
    const kept = envelopeOf()
    await apply(engine, 'clinical.keep-chart', { ...ids, found: { patientRef: 'Patient/13', how: 'chosen', notRefs: [] } }, hub.now, kept)
    expectServed()
    const desk = as('hub_api')
    const since = (await desk.visits.find(hub.tenantId, ids.visitId))?.chart?.since
    const wish = { knownSince: new Date(since ?? 0), reason: 'another-person' } as const
    expect((await desk.visits.forgetChart(hub.tenantId, ids.visitId, wish, 'user:desk', later(5))).is).to.equal('forgotten')
    expectServed()
    const after = as('hub_engine')
    await apply(after, 'clinical.keep-chart', { ...ids, found: { patientRef: 'Patient/13', how: 'chosen', notRefs: [] } }, later(6), kept)
    const known = await after.phi.readChart(hub.tenantId, ids.patientId, 'ehr-writeback', 'service:engine-1', later(6))
    expect(known).to.deep.equal({ patientRef: null, forgottenRefs: ['Patient/13'] })
    expectServed()
  })

  it('asks about the day that a visit was moved to, and lets the items of one that is off follow it', async () => {
    const { link, envelope } = await submittedIntake(hub)
    const engine = as('hub_engine')
    await apply(engine, 'clinical.attach-patient', envelope.payload, hub.now, envelope)
    await apply(engine, 'billing.open-eligibility', envelope.payload)
    const moved = { change: 'moved', startsAt: new Date('2026-02-16T16:00:00Z'), endsAt: new Date('2026-02-16T16:20:00Z') } as const
    expect((await hub.api.stores.visits.change(hub.tenantId, link.visitId, 1, moved, 'user:desk', hub.now)).is).to.equal('changed')
    const { patientId } = envelope.payload as { patientId: string }
    const told = {
      visitId: link.visitId,
      intakeId: link.intakeId,
      patientId,
      by: 'clinic',
      startsAt: '2026-02-16T16:00:00.000Z',
      endsAt: '2026-02-16T16:20:00.000Z',
    }
    for (const name of ['billing.take-visit-change', 'messaging.follow-visit']) await apply(engine, name, { ...told, change: 'moved', status: 'booked' })
    const day = 'SELECT service_date::text AS day FROM billing.eligibility_requests WHERE intake_id = $1'
    expect((await hub.owner.query(day, [link.intakeId])).rows).to.deep.equal([{ day: '2026-02-16' }])
    const off = { change: 'cancelled', reason: 'patient-asked' } as const
    expect((await hub.api.stores.visits.change(hub.tenantId, link.visitId, 2, off, 'user:desk', later(1))).is).to.equal('changed')
    for (const name of ['billing.take-visit-change', 'messaging.follow-visit'])
      await apply(engine, name, { ...told, change: 'cancelled', status: 'cancelled' }, later(2))
    expectServed()
  })

  /** Begins a comparison with the old scheduler. */
  async function beginRun(engine: Stores, now: Date): Promise<{ runId: string; from: string; after: null }> {
    expect(await engine.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now })).to.equal(true)
    const run = await hub.owner.query<{ runId: string; from: Date }>(
      'SELECT compare_run AS "runId", compare_from AS "from" FROM clinical.schedules WHERE tenant_id = $1',
      [hub.tenantId],
    )
    const { runId, from } = run.rows[0] ?? { runId: '', from: now }
    return { runId, from: from.toISOString(), after: null }
  }

  it('copies a visit to the old scheduler, compares both sides, lists what differs and hands the appointments over', async () => {
    const config = { baseUrl: 'http://127.0.0.1:1', timeZone: 'America/Chicago' }
    await hub.api.stores.connectionAdmin.save(hub.tenantId, 'legacy-scheduler', config, { apiKey: 'key-of-a-test' }, 'user:admin', hub.now)
    const admin = as('hub_api')
    expect(await admin.scheduler.setDualRun(hub.tenantId, true, 'user:admin', hub.now)).to.equal('changed')
    const { visitId, startsAt, endsAt } = await newLink(hub)
    const engine = as('hub_engine')
    await apply(engine, 'clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'L-1', revision: 1, version: 1 })
    expect(await engine.scheduleRounds.due(later(1))).to.deep.equal([hub.tenantId])
    const run = await beginRun(engine, later(1))
    const listed = { legacyId: 'L-1', revision: 2, visitId, status: 'booked', startsAt, endsAt, practitioner: 'Dr. Ada Moss' }
    const page = { ...run, appointments: [listed, { ...listed, legacyId: 'L-2', visitId: null }], unreadable: ['L-3'] }
    await apply(engine, 'clinical.compare-listed', { ...page, next: null }, later(2))
    expectServed()
    const shown = as('hub_api')
    const first = await shown.scheduler.differences(hub.tenantId, { limit: 2 })
    expect(first.items).to.have.length(2)
    await shown.scheduler.differences(hub.tenantId, { limit: 2, cursor: first.nextCursor ?? undefined })
    await shown.scheduler.state(hub.tenantId)
    const started = await shown.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', later(3))
    if (started.is !== 'started') throw new Error(started.is)
    expect(await shown.scheduler.giveUp(hub.tenantId, started.handoverId, 'user:admin', later(3))).to.equal('given-up')
    expectServed()
  })

  it('keeps the chart’s word while appointments change hands, tells it after, and decides what a person changed there', async () => {
    const { visitId, startsAt, endsAt } = await newLink(hub)
    await apply(as('hub_engine'), 'clinical.record-mirrored', { is: 'copied', visitId, legacyId: 'L-5', revision: 1, version: 1 })
    const handover = await hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', later(4))
    if (handover.is !== 'started') throw new Error(handover.is)
    const engine = as('hub_engine')
    const item = { is: 'appointment', visitId, status: 'booked', startsAt: '2026-02-12T16:00:00.000Z', endsAt: '2026-02-12T16:20:00.000Z' }
    const word = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: later(4).toISOString() }
    await apply(engine, 'clinical.take-appointment', { ...word, item: { ...item, versionId: '2', updatedAt: later(4).toISOString() } }, later(4))
    expectServed()
    expect(await as('hub_api').scheduler.giveUp(hub.tenantId, handover.handoverId, 'user:admin', later(5))).to.equal('given-up')
    expectServed()
    const round = as('hub_engine')
    expect(await round.scheduleRounds.begin(hub.tenantId, { process: 'engine-1', now: later(6) })).to.equal(true)
    const told = await hub.owner.query('SELECT told_at AS at FROM clinical.withheld_words WHERE tenant_id = $1 AND visit_id = $2', [hub.tenantId, visitId])
    expect(told.rows).to.deep.equal([{ at: later(6) }])

    await apply(round, 'clinical.record-mirrored', { is: 'refused', visitId, code: 'changed-there' }, later(7))
    const there = { legacyId: 'L-5', revision: 3, visitId, status: 'booked', startsAt, endsAt, practitioner: 'Dr. Other' }
    const run = await beginRun(round, later(30))
    await apply(round, 'clinical.compare-listed', { ...run, appointments: [there], unreadable: [], next: null }, later(30))
    const difference = await hub.owner.query<{ id: string }>(
      `SELECT id FROM clinical.schedule_differences WHERE tenant_id = $1 AND visit_id = $2 AND kind = 'changed-there' AND closed_at IS NULL`,
      [hub.tenantId, visitId],
    )
    expectServed()
    const decision = { decisionId: randomUUID(), counts: 'theirs', reason: 'people-there-say-so', hereRevision: 1, thereRevision: 3 } as const
    const { scheduler } = as('hub_api')
    for (const is of ['decided', 'same'])
      expect(await scheduler.decide(hub.tenantId, difference.rows[0]?.id ?? '', decision, 'user:admin', later(31))).to.equal(is)
    expectServed()
  })

  it('takes an appointment of the old scheduler while that owns them', async () => {
    await hub.owner.query(`UPDATE clinical.schedules SET owner = 'legacy-scheduler', handover_id = NULL WHERE tenant_id = $1`, [hub.tenantId])
    const engine = as('hub_engine')
    const item = (revision: number) => ({
      ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: hub.now.toISOString() },
      item: { is: 'appointment', legacyId: 'L-9', revision },
    })
    const there = { legacyId: 'L-9', visitId: null, practitioner: 'Dr. Imani Reyes', ehrPatientId: 'pat-7', byPeople: true }
    const times = { startsAt: '2026-02-09T16:00:00.000Z', endsAt: '2026-02-09T16:20:00.000Z' }
    for (const [revision, status] of [
      [1, 'booked'],
      [2, 'noshow'],
    ] as const) {
      await apply(engine, 'clinical.note-legacy-item', item(revision))
      await apply(engine, 'clinical.take-legacy', { ...there, ...times, revision, status })
    }
    const taken = await hub.owner.query(
      `SELECT a.status::text AS status FROM clinical.appointments a JOIN clinical.schedule_links l ON l.visit_id = a.id AND l.tenant_id = a.tenant_id WHERE l.legacy_id = 'L-9'`,
    )
    expect(taken.rows).to.deep.equal([{ status: 'noshow' }])
    expectServed()
  })
})
