import { createServer, type Server } from 'node:http'
import { type AppointmentState, EhrRefused, EhrWritten } from '@heliox/core/clinical'
import { type FaultKind, limits } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { fhir } from './adapter.ts'
import { contextOf as contextAt, faultOf, newVisitV2, newVisitV3, staffOf, token } from './fixtures/context.ts'
import { config, newVisit, privateTexts } from './fixtures/visit.ts'
import { secondary } from './fixtures/visit-v3.ts'
import { checkHealth } from './health.ts'
import { appointment, patient } from './testing/ehr.ts'
import type { FhirConfig, FhirContext, Visit } from './types.ts'

const { writeVisitV1: writeVisit } = fhir.operations

const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: token })

const looking = (visit = newVisitV3()) => ({ ...visit, knownRef: null, forgottenRefs: [] })
async function cancelled(sim: Simulator, agreed: AppointmentState | null) {
  const visit = newVisitV3()
  await fhir.operations.writeVisit.call(visit, contextAt(sim.url))
  const { visitId, startsAt, endsAt, practitioner } = visit
  return { visitId, startsAt, endsAt, practitioner, status: 'cancelled', agreed }
}
const again = 'the second answer says that nothing had to be written any more, so it is another one; see appointments/write.spec.ts'
adapterContract(fhir, {
  start,
  connection: ({ url }) => ({ config: { ...config, baseUrl: url }, secrets: { token } }),
  operations: {
    findChart: {
      input: async () => looking(),
      effect: 'findChart',
      // A chart that somebody named, and that is not there.
      rejectedInput: async () => ({ ...looking(), knownRef: 'Patient/nobody' }),
      skip: { 'accepts-then-drops': 'a search leaves nothing behind: the simulator breaks off only what writes' },
    },
    writeVisit: { input: async () => newVisitV3({ secondary }), effect: 'writeVisit' },
    writeVisitV2: { input: async () => newVisitV2(), effect: 'writeVisit' },
    writeVisitV1: { input: async () => newVisit(), effect: 'writeVisit' },
    takeBooking: {
      input: async (sim) => {
        const who = await staffOf(sim).put(patient())
        const { id } = await staffOf(sim).put(appointment(`Patient/${who.id}`, { start: '2100-01-05T15:00:00Z', end: '2100-01-05T15:20:00Z' }))
        return { appointmentId: id, visitId: newVisitV3().visitId }
      },
      effect: 'writeAppointment',
      skip: { answers: 'the second answer names the version that carries our mark, so it is another one; see appointments/bookings.spec.ts' },
    },
    writeAppointment: {
      input: (sim) => cancelled(sim, null),
      // The clinic moved it in the EHR since both last agreed.
      rejectedInput: (sim) => cancelled(sim, { status: 'booked', startsAt: '2026-11-30T08:00:00.000Z', endsAt: '2026-11-30T08:20:00.000Z' }),
      effect: 'writeAppointment',
      skip: { answers: again },
    },
  },
})

