import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../contract-suite.ts'

const token = 'sim-token-for-the-ehr'
const atOnce = 8
const visits = 120

/** As the hub sends it: each only if it is not there. */
function bundleOf(n: number) {
  const entry = (type: string, value: string, more: object) => ({
    fullUrl: `urn:uuid:${value}`,
    resource: { resourceType: type, identifier: [{ system: `https://ids/${type}`, value }], ...more },
    request: { method: 'POST', url: type, ifNoneExist: `identifier=https://ids/${type}|${value}` },
  })
  const patient = { reference: `urn:uuid:patient-${n}` }
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry('Patient', `patient-${n}`, { name: [{ family: 'Núñez' }] }),
      entry('Coverage', `coverage-${n}`, { status: 'active', subscriberId: `MEMBER${n}`, beneficiary: patient, payor: [{ display: 'Helio' }] }),
      entry('Appointment', `visit-${n}`, { status: 'booked', start: '2026-12-01T15:00:00Z', end: '2026-12-01T15:20:00Z', participant: [{ actor: patient }] }),
    ],
  }
}

describe('The simulated EHR, killed', () => {
  let folder = ''
  let path = ''
  let sim: Simulator
  const start = () => startSimulator(new URL('./main.ts', import.meta.url), { SIM_TOKEN: token, SIM_JOURNAL: path })
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sim-fhir-'))
    path = join(folder, 'fhir.journal')
    sim = await start()
  })
  afterEach(async () => {
    await sim.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const write = async (n: number): Promise<string[]> => {
    const response = await fetch(sim.url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(bundleOf(n)) })
    expect(response.status).to.equal(200)
    return ((await response.json()) as { entry: { response: { location: string } }[] }).entry.map((e) => e.response.location)
  }
  const looksLike = async () => [await sim.effects(), await sim.control('GET', '/_sim/effects/each'), await sim.control('GET', '/_sim/people')]
  const whole = { patients: 1, coverages: [{ status: 'active' }], appointments: 1 }

  it('has what it answered, whole, in mid-load; what was not answered is whole too, or not there at all', async () => {
    const answered = new Map<number, string[]>()
    const left = Array.from({ length: visits }, (_, n) => n)
    let killed: Promise<void> | undefined
    const worker = async (): Promise<void> => {
      for (let n = left.pop(); n !== undefined && !killed; n = left.pop()) {
        const number = n
        await write(number).then(
          (locations) => answered.set(number, locations),
          () => left.push(number),
        )
        if (answered.size >= visits / 3) killed ??= sim.kill()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await killed
    expect(answered.size).to.be.within(visits / 3, visits - 1)

    sim = await start()
    const people = (await sim.control('GET', '/_sim/people')) as Record<string, unknown>
    expect(Object.keys(people)).to.include.members([...answered.keys()].map((n) => `patient-${n}`))
    for (const [id, person] of Object.entries(people)) expect(person, id).to.deep.equal(whole)

    for (let n = 0; n < visits; n += 1) {
      const locations = await write(n)
      if (answered.has(n)) expect(locations, 'the ids it gave before').to.deep.equal(answered.get(n))
    }
    const each = (await sim.control('GET', '/_sim/effects/each')) as Record<string, unknown>[]
    expect(each).to.have.length(visits)
    expect(each).to.deep.include({ operation: 'writeVisit', key: 'visit-7', patient: 'patient-7', member: 'MEMBER7', times: 1 })
    expect(each.filter(({ times }) => times !== 1)).to.deep.equal([])
  })

  it('says the same after a restart, a fault that it was told to play included', async () => {
    for (const n of [1, 2, 2]) await write(n)
    await sim.fault('throttles', 2)
    const before = await looksLike()
    await sim.kill()
    sim = await start()
    expect(await looksLike()).to.deep.equal(before)
    const status = async () => (await fetch(`${sim.url}/metadata`, { headers: { authorization: `Bearer ${token}` } })).status
    expect([await status(), await status(), await status()]).to.deep.equal([429, 429, 200])
    await sim.reset()
    await sim.kill()
    sim = await start()
    const nothing = { count: 0, byKey: {} }
    expect(await looksLike()).to.deep.equal([{ writeVisit: nothing, writeAppointment: nothing, findChart: nothing }, [], {}])
  })

  it('has every version, what staff did, its knobs and its clock again', async () => {
    const [patient] = await write(1)
    const reference = String(patient).split('/_history')[0]
    await sim.control('POST', '/_sim/staff/change', { reference, set: { gender: 'female' } })
    await sim.control('PUT', '/_sim/knobs', { vendor: 'cerner', raceWindowMs: 5 })
    await sim.control('POST', '/_sim/clock/advance', { ms: 3_600_000 })
    const state = async () => {
      const headers = { authorization: `Bearer ${token}` }
      const history = (await (await fetch(`${sim.url}/${reference}/_history`, { headers })).json()) as { total: number; entry: { resource: object }[] }
      return [history.entry.map(({ resource }) => resource), await sim.control('GET', '/_sim/knobs'), await sim.control('GET', '/_sim/resources')]
    }
    const before = await state()
    expect(before[0]).to.have.length(2)
    await sim.kill()
    sim = await start()
    expect(await state()).to.deep.equal(before)
    const { now } = (await sim.control('GET', '/_sim/clock')) as { now: string }
    const [{ meta }] = before[0] as [{ meta: { lastUpdated: string } }]
    expect(Date.parse(now) - Date.parse(meta.lastUpdated)).to.be.at.least(3_600_000)
  })

  it('reads a journal that was written before resources had versions', async () => {
    await sim.stop()
    const resource = {
      resourceType: 'Patient',
      id: 'p1',
      meta: { versionId: '1' },
      identifier: [{ system: 'https://ids/Patient', value: 'patient-1' }],
      name: [{}],
    }
    writeFileSync(path, `${JSON.stringify([['created', [resource], { key: 'visit-1', patient: 'patient-1', member: 'M1' }]])}\n`)
    sim = await start()
    expect(await sim.control('GET', '/_sim/people')).to.deep.equal({ 'patient-1': { patients: 1, coverages: [], appointments: 0 } })
    expect((await sim.effects()).writeVisit).to.deep.equal({ count: 1, byKey: { 'visit-1': 1 } })
    await write(1)
    expect((await sim.effects()).writeVisit).to.deep.equal({ count: 2, byKey: { 'visit-1': 2 } })
  })

  it('never did what it was killed while writing down', async () => {
    await write(1)
    const before = await looksLike()
    await write(2)
    await sim.kill()
    truncateSync(path, readFileSync(path).length - 40)
    sim = await start()
    expect(await looksLike()).to.deep.equal(before)
    await write(2)
    expect((await sim.effects()).writeVisit).to.deep.equal({ count: 2, byKey: { 'visit-1': 1, 'visit-2': 1 } })
  })
})
