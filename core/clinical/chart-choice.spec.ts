import { expect } from 'chai'
import { chartChoice, compareCharts } from './chart-choice.ts'
import type { ChartCandidates, ChartQuery } from './ehr.ts'

const asked: ChartQuery = {
  ...{ patientId: '0198f2a0-0000-7000-8000-000000000002', visitId: '0198f2a0-0000-7000-8000-000000000003', knownRef: null, forgottenRefs: [] },
  ...{ givenName: 'José', familyName: "O'Neil-Reyes", birthDate: '1981-04-09', phone: '+1 (312) 555-0100', payerSex: 'M', email: null },
  address: { line1: '12 Pier Road', line2: null, city: 'Chicago', country: 'US', state: 'IL', postalCode: '60601' },
}
const candidate: ChartCandidates['candidates'][number] = {
  ...{ patientRef: 'Patient/7', givenName: 'Jose', familyName: 'ONEIL REYES', birthDate: '1981-04-09', gender: 'male', phone: '312.555.0100' },
  ...{ email: 'j@example.test', address: '12 Pier Road, Chicago IL 60601-1234', addressCountry: null, mrn: 'MRN-7', updatedAt: null, foundBy: ['phone'] },
}
const compared = (of: Partial<typeof candidate> = {}) => {
  const { rows } = compareCharts(asked, { candidates: [{ ...candidate, ...of }], more: false }, 'US')
  return Object.fromEntries(rows.map((row) => [row.field, row.charts[0]?.match]))
}

describe('core/clinical, whose chart it is', () => {
  it('is chosen by a place in the list, or is nobody’s', () => {
    const options = { candidates: [candidate, { ...candidate, patientRef: 'Patient/8' }], more: false }
    expect(chartChoice.pick(options, 1)).to.deep.equal({ patientRef: 'Patient/8', how: 'chosen', notRefs: [] })
    expect(chartChoice.pick(options, null)).to.deep.equal({ patientRef: null, how: 'nobody', notRefs: ['Patient/7', 'Patient/8'] })
    expect(chartChoice.pick({ ...options, more: true }, null), 'nobody saw the others').to.equal(undefined)
    expect(chartChoice.pick(options, 2)).to.equal(undefined)
  })

  it('takes for the same what is only written differently', () => {
    expect(compared()).to.include({ familyName: 'same', givenName: 'same', birthDate: 'same', sex: 'same', phone: 'same', address: 'same' })
  })

  it('shows as different what may be somebody else: a day, a digit, a name', () => {
    expect(compared({ birthDate: '1981-04-08' })).to.include({ birthDate: 'different' })
    expect(compared({ phone: '312 555 0101' })).to.include({ phone: 'different' })
    expect(compared({ givenName: 'Josefa', gender: 'female' })).to.include({ givenName: 'different', sex: 'different' })
    expect(compared({ familyName: 'Reyes' })).to.include({ familyName: 'different' })
    expect(compared({ address: '14 Pier Road, Chicago IL 60601' })).to.include({ address: 'different' })
  })

  it('knows a chart by the patient’s own word and by the insurer’s code, and shows both where they differ', () => {
    const sexRow = (of: Partial<ChartQuery>, gender: string) => {
      const row = compareCharts({ ...asked, ...of }, { candidates: [{ ...candidate, gender }], more: false }, 'US').rows.find(({ field }) => field === 'sex')
      return [row?.asked, row?.charts[0]?.match]
    }
    expect(sexRow({ gender: 'female' }, 'female')).to.deep.equal(['female (insurer: male)', 'same'])
    expect(sexRow({ gender: 'female' }, 'male')).to.deep.equal(['female (insurer: male)', 'same'])
    expect(sexRow({ gender: 'female' }, 'other')).to.deep.equal(['female (insurer: male)', 'different'])
    expect(sexRow({ gender: 'other', payerSex: 'U' }, 'male')).to.deep.equal(['other', 'different'])
    expect(sexRow({ gender: 'unknown' }, 'male')).to.deep.equal(['male', 'same'])
    expect(sexRow({ gender: null }, 'male')).to.deep.equal(['male', 'same'])
  })

  it('shows the country of an address where one is not the clinic’s own, and takes no other country for the same place', () => {
    const addressRow = (country: string, charts: readonly (string | null)[], home: string | null = 'US') => {
      const query = asked.address && { ...asked, address: { ...asked.address, country } }
      const all = charts.map((addressCountry) => ({ ...candidate, addressCountry }))
      const row = compareCharts(query ?? asked, { candidates: all, more: false }, home).rows.find(({ field }) => field === 'address')
      return [row?.asked, ...(row?.charts ?? []).map(({ text, match }) => `${match}: ${text}`)]
    }
    const [ours, theirs] = ['12 Pier Road, Chicago, IL, 60601', '12 Pier Road, Chicago IL 60601-1234']
    expect(addressRow('US', ['US', 'USA', 'United States', null])).to.deep.equal([ours, ...Array(4).fill(`same: ${theirs}`)])
    expect(addressRow('US', ['usa', 'DE', null])).to.deep.equal([
      ...[`${ours}, United States`, `same: ${theirs}, United States`, `different: ${theirs}, Germany`, `same: ${theirs}`],
    ])
    expect(addressRow('DE', ['Deutschland', null]), 'both abroad').to.deep.equal([...[`${ours}, Germany`, `same: ${theirs}, Germany`, `same: ${theirs}`]])
    expect(addressRow('US', ['Elbonia']), 'what nobody knows is shown as it stands').to.deep.equal([
      ...[`${ours}, United States`, `different: ${theirs}, Elbonia`],
    ])
    expect(addressRow('US', ['US'], null), 'a clinic that may be anywhere').to.deep.equal([`${ours}, United States`, `same: ${theirs}, United States`])
  })

  it('takes silence for neither: what the chart or the patient does not say is neither the same nor different', () => {
    expect(compared({ phone: null, birthDate: null })).to.include({ phone: 'not-there', birthDate: 'not-there', email: 'not-asked', mrn: 'not-asked' })
    expect(compared({ mrn: null }), 'a row without anything is no row').to.not.have.property('mrn')
  })
})