describe('the EHR adapter', () => {
  let sim: Simulator
  let logged: string[]

  const contextOf = (changes: Partial<FhirConfig> = {}, options: { token?: string; timeoutMs?: number } = {}): FhirContext =>
    contextAt(sim.url, { config: changes, logged, ...options })
  const write = (visit: Visit, ctx = contextOf()) => writeVisit.call(visit, ctx)
  const reconcile = async (visit: Visit, ctx = contextOf()) => {
    if (!writeVisit.reconcile) throw new Error('writeVisit has no reconcile')
    return writeVisit.reconcile(visit, ctx)
  }
  const people = async () => (await (await fetch(`${sim.url}/_sim/people`)).json()) as Record<string, unknown>
  const seed = async (resource: { resourceType: string; [element: string]: unknown }) => {
    const response = await fetch(`${sim.url}/${resource.resourceType}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(resource),
    })
    expect(response.status).to.equal(201)
  }
  const patientLike = (visit: Visit) => ({
    resourceType: 'Patient',
    identifier: [{ system: `${config.identifierSystem}/patient`, value: visit.patientId }],
    name: [{ family: 'Elsewhere' }],
  })
  before(async () => {
    sim = await start()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    logged = []
    await sim.reset()
  })

  it('is believed about a visit as soon as the lease of a killed engine is over, and not while that engine could wait for it', () => {
    const { breaker, settleMs } = writeVisit
    expect(settleMs)
      .to.be.greaterThan(breaker.timeoutMs)
      .and.at.most(2 * breaker.timeoutMs + limits.leaseMarginMs)
  })

  it('writes Patient, Coverage and Appointment, and gives the EHR’s ids of them', async () => {
    const visit = newVisit()
    const answer = await write(visit)
    expect(answer.is).to.equal('ok')
    const { patientRef, coverageRef, appointmentRef } = EhrWritten.schema.parse(answer.value)
    expect(patientRef).to.match(/^Patient\//)
    const read = async (reference: string) =>
      (await (await fetch(`${sim.url}/${reference}`, { headers: { authorization: `Bearer ${token}` } })).json()) as Record<string, unknown>
    expect((await read(coverageRef)).beneficiary).to.deep.equal({ reference: patientRef })
    expect(JSON.stringify((await read(appointmentRef)).participant)).to.contain(`"${patientRef}"`)
    expect(await people()).to.deep.equal({ [visit.patientId]: { patients: 1, coverages: [{ status: 'active' }], appointments: 1 } })
  })

  it('finds everything there when the same visit is sent again, and writes nothing', async () => {
    const visit = newVisit()
    const first = await write(visit)
    expect(await write(visit)).to.deep.equal(first)
    expect((await sim.effects()).writeVisit?.byKey).to.deep.equal({ [visit.visitId]: 1 })
  })

  it('hangs a second visit on the chart that is there', async () => {
    const first = newVisit()
    await write(first)
    const answer = await write(newVisit({ patientId: first.patientId }))
    expect(answer.is).to.equal('ok')
    expect(await people()).to.deep.equal({
      [first.patientId]: { patients: 1, coverages: [{ status: 'active' }, { status: 'active' }], appointments: 2 },
    })
  })

  it('gives a refusal as codes and paths; nothing of the patient’s comes back with it, nor into the log', async () => {
    const visit = newVisit()
    await sim.fault('rejects', 1)
    const answer = await write(visit)
    expect(answer.is).to.equal('rejected')
    expect(EhrRefused.schema.parse(answer.value)).to.deep.equal({
      codes: ['business-rule'],
      paths: ['Bundle.entry[0].resource.ofType(Patient).name'],
    })
    for (const text of privateTexts(visit)) expect(`${JSON.stringify(answer)} ${logged.join()}`).not.to.contain(text)
  })

  it('tells where the EHR has two charts with our identifier, and adds no third', async () => {
    const visit = newVisit()
    await seed(patientLike(visit))
    await seed(patientLike(visit))
    expect(await write(visit)).to.deep.include({ is: 'rejected' })
    expect((await sim.effects()).writeVisit?.count).to.equal(0)
  })

  const faults: [string, FaultKind][] = [
    ['drops', 'uncertain'],
    ['accepts-then-drops', 'uncertain'],
    ['throttles', 'throttled'],
    ['refuses-key', 'credentials'],
    ['answers-garbage', 'contract'],
    ['answers-short', 'contract'],
    ['floods', 'contract'],
    ['redirects', 'contract'],
    ['conflicts', 'unavailable'],
    ['is-away', 'unavailable'],
    ['fails', 'uncertain'],
  ]
  for (const [mode, kind] of faults) {
    it(`takes an EHR that ${mode} for the fault ${kind}, without a word about the patient`, async () => {
      const visit = newVisit()
      await sim.fault(mode)
      const fault = await faultOf(write(visit))
      expect(fault.kind).to.equal(kind)
      const told = `${fault.message} ${fault.detail} ${fault.stack} ${String(fault.cause)} ${logged.join()}`
      for (const text of [...privateTexts(visit), token]) expect(told).not.to.contain(text)
    })
  }

  it('keeps to the wait that a throttling EHR asks for', async () => {
    await sim.fault('throttles', 1)
    expect((await faultOf(write(newVisit()))).retryAfterMs).to.equal(1_000)
  })

  it('gives up on an EHR that stalls when its time is over', async () => {
    await sim.fault('stalls', 1)
    expect((await faultOf(write(newVisit(), contextOf({}, { timeoutMs: 150 })))).kind).to.equal('timeout')
  })

  it('knows that nothing was sent when nobody listens', async () => {
    const closed = await listeningNowhere()
    expect((await faultOf(write(newVisit(), contextOf({ baseUrl: closed })))).kind).to.equal('unavailable')
  })

  it('refuses a wrong token as a matter of credentials', async () => {
    expect((await faultOf(write(newVisit(), contextOf({}, { token: 'another-token' })))).kind).to.equal('credentials')
  })

  it('takes a yes that names other things than we sent for no answer', async () => {
    const other = await answering({
      resourceType: 'Bundle',
      type: 'transaction-response',
      entry: Array(3).fill({ response: { status: '201', location: 'Device/9' } }),
    })
    try {
      expect((await faultOf(write(newVisit(), contextOf({ baseUrl: other.url })))).kind).to.equal('contract')
    } finally {
      other.server.close()
    }
  })

  describe('after an unknown outcome', () => {
    it('finds what was written before the line broke', async () => {
      const visit = newVisit()
      await sim.fault('accepts-then-drops', 1)
      await faultOf(write(visit))
      const found = await reconcile(visit)
      expect(found).to.deep.include({ is: 'ok' })
      expect(await write(visit)).to.deep.equal(found)
      expect((await sim.effects()).writeVisit?.count).to.equal(1)
    })

    it('finds nothing when nothing was written', async () => {
      const visit = newVisit()
      await sim.fault('drops', 1)
      await faultOf(write(visit))
      expect(await reconcile(visit)).to.equal('not-found')
    })

    it('does not take the chart of an earlier visit for a sign', async () => {
      const earlier = newVisit()
      await write(earlier)
      expect(await reconcile(newVisit({ patientId: earlier.patientId }))).to.equal('not-found')
    })

    it('cannot tell when only a part is there: a transaction is all or nothing', async () => {
      const visit = newVisit()
      await write(newVisit({ patientId: visit.patientId, coverageId: visit.coverageId }))
      expect(await reconcile(visit)).to.equal('cannot-tell')
    })

    it('cannot tell when there are two charts', async () => {
      const visit = newVisit()
      await seed(patientLike(visit))
      await seed(patientLike(visit))
      expect(await reconcile(visit)).to.equal('cannot-tell')
    })

    it('does not believe a search that answers with somebody else’s records', async () => {
      const stranger = { resource: { ...patientLike(newVisit()), id: 'p1' } }
      const other = await answering({ resourceType: 'Bundle', type: 'searchset', entry: [stranger] })
      try {
        expect((await faultOf(reconcile(newVisit(), contextOf({ baseUrl: other.url })))).kind).to.equal('contract')
      } finally {
        other.server.close()
      }
    })

    it('keeps a search that fails apart from one that finds nothing', async () => {
      await sim.fault('drops')
      expect((await faultOf(reconcile(newVisit()))).kind).to.equal('unavailable')
    })
  })

  describe('its health', () => {
    it('is green when a write could work', async () => {
      expect(await checkHealth(contextOf())).to.deep.include({ ok: true })
    })
    it('is red with a wrong token, though metadata is public on most servers', async () => {
      const health = await checkHealth(contextOf({}, { token: 'another-token' }))
      expect(health).to.deep.equal({ ok: false, text: 'The EHR refused our access.' })
    })
    it('is red when the server is away, stalls or is something else', async () => {
      for (const mode of ['is-away', 'drops', 'answers-garbage', 'refuses-key']) {
        await sim.fault(mode)
        expect((await checkHealth(contextOf())).ok, mode).to.equal(false)
      }
    })
    it('is red when the server has no conditional create', async () => {
      const other = await answering({
        resourceType: 'CapabilityStatement',
        fhirVersion: '4.0.1',
        rest: [{ mode: 'server', interaction: [{ code: 'transaction' }] }],
      })
      try {
        expect((await checkHealth(contextOf({ baseUrl: other.url }))).text).to.contain('conditional create')
      } finally {
        other.server.close()
      }
    })
  })

  it('sends patients’ data over TLS, or to the machine itself', () => {
    const accepts = (baseUrl: string) => fhir.config.safeParse({ ...config, baseUrl }).success
    expect([accepts('https://ehr.example.org/r4'), accepts('http://127.0.0.1:9/r4')]).to.deep.equal([true, true])
    expect([accepts('http://ehr.example.org/r4'), accepts('ftp://ehr.example.org'), accepts('https://u:p@ehr.example.org')]).to.deep.equal([
      false,
      false,
      false,
    ])
  })
})

async function answering(body: unknown): Promise<{ url: string; server: Server }> {
  const server = createServer((_request, response) => response.end(JSON.stringify(body)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return { url: `http://127.0.0.1:${address.port}`, server }
}

/** A port that was free a moment ago. */
async function listeningNowhere(): Promise<string> {
  const { url, server } = await answering('')
  await new Promise((resolve) => server.close(resolve))
  return url
}
