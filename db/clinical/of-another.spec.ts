import { randomBytes, randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { drainAll, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

/** A visit that was booked here; the clinic's EHR gives its appointment to Bert, and back. */
describe('an appointment that was given to another patient', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const apply = (name: string, input: unknown, envelope: Envelope) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now: hub.now })
  const keyOf = (ref: string): Promise<string> => hub.engine.stores.locks.keyOf(hub.tenantId, ['ehr-patient', ref])

  /** Its form was sent, and the EHR has it under Patient/77, or (`refused`) says that it is another's. */
  async function written({ refused = false } = {}) {
    const { link, envelope } = await submittedIntake(hub)
    await apply('clinical.attach-patient', envelope.payload, envelope)
    const { patientId } = envelope.payload as { patientId: string }
    const ids = { intakeId: link.intakeId, patientId, visitId: link.visitId }
    const state = { status: 'booked', startsAt: link.startsAt, endsAt: link.endsAt }
    const root = (): Envelope => {
      const id = randomUUID()
      const outcome = { requestId: randomUUID(), coverageId: randomUUID(), payerId: 'HELIO1', payerName: 'Helio', reasonCodes: [], manual: false }
      return {
        ...envelope,
        ...{ id, rootId: id, type: 'eligibility.succeeded.v1', contract: 'EligibilityOutcome.v1', aggregateVersion: 2, occurredAt: hub.now.toISOString() },
        payload: { ...ids, ...outcome, verdict: 'active' },
      }
    }
    const refs = { patientRef: 'Patient/77', coverageRef: 'Coverage/8', appointmentRef: 'Appointment/9', eligibilityRefs: [], appointment: state }
    const yes = { ...ids, outcome: 'written', refs, codes: [] }
    const no = { ...ids, outcome: 'refused', refs: null, codes: ['appointment-of-another'] }
    await apply('clinical.record-chart', refused ? no : yes, root())
    await drainAll(hub, 'clinical')
    const visitId = link.visitId
    return {
      ...{ ids, visitId, root, yes, no },
      told: (outcome: 'agreed' | 'refused') =>
        apply(
          'clinical.record-appointment',
          {
            ...{ visitId, outcome, appointment: outcome === 'agreed' ? state : null, codes: outcome === 'agreed' ? [] : ['appointment-of-another'] },
          },
          root(),
        ),
      hears: (versionId: string, patientKey: string | null, more: object = {}) =>
        apply(
          'clinical.take-appointment',
          {
            ...{ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: hub.now.toISOString() },
            item: {
              ...{ is: 'appointment', visitId, status: 'booked', startsAt: null, endsAt: null, versionId, patientKey },
              ...{ updatedAt: new Date(hub.now.getTime() + Number(versionId) * 60_000).toISOString(), ...more },
            },
          },
          root(),
        ),
    }
  }
  const open = async (visitId: string): Promise<string[]> => {
    const page = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
    return page.items.filter((item) => item.about.id === visitId).map(({ kind, partner }) => `${partner} ${kind}`)
  }
  const state = async (visitId: string) => {
    const found = await hub.owner.query(
      `SELECT a.status::text AS status, a.starts_at AS "startsAt", a.writeback::text AS writeback, a.ehr_patient_key AS key, s.revoked_at IS NOT NULL AS revoked
       FROM clinical.appointments a JOIN identity.intake_sessions s ON s.id = a.intake_id WHERE a.id = $1`,
      [visitId],
    )
    return found.rows[0] as { status: string; startsAt: Date; writeback: string; key: string | null; revoked: boolean }
  }

  it('is noticed at a visit that was booked here, by whom the write-back named, and travels with the next write', async () => {
    const { visitId, hears } = await written()
    const anna = await keyOf('Patient/77')
    expect((await state(visitId)).key).to.equal(anna)
    expect((await hub.engine.stores.phi.readVisit(hub.tenantId, visitId)).patientKey).to.equal(anna)
    await hears('2', anna)
    expect([await open(visitId), (await state(visitId)).revoked]).to.deep.equal([[], false])
    const before = await state(visitId)
    await hears('3', await keyOf('Patient/bert'), { startsAt: '2026-02-11T16:00:00.000Z', status: 'cancelled' })
    expect(await open(visitId)).to.deep.equal(['fhir appointment-of-another'])
    expect(await state(visitId), 'nothing is taken of what is about somebody else').to.deep.equal({ ...before, revoked: true })
    await hears('4', anna)
    expect(await open(visitId), 'ours again').to.deep.equal([])
  })

  it('is noticed by a write before the chart told of it, and nothing of the other’s is taken where nobody knows whom it named', async () => {
    const { visitId, hears, yes, root } = await written({ refused: true })
    expect([await state(visitId), await open(visitId)]).to.deep.equal([
      { ...(await state(visitId)), writeback: 'refused', key: null, revoked: true },
      ['fhir appointment-of-another'],
    ])
    const { startsAt } = await state(visitId)
    await hears('3', await keyOf('Patient/bert'), { startsAt: '2026-02-11T16:00:00.000Z' })
    await hears('4', null, { status: 'cancelled' })
    expect(await state(visitId))
      .to.include({ status: 'booked' })
      .and.deep.include({ startsAt })
    await apply('clinical.record-chart', yes, root())
    expect(await open(visitId), 'a write went through: it is ours').to.deep.equal([])
  })

  it('is said at the desk, and its link is not made anew meanwhile', async () => {
    const { visitId, ids, hears } = await written()
    const { visits, clinic, desk } = hub.api.stores
    const said = async () => {
      const { startsAt } = await state(visitId)
      const { items } = await desk.between(hub.tenantId, startsAt, new Date(startsAt.getTime() + 1), 500, hub.now)
      return [(await visits.find(hub.tenantId, visitId))?.ofAnother, items.find(({ journey }) => journey.visitId === visitId)?.ofAnother]
    }
    const renew = () => {
      const link = { token: randomUUID(), tokenSha256: randomBytes(32).toString('hex'), expiresAt: new Date(hub.now.getTime() + 3_600_000) }
      return clinic.renewLink(hub.tenantId, ids.intakeId, link, 'user:desk', 'c-1', hub.now)
    }
    await hub.owner.query(
      `INSERT INTO reporting.journeys (tenant_id, intake_id, visit_id, starts_at, first_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
       ON CONFLICT (tenant_id, intake_id) DO UPDATE SET starts_at = excluded.starts_at, visit_id = excluded.visit_id`,
      [hub.tenantId, ids.intakeId, visitId, (await state(visitId)).startsAt, hub.now],
    )
    expect(await said()).to.deep.equal([false, false])
    await hears('3', await keyOf('Patient/bert'))
    expect([await said(), await renew()]).to.deep.equal([[true, true], 'of-another'])
    expect((await state(visitId)).revoked).to.equal(true)
    const [incident] = (await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })).items.filter((one) => one.about.id === visitId)
    await hub.api.stores.incidents.close(hub.tenantId, incident?.id ?? '', 'other', 'user:ops', hub.now)
    expect([await said(), await renew()], 'a person saw to it').to.deep.equal([[false, false], 'renewed'])
    await hears('4', await keyOf('Patient/bert'))
    expect([(await state(visitId)).revoked, await open(visitId)], 'the chart says it once more').to.deep.equal([true, ['fhir appointment-of-another']])
  })

  it('is told when a change of ours was refused for it, also where the visit was changed again since', async () => {
    const { visitId, told } = await written()
    const wish = { change: 'cancelled' as const, reason: 'patient-asked' as const }
    expect((await hub.api.stores.visits.change(hub.tenantId, visitId, 1, wish, 'user:desk', new Date(hub.now.getTime() + 60_000))).is).to.equal('changed')
    await told('refused')
    expect([await open(visitId), (await state(visitId)).revoked]).to.deep.equal([['fhir appointment-of-another'], true])
    await told('refused')
    expect(await open(visitId)).to.have.length(1)
    await told('agreed')
    expect(await open(visitId)).to.deep.equal([])
  })
})
