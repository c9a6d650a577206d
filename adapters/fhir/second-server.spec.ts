import { MustChoose } from '@heliox/core/kit'
import type { Coverage } from '@medplum/fhirtypes'
import { expect } from 'chai'
import { fhir } from './adapter.ts'
import { contextOf, newVisitV3 } from './fixtures/context.ts'
import { startSecondServer } from './fixtures/second-server.ts'
import { checkHealth } from './health.ts'
import type { VisitV3 } from './mapping/index.ts'

describe('the EHR adapter at a server that others wrote', () => {
  let server: Awaited<ReturnType<typeof startSecondServer>>
  before(async function () {
    this.timeout(60_000)
    server = await startSecondServer()
  })
  after(() => server.stop())

  const write = async (visit: VisitV3) => {
    const answer = await fhir.operations.writeVisit.call(visit, contextOf(server.url, { timeoutMs: 30_000 }))
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    return answer.value
  }
  const one = async (type: 'Coverage' | 'Appointment' | 'Patient', ref: string) => (await server.all(type)).find(({ id }) => ref === `${type}/${id}`)

  it('is healthy there', async () => {
    expect(await checkHealth(contextOf(server.url))).to.include({ ok: true })
  })

  it('makes a visit, writes nothing the second time, and updates it the third', async () => {
    const visit = newVisitV3({ coverageStatus: 'draft' })
    const first = await write(visit)
    const version = (await one('Patient', first.patientRef))?.meta?.versionId
    expect(await write(visit)).to.deep.equal(first)
    expect(await write({ ...visit, coverageStatus: 'active' })).to.deep.equal(first)
    expect(((await one('Coverage', first.coverageRef)) as Coverage).status).to.equal('active')
    expect((await one('Patient', first.patientRef))?.meta?.versionId, 'the patient was not touched').to.equal(version)
  })

  it('finds the chart that carries our identifier, and lets a person choose among those who look like the patient', async () => {
    const visit = newVisitV3()
    const { patientRef } = await write(visit)
    const ask = (query: VisitV3) => fhir.operations.findChart.call({ ...query, knownRef: null, forgottenRefs: [] }, contextOf(server.url))
    expect(await ask(visit)).to.have.nested.property('value.patientRef', patientRef)
    const alike = await ask({ ...visit, patientId: newVisitV3().patientId }).catch((error: unknown) => error)
    expect(alike).to.be.instanceOf(MustChoose)
    expect(await ask(newVisitV3())).to.have.nested.property('value.how', 'nobody')
  })

  it('updates the chart of the clinic under its version, and keeps what stands there', async () => {
    const chart = await server.put({
      resourceType: 'Patient',
      name: [{ family: 'Maiden' }],
      birthDate: '1970-01-01',
      maritalStatus: { text: 'told at the desk' },
    })
    const { patientRef } = await write(newVisitV3({ patientRef: `Patient/${chart.id}` }))
    expect(patientRef).to.equal(`Patient/${chart.id}`)
    expect(await one('Patient', patientRef)).to.deep.include({ maritalStatus: { text: 'told at the desk' }, birthDate: '1970-01-01' })
  })

  it('calls a visit off there', async () => {
    const visit = newVisitV3()
    const { appointmentRef } = await write(visit)
    const { visitId, patientId, startsAt, endsAt, practitioner } = visit
    const now = { visitId, patientId, patientKey: null, startsAt, endsAt, practitioner, status: 'cancelled' as const, agreed: null }
    expect(await fhir.operations.writeAppointment.call(now, contextOf(server.url))).to.have.nested.property('value.state', 'written')
    expect(await one('Appointment', appointmentRef)).to.include({ status: 'cancelled' })
  })
})
