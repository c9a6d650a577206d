import { expect } from 'chai'
import { config } from '../fixtures/visit.ts'
import { refs } from '../fixtures/visit-v2.ts'
import { secondary, visitV3 } from '../fixtures/visit-v3.ts'
import { appointmentPatch, identifierOf, instantOf, mappedTypes, ours, recordOf, referencesOf, sameInstant, urn } from './index.ts'
import { mergeRules } from './merge-rules.ts'
import { steps } from './rows.ts'
import { ownIds, tables } from './tables.ts'

type Eligibility = NonNullable<ReturnType<typeof visitV3>['eligibility']>
const eligibility = (changes: Partial<Eligibility>): Eligibility => ({ ...(visitV3().eligibility as Eligibility), ...changes })
// Everything that a visit can say.
const full = visitV3({ eligibility: eligibility({ manual: true, reasonCodes: ['72', '75'] }) })
const numberless = visitV3({ memberId: null, secondary: { ...secondary, memberId: null } })
const at = (resource: unknown, element: string): unknown =>
  steps(element).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], resource)
const leaves = (value: unknown, path: string): string[] => {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, child]) => leaves(child, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`))
}

describe('the mapping tables', () => {
  for (const type of mappedTypes) {
    const resource = ours[type](full, refs, config)
    const { rows, keeps } = tables[type]

    describe(type, () => {
      for (const { element, from, unless } of rows)
        it(`fills ${element}${from === null ? '' : ` from ${from}`}`, () => {
          expect(at(unless === undefined ? resource : ours[type](numberless, refs, config), element)).to.not.equal(undefined)
          if (unless !== undefined) expect(at(resource, element)).to.equal(undefined)
        })

      it('writes nothing that no line of the table says', () => {
        const said = rows.map((row) => row.element)
        const unsaid = leaves(resource, '').filter(
          (leaf) => leaf !== 'resourceType' && !said.some((element) => leaf === element || leaf.startsWith(`${element}[`)),
        )
        expect(unsaid).to.deep.equal([])
      })
      it('has one line for each element', () => {
        const elements = rows.map((row) => row.element)
        expect(elements.filter((element, i) => elements.indexOf(element) !== i)).to.deep.equal([])
      })
      it('says of nothing how it is merged that it does not write', () => {
        for (const [element, rule] of Object.entries(keeps)) {
          expect(
            rows.some((row) => row.element.split(/[.[]/)[0] === element),
            element,
          ).to.equal(true)
          expect(mergeRules[rule].text).to.not.equal('')
        }
      })
      it('is found again by our identifier', () => {
        expect((resource as { identifier: unknown[] }).identifier[0]).to.deep.equal(identifierOf(type, full, config))
        expect(identifierOf(type, full, config).system).to.equal(`${config.identifierSystem}/${ownIds[type].kind}`)
      })
    })
  }

  it('leaves no hole and no null where something is not known', () => {
    const bare = visitV3({ ...{ gender: null, guardian: null, language: null }, email: null, groupNumber: null, address: { ...full.address, line2: null } })
    expect(ours.Patient(bare, refs, config).telecom).to.deep.equal([{ system: 'phone', value: bare.phone }])
    expect(ours.Patient(bare, refs, config).address?.[0]?.line).to.deep.equal([bare.address.line1])
    expect(ours.Coverage(bare, refs, config)).to.not.have.property('class')
    expect(ours.Patient(bare, refs, config)).to.not.have.any.keys('contact', 'communication')
    for (const type of mappedTypes) expect(JSON.stringify(ours[type](bare, refs, config))).to.not.contain('null')
  })
  it('says of gender what the patient said; where they said nothing, what they told the payer', () => {
    const of = (gender: typeof full.gender, payerSex: typeof full.payerSex) => ours.Patient(visitV3({ gender, payerSex }), refs, config).gender
    expect([of('male', 'F'), of('other', 'M'), of('unknown', 'F')]).to.deep.equal(['male', 'other', 'unknown'])
    expect([of(null, 'F'), of(null, 'M'), of(null, 'U')]).to.deep.equal(['female', 'male', 'unknown'])
  })
  it('never makes of the payer’s code a sex that somebody documented', () => {
    for (const payerSex of ['F', 'M', 'U'] as const) expect(ours.Patient(visitV3({ payerSex }), refs, config)).to.not.have.property('extension')
  })
  it('names an insurer by the patient’s words alone where the catalogue has none', () => {
    const inWords = visitV3({ payerId: null, payerName: 'Prairie Farm', secondary: { ...secondary, payerId: null, payerName: 'Faraway' } })
    expect(ours.Coverage(inWords, refs, config).payor).to.deep.equal([{ type: 'Organization', display: 'Prairie Farm' }])
    expect(ours.SecondCoverage(inWords, refs, config)?.payor).to.deep.equal([{ type: 'Organization', display: 'Faraway' }])
    expect(ours.CoverageEligibilityRequest(inWords, refs, config)?.insurer).to.deep.equal({ type: 'Organization', display: 'Prairie Farm' })
  })
  it('writes no second insurance where there is none, and numbers the first only beside one', () => {
    expect(ours.SecondCoverage(visitV3({ secondary: null }), refs, config)).to.equal(null)
    expect(ours.Coverage(visitV3({ secondary: null }), refs, config)).to.not.have.property('order')
    expect([ours.Coverage(full, refs, config).order, ours.SecondCoverage(full, refs, config)?.order]).to.deep.equal([1, 2])
  })
  for (const [relationship, code] of [
    ['parent', 'PRN'],
    ['guardian', 'GUARD'],
    ['other', 'O'],
  ] as const)
    it(`calls who signs as ${relationship} ${code}`, () => {
      const [contact] = ours.Patient(visitV3({ guardian: { givenName: 'R', familyName: 'B', relationship } }), refs, config).contact ?? []
      expect(contact?.relationship?.[0]?.coding?.[0]?.code).to.equal(code)
    })
  it('writes nothing about eligibility that was not answered', () => {
    const unasked = visitV3({ eligibility: null })
    expect(ours.CoverageEligibilityRequest(unasked, refs, config)).to.equal(null)
    expect(ours.CoverageEligibilityResponse(unasked, refs, config)).to.equal(null)
  })

  describe('an answer about eligibility', () => {
    const said: [Partial<Eligibility>, string, boolean | undefined][] = [
      [{ verdict: 'active' }, 'complete', true],
      [{ verdict: 'inactive' }, 'complete', false],
      [{ verdict: 'mixed' }, 'complete', undefined],
      [{ verdict: 'rejected', reasonCodes: ['75'] }, 'error', undefined],
      [{ verdict: 'unknown' }, 'partial', undefined],
      [{ verdict: 'active', manual: true }, 'partial', true],
    ]
    for (const [changes, outcome, inforce] of said)
      it(`is ${outcome}, in force ${inforce ?? 'not said'}, for ${JSON.stringify(changes)}`, () => {
        const response = ours.CoverageEligibilityResponse(visitV3({ eligibility: eligibility(changes) }), refs, config)
        expect([response?.outcome, response?.insurance?.[0]?.inforce]).to.deep.equal([outcome, inforce])
      })
    it('says that staff entered it, where they did', () => {
      const of = (manual: boolean) => ours.CoverageEligibilityResponse(visitV3({ eligibility: eligibility({ manual }) }), refs, config)?.disposition
      expect(of(true)).to.contain('staff')
      expect(of(false)).to.equal(undefined)
    })
    it('names the payer’s reasons, and codes of the hub’s own never', () => {
      const errors = (reasonCodes: string[]) =>
        ours.CoverageEligibilityResponse(visitV3({ eligibility: eligibility({ verdict: 'rejected', reasonCodes }) }), refs, config)?.error
      expect(errors(['75', 'no-answer'])?.map((e) => e.code?.coding?.[0]?.code)).to.deep.equal(['75'])
      expect(errors([])).to.equal(undefined)
    })
  })

  it('refers within the bundle to what the EHR does not know yet', () => {
    expect(referencesOf(full)).to.deep.equal({
      patient: urn(full.patientId),
      coverage: urn(full.coverageId),
      eligibilityRequest: urn(full.eligibility?.requestId ?? ''),
    })
    expect(referencesOf(visitV3({ patientRef: 'Patient/7' }), { coverage: 'Coverage/8' })).to.include({ patient: 'Patient/7', coverage: 'Coverage/8' })
  })
  it('says of a visit that moved only what is the hub’s to say', () => {
    const moved = { visitId: full.visitId, status: 'booked' as const, startsAt: full.startsAt, endsAt: full.endsAt, practitioner: 'Dr. Who' }
    const patch = appointmentPatch({ ...moved, agreed: null, patientId: null, patientKey: null }, config)
    expect(Object.keys(patch)).to.deep.equal(['identifier', 'status', 'start', 'end', 'participant'])
    expect(patch.participant?.map((p) => p.actor?.display)).to.deep.equal(['Dr. Who', config.practiceName])
  })
})

describe('an instant of FHIR', () => {
  const same: [string, string][] = [
    ['2026-12-01T15:00:00Z', '2026-12-01T15:00:00.000Z'],
    ['2026-12-01T09:00:00-06:00', '2026-12-01T15:00:00.000Z'],
    ['2026-12-01T20:30:00.123456+05:30', '2026-12-01T15:00:00.123Z'],
    // The hour that there is twice when clocks go back, told apart by the offset.
    ['2026-11-01T01:30:00-05:00', '2026-11-01T06:30:00.000Z'],
    ['2026-11-01T01:30:00-06:00', '2026-11-01T07:30:00.000Z'],
  ]
  for (const [text, utc] of same)
    it(`reads ${text}`, () => {
      expect(instantOf(text)).to.equal(utc)
      expect(sameInstant(text, utc)).to.equal(true)
    })
  for (const text of [
    '2026-12-01',
    '2026-12-01T15:00:00',
    '2026-12',
    '2026-02-30T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-12-01T25:00:00Z',
    '',
    null,
    5,
    '2026-12-01T15:00:00+25:00',
  ])
    it(`guesses nothing from ${JSON.stringify(text)}`, () => {
      expect(instantOf(text)).to.equal(null)
      expect(sameInstant(text, text)).to.equal(false)
    })
})

describe('a reference', () => {
  for (const text of ['Patient/1', 'https://ehr.example.org/fhir/Patient/1', 'Patient/1/_history/4'])
    it(`names the record in ${text}`, () => expect(recordOf(text)).to.equal('Patient/1'))
})
