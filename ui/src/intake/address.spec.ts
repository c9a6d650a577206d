import { EhrVisitV2 } from '@heliox/core/clinical'
import { IntakeSubmission, PatientAnswers } from '@heliox/core/identity'
import { countryCodes, languageTags, postalCodeFacts, usStateCodes } from '@heliox/core/messages'
import { expect } from 'chai'
import fc from 'fast-check'
import { config } from '../../../adapters/fhir/fixtures/visit.ts'
import { refs, visitV2 } from '../../../adapters/fhir/fixtures/visit-v2.ts'
import { ours } from '../../../adapters/fhir/mapping/index.ts'
import type { IntakeView } from '../client.gen.ts'
import { wordsIn } from '../shared/messages/index.ts'
import { addressOf } from './address.ts'
import { type Draft, emptyDraft, patched } from './draft.ts'
import { offeredOf, taken } from './offered.ts'
import { dataOf, draftFrom } from './server-draft.ts'
import { usStates } from './states.ts'
import { problemFromApi, problemsOf } from './validate.ts'

const intakeAt = (country: string | null) => ({ clinic: { country }, payers: [], forms: [], previous: null, contact: null }) as unknown as IntakeView
const typed = (fields: Partial<Draft['fields']>): Draft => patched(emptyDraft('x'), { fields })
const problems = (country: string | null, fields: Partial<Draft['fields']>) =>
  problemsOf('address', { draft: typed(fields), intake: intakeAt(country), language: 'en', today: '2026-11-22' })
const { address: _, ...person } = PatientAnswers.schema.parse({
  ...{ givenName: 'Jörg', familyName: 'Weiß', birthDate: '1981-04-09', payerSex: 'M', phone: '0221/4710 123' },
  address: { line1: 'Domkloster 4', city: 'Köln', country: 'DE', postalCode: '50667' },
  ...{ payerId: 'HELIO1', memberId: 'HX1' },
})

describe('the address of the form', () => {
  it('is in the clinic’s country until the patient says another', () => {
    expect(addressOf({ draft: typed({ postalCode: 'd-50667', state: 'TX' }), intake: intakeAt('DE') })).to.include({
      country: 'DE',
      state: null,
      postalCode: '50667',
    })
    expect(addressOf({ draft: typed({ country: 'US', state: 'TX' }), intake: intakeAt('DE') })).to.include({ country: 'US', state: 'TX' })
    expect(problems(null, { line1: 'a', city: 'b' }).map(({ id }) => id)).to.deep.equal(['country'])
  })

  it('says what is missing and what is wrong, in the order of the page, in each language', async () => {
    const ids = (country: string, fields: Partial<Draft['fields']>) => problems(country, fields).map(({ id }) => id)
    expect(ids('US', {})).to.deep.equal(['line1', 'city', 'state', 'postalCode'])
    expect(ids('DE', {})).to.deep.equal(['line1', 'postalCode', 'city'])
    expect(ids('GB', {})).to.deep.equal(['line1', 'city', 'postalCode'])
    expect(ids('IE', {})).to.deep.equal(['line1', 'city'])
    expect(ids('IT', { line1: 'a', city: 'b', postalCode: '184', state: 'x'.repeat(41) })).to.deep.equal(['postalCode', 'state'])
    expect(ids('DE', { line1: 'x'.repeat(61), city: 'x'.repeat(41), postalCode: '50667' })).to.deep.equal(['line1', 'city'])
    for (const tag of languageTags) {
      const { text } = await wordsIn(tag)
      const said = problems('DE', { line1: 'a', city: 'b', postalCode: '5066' }).map(({ say }) => say(text))
      expect(said[0], tag).to.contain('50667')
      expect(problems('US', { line1: 'a', city: 'b', state: 'TX', postalCode: '5' })[0]?.say(text), tag).to.contain('78701')
      expect(problems('CA', { line1: 'a', city: 'b', postalCode: '<>' })[0]?.say(text), tag)
        .to.match(/\S/)
        .and.not.contain('null')
    }
  })

  it('has a name for every state of the rule, and the page of each of its fields', () => {
    expect(usStates.map(({ value }) => value)).to.have.members([...usStateCodes])
    for (const field of ['country', 'line1', 'line2', 'city', 'state', 'postalCode'])
      expect(problemFromApi(`answers.address.${field}`)?.step, field).to.equal('address')
  })

  it('that the page takes the api takes too, and the other way round; it survives the draft, the sealed answers and the next visit, and reaches the chart', () => {
    const examples = countryCodes.map((country) => postalCodeFacts(country).example).filter((example) => example !== null)
    const words = fc.string({ unit: 'grapheme', maxLength: 14 })
    const fields = fc.record({
      country: fc.constantFrom('', 'US', 'DE', 'FR', 'GB', 'IE', 'IT', 'NL', 'PL', 'CA', 'HK'),
      line1: words,
      line2: words,
      city: words,
      state: fc.constantFrom('', 'TX', 'XX', 'Roma'),
      postalCode: fc.oneof(fc.constantFrom(...examples), fc.stringMatching(/^[A-Za-z0-9 -]{0,14}$/)),
    })
    const seen = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(fields, fc.constantFrom('US', 'DE'), (made, clinic) => {
        const before = typed(made)
        const draft = draftFrom(
          { version: 1, draft: { version: 1, savedAt: '2026-11-22T10:00:00.000Z', data: JSON.parse(JSON.stringify(dataOf(before))) } },
          emptyDraft('x'),
        )
        const address = addressOf({ draft, intake: intakeAt(clinic) })
        const answers = IntakeSubmission.shape.answers.safeParse({ ...person, address })
        const said = problemsOf('address', { draft, intake: intakeAt(clinic), language: 'en', today: '2026-11-22' })
        expect(said.length === 0, JSON.stringify(address)).to.equal(answers.success)
        if (!answers.success) {
          seen.refused += 1
          return
        }
        seen.taken += 1
        const opened = PatientAnswers.schema.parse(JSON.parse(JSON.stringify(answers.data)))
        expect(opened.address).to.deep.equal(address)
        const again = patched(emptyDraft('y'), taken(offeredOf({ previous: { answers: opened, givenAt: '' }, contact: null, payers: [] }), ['address']))
        expect(addressOf({ draft: again, intake: intakeAt('FR') }), 'offered again, at a clinic of another country').to.deep.equal(address)
        const visit = EhrVisitV2.schema.parse(visitV2({ address: opened.address }))
        const [home] = ours.Patient(visit, refs, config).address ?? []
        const { line1, line2, ...place } = address
        const kept = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== null))
        expect(home).to.deep.equal({ use: 'home', line: [line1, ...(line2 === null ? [] : [line2])], ...kept })
      }),
      { numRuns: 3000, seed: 58 },
    )
    expect(seen.taken).to.be.greaterThan(200)
    expect(seen.refused).to.be.greaterThan(200)
  })
})
