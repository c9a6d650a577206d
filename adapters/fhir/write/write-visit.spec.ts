import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { fhir } from '../adapter.ts'
import { keyOfPatient } from '../appointments/booking.ts'
import { type ChartResource, contextOf, faultOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import { config, privateTexts } from '../fixtures/visit.ts'
import type { VisitV3 } from '../mapping/index.ts'
import { startEhr } from '../testing/ehr.ts'
import { faultsSayWhatWasSent } from './before-effect.ts'

describe('a visit in the chart', () => {
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

  const context = (changes: Parameters<typeof contextOf>[1] = {}) => contextOf(sim.url, { logged, ...changes })
  const write = (visit: VisitV3, ctx = context()) => fhir.operations.writeVisit.call(visit, ctx)
  const reconcile = async (visit: VisitV3, ctx = context()) => fhir.operations.writeVisit.reconcile?.(visit, ctx)
  const staff = () => staffOf(sim)
  async function written(visit: VisitV3, ctx = context()) {
    const answer = await write(visit, ctx)
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    return answer.value
  }
  const chart = (changes: object = {}) => ({
    resourceType: 'Patient',
    identifier: [{ system: 'https://clinic.example/mrn', value: 'MRN-9' }],
    name: [{ family: 'Maiden', given: ['Liz'] }],
    birthDate: '1970-01-01',
    maritalStatus: { text: 'told at the desk' },
    extension: [{ url: 'urn:clinic:shoe-size', valueInteger: 39 }],
    ...changes,
  })
  const versions = (resources: ChartResource[]) => resources.map(({ resourceType, meta }) => `${resourceType} v${meta.versionId}`).sort()
  const everything = async () => versions([...(await staff().all('Patient')), ...(await staff().all('Coverage')), ...(await staff().all('Appointment'))])

  it('makes a chart, a coverage and an appointment, and says where they are', async () => {
    const value = await written(newVisitV3())
    expect([value.patientRef, value.coverageRef, value.appointmentRef].map((ref) => ref.split('/')[0])).to.deep.equal(['Patient', 'Coverage', 'Appointment'])
    expect((await staff().one(value.coverageRef)).beneficiary).to.deep.include({ reference: value.patientRef })
    expect(value.appointment).to.deep.equal({ status: 'booked', startsAt: '2026-12-01T15:00:00.000Z', endsAt: '2026-12-01T15:20:00.000Z' })
  })

  it('updates the chart that was found, and keeps what it does not know and whose numbers stand there', async () => {
    const before = await staff().put(chart())
    const visit = newVisitV3({ patientRef: `Patient/${before.id}` })
    expect((await written(visit)).patientRef).to.equal(`Patient/${before.id}`)
    const after = await staff().one(`Patient/${before.id}`)
    expect(after).to.deep.include({ maritalStatus: before.maritalStatus, extension: before.extension, birthDate: '1970-01-01' })
    expect(after.identifier).to.deep.include.members([...before.identifier, { system: `${config.identifierSystem}/patient`, value: visit.patientId }])
    expect(await staff().all('Patient')).to.have.length(1)
  })

  it('writes nothing when the chart says so already', async () => {
    const visit = newVisitV3()
    const first = await written(visit)
    expect(await written({ ...visit, patientRef: first.patientRef })).to.deep.equal(first)
    expect(await written(visit)).to.deep.equal(first)
    expect(await everything()).to.deep.equal(['Appointment v1', 'Coverage v1', 'Patient v1'])
  })

  it('lets the coverage follow a later answer, which a conditional create never did', async () => {
    const visit = newVisitV3({ coverageStatus: 'draft' })
    const { coverageRef } = await written(visit)
    await written({ ...visit, coverageStatus: 'active' })
    expect((await staff().one(coverageRef)).status).to.equal('active')
    expect(await everything()).to.deep.equal(['Appointment v1', 'Coverage v2', 'Patient v1'])
  })

  it('leaves an appointment alone that the clinic moved there, and writes the rest', async () => {
    const visit = newVisitV3({ coverageStatus: 'draft' })
    const { appointmentRef, appointment } = await written(visit)
    await staff().change(appointmentRef, { start: '2026-12-02T09:00:00Z', end: '2026-12-02T09:20:00Z' })
    const again = await written({ ...visit, coverageStatus: 'active', agreed: appointment })
    // Not agreed on: it is still to come in, as the chart's own word.
    expect(again.appointment).to.equal(null)
    expect(await reconcile({ ...visit, coverageStatus: 'active', agreed: appointment })).to.have.nested.property('value.appointment', null)
    expect((await staff().one(appointmentRef)).start).to.equal('2026-12-02T09:00:00Z')
    expect((await staff().one(again.coverageRef)).status).to.equal('active')
  })

  it('creates nobody when somebody who looks like the patient has come meanwhile', async () => {
    const visit = newVisitV3()
    const twin = await staff().put(chart({ name: [{ family: visit.familyName }], birthDate: visit.birthDate }))
    expect(await write(visit)).to.deep.equal({ is: 'rejected', value: { codes: ['chart-appeared'], paths: [] } })
    expect(await staff().all('Patient')).to.have.length(1)
    // A person looked at it, and it is somebody else.
    expect((await written({ ...visit, notRefs: [`Patient/${twin.id}`] })).patientRef).not.to.equal(`Patient/${twin.id}`)
  })

  it('writes into no chart that is gone, was merged, or is not the one that has our identifier', async () => {
    const [gone, old, kept] = [await staff().put(chart()), await staff().put(chart()), await staff().put(chart())]
    await staff().remove(`Patient/${gone.id}`)
    await staff().merge(`Patient/${old.id}`, `Patient/${kept.id}`)
    const codes = async (visit: VisitV3) => JSON.stringify((await write(visit)).value)
    expect(await codes(newVisitV3({ patientRef: `Patient/${gone.id}` }))).to.contain('chart-gone')
    expect(await codes(newVisitV3({ patientRef: `Patient/${old.id}` }))).to.contain('chart-merged')
    const visit = newVisitV3()
    await written(visit)
    expect(await codes({ ...visit, patientRef: `Patient/${kept.id}` })).to.contain('multiple-matches')
  })

  it('takes coverage and appointment along into the right chart once our number is gone from the wrong one', async () => {
    const [wrong, right] = [await staff().put(chart()), await staff().put(chart())]
    const visit = newVisitV3({ patientRef: `Patient/${wrong.id}` })
    const { coverageRef, appointmentRef } = await written(visit)
    const now = { ...visit, patientRef: `Patient/${right.id}`, patientKey: await keyOfPatient(`Patient/${wrong.id}`, context().locks) }
    expect(JSON.stringify(await write(now)), 'our number is on the wrong one still').to.contain('multiple-matches')
    await staff().change(`Patient/${wrong.id}`, { identifier: wrong.identifier })
    expect(await written(now)).to.include({ patientRef: `Patient/${right.id}`, coverageRef, appointmentRef })
    expect((await staff().one(coverageRef)).beneficiary.reference).to.equal(`Patient/${right.id}`)
    const { participant } = await staff().one(appointmentRef)
    expect(JSON.stringify(participant)).to.contain(`Patient/${right.id}`).and.not.contain(`Patient/${wrong.id}`)
  })

  describe('while others write too', function () {
    // What is still on its way when a test is given up writes into the next one.
    this.timeout(120_000)

    it('makes one chart of 64 write-backs of one person at once, at a server whose conditional create races', async () => {
      await staff().knobs({ raceWindowMs: 15 })
      const person = newVisitV3()
      const locks = memoryLocks()
      const answers = await Promise.all(
        Array.from({ length: 64 }, () => {
          const { visitId, coverageId } = newVisitV3()
          return write({ ...person, visitId, coverageId, eligibility: null }, { ...context({ timeoutMs: 120_000 }), locks })
        }),
      )
      expect(new Set(answers.map(({ is }) => is))).to.deep.equal(new Set(['ok']))
      expect(await staff().all('Patient')).to.have.length(1)
      expect(await staff().all('Appointment')).to.have.length(64)
    })

    it('would have made several without the locks: the server races for real', async () => {
      // Wide enough that all six have looked before the first is written, on a busy machine too.
      await staff().knobs({ raceWindowMs: 1_000 })
      const person = newVisitV3()
      const free = { serially: <T>(_key: unknown, work: () => Promise<T>) => work(), keyOf: async () => '' }
      await Promise.allSettled(
        Array.from({ length: 6 }, () =>
          write({ ...person, visitId: newVisitV3().visitId, coverageId: newVisitV3().coverageId }, { ...context(), locks: free }),
        ),
      )
      expect((await staff().all('Patient')).length).to.be.greaterThan(1)
    })

    it('makes one chart of persons alike who come at once under ids of their own; the others are for a person', async () => {
      await staff().knobs({ raceWindowMs: 15 })
      const { familyName, birthDate, phone } = newVisitV3()
      const locks = memoryLocks()
      const answers = await Promise.all(Array.from({ length: 12 }, () => write(newVisitV3({ familyName, birthDate, phone }), { ...context(), locks })))
      expect(answers.filter(({ is }) => is === 'ok')).to.have.length(1)
      for (const { is, value } of answers) if (is === 'rejected') expect(value).to.deep.equal({ codes: ['chart-appeared'], paths: [] })
      expect(await staff().all('Patient')).to.have.length(1)
    })

    it('tells when the EHR has two now, since somebody outside of the hub made one at the same moment', async () => {
      const visit = newVisitV3()
      await staff().knobs({ raceWindowMs: 300 })
      const [answer] = await Promise.all([
        write(visit),
        new Promise((resolve) => setTimeout(resolve, 150)).then(() => staff().put(chart({ name: [{ family: visit.familyName }], birthDate: visit.birthDate }))),
      ])
      // Seen before the write or after it: either way no second chart stays unknown.
      expect(answer.is === 'rejected' && answer.value.codes[0]).to.be.oneOf(['duplicate-created', 'chart-appeared'])
    })

    it('takes a changed version for a reason to read again, and what the clinic added stays', async () => {
      const visit = newVisitV3({ coverageStatus: 'draft' })
      const { coverageRef } = await written(visit)
      await sim.fault('touched-meanwhile', 3)
      await written({ ...visit, coverageStatus: 'active' })
      const after = await staff().one(coverageRef)
      expect(after.status).to.equal('active')
      expect(JSON.stringify(after.extension)).to.contain('urn:sim:touched')
    })

    it('gives up after a few times in a storm of 412 and 409, having written nothing', async () => {
      for (const storm of ['precondition-fails', 'write-conflicts']) {
        await sim.fault('answers')
        const visit = newVisitV3({ coverageStatus: 'draft' })
        const { coverageRef } = await written(visit)
        await sim.fault(storm)
        const fault = await faultOf(write({ ...visit, coverageStatus: 'active' }))
        expect([fault.kind, fault.message]).to.deep.equal(['unavailable', 'Others kept changing the same record in the EHR.'])
        expect((await staff().one(coverageRef)).meta.versionId).to.equal('1')
        await sim.fault(storm, 2)
        await written({ ...visit, coverageStatus: 'active' })
        expect((await staff().one(coverageRef)).meta.versionId).to.equal('2')
      }
    })
  })

  describe('after an unknown outcome', () => {
    it('finds what was written, and what was not', async () => {
      const visit = newVisitV3()
      await sim.fault('accepts-then-drops', 1)
      expect((await faultOf(write(visit))).kind).to.equal('uncertain')
      const found = await reconcile(visit)
      expect(found).to.deep.include({ is: 'ok' })
      expect(await write(visit)).to.deep.equal(found)
      expect(await reconcile({ ...visit, coverageStatus: 'cancelled' })).to.equal('not-found')
      expect(await reconcile(newVisitV3())).to.equal('not-found')
      expect(await staff().all('Patient')).to.have.length(1)
    })

    it('meets its own first write when the server commits after we gave up', async () => {
      await staff().knobs({ commitDelayMs: 400 })
      const visit = newVisitV3()
      expect((await faultOf(write(visit, context({ timeoutMs: 300 })))).kind).to.equal('timeout')
      await staff().knobs({ commitDelayMs: 0 })
      await new Promise((resolve) => setTimeout(resolve, 500))
      await written(visit)
      expect(await staff().all('Patient')).to.have.length(1)
    })
  })

  describe('that did not come to be written', () => {
    it('says so when others had the locks all the time, or the EHR went silent before it was asked to write', async () => {
      const taken = new PartnerFault('unavailable', 'Taken.')
      const locks = { ...memoryLocks(), serially: () => Promise.reject(taken) }
      expect(await faultOf(write(newVisitV3(), { ...context(), locks }))).to.include({ kind: 'unavailable', message: 'Taken.', beforeEffect: true })
      await sim.fault('stalls')
      const silent = await faultOf(write(newVisitV3(), context({ timeoutMs: 300 })))
      expect(silent).to.include({ kind: 'timeout', beforeEffect: true })
      expect(await everything()).to.deep.equal([])
    })

    it('does not say so of anything that comes after a write, nor of a look then', async () => {
      await sim.fault('accepts-then-drops', 1)
      expect(await faultOf(write(newVisitV3()))).to.include({ kind: 'uncertain', beforeEffect: false })
      await staff().knobs({ commitDelayMs: 400 })
      expect(await faultOf(write(newVisitV3(), context({ timeoutMs: 300 })))).to.include({ kind: 'timeout', beforeEffect: false })
      const lookedAfter = faultsSayWhatWasSent(context(), async ({ onWrite }) => {
        onWrite?.()
        throw new PartnerFault('contract', 'It answered a search in a way the hub does not know.')
      })
      expect(await faultOf(lookedAfter)).to.include({ kind: 'contract', beforeEffect: false })
    })
  })

  it('holds what is not valid FHIR, with the path and no value', async () => {
    const visit = newVisitV3({ memberId: '' })
    const fault = await faultOf(write(visit))
    expect(fault).to.include({ kind: 'contract', beforeEffect: true })
    expect(fault.message).to.match(/not valid FHIR: Coverage\./)
    for (const text of privateTexts({ ...visit, memberId: 'HHP-448812' })) expect(`${fault.message} ${fault.detail} ${logged.join()}`).not.to.contain(text)
    expect(await staff().all('Patient')).to.have.length(0)
  })

  it('writes what was asked and answered where the connection says so', async () => {
    const visit = newVisitV3()
    expect((await written(visit)).eligibilityRefs).to.deep.equal([])
    const { eligibilityRefs, patientRef } = await written(visit, context({ config: { writesEligibility: true } }))
    expect(eligibilityRefs.map((ref) => ref.split('/')[0])).to.deep.equal(['CoverageEligibilityRequest', 'CoverageEligibilityResponse'])
    const [asked, answered] = [await staff().one(eligibilityRefs[0] ?? ''), await staff().one(eligibilityRefs[1] ?? '')]
    expect([asked.patient.reference, answered.request.reference]).to.deep.equal([patientRef, eligibilityRefs[0]])
  })

  it('says nothing of the patient in any log line', async () => {
    const visit = newVisitV3()
    await written(visit)
    await sim.fault('rejects', 1)
    await write({ ...visit, coverageStatus: 'cancelled' })
    expect(logged.length).to.be.greaterThan(1)
    for (const text of privateTexts(visit)) expect(logged.join()).not.to.contain(text)
  })
})
