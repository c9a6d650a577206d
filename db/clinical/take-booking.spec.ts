import { randomUUID } from 'node:crypto'
import type { EhrBooking } from '@heliox/core/clinical'
import { expect } from 'chai'
import { apply, as, besideOldScheduler, events, handOver, hub, now, visit, visits } from './schedule-testing.ts'
import { visitIdOfBooking } from './take-booking.ts'

type Booking = NonNullable<EhrBooking['booking']>
const appointmentId = 'a-471'

describe('an appointment that the clinic makes in its EHR', function () {
  this.timeout(60_000)
  besideOldScheduler()

  const received = (item: object) => ({ itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: now.toISOString(), item })
  const note = (id = appointmentId) => apply('clinical.note-booking', received({ is: 'booking', appointmentId: id }))
  const due = async () => (await events('ehr.booking-due.v1')).map(({ payload }) => payload as { appointmentId: string; visitId: string })
  const take = (visitId: string, changes: Partial<Booking> = {}) =>
    apply('clinical.take-booking', {
      ...{ appointmentId, visitId },
      booking: {
        ...{ startsAt: '2026-02-09T16:00:00.000Z', endsAt: '2026-02-09T16:20:00.000Z', practitioner: 'Dr. Imani Reyes', patientRef: 'Patient/77' },
        ...{ versionId: '4', updatedAt: '2026-02-02T14:59:00.000Z', patientKey: 'a'.repeat(64) },
        contact: { givenName: 'Ana', familyName: 'Núñez', birthDate: '1984-02-29', phone: '(312) 555-0142', email: 'ana@example.com', language: 'es' },
        ...changes,
      },
    })
  const contact = async (visitId: string) => (await hub.api.stores.contacts.read(hub.tenantId, [visitId], 'front-desk', 'user:desk', now)).get(visitId)
  const idOf = () => visitIdOfBooking(hub.tenantId, appointmentId)

  it('is asked for once it is seen, and becomes one visit, however often it is told', async () => {
    await note()
    await note()
    expect(await due()).to.deep.equal([0, 1].map(() => ({ appointmentId, visitId: idOf() })))
    await Promise.all([take(idOf()), take(idOf()), take(idOf())])
    expect(await visits()).to.have.length(1)
    await note()
    expect(await due(), 'it is here').to.have.length(0)
  })

  it('has a link that the desk can send, its patient’s contact as one types it here, and its chart', async () => {
    await take(idOf())
    const made = await visit(idOf())
    expect(made).to.include({ status: 'booked', practitioner: 'Dr. Imani Reyes', ehrVersion: '4', agreedStatus: 'booked' })
    expect(await contact(idOf())).to.include({ familyName: 'Núñez', phone: '+13125550142', email: 'ana@example.com', language: 'es', smsAllowed: false })
    const { rows } = await hub.owner.query<{ chart: string | null; link: boolean }>(
      `SELECT a.chart_document_id AS chart, EXISTS (SELECT 1 FROM identity.intake_links l WHERE l.intake_id = a.intake_id) AS link FROM clinical.appointments a
       WHERE a.id = $1`,
      [idOf()],
    )
    expect([rows[0]?.chart !== null, rows[0]?.link]).to.deep.equal([true, true])
    const told = JSON.stringify(await events('visit.created.v1'))
    expect(told)
      .to.contain(idOf())
      .and.not.to.match(/Núñez|555|Patient\/77/)
  })

  it('keeps what can be used of its contact, in a language that the clinic speaks', async () => {
    await take(idOf(), { contact: { givenName: 'Ana', familyName: 'Núñez', birthDate: null, phone: 'call her sister', email: null, language: 'de' } })
    expect(await contact(idOf())).to.include({ phone: null, birthDate: null, language: 'en' })
    const other = visitIdOfBooking(hub.tenantId, 'a-472')
    await take(other, { contact: null })
    expect([(await visit(other))?.status, await contact(other)]).to.deep.equal(['booked', undefined])
  })

  it('follows the chart from then on', async () => {
    await take(idOf())
    const word = {
      is: 'appointment',
      visitId: idOf(),
      status: 'cancelled',
      startsAt: null,
      endsAt: null,
      versionId: '6',
      updatedAt: '2026-02-02T15:10:00.000Z',
    }
    await apply('clinical.take-appointment', received(word))
    expect(await visit(idOf())).to.include({ status: 'cancelled', changedBy: 'ehr' })
  })

  it('that names another patient later ends the link of the former one, and a person is told', async () => {
    await take(idOf())
    const revoked = async () =>
      (
        await hub.owner.query<{ is: boolean }>(
          'SELECT revoked_at IS NOT NULL AS is FROM identity.intake_sessions s JOIN clinical.appointments a ON a.intake_id = s.id WHERE a.id = $1',
          [idOf()],
        )
      ).rows[0]?.is
    const word = (versionId: string, patientKey: string, startsAt: string | null) =>
      apply('clinical.take-appointment', {
        ...received({
          is: 'appointment',
          visitId: idOf(),
          status: 'booked',
          startsAt,
          endsAt: null,
          versionId,
          updatedAt: `2026-02-02T15:1${versionId}:00.000Z`,
          patientKey,
        }),
      })
    await word('5', 'a'.repeat(64), '2026-02-10T16:00:00.000Z')
    expect([(await visit(idOf()))?.startsAt.toISOString(), await revoked()]).to.deep.equal(['2026-02-10T16:00:00.000Z', false])
    await word('6', 'b'.repeat(64), '2026-02-11T16:00:00.000Z')
    expect([(await visit(idOf()))?.startsAt.toISOString(), await revoked()], 'nothing is taken of what is about somebody else').to.deep.equal([
      ...['2026-02-10T16:00:00.000Z', true],
    ])
    const { rows } = await hub.owner.query(`SELECT kind::text, about_id FROM messaging.incidents WHERE closed_at IS NULL`)
    expect(rows).to.deep.equal([{ kind: 'appointment-of-another', about_id: idOf() }])
    await word('7', 'a'.repeat(64), '2026-02-10T16:00:00.000Z')
    const left = await hub.owner.query(`SELECT 1 FROM messaging.incidents WHERE closed_at IS NULL`)
    expect([left.rowCount, await revoked()], 'ours again: the link is for the desk to renew').to.deep.equal([0, true])
  })

  it('is no visit when it is over, or was none any more when it was read', async () => {
    await take(idOf(), { startsAt: '2026-02-01T16:00:00.000Z', endsAt: '2026-02-01T16:20:00.000Z' })
    await apply('clinical.take-booking', { appointmentId, visitId: idOf(), booking: null })
    expect(await visits()).to.deep.equal([])
  })

  for (const [when, begin] of [
    ['is left to the old scheduler where that owns the appointments', () => handOver('legacy-scheduler')],
    ['waits while appointments change hands', () => hub.api.stores.scheduler.handOver(hub.tenantId, 'legacy-scheduler', 'user:admin', now)],
  ] as const) {
    it(`${when}; one that is marked already is not lost`, async () => {
      await begin()
      await note()
      expect(await due()).to.deep.equal([])
      const refused = await take(idOf()).then(
        () => 'taken',
        (error: Error) => error.message,
      )
      expect([refused, await visits()]).to.deep.equal(['appointments changed hands while this one was marked', []])
    })
  }

  it('is told to a person where the kept file cannot be read', async () => {
    await apply('clinical.note-booking', received({ is: 'unreadable', code: 'booking' }))
    const found = await as((tx) => tx.query(`SELECT kind::text, partner FROM messaging.incidents WHERE tenant_id = $1`, [hub.tenantId]))
    expect(found.rows).to.deep.equal([{ kind: 'unreadable-file', partner: 'fhir' }])
  })

  it('is told to a person where the EHR refuses our mark', async () => {
    await apply('clinical.refuse-booking', { codes: ['no-version'], paths: [] }, { appointmentId, visitId: idOf() })
    const found = await as((tx) => tx.query(`SELECT kind::text, about_id FROM messaging.incidents WHERE tenant_id = $1`, [hub.tenantId]))
    expect(found.rows).to.deep.equal([{ kind: 'visit-conflict', about_id: idOf() }])
  })

  it('has an id that no other clinic’s appointment of the same name has', () => {
    expect(visitIdOfBooking(hub.tenantId, appointmentId)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(visitIdOfBooking(hub.otherTenantId, appointmentId)).not.to.equal(idOf())
  })
})
