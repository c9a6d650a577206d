import { expect } from 'chai'
import { config } from '../fixtures/visit.ts'
import { refs, visitV2 } from '../fixtures/visit-v2.ts'
import { visitV3 } from '../fixtures/visit-v3.ts'
import { ours, referencesOf, urn } from '../mapping/index.ts'
import { visitBundle } from '../resources.ts'
import { usCoreVersions } from '../us-core/versions.ts'
import { checkOutgoing, type FindingCode } from './index.ts'

type Json = Record<string, unknown>
const full = visitV3({ eligibility: { ...(visitV3().eligibility as NonNullable<ReturnType<typeof visitV3>['eligibility']>), reasonCodes: ['72'] } })
const made = Object.fromEntries(Object.entries(ours).map(([type, make]) => [type, make(full, refs, config)])) as unknown as Record<keyof typeof ours, Json>
const without = (resource: Json, element: string): Json => Object.fromEntries(Object.entries(resource).filter(([key]) => key !== element))
const first = (resource: Json, element: string): Json => (resource[element] as Json[])[0] as Json
const check = (resource: unknown) => checkOutgoing(resource, { usCore: 'none' })
const secret = 'Zyxwvut-4711'

describe('what is checked before it goes to an EHR', () => {
  for (const [type, resource] of Object.entries(made))
    for (const usCore of usCoreVersions)
      it(`finds nothing wrong with our ${type}, US Core ${usCore}`, async () => expect(await checkOutgoing(resource, { usCore })).to.deep.equal([]))

  const { Patient, Coverage, Appointment, CoverageEligibilityRequest } = made
  // The faults that standards.md measured, and more. Each names where it is, never what it is.
  const faults: [string, unknown, string, FindingCode][] = [
    ['a gender that is none', { ...Patient, gender: secret }, 'Patient.gender', 'code'],
    ['a status that is none', { ...Appointment, status: secret }, 'Appointment.status', 'code'],
    ['a purpose that is none', { ...CoverageEligibilityRequest, purpose: [secret] }, 'CoverageEligibilityRequest.purpose[0]', 'code'],
    ['a code in a list that is none', { ...Patient, name: [{ ...first(Patient, 'name'), use: secret }] }, 'Patient.name[0].use', 'code'],
    ['a day that does not exist', { ...Patient, birthDate: '1980-13-40' }, 'Patient.birthDate', 'format'],
    ['a date where an instant belongs', { ...Appointment, start: '2026-12-01' }, 'Appointment.start', 'format'],
    ['a start without an end', without(Appointment, 'end'), 'Appointment', 'constraint'],
    ['a contact that says nothing', { ...Patient, contact: [{ gender: 'male' }] }, 'Patient.contact[0]', 'constraint'],
    ['a reference to the wrong type', { ...Coverage, beneficiary: { reference: 'Coverage/1' } }, 'Coverage.beneficiary', 'reference-type'],
    [
      'a reference that says two types',
      { ...Coverage, beneficiary: { reference: 'Patient/1', type: 'RelatedPerson' } },
      'Coverage.beneficiary.type',
      'reference-type',
    ],
    [
      'a reference to nothing in the bundle',
      { ...Coverage, beneficiary: { reference: urn(secret) } },
      'Coverage.beneficiary.reference',
      'reference-unresolved',
    ],
    ['a reference to nothing within', { ...Coverage, beneficiary: { reference: `#${secret}` } }, 'Coverage.beneficiary.reference', 'reference-unresolved'],
    ['a reference that is empty', { ...Coverage, beneficiary: {} }, 'Coverage.beneficiary', 'reference'],
    ['something mandatory missing', without(Coverage, 'status'), 'Coverage.status', 'required'],
    ['a mandatory list that is empty', { ...Coverage, payor: [] }, 'Coverage.payor', 'required'],
    ['one where a list belongs', { ...Patient, name: first(Patient, 'name') }, 'Patient.name', 'structure'],
    ['an element that FHIR does not know', { ...Patient, [secret.slice(0, 7)]: secret }, 'Patient', 'unknown-element'],
    ['one further down', { ...Patient, name: [{ ...first(Patient, 'name'), [secret.slice(0, 7)]: secret }] }, 'Patient.name[0]', 'unknown-element'],
    ['a text where a truth belongs', { ...Patient, active: secret }, 'Patient.active', 'format'],
    ['a number where a text belongs', { ...Patient, name: [{ family: 4711 }] }, 'Patient.name[0].family', 'format'],
    ['an empty text', { ...Patient, name: [{ family: ' ' }] }, 'Patient.name[0].family', 'format'],
    ['a null', { ...Patient, birthDate: null }, 'Patient.birthDate', 'invalid'],
    ['a null in a list', { ...Patient, telecom: [null] }, 'Patient.telecom[0]', 'invalid'],
    ['an id of 65 characters', { ...Patient, id: 'a'.repeat(65) }, 'Patient.id', 'id'],
    ['an id that is a name', { ...Patient, id: 'Ottilie B' }, 'Patient.id', 'id'],
    ['two values of one choice', { ...Patient, deceasedBoolean: false, deceasedDateTime: '2020-01-01' }, 'Patient.deceased[x]', 'choice'],
    [
      'two values of one extension',
      { ...Patient, extension: [{ url: 'http://x.org/a', valueString: 'a', valueCode: 'b' }] },
      'Patient.extension[0].value[x]',
      'choice',
    ],
    [
      'a script in the narrative',
      { ...Patient, text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>' } },
      'Patient.text.div',
      'narrative',
    ],
    ['a type that is not written', { resourceType: secret, status: 'final' }, 'Resource', 'resource-type'],
    ['something that is no resource', secret, 'Resource', 'resource-type'],
    ['what no JSON can hold', { ...Patient, multipleBirthInteger: 1n }, 'Patient', 'not-json'],
    ['more than half a megabyte', { ...Patient, language: 'x'.repeat(600_000) }, 'Patient', 'size'],
    ['a list without end', { ...Patient, telecom: Array(1_001).fill(first(Patient, 'telecom')) }, 'Patient', 'size'],
    ['extensions of extensions of extensions', { ...Patient, extension: [nested(40)] }, 'Patient', 'depth'],
  ]
  for (const [what, resource, path, code] of faults)
    it(`holds ${what}`, async () => {
      const found = await check(resource)
      expect(found).to.deep.include({ path, code })
      expect(JSON.stringify(found)).not.to.match(/Zyxw|Ottilie|4711|1980/)
    })
  function nested(depth: number): Json {
    return depth === 0 ? { url: 'http://x.org/a', valueString: 'a' } : { url: 'http://x.org/a', extension: [nested(depth - 1)] }
  }

  it('ends on what refers to itself', async () => {
    const circle: Json = { ...Patient }
    circle.contained = [circle]
    expect(await check(circle)).to.deep.equal([{ path: 'Patient', code: 'depth' }])
  })
  it('lets the extension of a value pass that the chart has', async () => {
    const birthTime = { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime', valueDateTime: '1984-02-29T10:00:00Z' }
    expect(await check({ ...Patient, _birthDate: { extension: [birthTime] } })).to.deep.equal([])
  })
  it('lets what the chart holds within it pass, of whatever type', async () => {
    const within = { contained: [{ resourceType: 'Device', id: 'd' }], extension: [{ url: 'http://x.org/device', valueReference: { reference: '#d' } }] }
    expect(await check({ ...Patient, ...within })).to.deep.equal([])
  })
  it('lets escaped text pass as narrative', async () => {
    const text = { status: 'additional', div: '<div xmlns="http://www.w3.org/1999/xhtml">Called &amp; asked &lt;twice&gt;</div>' }
    expect(await check({ ...Patient, text })).to.deep.equal([])
  })

  it('does not hold a chart for what was wrong with it before, and holds what we add to it', async () => {
    const chart = { ...Patient, id: '1', maritalStatus: {}, contact: [{ gender: 'male' }] }
    expect(await check(chart)).not.to.deep.equal([])
    expect(await checkOutgoing({ ...chart, birthDate: '1990-01-01' }, { usCore: 'none', existing: chart })).to.deep.equal([])
    expect(await checkOutgoing({ ...chart, birthDate: '1990-02-30' }, { usCore: 'none', existing: chart })).to.deep.equal([
      { path: 'Patient.birthDate', code: 'format' },
    ])
  })

  describe('a bundle', () => {
    const bundle = visitBundle(visitV2(), config)
    it('passes as we make it', async () => {
      for (const usCore of usCoreVersions) expect(await checkOutgoing(bundle, { usCore })).to.deep.equal([])
    })
    it('is held for a reference to an entry of the wrong type', async () => {
      const patient = urn(full.visitId)
      const Coverage = ours.Coverage(full, { ...referencesOf(full), patient }, config)
      const entry = (bundle.entry ?? []).map((e) => (e.resource?.resourceType === 'Coverage' ? { ...e, resource: Coverage } : e))
      expect(await check({ ...bundle, entry })).to.deep.equal([{ path: 'Coverage.beneficiary', code: 'reference-type' }])
    })
    it('is held for a reference to an entry that is not there', async () => {
      const found = await check({ ...bundle, entry: bundle.entry?.slice(1) })
      expect(found).to.deep.include({ path: 'Coverage.beneficiary.reference', code: 'reference-unresolved' })
    })
    it('is held for its own faults', async () => {
      expect(await check({ ...bundle, type: 'parcel' })).to.deep.include({ path: 'Bundle.type', code: 'code' })
      const entry = bundle.entry?.map((e) => ({ ...e, request: { ...e.request, method: 'SEND' } }))
      expect(await check({ ...bundle, entry })).to.deep.include({ path: 'Bundle.entry[0].request.method', code: 'code' })
    })
    it('finds the fault of an entry under the name of its type', async () => {
      const entry = bundle.entry?.map((e) => ({ ...e, resource: { ...e.resource, id: 'a b' } }))
      expect((await check({ ...bundle, entry })).map((f) => f.path)).to.deep.equal(['Patient.id', 'Coverage.id', 'Appointment.id'])
    })
    it('knows what the chart had by the entry that replaces it', async () => {
      const chart = { ...Patient, id: '1', contact: [{ gender: 'male' }] }
      const update = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ fullUrl: 'https://ehr.example.org/Patient/1', resource: chart, request: { method: 'PUT', url: 'Patient/1' } }],
      }
      expect(await check(update)).to.deep.equal([{ path: 'Patient.contact[0]', code: 'constraint' }])
      expect(await checkOutgoing(update, { usCore: 'none', existing: { 'Patient/1': chart } })).to.deep.equal([])
    })
  })
})
