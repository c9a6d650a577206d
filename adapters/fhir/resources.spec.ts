import { createRequire } from 'node:module'
import type { Appointment, Coverage, Patient } from '@medplum/fhirtypes'
import { expect } from 'chai'
import type { Fhir as FhirClass } from 'fhir'
import { config, visit } from './fixtures/visit.ts'
import { appointmentOf, coverageOf, patientOf, visitBundle } from './resources.ts'

const { Fhir } = createRequire(import.meta.url)('fhir') as { Fhir: new () => FhirClass }
const validator = new Fhir()
const complaints = (resource: object) =>
  validator.validate(resource, { errorOnUnexpected: true }).messages.filter((m) => m.severity === 'error' || m.severity === 'fatal')

describe('a visit as FHIR resources', () => {
  const shapes: [string, Parameters<typeof visit>[0]][] = [
    ['with everything', {}],
    ['without e-mail, group and second address line', { email: null, groupNumber: null, address: { ...visit().address, line2: null } }],
    ['with a coverage that is not active', { coverageStatus: 'cancelled' }],
    ['with a coverage that nobody could confirm', { coverageStatus: 'draft' }],
    ['with a sex that was not told', { payerSex: 'U' }],
  ]
  for (const [what, changes] of shapes) {
    it(`is valid R4 ${what}`, () => {
      for (const make of [patientOf, coverageOf, appointmentOf]) expect(complaints(make(visit(changes), config))).to.deep.equal([])
      expect(complaints(visitBundle(visit(changes), config))).to.deep.equal([])
    })
  }

  it('is judged by a validator that would object', () => {
    expect(complaints({ ...patientOf(visit(), config), gender: 'banana' })).not.to.deep.equal([])
    expect(complaints({ ...coverageOf(visit(), config), payor: [] })).not.to.deep.equal([])
    expect(complaints({ ...appointmentOf(visit(), config), colour: 'red' })).not.to.deep.equal([])
  })

  it('creates each of the three only if the EHR has none with our identifier', () => {
    const bundle = visitBundle(visit(), config)
    expect(bundle.type).to.equal('transaction')
    expect(bundle.entry?.map((e) => [e.request?.method, e.request?.url, e.request?.ifNoneExist])).to.deep.equal([
      ['POST', 'Patient', `identifier=${config.identifierSystem}/patient|${visit().patientId}`],
      ['POST', 'Coverage', `identifier=${config.identifierSystem}/coverage|${visit().coverageId}`],
      ['POST', 'Appointment', `identifier=${config.identifierSystem}/appointment|${visit().visitId}`],
    ])
    for (const entry of bundle.entry ?? []) {
      const [ours] = (entry.resource as Patient | Coverage | Appointment).identifier ?? []
      expect(entry.request?.ifNoneExist).to.equal(`identifier=${ours?.system}|${ours?.value}`)
    }
  })

  it('refers to the patient within the bundle', () => {
    const bundle = visitBundle(visit(), config)
    const coverage = bundle.entry?.[1]?.resource as Coverage
    const appointment = bundle.entry?.[2]?.resource as Appointment
    const fullUrl = bundle.entry?.[0]?.fullUrl
    expect(fullUrl).to.match(/^urn:uuid:/)
    expect([coverage.beneficiary.reference, appointment.participant[0]?.actor?.reference]).to.deep.equal([fullUrl, fullUrl])
  })

  it('takes the status of the coverage from the verdict, and never invents one', () => {
    for (const coverageStatus of ['active', 'cancelled', 'draft'] as const)
      expect(coverageOf(visit({ coverageStatus }), config).status).to.equal(coverageStatus)
  })

  it('says unknown, not other, when the patient told no sex', () => {
    expect((['F', 'M', 'U'] as const).map((payerSex) => patientOf(visit({ payerSex }), config).gender)).to.deep.equal(['female', 'male', 'unknown'])
  })

  it('books the appointment from its start to its end', () => {
    expect(appointmentOf(visit(), config)).to.include({ status: 'booked', start: visit().startsAt, end: visit().endsAt })
  })

  it('gives the same bytes for the same visit', () => {
    expect(JSON.stringify(visitBundle(visit(), config))).to.equal(JSON.stringify(visitBundle(visit(), config)))
  })
})
