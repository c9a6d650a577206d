import { VisitChanged } from '@heliox/core/clinical'
import { expect } from 'chai'
import { chartQuery, chartQueryV2, chartRecord, ehrVisitV2, ehrVisitV3, writebackRecordV2, writebackRefusalRecordV2 } from './ehr-chart.ts'
import { ehrVisit } from './ehr-visit.ts'
import { answers, ids, outcome, run, uuid, visit } from './testing.ts'
import { appointmentRecord, appointmentRefusalRecord, ehrAppointment } from './visit-change.ts'
import { writebackRecord, writebackRefusalRecord } from './writeback-record.ts'

describe('maps of the write-back flow', () => {
  it('make a coverage active or cancelled only when the payer said so', () => {
    const statuses = ['active', 'inactive', 'mixed', 'rejected', 'unknown'].map((verdict) => run(ehrVisit, outcome(verdict), outcome(verdict)).coverageStatus)
    expect(statuses).to.deep.equal(['active', 'cancelled', 'draft', 'draft', 'draft'])
  })
  it('give the chart the ids of the hub and the times of the visit', () => {
    expect(run(ehrVisit, outcome('active'), outcome('active'))).to.deep.include({
      patientId: uuid(2),
      visitId: uuid(3),
      coverageId: uuid(5),
      ...{ startsAt: visit.startsAt, endsAt: visit.endsAt, practitioner: visit.practitioner },
      familyName: 'Moreno',
      // What was sealed before other countries were asked for is American.
      address: { ...answers.address, country: 'US' },
    })
  })
  it('keep references of what was written, and codes of what was refused', () => {
    const refs = { patientRef: 'Patient/1', coverageRef: 'Coverage/2', appointmentRef: 'Appointment/3' }
    expect(run(writebackRecord, outcome('active'), refs)).to.deep.equal({ ...ids, outcome: 'written', refs, codes: [] })
    const refused = { codes: ['required'], paths: ['Patient.name'] }
    expect(run(writebackRefusalRecord, outcome('active'), refused)).to.deep.equal({ ...ids, outcome: 'refused', refs: null, codes: ['required'] })
  })
})

describe('maps of the second write-back flow', () => {
  const root = outcome('active')
  const nobody = { patientRef: null, how: 'nobody' as const, notRefs: ['Patient/7'] }
  const record = { ...ids, found: nobody }
  it('ask for a chart with what tells people apart, and with nothing of their cover', () => {
    const query = run(chartQuery, root, root)
    expect(query.forgottenRefs).to.deep.equal(['Patient/4'])
    expect(query).to.include({ knownRef: null, familyName: 'Moreno', birthDate: '1980-02-29' })
    expect(query).not.to.have.any.keys('memberId', 'address', 'email', 'groupNumber')
  })
  it('write into the chart that was found, as the visit is now, and say which charts a person ruled out', () => {
    expect(run(chartRecord, root, nobody)).to.deep.equal(record)
    const written = run(ehrVisitV2, root, record)
    expect(written).to.deep.include({ patientRef: null, notRefs: ['Patient/7'], appointmentStatus: 'booked', agreed: null, coverageStatus: 'active' })
    expect(written.patientKey, 'whom the chart named when both agreed').to.equal(visit.patientKey)
    expect(run(ehrVisitV2, root, { ...ids, found: { patientRef: 'Patient/9', how: 'chosen', notRefs: [] } }).patientRef).to.equal('Patient/9')
  })
  it('ask about the day on the clinic’s own calendar: an evening visit is the next day in UTC', () => {
    const evening = { ...visit, startsAt: '2026-11-02T04:30:00.000Z', endsAt: '2026-11-02T04:50:00.000Z' }
    expect(run(ehrVisitV2, root, record, { visit: evening }).eligibility?.serviceDate).to.equal('2026-11-01')
  })
  it('keep what the chart says now, and the code of what was refused', () => {
    const refs = { patientRef: 'Patient/1', coverageRef: 'Coverage/2', appointmentRef: 'Appointment/3', eligibilityRefs: [], appointment: null }
    expect(run(writebackRecordV2, root, refs)).to.deep.equal({ ...ids, outcome: 'written', refs, codes: [] })
    const refusal = run(writebackRefusalRecordV2, root, { codes: ['chart-appeared'], paths: [] })
    expect(refusal).to.deep.equal({ ...ids, outcome: 'refused', refs: null, codes: ['chart-appeared'] })
  })
})

