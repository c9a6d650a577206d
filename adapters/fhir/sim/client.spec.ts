import { expect } from 'chai'
import { CapabilityTool, Client, type FhirResource } from 'fhir-kit-client'
import type { Simulator } from '../../contract-suite.ts'
import { coverage, ehrToken, patient, startEhr } from '../testing/ehr.ts'

/** Somebody else's FHIR client: what it understands is FHIR, and not our own idea of it on both sides. */
describe('The simulated EHR, asked by an independent FHIR client', () => {
  let sim: Simulator
  let client: Client
  before(async () => {
    sim = await startEhr()
    client = new Client({ baseUrl: sim.url, bearerToken: ehrToken })
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())

  const create = (body: FhirResource = patient(), headers: Record<string, string> = {}) =>
    client.create({ resourceType: body.resourceType as string, body, options: { headers } }) as Promise<FhirResource & { id: string }>
  const statusOf = (said: FhirResource) => Client.httpFor(said).response?.status
  const refusal = async (work: Promise<unknown>): Promise<{ status: number; code: string }> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown as { response: { status: number; data: { resourceType: string; issue: { code: string }[] } } },
    )
    if (!error) throw new Error('it was not refused')
    expect(error.response.data.resourceType).to.equal('OperationOutcome')
    return { status: error.response.status, code: error.response.data.issue[0]?.code ?? '' }
  }

  it('says what it can, and where it gives tokens', async () => {
    const can = new CapabilityTool(await client.capabilityStatement())
    expect([can.serverCan('transaction'), can.serverCan('batch')]).to.deep.equal([true, true])
    for (const interaction of ['read', 'vread', 'create', 'update', 'search-type', 'history-instance']) {
      expect(can.resourceCan('Patient', interaction), interaction).to.equal(true)
    }
    expect(can.resourceCan('Patient', 'delete')).to.equal(false)
    expect(can.resourceSearch('Patient', 'birthdate')).to.equal(true)
    expect((await client.smartAuthMetadata()).tokenUrl?.toString()).to.equal(`${sim.url}/auth/token`)
  })

  it('creates, reads, changes, and keeps every version', async () => {
    const created = await create()
    expect(statusOf(created)).to.equal(201)
    const { id } = created
    const read = (await client.read({ resourceType: 'Patient', id })) as typeof created & { meta: { versionId: string } }
    expect(read.meta.versionId).to.equal('1')
    expect(Client.httpFor(read).response?.headers.get('etag')).to.equal('W/"1"')
    await client.update({ resourceType: 'Patient', id, body: { ...read, gender: 'female' }, options: { headers: { 'If-Match': 'W/"1"' } } })
    expect(await client.read({ resourceType: 'Patient', id })).to.deep.include({ gender: 'female' })
    expect(await client.vread({ resourceType: 'Patient', id, version: '1' })).not.to.have.property('gender')
    const history = (await client.history({ resourceType: 'Patient', id })) as { total?: number }
    expect(history.total).to.equal(2)
  })

  it('does not change another version than the one that was read', async () => {
    const { id, ...rest } = await create()
    const update = (version: string) =>
      client.update({ resourceType: 'Patient', id, body: { ...rest, id, gender: 'male' }, options: { headers: { 'If-Match': `W/"${version}"` } } })
    await update('1')
    expect(await refusal(update('1'))).to.deep.equal({ status: 412, code: 'conflict' })
  })

  it('creates on condition: new, there already, or too many to tell', async () => {
    const condition = { 'If-None-Exist': 'identifier=https://clinic.example/mrn|MRN-1' }
    const first = await create(patient(), condition)
    const second = await create(patient({ gender: 'other' }), condition)
    expect([statusOf(first), statusOf(second), second.id]).to.deep.equal([201, 200, first.id])
    expect(second, 'what was there stays as it is').not.to.have.property('gender')
    await create()
    expect(await refusal(create(patient(), condition))).to.deep.equal({ status: 412, code: 'multiple-matches' })
  })

  it('updates on condition', async () => {
    const searchParams = { identifier: 'https://clinic.example/mrn|MRN-1' }
    const update = (gender: string) => client.update({ resourceType: 'Patient', searchParams, body: patient({ gender }) })
    const [made, changed] = [await update('female'), await update('male')]
    expect([statusOf(made), statusOf(changed)]).to.deep.equal([201, 200])
    expect(((await client.search({ resourceType: 'Patient', searchParams })) as { total?: number }).total).to.equal(1)
  })

  it('gives a long list page by page, whole and without repeats', async () => {
    for (let n = 0; n < 7; n += 1) await create(patient({ birthDate: `199${n}-01-01` }))
    const searchParams = { family: 'nunez', _sort: '-birthdate', _count: '3' }
    const seen: string[] = []
    let pages = 0
    let bundle: FhirResource | undefined = await client.resourceSearch({ resourceType: 'Patient', searchParams, options: { postSearch: true } })
    while (bundle) {
      pages += 1
      const { entry = [] } = bundle as { entry?: { resource: { birthDate: string } }[] }
      seen.push(...entry.map(({ resource }) => resource.birthDate))
      bundle = await client.nextPage({ bundle: bundle as Parameters<Client['nextPage']>[0]['bundle'] })
    }
    expect(pages).to.equal(3)
    expect(seen).to.deep.equal([6, 5, 4, 3, 2, 1, 0].map((n) => `199${n}-01-01`))
  })

  it('takes a transaction whole or not at all, and a batch one by one', async () => {
    const entries = (second: object) => [
      { fullUrl: 'urn:uuid:5f5f8e4c-0f40-4d0c-8f5e-1f3a6f1e0a01', resource: patient(), request: { method: 'POST', url: 'Patient' } },
      { resource: second, request: { method: 'POST', url: 'Coverage' } },
    ]
    const cover = coverage('urn:uuid:5f5f8e4c-0f40-4d0c-8f5e-1f3a6f1e0a01')
    const good = { resourceType: 'Bundle', type: 'transaction', entry: entries(cover) }
    const done = (await client.transaction({ body: good })) as { entry?: { response: { status: string; location: string } }[] }
    expect(done.entry?.map(({ response }) => response.status)).to.deep.equal(['201 Created', '201 Created'])
    const [whose, what] = done.entry?.map(({ response }) => response.location.split('/_history/')[0]) ?? []
    const made = (await client.resolve({ reference: what ?? '' })) as { beneficiary?: { reference: string } }
    expect(made.beneficiary?.reference).to.equal(whose)

    const bad = { ...cover, status: 'banana' }
    expect(await refusal(client.transaction({ body: { ...good, entry: entries(bad) } }))).to.deep.equal({ status: 422, code: 'code-invalid' })
    const total = async () => ((await client.search({ resourceType: 'Patient', searchParams: {} })) as { total?: number }).total
    expect(await total()).to.equal(1)
    const apart = [entries(cover)[0], { resource: { ...bad, beneficiary: { reference: whose } }, request: { method: 'POST', url: 'Coverage' } }]
    const batch = (await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: apart } })) as typeof done
    expect(batch.entry?.map(({ response }) => response.status)).to.deep.equal(['201 Created', '422 Unprocessable Entity'])
    expect(await total()).to.equal(2)
  })

  it('deletes nothing, knows no strangers, and says what is gone', async () => {
    const { id } = await create()
    expect(await refusal(client.delete({ resourceType: 'Patient', id }))).to.deep.equal({ status: 405, code: 'not-supported' })
    expect(await refusal(client.read({ resourceType: 'Patient', id: 'nobody' }))).to.deep.equal({ status: 404, code: 'not-found' })
    await sim.control('POST', '/_sim/staff/remove', { reference: `Patient/${id}` })
    expect(await refusal(client.read({ resourceType: 'Patient', id }))).to.deep.equal({ status: 410, code: 'deleted' })
    client.bearerToken = 'another-token'
    expect(await refusal(client.read({ resourceType: 'Patient', id }))).to.deep.equal({ status: 401, code: 'login' })
    client.bearerToken = ehrToken
  })
})
