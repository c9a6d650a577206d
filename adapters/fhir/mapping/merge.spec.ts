import type { Appointment, Coverage, Patient } from '@medplum/fhirtypes'
import { expect } from 'chai'
import fc from 'fast-check'
import { config } from '../fixtures/visit.ts'
import { refs, visitV2 } from '../fixtures/visit-v2.ts'
import { appointmentPatch, merge, ours } from './index.ts'

const visit = visitV2()
const patient = ours.Patient(visit, refs, config)
const coverage = ours.Coverage(visit, refs, config)
const appointment = ours.Appointment(visit, refs, config)
/** A chart that the clinic kept for years before it had the hub. */
const chart = (changes: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  id: '4711',
  meta: { versionId: '9', lastUpdated: '2026-11-01T10:00:00Z' },
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'https://ehr.example.org/mrn', value: 'M-1' }],
  name: [{ use: 'official', family: 'Brandywine', given: ['Ottilie', 'Maria'], prefix: ['Dr.'] }],
  birthDate: '1984-02-29',
  maritalStatus: { text: 'married' },
  ...changes,
})

describe('ours merged into a chart', () => {
  describe('Patient', () => {
    it('adds our identifier and keeps everybody else’s, id and version', () => {
      const { resource, changed } = merge(chart(), patient)
      expect(changed).to.equal(true)
      expect(resource.identifier).to.deep.equal([...(chart().identifier ?? []), ...(patient.identifier ?? [])])
      expect([resource.id, resource.meta, resource.maritalStatus]).to.deep.equal([chart().id, chart().meta, chart().maritalStatus])
    })
    it('lets the chart’s name, birth date and sex stand: a person compared them, a form does not outvote them', () => {
      const { resource } = merge(chart({ birthDate: '1984-02-28', gender: 'other' }), patient)
      expect([resource.name, resource.birthDate, resource.gender]).to.deep.equal([chart().name, '1984-02-28', 'other'])
    })
    it('fills what the chart does not know, and drops why it was missing', () => {
      const missing = { birthDate: undefined, _birthDate: { extension: [{ url: 'x' }] } } as Partial<Patient>
      const { resource } = merge(chart(missing), patient)
      expect([resource.birthDate, resource.gender]).to.deep.equal([visit.birthDate, 'female'])
      expect(resource).to.not.have.property('_birthDate')
    })
    it('does not wake a chart that was put to rest', () => expect(merge(chart({ active: false }), patient).resource.active).to.equal(false))
    it('adds a number that is new, behind what was there', () => {
      const home = { system: 'phone' as const, value: '555-9', use: 'home' as const }
      expect(merge(chart({ telecom: [home] }), patient).resource.telecom).to.deep.equal([home, ...(patient.telecom ?? [])])
    })
    for (const value of ['3125550142', '(312) 555-0142', '1-312-555-0142', '+13125550142'])
      it(`knows the same number as ${value}`, () => {
        const known = [
          { system: 'phone' as const, value },
          { system: 'email' as const, value: 'OTTILIE@example.com ' },
        ]
        expect(merge(chart({ telecom: known }), patient).resource.telecom).to.deep.equal(known)
      })
    it('keeps the earlier address as an old one, and the postal one as it is', () => {
      const before = [
        { use: 'home' as const, line: ['1 Elm St'], city: 'Peoria' },
        { use: 'home' as const, type: 'postal' as const, line: ['PO Box 3'] },
      ]
      const { resource } = merge(chart({ address: before }), patient)
      expect(resource.address).to.deep.equal([{ ...before[0], use: 'old' }, before[1], ...(patient.address ?? [])])
    })
    it('knows the same address in other letters and with the longer ZIP code', () => {
      const same = [{ line: ['18 QUARRY LANE', 'Apt  4'], city: 'peoria', state: 'IL', postalCode: '61602-1234' }]
      expect(merge(chart({ address: same }), patient).resource.address).to.deep.equal(same)
    })
    it('drops text that was generated from the old values, and keeps what a person added', () => {
      const text = (status: 'generated' | 'additional') => ({ status, div: '<div/>' })
      expect(merge(chart({ text: text('generated') }), patient).resource).to.not.have.property('text')
      expect(merge(chart({ text: text('additional') }), patient).resource.text).to.deep.equal(text('additional'))
    })
    it('keeps generated text when nothing changes', () => {
      const { resource } = merge(chart(), patient)
      const text = { status: 'generated' as const, div: '<div/>' }
      expect(merge<Patient>({ ...resource, text }, patient)).to.deep.equal({ resource: { ...resource, text }, changed: false })
    })
  })

  describe('Coverage', () => {
    const there = (): Coverage => ({ ...structuredClone(coverage), id: '5', status: 'draft' })
    it('follows the verdict', () => expect(merge(there(), coverage).resource.status).to.equal('active'))
    it('follows a corrected member id, and keeps what else the chart says of it', () => {
      const before = there()
      before.identifier = [...(coverage.identifier ?? []).slice(0, 1), { type: { coding: [{ code: 'MB', display: 'Member' }] }, value: 'OLD', use: 'usual' }]
      const { resource } = merge(before, coverage)
      expect(resource.identifier?.[1]).to.deep.include({ value: visit.memberId, use: 'usual', type: { coding: [{ code: 'MB', display: 'Member' }] } })
      expect(resource.identifier).to.have.length(2)
    })
    it('leaves the payer that the clinic linked', () => {
      const payor = [{ reference: 'Organization/3', display: 'Helio (Peoria)' }]
      expect(merge<Coverage>({ ...there(), payor }, coverage).resource.payor).to.deep.equal(payor)
    })
    it('replaces the payer that we named before', () => {
      const before = { ...there(), payor: [{ ...coverage.payor[0], identifier: { ...coverage.payor[0]?.identifier, value: 'OTHER' } }] }
      expect(merge<Coverage>(before, coverage).resource.payor).to.deep.equal(coverage.payor)
    })
    it('keeps the classes that are not ours', () => {
      const plan = { type: { coding: [{ code: 'plan' }] }, value: 'P', name: 'Gold' }
      const group = { type: { coding: [{ code: 'group' }] }, value: 'before', name: 'Mill' }
      expect(merge<Coverage>({ ...there(), class: [plan, group] }, coverage).resource.class).to.deep.equal([plan, { ...group, value: visit.groupNumber }])
    })
    it('keeps the chart’s way of naming the same patient, and takes another patient for ours', () => {
      const named = (reference: string) => merge<Coverage>({ ...there(), beneficiary: { reference } }, coverage).resource.beneficiary.reference
      expect(named('https://ehr.example.org/fhir/Patient/1')).to.equal('https://ehr.example.org/fhir/Patient/1')
      expect(named('Patient/2')).to.equal('Patient/1')
    })
  })

  describe('Appointment', () => {
    const there = (changes: Partial<Appointment> = {}): Appointment => ({ ...structuredClone(appointment), id: '6', ...changes })
    it('takes nobody back out of the waiting room', () => expect(merge(there({ status: 'arrived' }), appointment)).to.deep.include({ changed: false }))
    it('cancels', () => {
      const patch = appointmentPatch({ ...visit, status: 'cancelled' }, config)
      expect(merge(there(), patch).resource).to.deep.equal(there({ status: 'cancelled' }))
    })
    it('does not rewrite the same instant for its offset', () => {
      const times = { start: '2026-12-01T09:00:00-06:00', end: '2026-12-01T09:20:00-06:00' }
      expect(merge(there(times), appointment)).to.deep.equal({ resource: there(times), changed: false })
    })
    it('moves', () => {
      const patch = appointmentPatch({ ...visit, status: 'booked', startsAt: '2026-12-02T15:00:00.000Z', endsAt: '2026-12-02T15:20:00.000Z' }, config)
      expect(merge(there(), patch).resource).to.include({ start: '2026-12-02T15:00:00.000Z', end: '2026-12-02T15:20:00.000Z' })
    })
    it('leaves the practitioner, the room and the interpreter that the clinic linked', () => {
      const participant: Appointment['participant'] = [
        { actor: { reference: 'Patient/1' }, status: 'accepted' },
        { actor: { reference: 'Practitioner/8' }, status: 'tentative' },
        { actor: { reference: 'Location/2' }, status: 'accepted' },
        { actor: { reference: 'RelatedPerson/4' }, status: 'accepted' },
      ]
      expect(merge(there({ participant }), appointment)).to.deep.include({ changed: false })
    })
    it('names another practitioner where only a name stood', () => {
      const { resource } = merge(there(), ours.Appointment(visitV2({ practitioner: 'Dr. Other' }), refs, config))
      expect(resource.participant.map((p) => p.actor?.display)).to.deep.equal([undefined, 'Dr. Other', config.practiceName])
    })
    it('is put under the chart that was chosen', () => {
      const { resource } = merge(there(), ours.Appointment(visit, { ...refs, patient: 'Patient/77' }, config))
      expect(resource.participant.map((p) => p.actor?.reference)).to.deep.equal(['Patient/77', undefined, undefined])
    })
  })

  describe('whatever the chart holds', () => {
    const text = fc.string({ maxLength: 12 })
    const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
    const list = <T>(of: fc.Arbitrary<T>) => some(fc.array(of, { maxLength: 4 }))
    const concept = fc.record({ coding: fc.array(fc.record({ code: fc.constantFrom('MB', 'MR', 'group', 'plan') }), { maxLength: 2 }) })
    const identifier = fc.record(
      {
        system: fc.constantFrom(`${config.identifierSystem}/patient`, `${config.identifierSystem}/coverage`, 'https://ehr.example.org/mrn'),
        value: text,
        type: concept,
      },
      { requiredKeys: [] },
    )
    const use = fc.constantFrom('home', 'old', 'work', undefined)
    const telecom = fc.record(
      { system: fc.constantFrom('phone', 'email', 'fax'), value: fc.constantFrom(visit.phone, '3125550142', '555', visit.email) },
      { requiredKeys: [] },
    )
    const address = fc.record(
      { use, type: fc.constantFrom('postal', 'both'), line: fc.array(text, { maxLength: 2 }), city: fc.constantFrom('Peoria', 'Joliet') },
      { requiredKeys: [] },
    )
    const actor = fc.record(
      {
        reference: fc.constantFrom('Patient/1', 'Patient/2', 'Practitioner/1', 'urn:uuid:x', 'Location/1'),
        type: fc.constantFrom('Practitioner', 'Location', 'Device'),
        display: text,
      },
      { requiredKeys: [] },
    )
    const unknown = fc.dictionary(fc.constantFrom('extension', 'language', 'photo', 'comment', 'note', '_birthDate', '_status'), fc.jsonValue(), { maxKeys: 3 })
    const charts = {
      Patient: fc.record({
        identifier: list(identifier),
        telecom: list(telecom),
        address: list(address),
        name: list(fc.record({ family: text })),
        gender: some(fc.constantFrom('male', 'other')),
        active: some(fc.boolean()),
      }),
      Coverage: fc.record({
        identifier: list(identifier),
        payor: list(fc.record({ reference: text, identifier }, { requiredKeys: [] })),
        class: list(fc.record({ type: concept, value: text })),
        status: some(fc.constantFrom('active', 'draft', 'cancelled')),
        beneficiary: some(fc.record({ reference: text })),
      }),
      Appointment: fc.record({
        identifier: list(identifier),
        status: some(fc.constantFrom('booked', 'arrived', 'noshow', 'nonsense', 'toString')),
        start: some(fc.constantFrom('2026-12-01T09:00:00-06:00', '2026-12-01', 'nonsense')),
        participant: list(fc.record({ actor, status: text })),
      }),
    }
    const mine = { Patient: patient, Coverage: coverage, Appointment: appointment }

    for (const type of ['Patient', 'Coverage', 'Appointment'] as const) {
      const existing = fc.tuple(charts[type], unknown).map(([known, more]) => ({ ...more, ...known, resourceType: type, id: '1' }) as unknown as Patient)
      const into = (there: Patient) => merge(there, mine[type] as Patient)

      it(`${type}: the same again changes nothing, and so does the order in which it was read`, () => {
        fc.assert(
          fc.property(existing, (there) => {
            const once = into(there)
            expect(into(once.resource)).to.deep.equal({ resource: once.resource, changed: false })
            const turned = Object.fromEntries(Object.entries(there).reverse()) as unknown as Patient
            expect(into(turned)).to.deep.equal(once)
          }),
          { numRuns: 300 },
        )
      })
      it(`${type}: what the hub has no word for stays, and the chart that was read is not touched`, () => {
        fc.assert(
          fc.property(existing, (there) => {
            const before = structuredClone(there)
            const after = into(there).resource as unknown as Record<string, unknown>
            expect(there).to.deep.equal(before)
            const owned = Object.keys(mine[type])
            for (const [key, value] of Object.entries(there)) if (!owned.includes(key) && !key.startsWith('_')) expect(after[key], key).to.deep.equal(value)
          }),
          { numRuns: 300 },
        )
      })
      it(`${type}: nobody else’s identifier is lost or moved, and ours is there`, () => {
        fc.assert(
          fc.property(existing, (there) => {
            const after = into(there).resource.identifier ?? []
            const before = there.identifier ?? []
            before.forEach((id, i) => {
              if (id.type?.coding?.find((c) => c.code !== undefined)?.code !== 'MB') expect(after[i]).to.deep.equal(id)
            })
            expect(after.length).to.be.within(before.length, before.length + 2)
            for (const id of (mine[type] as Patient).identifier ?? [])
              expect(after.some((a) => (id.system === undefined || a.system === id.system) && a.value === id.value)).to.equal(true)
          }),
          { numRuns: 300 },
        )
      })
    }
  })
})
