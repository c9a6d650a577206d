import { usCoreFolder } from '@heliox/docker/local/state-folder'
import { expect } from 'chai'
import { config } from '../fixtures/visit.ts'
import { refs } from '../fixtures/visit-v2.ts'
import { visitV3 } from '../fixtures/visit-v3.ts'
import { merge, ours } from '../mapping/index.ts'
import { checkOutgoing } from '../validation/index.ts'
import { libraries } from '../validation/libraries.ts'
import { loadedPackage } from './packages.ts'
import { isThere, mandatoryMissing, parentsWithout, type UsCoreRow, usCoreTable } from './table.ts'
import { type UsCoreVersion, usCoreVersions } from './versions.ts'

type Json = Record<string, unknown>
const versions = usCoreVersions.filter((v): v is UsCoreVersion => v !== 'none')
const sent = { Patient: ours.Patient(visitV3(), refs, config), Coverage: ours.Coverage(visitV3(), refs, config) } as unknown as Record<
  'Patient' | 'Coverage',
  Json
>
const second = ours.SecondCoverage(visitV3(), refs, config) as unknown as Json
// Without a number, and with an insurer that has only the patient's words.
const inWords = { payerId: null, payerName: 'Faraway', memberId: null, groupNumber: null }
const bare = visitV3({ ...inWords, secondary: inWords })
const numberless = [ours.Coverage(bare, refs, config), ours.SecondCoverage(bare, refs, config)] as unknown as Json[]
const extension = (name: string, value: Json): Json => ({ extension: [{ url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`, ...value }] })
const text = (of: string): Json => ({ extension: [{ url: 'text', valueString: of }] })
const plan = { type: { coding: [{ code: 'plan' }] }, value: 'P-1', name: 'Gold' }
/** What a chart holds of what the hub does not know: element -> a chart that has it. */
const charts: Record<string, Json> = {
  'Patient.link.other': { link: [{ other: { reference: 'Patient/9' }, type: 'seealso' }] },
  'Patient.link.type': { link: [{ other: { reference: 'Patient/9' }, type: 'seealso' }] },
  'Patient.name.suffix': { name: [{ family: 'Brandywine', suffix: ['Jr.'] }] },
  'Patient.name.period.end': { name: [{ family: 'Before', period: { end: '2020-01-01' } }] },
  'Patient.telecom.use': { telecom: [{ system: 'phone', value: '3125550142', use: 'mobile' }] },
  'Patient.address.period.end': { address: [{ use: 'old', city: 'Joliet', period: { end: '2020-01-01' } }] },
  'Patient.deceased[x]': { deceasedDateTime: '2026-11-01' },
  'Patient.extension:race': extension('race', text('Other')),
  'Patient.extension:ethnicity': extension('ethnicity', text('Other')),
  'Patient.extension:tribalAffiliation': extension('tribal-affiliation', text('Other')),
  'Patient.extension:sex': extension('sex', { valueCode: 'F' }),
  'Patient.extension:genderIdentity': extension('genderIdentity', { valueCodeableConcept: { text: 'x' } }),
  'Patient.extension:interpreterRequired': extension('interpreter-needed', { valueCoding: { code: 'y' } }),
  'Coverage.type': { type: { text: 'PPO' } },
  'Coverage.period': { period: { start: '2026-01-01' } },
  'Coverage.class:group.name': { class: [{ type: { coding: [{ code: 'group' }] }, value: 'G 77', name: 'Mill' }] },
  'Coverage.class:plan': { class: [plan] },
  'Coverage.class:plan.value': { class: [plan] },
  'Coverage.class:plan.name': { class: [plan] },
  'Coverage.costToBeneficiary.value[x]': { costToBeneficiary: [{ valueMoney: { value: 20, currency: 'USD' } }] },
  'Coverage.costToBeneficiary.exception.type': { costToBeneficiary: [{ valueMoney: { value: 20 }, exception: [{ type: { text: 'retired' } }] }] },
}
const chartWith = (row: UsCoreRow): Json => ({ resourceType: row.type, id: '1', ...charts[`${row.type}.${row.element}`] })
/** The resource without the last step of the path, in every parent. */
function drop(node: unknown, [step = '', ...rest]: string[]): unknown {
  const name = step.split(':')[0]?.replace('[x]', '') ?? ''
  if (Array.isArray(node)) return node.map((one) => drop(one, [step, ...rest]))
  const entries = Object.entries(node as Json).map(([key, value]): [string, unknown] => {
    if (!key.startsWith(name)) return [key, value]
    return rest.length === 0 ? [key, undefined] : [key, drop(value, rest)]
  })
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)))
}

describe('US Core', () => {
  for (const row of usCoreTable) {
    const name = `${row.type}.${row.element}`
    describe(`${name}, ${row.need} in ${row.versions.join(', ')}`, () => {
      if (row.ours === 'sent') it('is in what we send', () => expect(isThere(sent[row.type], row.element)).to.equal(true))
      if (row.type === 'Coverage')
        it(`is ${row.ours === 'sent' ? 'in' : 'not in'} the second one`, () => expect(isThere(second, row.element)).to.equal(row.ours === 'sent'))
      if (row.ours === 'kept')
        it('is not made up, and stays where the chart has it', () => {
          expect(isThere(sent[row.type], row.element)).to.equal(false)
          const chart = chartWith(row)
          expect(isThere(chart, row.element), 'the chart of this test').to.equal(true)
          expect(isThere(merge(chart as never, sent[row.type] as never).resource, row.element)).to.equal(true)
        })
      if (row.need === 'mandatory')
        it('holds what lacks it, in those versions only', async () => {
          const whole = { ...sent[row.type], ...charts[name] }
          const broken = drop(whole, row.element.split('.')) as Json
          // A slice is known by its type: without it there is no such slice that could lack anything.
          if (row.element.includes(':')) return expect(parentsWithout(broken, row.element).parents).to.equal(0)
          for (const version of versions) {
            expect(mandatoryMissing(whole, version), version).to.not.include(name)
            const found = await checkOutgoing(broken, { usCore: version })
            expect(
              found.some((f) => f.code === 'us-core-mandatory' && f.path === name),
              version,
            ).to.equal(row.versions.includes(version))
          }
        })
    })
  }

  it('asks nothing of a connection that is not checked against it', () => expect(mandatoryMissing({ resourceType: 'Patient' }, 'none')).to.deep.equal([]))
  it('finds nothing wrong with a second insurance, nor with one of which only a name is known', async () => {
    for (const usCore of versions) for (const one of [second, ...numberless]) expect(await checkOutgoing(one, { usCore }), usCore).to.deep.equal([])
  })
  it('takes the reason why a value is missing for the value', () => {
    const { gender: _, ...patient } = sent.Patient
    const reason = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] }
    expect(mandatoryMissing({ ...patient, _gender: reason }, '6.1.0')).to.deep.equal([])
  })

  // With a package that the operator loaded (`npm run -s hub -- fhir load FILE`); without one the table above stands alone.
  for (const version of versions) {
    const folder = process.env.US_CORE_PACKAGES ?? usCoreFolder
    const loaded = loadedPackage(version, folder)
    describe(`the package of ${version}`, () => {
      if (!loaded)
        it('is not loaded: our own table stands alone', async () => {
          const found = await checkOutgoing({ resourceType: 'Patient' }, { usCore: version })
          expect(found.map((f) => f.code))
            .to.include('us-core-mandatory')
            .and.to.not.include('us-core-profile')
        })
      for (const type of ['Patient', 'Coverage'] as const) {
        const profile = loaded?.structures.find((s) => s.type === type)
        if (!profile) continue
        const rows = usCoreTable.filter((row) => row.type === type && row.versions.includes(version))
        const elements = profile.snapshot.element.filter((e) => e.id.includes('.'))
        const short = (id: string) => id.slice(type.length + 1)
        const plain = (element: string) => element.replace(/:[^.]*/g, '')

        it(`${type}: everything that it demands is in the table, and nothing else`, () => {
          const demanded = elements.filter((e) => e.min > 0).map((e) => plain(short(e.id)))
          const known = rows.filter((row) => row.need === 'mandatory').map((row) => plain(row.element))
          // A slice's own type is what makes it the slice.
          expect([...new Set(demanded)].sort()).to.deep.equal([...new Set(known)].sort())
        })
        it(`${type}: everything that it wants supported is in the table, and nothing that it does not know`, () => {
          const wanted = elements.filter((e) => e.mustSupport || e.uscdi).map((e) => short(e.id))
          const known = rows.filter((row) => row.need === 'must-support').map((row) => row.element)
          expect(wanted.filter((id) => !known.some((element) => element === id || element.startsWith(`${id}.`)))).to.deep.equal([])
          expect(known.filter((element) => !wanted.some((id) => element === id || element === `${id}.end`))).to.deep.equal([])
        })
        it(`${type}: its profile finds nothing wrong with ours`, async () => {
          const { medplum } = await libraries()
          expect(medplum(sent[type], profile)).to.deep.equal([])
          if (type === 'Coverage') for (const one of [second, ...numberless]) expect(medplum(one, profile)).to.deep.equal([])
        })
        for (const element of [...new Set(rows.filter((r) => r.need === 'mandatory' && r.ours === 'sent' && !r.element.includes(':')).map((r) => r.element))])
          it(`${type}: its profile misses ${element} too`, async () => {
            const { medplum } = await libraries()
            expect(medplum(drop(sent[type], element.split('.')) as Json, profile)).to.not.deep.equal([])
          })
      }
    })
  }
})
