import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { fhir } from '../adapter.ts'
import { keyOfPatient } from '../appointments/booking.ts'
import { lookAt } from '../capabilities.ts'
import { contextOf, faultOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import { config, privateTexts } from '../fixtures/visit.ts'
import { secondary } from '../fixtures/visit-v3.ts'
import type { VisitV3 } from '../mapping/index.ts'
import { startEhr } from '../testing/ehr.ts'

describe('a second insurance', () => {
  let sim: Simulator
  let logged: string[]
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    logged = []
    await sim.reset()
    // What a server can is kept for a while, and one of these tests changes it.
    await lookAt(context())
  })
  const context = (changes: Parameters<typeof contextOf>[1] = {}) => contextOf(sim.url, { logged, ...changes })
  const staff = () => staffOf(sim)
  const insured = (changes: Partial<VisitV3> = {}) => newVisitV3({ secondary, ...changes })
  async function written(visit: VisitV3, ctx = context()) {
    const answer = await fhir.operations.writeVisit.call(visit, ctx)
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    return answer.value
  }
  const isOf = ({ coverageId }: VisitV3, { identifier = [] }: { identifier?: { value?: string }[] }) =>
    identifier.some(({ value }) => value === `${coverageId}.2`)
  const seconds = async (visit: VisitV3) => (await staff().all('Coverage')).filter((one) => isOf(visit, one as never))
  async function second(visit: VisitV3) {
    const [one, ...more] = await seconds(visit)
    if (!one || more.length > 0) throw new Error(`there are ${more.length + (one ? 1 : 0)}`)
    return one
  }

  for (const [usCore, writesEligibility] of [
    ['none', false],
    ['6.1.0', true],
    ['8.0.0', false],
  ] as const)
    it(`stands beside the first, of the same patient, in one transaction (US Core ${usCore})`, async () => {
      const visit = insured()
      const { patientRef, coverageRef } = await written(visit, context({ config: { usCore, writesEligibility } }))
      expect(await second(visit)).to.deep.include({ order: 2, status: 'draft', subscriberId: 'NM-20551', beneficiary: { reference: patientRef } })
      expect(await staff().one(coverageRef)).to.include({ order: 1, status: 'active', subscriberId: visit.memberId })
      expect((await second(visit)).identifier[0]).to.deep.equal({ system: `${config.identifierSystem}/coverage`, value: `${visit.coverageId}.2` })
      expect(await staff().all('Coverage')).to.have.length(2)
    })
  it('is written by servers without transactions too, each under its condition', async () => {
    await staff().knobs({ transaction: false })
    await lookAt(context())
    const visit = insured()
    await written(visit, context({ config: { withoutTransactions: 'one-by-one' } }))
    expect((await second(visit)).status).to.equal('draft')
    await written({ ...visit, secondary: null }, context({ config: { withoutTransactions: 'one-by-one' } }))
    expect((await second(visit)).status).to.equal('entered-in-error')
  })
  it('comes later to a visit that is there, and is no second writing of it', async () => {
    const visit = insured({ secondary: null })
    await written(visit)
    await written({ ...visit, secondary, startsAt: '2026-12-02T15:00:00.000Z', endsAt: '2026-12-02T15:20:00.000Z' })
    expect((await second(visit)).status).to.equal('draft')
    expect((await sim.effects()).writeVisit?.byKey).to.deep.equal({ [visit.visitId]: 1 })
  })
  it('is not written again while nothing of it changes, and stays as staff say', async () => {
    const visit = insured()
    await written(visit)
    const { id } = await second(visit)
    await staff().change(`Coverage/${id}`, { status: 'active', payor: [{ reference: 'Organization/9' }], note: 'called them' })
    await written({ ...visit, coverageStatus: 'cancelled' })
    expect(await second(visit)).to.deep.include({ status: 'active', payor: [{ reference: 'Organization/9' }], note: 'called them' })
    expect((await second(visit)).meta.versionId).to.equal('2')
  })

  describe('that the patient takes back', () => {
    it('ends in the chart, once, and no other record does', async () => {
      const [visit, other] = [insured(), insured()]
      const { patientRef, coverageRef } = await written(visit)
      await written(other)
      const theirs = await staff().put({
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: { reference: patientRef },
        payor: [{ display: 'N' }],
        order: 2,
      })
      for (const _ of [1, 2]) await written({ ...visit, secondary: null })
      expect(await second(visit)).to.include({ status: 'entered-in-error', subscriberId: 'NM-20551' })
      expect((await second(visit)).meta.versionId).to.equal('2')
      for (const ref of [coverageRef, `Coverage/${theirs.id}`]) expect((await staff().one(ref)).status).to.equal('active')
      expect(await second(other)).to.include({ status: 'draft' })
      expect(await staff().all('Coverage')).to.have.length(5)
    })
    it('is a draft when it is given again, unless staff ended it', async () => {
      const visit = insured()
      await written(visit)
      await written({ ...visit, secondary: null })
      await written(visit)
      expect((await second(visit)).status).to.equal('draft')
      await staff().change(`Coverage/${(await second(visit)).id}`, { status: 'cancelled' })
      await written({ ...visit, secondary: null })
      await written(visit)
      expect((await second(visit)).status).to.equal('cancelled')
    })
    it('is nothing to a visit that never had one', async () => {
      const visit = insured({ secondary: null })
      await written(visit)
      expect(await seconds(visit)).to.deep.equal([])
    })
  })

  it('goes along into the right chart once the wrong one does not carry our number any more', async () => {
    const chart = {
      resourceType: 'Patient',
      identifier: [{ system: 'https://clinic.example/mrn', value: 'M' }],
      name: [{ family: 'X' }],
      birthDate: '1970-01-01',
    }
    const [wrong, right] = [await staff().put(chart), await staff().put(chart)]
    const visit = insured({ patientRef: `Patient/${wrong.id}` })
    await written(visit)
    await staff().change(`Patient/${wrong.id}`, { identifier: wrong.identifier })
    const patientKey = await keyOfPatient(`Patient/${wrong.id}`, context().locks)
    await written({ ...visit, patientRef: `Patient/${right.id}`, patientKey })
    expect((await second(visit)).beneficiary).to.deep.equal({ reference: `Patient/${right.id}` })
  })

  describe('while others write too', () => {
    it('is one, of 16 write-backs of one visit at once, at a server whose conditional create races', async () => {
      await staff().knobs({ raceWindowMs: 15 })
      const visit = insured()
      const locks = memoryLocks()
      await Promise.all(Array.from({ length: 16 }, () => written(visit, { ...context({ timeoutMs: 60_000 }), locks })))
      expect((await second(visit)).meta.versionId).to.equal('1')
    })
    it('would be several without the locks, and that is told: the server races for real', async () => {
      await staff().knobs({ raceWindowMs: 500 })
      const visit = insured()
      const free = { serially: <T>(_key: unknown, work: () => Promise<T>) => work(), keyOf: async () => '' }
      const answers = await Promise.all(Array.from({ length: 4 }, () => fhir.operations.writeVisit.call(visit, { ...context(), locks: free })))
      expect((await seconds(visit)).length).to.be.greaterThan(1)
      expect(answers.some(({ is }) => is === 'rejected')).to.equal(true)
    })
    it('is read again where staff changed it in between, and what they added stays', async () => {
      const visit = insured()
      await written(visit)
      await sim.fault('touched-meanwhile', 3)
      await written({ ...visit, secondary: { ...secondary, memberId: 'NM-77' } })
      expect(await second(visit)).to.include({ subscriberId: 'NM-77' })
      expect(JSON.stringify((await second(visit)).extension)).to.contain('urn:sim:touched')
    })
    it('is given up in a storm of 412, with nothing written, and its taking back too', async () => {
      const visit = insured()
      await written(visit)
      for (const changed of [
        { ...visit, secondary: { ...secondary, memberId: 'NM-77' } },
        { ...visit, secondary: null },
      ]) {
        await sim.fault('precondition-fails')
        expect((await faultOf(written(changed))).kind).to.equal('unavailable')
        await sim.fault('answers')
        expect(await second(visit)).to.deep.include({ subscriberId: 'NM-20551', status: 'draft' })
      }
    })
    it('is refused where the EHR has two that carry our number', async () => {
      const visit = insured()
      const { patientRef } = await written(visit)
      const { id: _, meta: __, ...copy } = await second(visit)
      await staff().put({ ...copy, beneficiary: { reference: patientRef } })
      const answer = await fhir.operations.writeVisit.call(visit, context())
      expect(answer).to.deep.equal({ is: 'rejected', value: { codes: ['multiple-matches'], paths: ['Coverage'] } })
    })
  })

  it('is looked up when nobody knows what became of the write', async () => {
    const visit = insured()
    await sim.fault('accepts-then-drops', 1)
    expect((await faultOf(written(visit))).kind).to.equal('uncertain')
    const { reconcile } = fhir.operations.writeVisit
    expect(await reconcile?.(visit, context())).to.deep.include({ is: 'ok' })
    expect(await reconcile?.({ ...visit, secondary: null }, context()), 'its taking back was not sent').to.equal('not-found')
    expect(await reconcile?.({ ...visit, secondary: { ...secondary, memberId: 'NM-77' } }, context())).to.equal('not-found')
  })
  it('says nothing of itself in any log line or fault', async () => {
    const visit = insured()
    await written(visit)
    await written({ ...visit, secondary: null })
    const fault = await faultOf(written(insured({ secondary: { ...secondary, groupNumber: ' ' } })))
    expect(fault).to.be.instanceOf(PartnerFault)
    expect(fault.message).to.match(/not valid FHIR: Coverage\.class/)
    for (const text of [...privateTexts(visit), secondary.memberId, 'Northern Mutual']) expect(`${fault.message} ${logged.join()}`).not.to.contain(text)
  })

  it('is left alone by the second major, which knows of none', async () => {
    const visit = insured()
    await written(visit)
    const { gender: _, guardian: __, language: ___, secondary: ____, ...before } = visit
    const answer = await fhir.operations.writeVisitV2.call({ ...before, payerId: 'HELIO1', memberId: 'HHP-1', coverageStatus: 'draft' }, context())
    expect(answer.is).to.equal('ok')
    expect((await second(visit)).meta.versionId).to.equal('1')
  })
})
