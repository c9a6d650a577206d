import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { fhir } from '../adapter.ts'
import { keyOfPatient } from '../appointments/booking.ts'
import { contextOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import type { VisitV3 } from '../mapping/index.ts'
import { patient, startEhr } from '../testing/ehr.ts'

/** The clinic gives the appointment of a visit to Bert: whatever the hub has to say of it is refused, and Bert’s appointment stays as it is. */
describe('an appointment that names another patient by now', () => {
  let sim: Simulator
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())

  const context = () => contextOf(sim.url)
  const staff = () => staffOf(sim)
  const writeVisit = (visit: VisitV3) => fhir.operations.writeVisit.call(visit, context())
  const refusal = { is: 'rejected', value: { codes: ['appointment-of-another'], paths: [] as string[] } }
  const whole = { is: 'rejected', value: { codes: ['appointment-of-another'], paths: ['Appointment'] } }
  const bert = async (): Promise<string> => `Patient/${(await staff().put(patient({ name: [{ family: 'Bertram', given: ['Bert'] }] }))).id}`
  const person = (reference: string) => ({ status: 'accepted', actor: { reference } })

  async function written(changes: Partial<VisitV3> = {}) {
    const visit = newVisitV3(changes)
    const answer = await writeVisit(visit)
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    const { patientRef, appointmentRef, appointment } = answer.value
    const patientKey = await keyOfPatient(patientRef, context().locks)
    return { visit: { ...visit, agreed: appointment, patientRef }, patientRef, appointmentRef, patientKey }
  }
  async function given(ref: string, ...to: object[]): Promise<unknown> {
    const others = (await staff().one(ref)).participant.filter((one: { actor?: { reference?: string } }) => !one.actor?.reference?.startsWith('Patient/'))
    return staff().change(ref, { participant: [...others, ...to] })
  }
  const change = ({ visitId, patientId, startsAt, endsAt, practitioner, agreed }: VisitV3, changes: object = {}, ctx = context()) =>
    fhir.operations.writeAppointment.call(
      { ...{ visitId, patientId, patientKey: null, startsAt, endsAt, practitioner, agreed }, status: 'cancelled', ...changes },
      ctx,
    )

  for (const [what, changes] of [
    ['with nothing agreed on', { agreed: null }],
    ['after both agreed', {}],
  ] as const) {
    it(`gets no answer of the payer and no correction, ${what}`, async () => {
      const { visit, appointmentRef, patientKey } = await written({ coverageStatus: 'draft' })
      await given(appointmentRef, person(await bert()))
      const before = await staff().one(appointmentRef)
      for (const key of [null, patientKey]) {
        expect(await writeVisit({ ...visit, coverageStatus: 'active', ...changes, patientKey: key })).to.deep.equal(whole)
        expect(await fhir.operations.writeVisit.reconcile?.({ ...visit, coverageStatus: 'active', patientKey: key }, context())).to.deep.equal(whole)
      }
      expect(await staff().one(appointmentRef)).to.deep.equal(before)
      expect((await staff().all('Coverage'))[0], 'nor is anything else of the visit written').to.include({ status: 'draft' })
    })
  }

  it('is given away between our look and our write, and still gets nothing', async () => {
    const to = await bert()
    for (const { is, write } of [
      { is: whole, write: (visit: VisitV3, url: string) => fhir.operations.writeVisit.call({ ...visit, practitioner: 'Dr. Other' }, contextOf(url)) },
      { is: refusal, write: (visit: VisitV3, url: string) => change(visit, {}, contextOf(url)) },
    ]) {
      const { visit, appointmentRef } = await written()
      const slow = await beforeWrites(sim.url, () => given(appointmentRef, person(to)))
      expect(await write(visit, slow.url)).to.deep.equal(is)
      await slow.stop()
      const { participant, status } = await staff().one(appointmentRef)
      expect([JSON.stringify(participant).includes(to), status]).to.deep.equal([true, 'booked'])
    }
  })

  it('is neither cancelled nor moved for the former one, and is not called the same either', async () => {
    const { visit, appointmentRef, patientKey } = await written()
    await given(appointmentRef, person(await bert()))
    const before = await staff().one(appointmentRef)
    const moved = { startsAt: '2026-12-03T10:00:00.000Z', endsAt: '2026-12-03T10:30:00.000Z', status: 'booked' }
    for (const known of [{}, { patientKey }, { patientKey, patientId: null }]) {
      expect(await change(visit, known)).to.deep.equal(refusal)
      expect(await change(visit, { ...known, ...moved })).to.deep.equal(refusal)
      expect(await change(visit, { ...known, status: 'booked' }), 'says so already').to.deep.equal(refusal)
    }
    expect(await staff().one(appointmentRef)).to.deep.equal(before)
  })

  it('is not called off for both where it names another beside ours, and the form is written all the same', async () => {
    const { visit, appointmentRef, patientRef } = await written({ coverageStatus: 'draft' })
    await given(appointmentRef, person(await bert()), person(patientRef))
    const before = await staff().one(appointmentRef)
    expect(await change(visit)).to.deep.equal(refusal)
    expect(await writeVisit({ ...visit, coverageStatus: 'active', appointmentStatus: 'cancelled' })).to.include({ is: 'ok' })
    expect(await staff().one(appointmentRef)).to.deep.equal(before)
    expect((await staff().all('Coverage'))[0]).to.include({ status: 'active' })
  })

  it('is nobody’s word where it names a mere name', async () => {
    const { visit, appointmentRef } = await written()
    await given(appointmentRef, { status: 'accepted', actor: { type: 'Patient', display: 'Bert Bertram' } })
    expect([await change(visit), await writeVisit(visit)]).to.deep.equal([refusal, whole])
  })

  it('is ours again when the clinic puts our patient back, or a chart that became ours', async () => {
    const { visit, appointmentRef, patientRef } = await written()
    await given(appointmentRef, person(await bert()))
    expect(await change(visit)).to.deep.equal(refusal)
    await given(appointmentRef, person(`${sim.url}/${patientRef}/_history/1`))
    expect(await writeVisit(visit)).to.include({ is: 'ok' })
    const older = await bert()
    await staff().merge(older, patientRef)
    await given(appointmentRef, person(older))
    expect(await change(visit)).to.have.nested.property('value.state', 'written')
    expect((await staff().one(appointmentRef)).status).to.equal('cancelled')
  })

  it('follows the patient into the right chart, where it still names the wrong one that the hub wrote', async () => {
    const { visit, appointmentRef, patientRef: wrong, patientKey } = await written()
    await staff().change(wrong, { identifier: [] })
    const right = await bert()
    expect(await writeVisit({ ...visit, patientRef: right })).to.deep.equal(whole)
    expect(await writeVisit({ ...visit, patientRef: right, patientKey })).to.have.nested.property('value.patientRef', right)
    expect(JSON.stringify((await staff().one(appointmentRef)).participant))
      .to.contain(right)
      .and.not.to.contain(wrong)
  })
})

/** The same EHR, where somebody there is faster once: `first` is done when our first write arrives, and before it is handed on. */
async function beforeWrites(url: string, first: () => Promise<unknown>) {
  let done: Promise<unknown> | undefined
  const server = createServer((request, response) => {
    const isWrite = request.method === 'PUT' || (request.method === 'POST' && !request.url?.includes('_search'))
    if (isWrite) done ??= first()
    void Promise.resolve(isWrite && done).then(() => {
      const { method, headers } = request
      const onwards = ask(new URL(request.url ?? '', url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      request.pipe(onwards)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => new Promise<void>((resolve) => void server.close(() => resolve())) }
}
