import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

describe('a chart that staff let be forgotten', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const minutes = (n: number): Date => new Date(hub.now.getTime() + n * 60_000)
  const apply = (name: string, input: unknown, envelope: Envelope, now: Date) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now })
  const visits = () => hub.api.stores.visits
  const chartOf = (patientId: string) => hub.engine.stores.phi.readChart(hub.tenantId, patientId, 'ehr-writeback', 'service:engine-1', hub.now)
  const since = async (visitId: string) => (await visits().find(hub.tenantId, visitId))?.chart?.since
  const forget = (visitId: string, knownSince: string | undefined, at = minutes(5)) =>
    visits().forgetChart(hub.tenantId, visitId, { knownSince: new Date(knownSince ?? 0), reason: 'another-person' }, 'user:desk', at)
  const rows = async (sql: string, values: unknown[]) => (await hub.owner.query(sql, values)).rows
  const incidents = async (visitId: string): Promise<string[]> => {
    const page = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
    return page.items.filter((item) => item.about.id === visitId).map((item) => item.kind)
  }

  /** A visit that was written into Patient/77, and the write-back that did it, to be asked for at another time. */
  async function written(patientRef = 'Patient/77') {
    const { link, envelope } = await submittedIntake(hub)
    await apply('clinical.attach-patient', envelope.payload, envelope, hub.now)
    const { patientId } = envelope.payload as { patientId: string }
    const ids = { intakeId: link.intakeId, patientId, visitId: link.visitId }
    const outcome = { ...ids, requestId: randomUUID(), coverageId: randomUUID(), payerId: 'HELIO1', payerName: 'Helio', reasonCodes: [], manual: false }
    const asked = (at: Date, aggregateVersion: number): Envelope => {
      const id = randomUUID()
      const about = { type: 'eligibility.succeeded.v1', contract: 'EligibilityOutcome.v1', aggregateVersion, occurredAt: at.toISOString() }
      return { ...envelope, ...about, id, rootId: id, payload: { ...outcome, verdict: 'active' } }
    }
    const record = (ref: string, at: Date, version: number, now = at) => {
      const refs = { patientRef: ref, coverageRef: 'Coverage/8', appointmentRef: 'Appointment/9', eligibilityRefs: [], appointment: null }
      return apply('clinical.record-chart', { ...ids, outcome: 'written', refs, codes: [] }, asked(at, version), now)
    }
    await record(patientRef, hub.now, 2)
    return { ...ids, asked, record }
  }

  it('is searched for again, never by our identifier on that one; who said so and why is kept, and somebody is told to clean it', async () => {
    const { visitId, patientId } = await written()
    const seen = await visits().find(hub.tenantId, visitId)
    expect(seen?.chart).to.deep.equal({ since: hub.now.toISOString(), source: 'written' })
    const done = await forget(visitId, seen?.chart?.since)
    expect(done.is === 'forgotten' && done.visit.chart).to.equal(null)
    expect(await chartOf(patientId)).to.deep.equal({ patientRef: null, forgottenRefs: ['Patient/77'] })
    expect(await incidents(visitId)).to.deep.equal(['chart-forgotten'])
    const kept = await rows('SELECT reason::text, actor FROM clinical.forgotten_charts WHERE patient_id = $1', [patientId])
    expect(kept).to.deep.equal([{ reason: 'another-person', actor: 'user:desk' }])
    const audited = await rows(`SELECT actor, resource FROM compliance.audit_logs WHERE action = 'chart.forget' AND resource LIKE $1`, [`visit:${visitId}%`])
    expect(audited).to.deep.equal([{ actor: 'user:desk', resource: `visit:${visitId} another-person` }])
  })

  it('is forgotten once, and only the one that was seen', async () => {
    const { visitId, record } = await written()
    const seen = await since(visitId)
    await record('Patient/80', minutes(1), 3)
    expect((await forget(visitId, seen)).is, 'another one is known since').to.equal('changed-meanwhile')
    expect((await forget(visitId, await since(visitId))).is).to.equal('forgotten')
    expect((await forget(visitId, seen)).is).to.equal('same')
    expect((await forget(randomUUID(), seen)).is).to.equal('not-found')
    expect(
      await rows(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = 'chart.forget' AND resource LIKE $1`, [`visit:${visitId}%`]),
    ).to.deep.equal([{ n: 1 }])
  })

  it('does not come back by a write-back that was under way, and does by one that was asked for later', async () => {
    const { visitId, patientId, intakeId, record, asked } = await written()
    await forget(visitId, await since(visitId))
    await record('Patient/77', minutes(4), 3, minutes(6))
    const found = { intakeId, patientId, visitId, found: { patientRef: 'Patient/77', how: 'our-identifier', notRefs: [] } }
    await apply('clinical.keep-chart', found, asked(minutes(4), 3), minutes(6))
    expect(await chartOf(patientId)).to.deep.equal({ patientRef: null, forgottenRefs: ['Patient/77'] })
    await record('Patient/81', minutes(7), 4)
    expect(await chartOf(patientId)).to.deep.equal({ patientRef: 'Patient/81', forgottenRefs: [] })
    expect(await incidents(visitId), 'only who cleaned the old one can say so').to.deep.equal(['chart-forgotten'])
  })

  it('is nothing but taken back where the desk typed it for a visit whose form was not sent', async () => {
    const made = await hub.api.stores.clinic.createVisit(
      hub.tenantId,
      { startsAt: '2026-02-10T16:00:00Z', minutes: 20, practitioner: 'Dr. Reyes', ehrPatientId: 'abc-1' },
      { token: randomUUID(), tokenSha256: randomUUID().replaceAll('-', '').repeat(2), expiresAt: new Date('2026-02-11T00:00:00Z') },
      'user:desk',
      hub.now,
    )
    if (typeof made === 'string') throw new Error(made)
    expect((await visits().find(hub.tenantId, made.visitId))?.chart?.source).to.equal('told')
    expect((await forget(made.visitId, await since(made.visitId))).is).to.equal('forgotten')
    expect(await since(made.visitId)).to.equal(undefined)
    expect(await incidents(made.visitId)).to.deep.equal([])
  })
})
