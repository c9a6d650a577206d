import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { fhir } from '../adapter.ts'
import { contextOf, faultOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import { checkHealth } from '../health.ts'
import type { VisitV3 } from '../mapping/index.ts'
import { startEhr } from '../testing/ehr.ts'

/** Servers that cannot do all that we would like: handled or refused, and it is said which. */
describe('a visit at an EHR that takes no transactions or has no conditional create', () => {
  let sim: Simulator
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())

  // What a server can is kept for a while: each test comes when that is over.
  let day = 0
  beforeEach(() => {
    day += 1
  })
  const context = (withoutTransactions: 'refuse' | 'one-by-one') => contextOf(sim.url, { config: { withoutTransactions }, nowMs: () => Date.UTC(2027, 0, day) })
  const write = (visit: VisitV3, way: 'refuse' | 'one-by-one' = 'one-by-one') => fhir.operations.writeVisit.call(visit, context(way))
  const staff = () => staffOf(sim)
  async function written(visit: VisitV3) {
    const answer = await write(visit)
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    return answer.value
  }

  const lacks: [object, string][] = [
    [{ transaction: false }, 'The EHR takes no transactions.'],
    [{ conditionalCreate: false }, 'The EHR has no conditional create for Patient, Coverage, Appointment.'],
  ]
  for (const [knobs, text] of lacks) {
    it(`is refused where the connection says so, and the health says why: ${text}`, async () => {
      await staff().knobs(knobs)
      expect(await checkHealth(context('refuse'))).to.deep.equal({ ok: false, text })
      const fault = await faultOf(write(newVisitV3(), 'refuse'))
      expect([fault.kind, fault.message]).to.deep.equal(['contract', `${text} The connection says to write nothing then.`])
      expect(fault.beforeEffect, 'nothing of the visit left, so nothing is to be looked up').to.equal(true)
      expect(await staff().all('Patient')).to.have.length(0)
    })

    it(`is written one resource after the other where the connection says so: ${text}`, async () => {
      await staff().knobs(knobs)
      expect(await checkHealth(context('one-by-one'))).to.deep.equal({ ok: true, text: `FHIR 4.0.1. ${text} Visits are written one resource after the other.` })
      const visit = newVisitV3({ coverageStatus: 'draft' })
      const first = await written(visit)
      expect((await staff().one(first.coverageRef)).beneficiary.reference).to.equal(first.patientRef)
      expect(JSON.stringify((await staff().one(first.appointmentRef)).participant)).to.contain(first.patientRef)
      expect(await written({ ...visit, coverageStatus: 'active' })).to.deep.equal(first)
      expect((await staff().one(first.coverageRef)).status).to.equal('active')
      for (const type of ['Patient', 'Coverage', 'Appointment']) expect(await staff().all(type), type).to.have.length(1)
    })
  }

  it('is unknown when it stops half way, and the next attempt writes only what is missing', async () => {
    await staff().knobs({ transaction: false })
    const visit = newVisitV3()
    await sim.fault('accepts-then-drops', 1)
    expect(await faultOf(write(visit))).to.include({ kind: 'uncertain', beforeEffect: false })
    expect(await fhir.operations.writeVisit.reconcile?.(visit, context('one-by-one'))).to.equal('not-found')
    await written(visit)
    for (const type of ['Patient', 'Coverage', 'Appointment']) expect(await staff().all(type), type).to.have.length(1)
  })

  it('makes one chart of many write-backs at once also without a conditional create', async () => {
    await staff().knobs({ conditionalCreate: false, raceWindowMs: 10 })
    const person = newVisitV3()
    const ctx = context('one-by-one')
    await Promise.all(
      Array.from({ length: 8 }, () => fhir.operations.writeVisit.call({ ...person, visitId: newVisitV3().visitId, coverageId: newVisitV3().coverageId }, ctx)),
    )
    expect(await staff().all('Patient')).to.have.length(1)
  })

  it('is never written blindly over a server that gives no tag of a version', async () => {
    const visit = newVisitV3({ coverageStatus: 'draft' })
    const { coverageRef } = await written(visit)
    await staff().knobs({ versioned: false })
    expect(await write({ ...visit, coverageStatus: 'active' })).to.deep.equal({ is: 'rejected', value: { codes: ['no-version'], paths: ['Coverage'] } })
    expect((await staff().one(coverageRef)).status).to.equal('draft')
  })

  const vendors: [string, string | null][] = [
    ['epic', 'The EHR takes no new Appointment.'],
    ['cerner', 'The EHR cannot look up Appointment by identifier.'],
    ['allscripts', null],
  ]
  for (const [vendor, missing] of vendors) {
    it(`is ${missing === null ? 'written' : 'refused, and the health says why,'} where the EHR can do what we read of ${vendor}`, async () => {
      await staff().knobs({ vendor })
      const health = await checkHealth(context('one-by-one'))
      if (missing === null) {
        expect(health).to.include({ ok: true })
        expect(await write(newVisitV3())).to.include({ is: 'ok' })
        return
      }
      expect(health).to.deep.equal({ ok: false, text: missing })
      expect((await faultOf(write(newVisitV3()))).message).to.equal(`${missing} Nothing can be written there.`)
      for (const type of ['Patient', 'Coverage', 'Appointment']) expect(await staff().all(type), type).to.have.length(0)
    })
  }
})
