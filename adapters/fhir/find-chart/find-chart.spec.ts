import { createServer } from 'node:http'
import { ChartCandidates as Candidates, type ChartCandidates, chartChoice } from '@heliox/core/clinical'
import { MustChoose } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { fhir } from '../adapter.ts'
import { contextOf, faultOf, newVisitV2, staffOf } from '../fixtures/context.ts'
import { config } from '../fixtures/visit.ts'
import { startEhr } from '../testing/ehr.ts'

describe('whose chart it is', () => {
  let sim: Simulator
  let logged: string[]
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    logged = []
    await sim.reset()
  })

  const somebody = (changes: object = {}) => ({ ...newVisitV2(), knownRef: null as string | null, forgottenRefs: [] as string[], ...changes })
  type Query = ReturnType<typeof somebody>
  const ask = (query: Query, changes: Parameters<typeof contextOf>[1] = {}) => fhir.operations.findChart.call(query, contextOf(sim.url, { logged, ...changes }))
  async function choiceOf(query: Query): Promise<ChartCandidates> {
    const error = await ask(query).then(
      (answer) => new Error(`nobody is asked: ${JSON.stringify(answer)}`),
      (thrown: unknown) => thrown,
    )
    if (error instanceof MustChoose) return Candidates.schema.parse(error.options)
    throw error
  }
  const chartLike = (query: Query, changes: object = {}) => ({
    resourceType: 'Patient',
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'https://clinic.example/mrn', value: 'MRN-77' }],
    name: [{ use: 'official', family: query.familyName, given: [query.givenName] }],
    birthDate: query.birthDate,
    telecom: [{ system: 'phone', value: query.phone }],
    ...changes,
  })
  const ours = (query: Query) => ({ system: `${config.identifierSystem}/patient`, value: query.patientId })
  const put = (resource: object) => staffOf(sim).put(resource)

  it('is nobody’s when nobody looks like the patient', async () => {
    await put(chartLike(somebody()))
    expect(await ask(somebody())).to.deep.equal({ is: 'ok', value: { patientRef: null, how: 'nobody', notRefs: [] } })
  })

  it('is the one that the visit names, and nobody is asked, whoever else looks like it', async () => {
    const query = somebody()
    const chart = await put(chartLike(query))
    await put(chartLike(query))
    expect(await ask({ ...query, knownRef: `Patient/${chart.id}` })).to.deep.equal({
      is: 'ok',
      value: { patientRef: `Patient/${chart.id}`, how: 'known', notRefs: [] },
    })
  })

  it('is never again the one that staff let be forgotten, as long as it carries our identifier', async () => {
    const query = somebody()
    const wrong = await put(chartLike(query, { identifier: [ours(query)] }))
    const right = await put(chartLike(query))
    const forgottenRefs = [`Patient/${wrong.id}`]
    const uncleaned = { is: 'rejected', value: { codes: ['chart-forgotten'], paths: ['Patient'] } }
    expect(await ask({ ...query, forgottenRefs })).to.deep.equal(uncleaned)
    // On both of them: nobody may say which, and it must go from the wrong one first.
    await staffOf(sim).change(`Patient/${right.id}`, { identifier: [ours(query)] })
    expect(await ask({ ...query, forgottenRefs })).to.deep.equal(uncleaned)
    await staffOf(sim).change(`Patient/${wrong.id}`, { identifier: [] })
    expect(await ask({ ...query, forgottenRefs })).to.have.nested.property('value.patientRef', `Patient/${right.id}`)
    // Cleaned, it is somebody who looks like the patient, as any other: whoever was wrong about it may take it after all.
    await staffOf(sim).change(`Patient/${right.id}`, { identifier: [] })
    expect((await choiceOf({ ...query, forgottenRefs })).candidates.map(({ patientRef }) => patientRef)).to.include(`Patient/${wrong.id}`)
    expect(await ask({ ...query, knownRef: `Patient/${wrong.id}`, forgottenRefs })).to.have.nested.property('value.how', 'known')
  })

  it('is the one that carries our identifier, without a question', async () => {
    const query = somebody()
    const chart = await put(chartLike(query, { identifier: [ours(query)] }))
    await put(chartLike(query))
    expect(await ask(query)).to.deep.include({ value: { patientRef: `Patient/${chart.id}`, how: 'our-identifier', notRefs: [] } })
  })

  const alike: [string, (query: Query) => object, string[]][] = [
    [
      'name and birth date, whatever the first name',
      ({ familyName }) => ({ name: [{ family: familyName, given: ['Liz'] }], telecom: [] }),
      ['name-and-birth-date'],
    ],
    [
      'a name written without accents and in capitals',
      ({ familyName }) => ({ name: [{ family: familyName.toUpperCase().replaceAll('Ú', 'U') }], telecom: [] }),
      ['name-and-birth-date'],
    ],
    ['the phone of a family', () => ({ name: [{ family: 'Other' }], birthDate: '2011-01-01' }), ['phone']],
    [
      'a phone written in another way',
      ({ phone }) => ({
        name: [{ family: 'Other' }],
        birthDate: '2011-01-01',
        telecom: [{ system: 'phone', value: phone.replace('+1 312 555 ', '(312) 555-') }],
      }),
      ['phone'],
    ],
    ['birth date and phone after a marriage', () => ({ name: [{ family: 'Newname' }] }), ['birth-date-and-phone', 'phone']],
    ['everything', () => ({}), ['name-and-birth-date', 'birth-date-and-phone', 'phone']],
  ]
  for (const [what, changes, foundBy] of alike) {
    it(`is for a person to say when a chart has ${what}`, async () => {
      const query = somebody()
      const chart = await put(chartLike(query, changes(query)))
      const { candidates, more } = await choiceOf(query)
      expect(candidates.map((one) => [one.patientRef, one.foundBy])).to.deep.equal([[`Patient/${chart.id}`, foundBy]])
      expect(more).to.equal(false)
    })
  }

  it('shows what tells people apart, and follows what the person says', async () => {
    const query = somebody()
    const address = [{ line: ['2 Old Road'], city: 'Peoria', state: 'IL', postalCode: '61602', country: 'USA' }]
    const chart = await put(chartLike(query, { gender: 'female', address }))
    const options = await choiceOf(query)
    expect(options.candidates[0]).to.include({
      givenName: query.givenName,
      familyName: query.familyName,
      birthDate: query.birthDate,
      gender: 'female',
      mrn: 'MRN-77',
    })
    expect(options.candidates[0]?.address).to.equal('2 Old Road, Peoria, IL, 61602')
    expect(options.candidates[0]?.addressCountry).to.equal('USA')
    expect(chartChoice.pick(options, 0)).to.include({ patientRef: `Patient/${chart.id}`, how: 'chosen' })
    expect(chartChoice.pick(options, null)).to.deep.include({ patientRef: null, notRefs: [`Patient/${chart.id}`] })
    expect(chartChoice.pick(options, 1)).to.equal(undefined)
  })

  it('shows a chart once, and as what it became when it was merged into another', async () => {
    const query = somebody()
    const [old, kept] = [await put(chartLike(query)), await put(chartLike(query, { name: [{ family: 'Newname' }], telecom: [], birthDate: '1999-09-09' }))]
    await staffOf(sim).merge(`Patient/${old.id}`, `Patient/${kept.id}`)
    expect((await choiceOf(query)).candidates.map(({ patientRef }) => patientRef)).to.deep.equal([`Patient/${kept.id}`])
  })

  it('asks when the chart that was known has been merged, and never follows by itself', async () => {
    const query = somebody()
    const [old, kept] = [await put(chartLike(query)), await put({ ...chartLike(somebody()) })]
    await staffOf(sim).merge(`Patient/${old.id}`, `Patient/${kept.id}`)
    expect((await choiceOf({ ...query, knownRef: `Patient/${old.id}` })).candidates.map(({ patientRef }) => patientRef)).to.deep.equal([`Patient/${kept.id}`])
  })

  it('asks when the number that was typed is a chart of another birth date or another family name, and believes our identifier', async () => {
    const query = somebody()
    const stranger = await put(chartLike(somebody(), { name: [{ family: 'Stranger' }] }))
    const father = await put(chartLike(query, { birthDate: '1941-04-01', telecom: [] }))
    const married = await put(chartLike(query, { name: [{ family: 'Stranger' }], telecom: [] }))
    for (const { id } of [stranger, father, married]) {
      const { candidates } = await choiceOf({ ...query, knownRef: `Patient/${id}` })
      expect(candidates[0]?.patientRef).to.equal(`Patient/${id}`)
    }
    await staffOf(sim).change(`Patient/${married.id}`, { identifier: [ours(query)] })
    expect(await ask({ ...query, knownRef: `Patient/${married.id}` })).to.have.nested.property('value.how', 'known')
  })

  it('asks when the number that was typed is the chart of a twin, once, and takes another spelling for the same person', async () => {
    const query = somebody({ givenName: 'Mary Ann' })
    const named = (...given: string[]) => put(chartLike(query, { name: [{ family: query.familyName, given }] }))
    for (const twin of [['John'], ['Liz'], ['Rose', 'Ann']]) {
      const { id } = await named(...twin)
      expect((await choiceOf({ ...query, knownRef: `Patient/${id}` })).candidates[0]?.patientRef, twin.join()).to.equal(`Patient/${id}`)
      await staffOf(sim).change(`Patient/${id}`, { identifier: [ours(query)] })
      expect(await ask({ ...query, knownRef: `Patient/${id}` }), 'confirmed').to.have.nested.property('value.how', 'known')
      await staffOf(sim).remove(`Patient/${id}`)
    }
    for (const same of [['Maryann'], ['Mary'], ['MARY', 'Ann', 'Rose'], []]) {
      const { id } = await named(...same)
      expect(await ask({ ...query, knownRef: `Patient/${id}` }), same.join()).to.have.nested.property('value.how', 'known')
    }
  })

  it('asks which of two charts is meant that both carry our identifier', async () => {
    const query = somebody()
    await put(chartLike(query, { identifier: [ours(query)], telecom: [] }))
    await put(chartLike(query, { identifier: [ours(query)], telecom: [] }))
    expect((await choiceOf(query)).candidates).to.have.length(2)
  })

  it('makes no new chart when the known one is gone: whoever named it has to say', async () => {
    const query = somebody()
    const chart = await put(chartLike(query))
    await staffOf(sim).remove(`Patient/${chart.id}`)
    const answer = await ask({ ...query, knownRef: `Patient/${chart.id}` })
    expect(answer).to.deep.equal({ is: 'rejected', value: { codes: ['chart-gone'], paths: [] } })
    for (const odd of ['Patient/../Observation', 'Observation/1', '']) expect(await ask({ ...query, knownRef: odd })).to.deep.equal(answer)
  })

  it('shows at most twenty, and says that there are more', async () => {
    const query = somebody()
    for (let n = 0; n < 23; n += 1) await put(chartLike(query))
    const { candidates, more } = await choiceOf(query)
    expect([candidates.length, more]).to.deep.equal([20, true])
  })

  it('is not taken in by a server that ignores what it is asked, and answers with everybody', async () => {
    const query = somebody()
    for (let n = 0; n < 30; n += 1) await put(chartLike(somebody()))
    const strange = await answeringEverybody(sim.url)
    try {
      const fault = await faultOf(fhir.operations.findChart.call(query, contextOf(strange.url, { logged })))
      expect(fault.kind).to.equal('contract')
      for (const text of [query.familyName, query.birthDate, query.phone]) expect(`${fault.message} ${fault.detail} ${logged.join()}`).not.to.contain(text)
    } finally {
      await strange.stop()
    }
  })

  it('says nothing of the patient in any log line', async () => {
    const query = somebody()
    await put(chartLike(query))
    await choiceOf(query)
    expect(logged.length).to.be.greaterThan(0)
    for (const text of [query.familyName, query.givenName, query.birthDate, query.phone, query.phone.replace(/\D/g, '').slice(-10)])
      expect(logged.join()).not.to.contain(text)
  })
})

/** A server in front of the other one that drops every parameter but the page size, as some do with those that they do not know. */
async function answeringEverybody(url: string) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const kept = form.has('identifier') ? form : new URLSearchParams({ _count: form.get('_count') ?? '20' })
    const headers = {
      authorization: String(request.headers.authorization),
      ...(request.method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(request.method === 'POST' && { body: kept.toString() }),
    })
    response.writeHead(answer.status, { 'content-type': 'application/fhir+json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
