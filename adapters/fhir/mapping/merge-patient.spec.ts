import type { Patient, PatientContact } from '@medplum/fhirtypes'
import { expect } from 'chai'
import { config } from '../fixtures/visit.ts'
import { refs } from '../fixtures/visit-v2.ts'
import { visitV3 } from '../fixtures/visit-v3.ts'
import { merge, ours, type VisitV3 } from './index.ts'

const into = (chart: Partial<Patient>, changes: Partial<VisitV3>): Patient => {
  const visit = visitV3(changes)
  return merge<Patient>({ resourceType: 'Patient', id: '1', ...chart }, ours.Patient(visit, refs, config), { visit }).resource
}

describe('what a patient says of themselves, merged into a chart', () => {
  describe('gender', () => {
    type Case = [string, Patient['gender'], VisitV3['gender'], VisitV3['payerSex'], Patient['gender']]
    const cases: Case[] = [
      ['fills a chart that has none', undefined, 'other', 'F', 'other'],
      ['takes the place of unknown', 'unknown', 'female', 'F', 'female'],
      ['takes the place of what the payer’s code says', 'female', 'male', 'F', 'male'],
      ['leaves any other word of the chart', 'other', 'male', 'F', 'other'],
      ['leaves the chart’s where they would not say', 'female', 'unknown', 'F', 'female'],
      ['leaves the chart’s where they were not asked', 'unknown', null, 'F', 'unknown'],
      ['is the payer’s code only in a chart that has none', undefined, null, 'F', 'female'],
    ]
    for (const [what, chart, gender, payerSex, after] of cases)
      it(what, () => expect(into(chart === undefined ? {} : { gender: chart }, { gender, payerSex }).gender).to.equal(after))
    it('said again changes nothing', () => {
      const visit = visitV3({ gender: 'male', payerSex: 'F' })
      const said = ours.Patient(visit, refs, config)
      const once = merge<Patient>({ resourceType: 'Patient', id: '1', gender: 'female' }, said, { visit }).resource
      expect(merge<Patient>(once, said, { visit })).to.deep.equal({ resource: once, changed: false })
    })
  })

  describe('who signs for a child', () => {
    const father: PatientContact = { name: { text: 'Juan Brandywine' }, telecom: [{ system: 'phone', value: '555' }] }
    it('is added beside those whom the chart has, and never twice', () => {
      const once = into({ contact: [father] }, {})
      expect(once.contact).to.deep.equal([father, ...(ours.Patient(visitV3(), refs, config).contact ?? [])])
      expect(into(once, {}).contact).to.deep.equal(once.contact)
    })
    it('is known by name, whole or in parts, and keeps what the chart says of them', () => {
      for (const name of [{ text: 'rosalind  BRANDYWINE' }, { family: 'Brandywine', given: ['Rosalind', 'Maria'] }]) {
        const mother: PatientContact = { name, relationship: [{ text: 'Mum' }], telecom: [{ system: 'phone', value: '556' }] }
        expect(into({ contact: [mother] }, {}).contact).to.deep.equal([mother])
      }
    })
    it('is said what they are to the child where the chart does not say', () => {
      const [contact] = into({ contact: [{ name: { family: 'Brandywine', given: ['Rosalind'] } }] }, {}).contact ?? []
      expect(contact?.relationship?.[0]?.coding?.[0]?.code).to.equal('PRN')
    })
    it('stays in the chart when nobody signs for the patient any more', () =>
      expect(into({ contact: [father] }, { guardian: null }).contact).to.deep.equal([father]))
  })

  describe('the language they signed in', () => {
    const spanish = (language: object) => ({ communication: [{ language, preferred: true }] }) as Partial<Patient>
    it('is added, and none is said to be preferred', () => {
      expect(into({}, {}).communication).to.deep.equal([{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'es' }] } }])
      const vietnamese = spanish({ coding: [{ code: 'vi' }] })
      expect(into(vietnamese, {}).communication?.[0]).to.deep.equal(vietnamese.communication?.[0])
      expect(into(vietnamese, {}).communication?.map(({ preferred }) => preferred)).to.deep.equal([true, undefined])
    })
    for (const language of [
      { coding: [{ code: 'es-MX' }] },
      { text: 'Spanish' },
      { coding: [{ code: 'ES', display: 'x' }] },
      { coding: [{ display: 'spanish' }] },
    ])
      it(`is not added to ${JSON.stringify(language)}`, () => expect(into(spanish(language), {}).communication).to.deep.equal(spanish(language).communication))
    it('stays in the chart where nobody said any', () =>
      expect(into(spanish({ text: 'Vietnamese' }), { language: null })).to.deep.include(spanish({ text: 'Vietnamese' })))
  })
})