describe('maps of the third write-back flow', () => {
  const root = outcome('active')
  const record = { ...ids, found: { patientRef: null, how: 'nobody' as const, notRefs: [] } }
  const told = { ...answers, gender: null, guardian: null, secondary: null, payerText: null }
  const guardian = { givenName: 'Rosa', familyName: 'Moreno', relationship: 'parent' as const }
  const says = (more: object, options: object = {}) => run(ehrVisitV3, root, record, { patient: { ...told, ...more }, ...options })

  it('give whoever compares charts what the patient says of themselves, and nothing of their cover', () => {
    const query = run(chartQueryV2, root, root, { patient: { ...told, gender: 'other' } })
    expect(query).to.deep.include({ gender: 'other', payerSex: 'F', address: { ...answers.address, country: 'US' }, forgottenRefs: ['Patient/4'] })
    expect(query).not.to.have.any.keys('memberId', 'groupNumber', 'secondary', 'guardian')
  })
  it('say of gender what the patient said, and nothing where they said nothing', () => {
    expect(says({ gender: 'other' })).to.include({ gender: 'other', payerSex: 'F' })
    expect(says({})).to.include({ gender: null, payerSex: 'F' })
  })
  it('name who signs for a child, as long as it is one on the day of the visit where the clinic is', () => {
    // The visit is on 1 December 2026, at 9:20 in Chicago.
    expect(says({ guardian, birthDate: '2008-12-02' }).guardian).to.deep.equal(guardian)
    expect(says({ guardian, birthDate: '2008-12-01' }).guardian, 'came of age that day').to.equal(null)
    const evening = { ...visit, startsAt: '2026-12-02T04:30:00.000Z', endsAt: '2026-12-02T04:50:00.000Z' }
    expect(says({ guardian, birthDate: '2008-12-02' }, { visit: evening }).guardian, 'still the day before').to.deep.equal(guardian)
  })
  it('tell in which language the patient signed, and not in which somebody signed for them', () => {
    expect(says({}, { signedIn: 'es' }).language).to.equal('es')
    expect(says({}).language).to.equal(null)
    expect(says({ guardian, birthDate: '2015-01-01' }, { signedIn: 'es' }).language).to.equal(null)
    expect(says({ guardian }, { signedIn: 'es' }).language, 'a parent signed, though the visit was moved past the birthday').to.equal(null)
  })
  it('name the second insurer by the catalogue, else in the patient’s words', () => {
    const secondary = { payerId: 'NORTH9', payerText: null, memberId: 'NM-2', groupNumber: 'N 4' }
    const secondPayer = { id: 'NORTH9', name: 'Northern Mutual', route: 'real-time' as const, supported: true }
    expect(says({ secondary }, { secondPayer }).secondary).to.deep.equal({
      payerId: 'NORTH9',
      payerName: 'Northern Mutual',
      memberId: 'NM-2',
      groupNumber: 'N 4',
    })
    const inWords = { payerId: null, payerText: 'Prairie Farm Mutual', memberId: 'NONE', groupNumber: null }
    expect(says({ secondary: inWords }).secondary).to.deep.equal({ payerId: null, payerName: 'Prairie Farm Mutual', memberId: null, groupNumber: null })
    expect(says({}).secondary).to.equal(null)
  })
  it('name an insurer that is not on the list in the patient’s words, without a number that is none', () => {
    const unlisted = { ...root, payerId: 'not-listed', payerName: 'Insurer not on the list' }
    const of = (more: object) => run(ehrVisitV3, unlisted, record, { patient: { ...told, ...more } })
    expect(of({ payerText: 'Prairie Farm Mutual', memberId: 'NONE' })).to.include({ payerId: null, payerName: 'Prairie Farm Mutual', memberId: null })
    expect(of({})).to.include({ payerId: 'not-listed', payerName: 'Insurer not on the list', memberId: 'HX123' })
  })
})

describe('maps of a changed visit', () => {
  const times = { startsAt: visit.startsAt, endsAt: visit.endsAt }
  const root = VisitChanged.schema.parse({ ...ids, ...times, change: 'cancelled', by: 'clinic', status: 'cancelled' })
  it('tell the chart what the visit is now, whatever the event said', () => {
    expect(run(ehrAppointment, root, root)).to.deep.equal({ visitId: uuid(3), patientId: uuid(2), ...visit })
  })
  it('keep what both agree on, and tell a change on the other side from any other no', () => {
    const appointment = { ...times, status: 'booked' as const }
    expect(run(appointmentRecord, root, { state: 'same', appointmentRef: 'Appointment/3', appointment })).to.deep.include({ outcome: 'agreed', appointment })
    expect(run(appointmentRecord, root, { state: 'not-there', appointmentRef: null, appointment: null }).outcome).to.equal('not-there')
    expect(run(appointmentRefusalRecord, root, { codes: ['changed-there'], paths: [] }).outcome).to.equal('changed-there')
    expect(run(appointmentRefusalRecord, root, { codes: ['business-rule'], paths: [] }).outcome).to.equal('refused')
  })
})
