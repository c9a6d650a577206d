import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { appointment, asking, coverage, ehrToken, patient, startEhr } from '../testing/ehr.ts'

const ours = 'https://hub.example.org/ids/patient'
const atOnce = 8

describe('The simulated EHR, when two write at once', () => {
  let sim: Simulator
  const ask = asking(() => sim)
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())

  const knobs = (values: object) => sim.control('PUT', '/_sim/knobs', values)
  const together = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: atOnce }, work))
  const mine = patient({ identifier: [{ system: ours, value: 'p-1' }] })
  const createOnce = () => ask('POST', 'Patient', mine, { 'if-none-exist': `identifier=${ours}|p-1` })
  const transaction = () => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: mine, request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${ours}|p-1` } }],
  })
  const put = async (resource: object) => (await sim.control('POST', '/_sim/staff/put', resource)) as { id: string; meta: { versionId: string } }
  const total = async (type = 'Patient') => ((await sim.control('GET', `/_sim/resources?type=${type}`)) as { resources: unknown[] }).resources.length

  it('makes one where look and write are one', async () => {
    expect((await together(createOnce)).map((said) => said.status).sort()).to.deep.equal([...Array(atOnce - 1).fill(200), 201])
    expect(await total()).to.equal(1)
  })

  for (const [what, work] of [
    ['a conditional create', createOnce],
    ['a transaction', () => ask('POST', '', transaction())],
    ['a conditional update', () => ask('PUT', `Patient?identifier=${ours}|p-1`, mine)],
  ] as const) {
    it(`makes as many as look before the first is written: ${what}`, async () => {
      await knobs({ raceWindowMs: 300 })
      for (const said of await together(work)) expect(said.status).to.be.oneOf([200, 201])
      expect(await total()).to.equal(atOnce)
      expect((await createOnce()).status, 'and later it cannot tell them apart').to.equal(412)
    })
  }

  it('lets one update through, and tells the others that they came too late', async () => {
    const { id } = await put(mine)
    await knobs({ raceWindowMs: 300 })
    let n = 0
    const update = () => ask('PUT', `Patient/${id}`, { ...mine, id, birthDate: `199${n++}-01-01` }, { 'if-match': 'W/"1"' })
    expect((await together(update)).map((said) => said.status).sort()).to.deep.equal([200, ...Array(atOnce - 1).fill(409)])
  })

  it('overwrites what a blind update did not look at', async () => {
    const { id } = await put({ ...mine, photo: [{ title: 'at the desk' }] })
    expect((await ask('PUT', `Patient/${id}`, { ...mine, id })).status).to.equal(200)
    expect((await ask('GET', `Patient/${id}`)).json).not.to.have.property('photo')
  })

  it('makes no version of an update that changes nothing', async () => {
    const { id } = await put(mine)
    const same = await ask('PUT', `Patient/${id}`, { id, ...mine })
    expect([same.status, same.headers.get('etag')]).to.deep.equal([200, 'W/"1"'])
  })

  it('has staff who change a chart just before an update, and keep what they wrote', async () => {
    const { id } = await put(mine)
    await sim.fault('touched-meanwhile', 2)
    for (const version of [1, 2, 3]) {
      const said = await ask('PUT', `Patient/${id}`, { ...mine, id, gender: 'other' }, { 'if-match': `W/"${version}"` })
      expect(said.status).to.equal(version === 3 ? 200 : 412)
      if (version !== 3) expect((await ask('GET', `Patient/${id}`)).json.extension).to.have.length(version)
    }
  })

  it('commits what its caller did not wait for', async () => {
    await knobs({ commitDelayMs: 300 })
    const headers = { authorization: `Bearer ${ehrToken}` }
    const left = fetch(`${sim.url}/Patient`, { method: 'POST', body: JSON.stringify(mine), headers, signal: AbortSignal.timeout(60) })
    expect(await left.catch((error: Error) => error.name)).to.equal('TimeoutError')
    expect(await total()).to.equal(0)
    for (let tries = 0; tries < 100 && (await total()) === 0; tries += 1) await sleep(20)
    expect(await total()).to.equal(1)
  })

  it('refuses for as often as it was told, reads left alone', async () => {
    for (const [mode, status] of [
      ['precondition-fails', 412],
      ['write-conflicts', 409],
    ] as const) {
      await sim.fault(mode, 2)
      expect((await ask('GET', 'Patient')).status).to.equal(200)
      const statuses = [(await createOnce()).status, (await createOnce()).status]
      expect(statuses).to.deep.equal([status, status])
      expect((await createOnce()).status).to.be.oneOf([200, 201])
      await sim.reset()
    }
  })

  it('finds a broken reference, a strange id and a second name for one resource', async () => {
    const { id } = await put(mine)
    expect((await ask('POST', 'Coverage', coverage('Patient/nobody'))).status).to.equal(422)
    expect((await ask('PUT', 'Patient/of-my-own', { ...mine, id: 'of-my-own' })).status).to.equal(405)
    expect((await ask('PUT', `Patient/${id}`, { ...mine, id: 'another' })).status).to.equal(400)
    const twice = { resource: { ...mine, id }, request: { method: 'PUT', url: `Patient/${id}` } }
    expect((await ask('POST', '', { ...transaction(), entry: [twice, twice] })).status).to.equal(400)
    await sim.control('POST', '/_sim/staff/remove', { reference: `Patient/${id}` })
    expect((await ask('POST', 'Coverage', coverage(`Patient/${id}`))).status).to.equal(422)
  })

  describe('as another vendor’s', () => {
    const can = async () => (await ask('GET', 'metadata')).json.rest[0]
    it('says in its CapabilityStatement what it does not do, and does not do it', async () => {
      await knobs({ vendor: 'allscripts' })
      const server = await can()
      expect(server.interaction).to.deep.equal([{ code: 'batch' }])
      expect(server.resource[0]).to.include({ type: 'Patient', conditionalCreate: false, conditionalUpdate: false })
      expect((await ask('POST', '', transaction())).status).to.equal(400)
      expect((await ask('PUT', `Patient?identifier=${ours}|p-1`, mine)).status).to.equal(400)
      // Worse than a refusal: the condition is not seen at all.
      expect([(await createOnce()).status, (await createOnce()).status]).to.deep.equal([201, 201])
      await knobs({ conditionalCreate: true })
      expect((await can()).resource[0]).to.include({ conditionalCreate: true })
      expect((await createOnce()).status).to.equal(412)
    })
    it('takes every update where versions are not told', async () => {
      const { id } = await put(mine)
      await knobs({ versioned: false })
      expect((await ask('GET', `Patient/${id}`)).headers.get('etag')).to.equal(null)
      expect((await ask('PUT', `Patient/${id}`, { ...mine, id, gender: 'male' }, { 'if-match': 'W/"7"' })).status).to.equal(200)
    })
    it('books no appointment at Epic’s, and lets its status go no way of ours at Cerner’s', async () => {
      const chart = await put(mine)
      const booked = appointment(`Patient/${chart.id}`)
      await knobs({ vendor: 'epic' })
      expect((await ask('POST', 'Appointment', booked)).status).to.equal(405)
      await knobs({ vendor: 'cerner' })
      const { json } = await ask('POST', 'Appointment', booked)
      const update = (status: string) => ask('PUT', `Appointment/${json.id}`, { ...booked, id: json.id, status })
      expect([(await update('noshow')).status, (await update('arrived')).status]).to.deep.equal([422, 200])
      expect((await ask('GET', 'Appointment?status=arrived')).status).to.equal(400)
      expect((await ask('GET', `Appointment?patient=${chart.id}&date=ge2026-12-01`)).json.total).to.equal(1)
    })
    it('knows no other vendors and knobs', async () => {
      for (const values of [{ vendor: 'acme' }, { raceWindowMs: -1 }, { colour: 'red' }, { batch: 'no' }]) {
        const said = await fetch(`${sim.url}/_sim/knobs`, { method: 'PUT', body: JSON.stringify(values) })
        expect(said.status, JSON.stringify(values)).to.equal(400)
      }
    })
  })
})
