import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EhrAppointmentSeen } from '@heliox/core/clinical'
import type { LastKept, ReceivedFile } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { fhir } from '../adapter.ts'
import { contextOf, faultOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import type { VisitV3 } from '../mapping/index.ts'
import { startEhr } from '../testing/ehr.ts'

describe('an appointment that changes on either side', () => {
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
  const context = (nowMs?: () => number) => contextOf(sim.url, { logged, ...(nowMs && { nowMs }) })
  const staff = () => staffOf(sim)
  async function booked(changes: Partial<VisitV3> = {}) {
    const visit = newVisitV3(changes)
    const answer = await fhir.operations.writeVisit.call(visit, context())
    if (answer.is !== 'ok') throw new Error(JSON.stringify(answer))
    const { visitId, startsAt, endsAt, practitioner } = visit
    const state = { status: 'booked' as const, startsAt, endsAt }
    return {
      ref: answer.value.appointmentRef,
      state,
      now: { visitId, practitioner, ...state, agreed: state as typeof state | null, patientId: visit.patientId, patientKey: null },
    }
  }
  const write = (now: Parameters<typeof fhir.operations.writeAppointment.call>[0]) => fhir.operations.writeAppointment.call(now, context())

  describe('here', () => {
    it('is moved, cancelled, not come to and booked again in the chart', async () => {
      const { ref, now } = await booked()
      const moved = { startsAt: '2026-12-03T10:00:00.000Z', endsAt: '2026-12-03T10:30:00.000Z' }
      const steps = [moved, { ...moved, status: 'cancelled' as const }, { ...moved, status: 'noshow' as const }, { ...moved, status: 'booked' as const }]
      let last = now
      for (const change of steps) {
        const next = { ...now, ...change, agreed: { status: last.status, startsAt: last.startsAt, endsAt: last.endsAt } } as typeof now
        expect(await write(next)).to.deep.include({ is: 'ok' })
        expect((await staff().one(ref)).status).to.equal(next.status)
        last = next
      }
      expect((await staff().one(ref)).start).to.equal(moved.startsAt)
    })

    it('is not written when the chart says so already, in whatever time zone', async () => {
      const { ref, now } = await booked()
      await staff().change(ref, { status: 'arrived', start: '2026-12-01T09:00:00-06:00', end: '2026-12-01T09:20:00-06:00' })
      const before = await staff().one(ref)
      expect(await write(now)).to.have.nested.property('value.state', 'same')
      expect(await staff().one(ref)).to.deep.equal(before)
    })

    it('is never written over what the clinic changed there since both last agreed', async () => {
      const { ref, now } = await booked()
      await staff().change(ref, { start: '2026-12-05T09:00:00Z', end: '2026-12-05T09:20:00Z' })
      expect(await write({ ...now, status: 'cancelled' })).to.deep.equal({ is: 'rejected', value: { codes: ['changed-there'], paths: [] } })
      expect((await staff().one(ref)).status).to.equal('booked')
      await staff().change(ref, { status: 'fulfilled' })
      expect(await write({ ...now, status: 'cancelled', agreed: null })).to.deep.include({ is: 'rejected' })
    })

    it('is not brought back where nothing was agreed on, when the clinic called it off in the chart', async () => {
      for (const status of ['cancelled', 'noshow']) {
        const { ref, now } = await booked()
        await staff().change(ref, { status })
        expect(await write({ ...now, agreed: null })).to.have.nested.property('value.codes[0]', 'changed-there')
        expect((await staff().one(ref)).status).to.equal(status)
      }
    })

    it('is not there yet when the visit was never written', async () => {
      const { now } = await booked()
      expect(await write({ ...now, visitId: newVisitV3().visitId })).to.deep.equal({
        is: 'ok',
        value: { state: 'not-there', appointmentRef: null, appointment: null },
      })
    })

    it('is read again when its version changed meanwhile, and what the clinic added stays', async () => {
      const { ref, now } = await booked()
      await sim.fault('touched-meanwhile', 2)
      expect(await write({ ...now, status: 'cancelled' })).to.have.nested.property('value.state', 'written')
      expect(JSON.stringify(await staff().one(ref))).to.contain('urn:sim:touched')
    })
  })

  describe('there', () => {
    let kept: ReceivedFile[]
    beforeEach(() => {
      kept = []
    })
    const { collect, read } = fhir.receive.appointments
    async function look(last: LastKept | null = newest(), until = Number.POSITIVE_INFINITY) {
      const { now } = (await sim.control('GET', '/_sim/clock')) as { now: string }
      const keep = async (file: ReceivedFile) => {
        if (kept.length >= until) throw new Error('killed here')
        if (kept.some(({ bytes }) => bytes.equals(file.bytes))) return 'known' as const
        kept.push(file)
        return 'kept' as const
      }
      await collect(
        context(() => Date.parse(now)),
        keep,
        last,
      )
    }
    const newest = (): LastKept | null => {
      const file = kept.at(-1)
      return file ? { keptAt: new Date(0), cursor: file.cursor ?? null } : null
    }
    async function items(files = kept) {
      const seen = []
      for (const { bytes } of files)
        for await (const item of read(
          (async function* () {
            yield bytes
          })(),
          context().config,
          memoryLocks(),
        ))
          seen.push(EhrAppointmentSeen.schema.parse(item))
      return seen
    }
    const said = async (files?: ReceivedFile[]) =>
      (await items(files)).map((one) => (one.is === 'appointment' ? [one.visitId, one.status, one.startsAt] : [one.code]))

    it('is told with its visit, status and time, and nothing of the patient; each version once', async () => {
      const { ref, now } = await booked()
      await look()
      await staff().change(ref, { status: 'cancelled', start: '2026-12-04T09:00:00-06:00' })
      await look()
      await look()
      expect(await said()).to.deep.equal([
        [now.visitId, 'booked', '2026-12-01T15:00:00.000Z'],
        [now.visitId, 'cancelled', '2026-12-04T15:00:00.000Z'],
      ])
      const { patientRef } = { patientRef: JSON.stringify((await staff().one(ref)).participant) }
      expect(patientRef).to.contain('Patient/')
      for (const { bytes } of kept) expect(bytes.toString()).not.to.match(/Patient\/|participant|Lindqvist/)
      const keys = new Set((await items()).map((one) => one.is === 'appointment' && one.patientKey))
      expect([keys.size, [...keys][0]], 'whom it names, as a hash').to.deep.equal([
        1,
        await memoryLocks().keyOf(['ehr-patient', JSON.parse(patientRef)[0].actor.reference]),
      ])
    })

    it('is no business of ours when it is none of our visits, and is kept nowhere', async () => {
      await staff().put({
        resourceType: 'Appointment',
        status: 'booked',
        start: '2026-12-01T09:00:00Z',
        end: '2026-12-01T10:00:00Z',
        participant: [{ status: 'accepted', actor: { display: 'Somebody else' } }],
      })
      await look()
      expect(kept).to.deep.equal([])
    })

    it('goes on where a look was killed, through pages, though hours went by', async () => {
      const all = []
      for (let n = 0; n < 130; n += 1)
        all.push(
          await staff().put({
            resourceType: 'Appointment',
            identifier: [{ system: `${context().config.identifierSystem}/appointment`, value: newVisitV3().visitId }],
            ...{ status: 'booked', start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z', participant: [{ status: 'accepted', actor: { display: 'x' } }] },
          }),
        )
      const killed = await look(null, 40).then(
        () => undefined,
        (error: Error) => error.message,
      )
      expect([killed, kept.length]).to.deep.equal(['killed here', 40])
      await sim.control('POST', '/_sim/clock/advance', { ms: 6 * 3_600_000 })
      await look()
      expect(new Set((await items()).map((one) => one.is === 'appointment' && one.visitId)).size).to.equal(all.length)
    })

    it('is found behind more changes of others than one look holds, and a look that was killed there goes on from where it was', async () => {
      const ours = newVisitV3().visitId
      const list = await aLongList([...Array.from({ length: 120 }, () => undefined), ours], `${context().config.identifierSystem}/appointment`)
      try {
        const ctx = () => contextOf(list.url, { nowMs: () => Date.parse('2026-11-22T12:00:00Z') })
        const keep = async (file: ReceivedFile) => {
          kept.push(file)
          if (kept.length === 1) throw new Error('killed here')
          return 'kept' as const
        }
        await collect(ctx(), keep, { keptAt: new Date('2026-11-22T12:00:00Z'), cursor: '2026-11-22T00:02:00.000Z' }).catch(() => undefined)
        expect(await items(), 'only how far it was heard').to.deep.equal([])
        const askedBefore = list.pages()
        await collect(ctx(), keep, newest())
        expect((await items()).map((one) => one.is === 'appointment' && one.visitId)).to.deep.equal([ours])
        expect(list.pages() - askedBefore).to.be.lessThan(askedBefore + 30)
        for (const { bytes } of kept.slice(0, -1)) expect(bytes.toString()).to.match(/^\{"lookedUpTo":"[^"]+"\}$/)
      } finally {
        await list.stop()
      }
    })

    it('is said to be unreadable, by its element alone, when its time has no place or its status no meaning', async () => {
      const { ref, now } = await booked()
      await staff().change(ref, { start: '2026-12-04T09:00:00' })
      await look()
      await staff().change(ref, { status: 'perhaps' })
      await look()
      expect(await said(kept.slice(-2))).to.deep.equal([['appointment-start'], ['appointment-status']])
      expect(await said([{ name: 'x', bytes: Buffer.from('no json') }])).to.deep.equal([['appointment-json']])
      expect(now.visitId).to.match(/-/)
    })

    it('cannot be followed at a server that does not search by the moment of a change, and that is said', async () => {
      await staff().knobs({ vendor: 'cerner' })
      const fault = await faultOf(collect(contextOf(sim.url, { nowMs: () => Date.UTC(2030, 0, 1) }), async () => 'kept', null))
      expect(fault.message).to.equal('The EHR cannot be asked which appointments were changed.')
    })
  })
})

/** An EHR that gives one change a page, each ten minutes after the one before: of the visit that is named, or of nobody here. */
async function aLongList(visits: readonly (string | undefined)[], system: string) {
  let pages = 0
  const all = visits.map((visitId, n) => ({
    resourceType: 'Appointment',
    id: `a${n}`,
    meta: { versionId: '1', lastUpdated: new Date(Date.UTC(2026, 10, 22) + n * 600_000).toISOString() },
    ...{ status: 'booked', start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' },
    identifier: visitId === undefined ? [] : [{ system, value: visitId }],
  }))
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const answer = (json: object) => response.setHeader('content-type', 'application/fhir+json').end(JSON.stringify(json))
      if (request.url?.endsWith('/metadata')) return answer({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest: [{ mode: 'server' }] })
      pages += 1
      const since = new URLSearchParams(Buffer.concat(chunks).toString()).get('_lastUpdated')?.slice(2) ?? ''
      const at = request.method === 'GET' ? Number(request.url?.split('/').at(-1)) : all.findIndex(({ meta }) => meta.lastUpdated >= since)
      const link = at + 1 < all.length ? [{ relation: 'next', url: `${url()}/page/${at + 1}` }] : []
      return answer({ resourceType: 'Bundle', type: 'searchset', link, entry: all.slice(at, at + 1).map((resource) => ({ resource })) })
    })
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return { url: url(), pages: () => pages, stop: () => new Promise<void>((resolve) => void server.close(() => resolve())) }
}
