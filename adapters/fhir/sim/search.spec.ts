import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { appointment, asking, coverage, patient, startEhr } from '../testing/ehr.ts'

describe('A search of the simulated EHR', () => {
  let sim: Simulator
  const ask = asking(() => sim)
  const put = (resource: object) => sim.control('POST', '/_sim/staff/put', resource)
  const mrn = (value: string) => [{ system: 'https://clinic.example/mrn', value }]
  before(async () => {
    sim = await startEhr()
    await put(patient({ id: 'ana', identifier: mrn('1') }))
    await put(patient({ id: 'anna', identifier: mrn('2'), name: [{ family: 'Nunez-Ortiz', given: ['Anna'] }], birthDate: '1984-02-28', telecom: [] }))
    await put(patient({ id: 'bo', identifier: mrn('a|b,c'), name: [{ family: 'Okafor', given: ['Bo'] }], birthDate: '1990', gender: 'male' }))
    await put(coverage('Patient/ana', { id: 'c1', identifier: mrn('9') }))
    await put(coverage('Patient/bo', { id: 'c2', status: 'draft' }))
    await put(appointment('Patient/ana', { id: 'a1' }))
    await put(appointment('Patient/bo', { id: 'a2', start: '2026-12-02T09:00:00-06:00', end: '2026-12-02T09:30:00-06:00', status: 'cancelled' }))
  })
  after(() => sim.stop())

  const ids = (json: { entry?: { resource: { id: string } }[] }) => (json.entry ?? []).map(({ resource }) => resource.id)
  const found = async (query: string) => ids((await ask('GET', query)).json)

  const cases: [query: string, ids: string[]][] = [
    ['Patient?identifier=https://clinic.example/mrn|1', ['ana']],
    ['Patient?identifier=1', ['ana']],
    ['Patient?identifier=https://elsewhere.example/mrn|1', []],
    ['Patient?identifier=https://clinic.example/mrn|1,https://clinic.example/mrn|2', ['ana', 'anna']],
    [`Patient?identifier=${encodeURIComponent('https://clinic.example/mrn|a\\|b\\,c')}`, ['bo']],
    ['Patient?family=nunez', ['ana', 'anna']],
    ['Patient?family=N%C3%9A%C3%91EZ', ['ana', 'anna']],
    ['Patient?family:exact=N%C3%BA%C3%B1ez', ['ana']],
    ['Patient?family:contains=ortiz', ['anna']],
    ['Patient?given=an', ['ana', 'anna']],
    ['Patient?name=bo', ['bo']],
    ['Patient?family=nunez&birthdate=1984-02-29', ['ana']],
    ['Patient?birthdate=1984-02', ['ana', 'anna']],
    ['Patient?birthdate=ge1984-02-29&birthdate=lt1990', ['ana']],
    ['Patient?phone=3125550142', ['ana', 'bo']],
    ['Patient?telecom=phone|312-555-0142&gender=male', ['bo']],
    ['Patient?email=ana@example.com', ['ana', 'bo']],
    ['Patient?_id=bo', ['bo']],
    ['Coverage?beneficiary=Patient/ana', ['c1']],
    ['Coverage?patient=bo&status=draft', ['c2']],
    ['Coverage?identifier=9', ['c1']],
    ['Appointment?patient=Patient/bo', ['a2']],
    ['Appointment?date=2026-12-01', ['a1']],
    ['Appointment?date=ge2026-12-02T15:00:00Z', ['a2']],
    ['Appointment?date=lt2026-12-02', ['a1']],
    ['Appointment?_sort=-date', ['a2', 'a1']],
    ['Appointment?status=booked,cancelled&_lastUpdated=ge2000-01-01', ['a1', 'a2']],
    ['Appointment?_lastUpdated=lt2000-01-01', []],
  ]
  for (const [query, expected] of cases) {
    it(`${query} finds ${expected.join(', ') || 'nobody'}`, async () => expect((await found(query)).sort()).to.deep.equal([...expected].sort()))
  }

  it('is the same by POST, where nothing stands in an address', async () => {
    expect(ids((await ask('POST', 'Patient/_search', 'family=nunez&birthdate=1984-02-29')).json)).to.deep.equal(['ana'])
  })
  it('drops what it does not know, and so finds everybody; or refuses it, by setting or when it is asked to', async () => {
    expect(await found('Patient?shoe-size=44')).to.have.length(3)
    expect((await ask('GET', 'Patient?shoe-size=44', undefined, { prefer: 'handling=strict' })).status).to.equal(400)
    await sim.control('PUT', '/_sim/knobs', { unknownParameters: 'refused' })
    expect((await ask('GET', 'Patient?shoe-size=44')).status).to.equal(400)
    await sim.control('PUT', '/_sim/knobs', { unknownParameters: 'ignored' })
    expect((await ask('GET', 'Patient?family:phonetic=x')).status, 'what is meant in another way is never dropped').to.equal(400)
    expect((await ask('GET', 'Patient?birthdate=yesterday')).status).to.equal(400)
  })
  it('says which elements it left out, and counts without telling', async () => {
    const { resource } = (await ask('GET', 'Patient?_id=ana&_elements=identifier')).json.entry[0]
    expect(resource).to.include.keys('identifier', 'meta').and.not.to.include.keys('name', 'birthDate')
    expect(resource.meta.tag[0].code).to.equal('SUBSETTED')
    expect((await ask('GET', 'Patient?_summary=count')).json).to.deep.equal({ resourceType: 'Bundle', type: 'searchset', total: 3 })
  })
  it('puts no name into the address of a further page, and does not know one that it never gave', async () => {
    const { json } = await ask('GET', 'Patient?family=nunez&_count=1')
    const next = json.link.find((link: { relation: string }) => link.relation === 'next').url as string
    expect(next).not.to.contain('nunez')
    expect((await ask('GET', 'Patient?_page=12345.1')).status).to.equal(410)
  })
  it('finds what staff did by when it was done', async () => {
    const { now } = (await sim.control('POST', '/_sim/clock/advance', { ms: 60_000 })) as { now: string }
    await sim.control('POST', '/_sim/staff/change', { reference: 'Appointment/a1', set: { status: 'noshow' } })
    expect(await found(`Appointment?_lastUpdated=ge${now}`)).to.deep.equal(['a1'])
    await sim.control('POST', '/_sim/staff/merge', { from: 'Patient/anna', into: 'Patient/ana' })
    const merged = (await ask('GET', 'Patient/anna')).json
    expect(merged).to.deep.include({ active: false, link: [{ other: { reference: 'Patient/ana' }, type: 'replaced-by' }] })
  })
})
