import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

/** What the chart and the hub say of one visit, through the applies that the flows call. */
describe('a visit and its chart', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const apply = (name: string, input: unknown, envelope: Envelope, now = hub.now) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now })
  const types = async (): Promise<string[]> => (await drainAll(hub, 'clinical')).map((row) => row.envelope.type)
  const minutes = (n: number): Date => new Date(hub.now.getTime() + n * 60_000)

  /** A visit whose form was sent, and what enters the write-back of its chart. */
  async function answered(version = 2) {
    const { link, envelope } = await submittedIntake(hub)
    await apply('clinical.attach-patient', envelope.payload, envelope)
    await drainAll(hub, 'clinical')
    const { patientId } = envelope.payload as { patientId: string }
    const ids = { intakeId: link.intakeId, patientId, visitId: link.visitId }
    const outcome = { ...ids, requestId: randomUUID(), coverageId: randomUUID(), payerId: 'HELIO1', payerName: 'Helio', reasonCodes: [], manual: false }
    const root = (at: Date, aggregateVersion: number, verdict = 'active'): Envelope => {
      const id = randomUUID()
      return {
        ...envelope,
        ...{ id, rootId: id, type: 'eligibility.succeeded.v1', contract: 'EligibilityOutcome.v1', aggregateVersion, occurredAt: at.toISOString() },
        payload: { ...outcome, verdict },
      }
    }
    const state = { status: 'booked', startsAt: link.startsAt, endsAt: link.endsAt }
    const refs = { patientRef: 'Patient/77', coverageRef: 'Coverage/8', appointmentRef: 'Appointment/9', eligibilityRefs: [], appointment: state }
    const written = { ...ids, outcome: 'written', refs, codes: [] }
    const refused = (code: string) => ({ ...ids, outcome: 'refused', refs: null, codes: [code] })
    return { link, ids, root, state, refs, written, refused, first: root(hub.now, version) }
  }
  const chartOf = (patientId: string) => hub.engine.stores.phi.readChart(hub.tenantId, patientId, 'ehr-writeback', 'service:engine-1', hub.now)
  const incidents = async (visitId: string): Promise<string[]> => {
    const page = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
    return page.items.filter((item) => item.about.id === visitId).map((item) => item.kind)
  }

  it('knows the chart that a person chose, and the one that was written, and seals both', async () => {
    const { ids, first, written } = await answered()
    expect(await chartOf(ids.patientId)).to.deep.equal({ patientRef: null, forgottenRefs: [] })
    const chosen = { ...ids, found: { patientRef: 'Patient/12', how: 'chosen', notRefs: [] } }
    await apply('clinical.keep-chart', chosen, first)
    expect(await chartOf(ids.patientId)).to.deep.equal({ patientRef: 'Patient/12', forgottenRefs: [] })
    await apply('clinical.record-chart', written, first)
    expect(await chartOf(ids.patientId)).to.deep.equal({ patientRef: 'Patient/77', forgottenRefs: [] })
    const rows = await hub.owner.query(`SELECT c::text FROM clinical.charts c UNION ALL SELECT a::text FROM clinical.appointments a`)
    expect(JSON.stringify(rows.rows)).to.not.match(/Patient\/(12|77)/)
    const read = await hub.owner.query(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = 'phi.open-document' AND purpose = 'ehr-writeback'`)
    expect(read.rows[0].n, 'each read is audited').to.equal(2)
  })

  it('goes by the id that the desk gave until something newer is known', async () => {
    const { ids } = await answered()
    const made = await hub.api.stores.clinic.createVisit(
      hub.tenantId,
      { startsAt: '2026-02-10T16:00:00Z', minutes: 20, practitioner: 'Dr. Reyes', ehrPatientId: 'abc-1' },
      { token: randomUUID(), tokenSha256: randomUUID().replaceAll('-', '').repeat(2), expiresAt: new Date('2026-02-11T00:00:00Z') },
      'user:desk',
      hub.now,
    )
    if (typeof made === 'string') throw new Error(made)
    await hub.owner.query('UPDATE clinical.appointments SET patient_id = $2 WHERE id = $1', [made.visitId, ids.patientId])
    expect(await chartOf(ids.patientId)).to.deep.equal({ patientRef: 'Patient/abc-1', forgottenRefs: [] })
  })

  it('writes once more when an older answer was written after a newer one, with the newest', async () => {
    const { first, root, written } = await answered()
    const newer = root(minutes(2), 5, 'inactive')
    await apply('clinical.record-chart', written, newer)
    expect(await types()).to.deep.equal(['ehr.writeback.completed.v1'])
    await apply('clinical.record-chart', written, first)
    const rows = await drainAll(hub, 'clinical')
    expect(rows.map((row) => row.envelope.type)).to.have.members(['ehr.writeback.completed.v1', 'ehr.writeback-again.v1'])
    const again = rows.find((row) => row.envelope.type === 'ehr.writeback-again.v1')?.envelope
    expect(again?.aggregateVersion).to.equal(5)
    expect(again?.payload).to.include({ verdict: 'inactive' })
    if (!again) return
    await apply('clinical.record-chart', written, again)
    expect(await types(), 'the newest was written: that is the end').to.deep.equal(['ehr.writeback.completed.v1'])
  })

  it('searches again three times when the chart changes under the write, and then tells a person', async () => {
    const { first, ids, refused } = await answered()
    let root = first
    for (let round = 0; round < 3; round += 1) {
      await apply('clinical.record-chart', refused('chart-appeared'), root)
      const [row, ...more] = await drainAll(hub, 'clinical')
      expect([row?.envelope.type, more.length]).to.deep.equal(['ehr.writeback-again.v1', 0])
      root = row?.envelope ?? root
    }
    await apply('clinical.record-chart', refused('chart-appeared'), root)
    expect(await types()).to.deep.equal(['ehr.writeback.failed.v1'])
    expect(await incidents(ids.visitId)).to.deep.equal(['duplicate-chart'])
  })

  it('forgets a chart that the EHR no longer has, and looks for it anew', async () => {
    const { first, ids, refused, written, root } = await answered()
    await apply('clinical.record-chart', written, first)
    await apply('clinical.record-chart', refused('chart-gone'), root(minutes(1), 3))
    expect(await chartOf(ids.patientId)).to.deep.equal({ patientRef: null, forgottenRefs: [] })
    expect(await types()).to.have.members(['ehr.writeback.completed.v1', 'ehr.writeback-again.v1'])
  })

  const seen = (visitId: string, more: object) => ({
    ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: hub.now.toISOString() },
    item: { is: 'appointment', visitId, status: 'booked', startsAt: null, endsAt: null, versionId: '2', updatedAt: minutes(1).toISOString(), ...more },
  })
  const visitOf = async (visitId: string) => {
    const found = await hub.owner.query(`SELECT status::text AS status, starts_at AS "startsAt", revision FROM clinical.appointments WHERE id = $1`, [visitId])
    return found.rows[0] as { status: string; startsAt: Date; revision: number }
  }

  it('takes a newer word of the chart, and not an older one', async () => {
    const { first, ids, written, root } = await answered()
    await apply('clinical.record-chart', written, first)
    await drainAll(hub, 'clinical')
    const moved = { startsAt: '2026-02-09T18:30:00Z', endsAt: '2026-02-09T18:50:00Z', versionId: '10', updatedAt: minutes(5).toISOString() }
    await apply('clinical.take-appointment', seen(ids.visitId, moved), root(hub.now, 1))
    const [row] = await drainAll(hub, 'clinical')
    expect(row?.envelope.payload).to.include({ change: 'moved', by: 'ehr', startsAt: '2026-02-09T18:30:00.000Z', endsAt: '2026-02-09T18:50:00.000Z' })
    await apply('clinical.take-appointment', seen(ids.visitId, { status: 'cancelled', versionId: '9' }), root(hub.now, 1))
    expect(await types()).to.deep.equal([])
    expect(await visitOf(ids.visitId)).to.include({ status: 'booked', revision: 2 })
  })

  it('takes what was changed in the chart before a write-back that left it alone, and only then agrees', async () => {
    const { first, ids, written, refs, root, state } = await answered()
    await apply('clinical.record-chart', written, first)
    await apply('clinical.record-chart', { ...written, refs: { ...refs, appointment: null } }, root(minutes(6), 3, 'inactive'))
    await drainAll(hub, 'clinical')
    const agreed = await hub.engine.stores.phi.readVisit(hub.tenantId, ids.visitId)
    expect(agreed.agreed?.startsAt).to.equal(new Date(state.startsAt).toISOString())
    const moved = { startsAt: '2026-02-09T18:30:00Z', endsAt: '2026-02-09T18:50:00Z', updatedAt: minutes(5).toISOString() }
    await apply('clinical.take-appointment', seen(ids.visitId, moved), root(hub.now, 1))
    expect((await visitOf(ids.visitId)).startsAt.toISOString()).to.equal('2026-02-09T18:30:00.000Z')
    await drainAll(hub, 'clinical')
  })

  it('tells somebody when the EHR refuses to be told of a change, until both say the same or it was changed again', async () => {
    const { first, ids, written, root, state } = await answered()
    await apply('clinical.record-chart', written, first)
    const refusedToHear = { visitId: ids.visitId, outcome: 'refused', appointment: null, codes: ['business-rule'] }
    await apply('clinical.record-appointment', refusedToHear, root(hub.now, 1))
    expect(await incidents(ids.visitId)).to.deep.equal(['visit-conflict'])
    await apply('clinical.record-appointment', { ...refusedToHear, outcome: 'agreed', appointment: state, codes: [] }, root(hub.now, 1))
    expect(await incidents(ids.visitId)).to.deep.equal([])
    const wish = { change: 'cancelled' as const, reason: 'patient-asked' as const }
    expect((await hub.api.stores.visits.change(hub.tenantId, ids.visitId, 1, wish, 'user:desk', minutes(9))).is).to.equal('changed')
    await apply('clinical.record-appointment', refusedToHear, root(minutes(8), 1))
    expect(await incidents(ids.visitId), 'the newer change tells the chart itself').to.deep.equal([])
    await drainAll(hub, 'clinical')
  })

  it('overwrites neither side when both were changed, and closes the matter when both say the same', async () => {
    const { first, ids, written, root, state } = await answered()
    await apply('clinical.record-chart', written, first)
    const moved = { change: 'moved' as const, startsAt: new Date('2026-02-09T20:00:00Z'), endsAt: new Date('2026-02-09T20:20:00Z') }
    expect((await hub.api.stores.visits.change(hub.tenantId, ids.visitId, 1, moved, 'user:desk', hub.now)).is).to.equal('changed')
    await drainAll(hub, 'clinical')
    await apply('clinical.take-appointment', seen(ids.visitId, { status: 'cancelled', versionId: '3' }), root(hub.now, 1))
    expect(await types()).to.deep.equal([])
    expect(await incidents(ids.visitId)).to.deep.equal(['visit-conflict'])
    expect((await visitOf(ids.visitId)).status).to.equal('booked')
    const now = { ...state, startsAt: moved.startsAt.toISOString(), endsAt: moved.endsAt.toISOString() }
    const said = { visitId: ids.visitId, outcome: 'agreed', appointment: now, codes: [] }
    await apply('clinical.record-appointment', said, root(hub.now, 1))
    expect(await incidents(ids.visitId)).to.deep.equal([])
  })

  it('changes a visit for who saw it as it is, once, and says why not else', async () => {
    const { ids } = await answered()
    const change = (revision: number, wish: Parameters<TestHub['api']['stores']['visits']['change']>[3]) =>
      hub.api.stores.visits.change(hub.tenantId, ids.visitId, revision, wish, 'user:desk', hub.now).then((changed) => changed.is)
    expect(await change(1, { change: 'no-show' })).to.equal('too-early')
    expect(await change(1, { change: 'reopened' })).to.equal('not-possible')
    expect(await change(1, { change: 'cancelled', reason: 'patient-asked' })).to.equal('changed')
    expect(await change(1, { change: 'cancelled', reason: 'patient-asked' }), 'the same click once more').to.equal('same')
    expect(await change(1, { change: 'moved', startsAt: minutes(60), endsAt: minutes(80) })).to.equal('changed-meanwhile')
    expect(await change(2, { change: 'reopened' })).to.equal('changed')
    expect(await types()).to.deep.equal(['visit.changed.v1', 'visit.changed.v1'])
    const history = await hub.api.stores.visits.find(hub.tenantId, ids.visitId)
    expect(history?.changes.map(({ change: made, reason }) => [made, reason])).to.deep.equal([
      ['reopened', null],
      ['cancelled', 'patient-asked'],
    ])
    expect((await hub.api.stores.visits.change(hub.otherTenantId, ids.visitId, 3, { change: 'cancelled' }, 'user:x', hub.now)).is).to.equal('not-found')
  })

  it('leaves a visit called off that was called off between the submit and the flow', async () => {
    const { link, envelope } = await submittedIntake(hub)
    const wish = { change: 'cancelled' as const, reason: 'patient-asked' as const }
    expect((await hub.api.stores.visits.change(hub.tenantId, link.visitId, 1, wish, 'user:desk', hub.now)).is).to.equal('changed')
    await apply('clinical.attach-patient', envelope.payload, envelope)
    expect(await visitOf(link.visitId)).to.include({ status: 'cancelled', revision: 2 })
    await drainAll(hub, 'clinical')
  })

  it('writes one change when two press at the same moment', async () => {
    const { ids } = await answered()
    const press = (reason: 'clinic-closed' | 'other') =>
      hub.api.stores.visits.change(hub.tenantId, ids.visitId, 1, { change: 'cancelled', reason }, 'user:desk', hub.now).then((changed) => changed.is)
    const both = await Promise.all([press('clinic-closed'), press('other')])
    expect(both.sort()).to.deep.equal(['changed', 'same'])
    expect(await types()).to.deep.equal(['visit.changed.v1'])
  })
})
