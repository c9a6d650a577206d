import { EhrBookingSeen } from '@heliox/core/clinical'
import type { LastKept, ReceivedFile } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { fhir } from '../adapter.ts'
import { contextOf, faultOf, newVisitV3, staffOf } from '../fixtures/context.ts'
import { patient, startEhr } from '../testing/ehr.ts'

describe('an appointment that the clinic makes in its EHR', () => {
  let sim: Simulator
  let nowMs: number
  let kept: ReceivedFile[]
  let logged: string[]
  before(async () => {
    sim = await startEhr()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    await sim.reset()
    nowMs = Date.parse(((await sim.control('GET', '/_sim/clock')) as { now: string }).now)
    kept = []
    logged = []
  })
  const context = () => contextOf(sim.url, { nowMs: () => nowMs, logged })
  const staff = () => staffOf(sim)
  const later = async (ms: number): Promise<void> => {
    await sim.control('POST', '/_sim/clock/advance', { ms })
    nowMs += ms
  }
  const inDays = (days: number, minutes = 0): string => new Date(nowMs + days * 86_400_000 + minutes * 60_000).toISOString()
  const person = async (changes: object = {}): Promise<string> => `Patient/${(await staff().put(patient(changes))).id}`
  async function made(who: string | null, changes: object = {}): Promise<string> {
    const doctor = { status: 'accepted', actor: { reference: 'Practitioner/7', display: 'Dr. Imani Reyes' } }
    const them = who === null ? [] : [{ status: 'accepted', actor: { reference: who, display: 'Núñez, Ana' } }]
    const times = { status: 'booked', start: inDays(3), end: inDays(3, 20) }
    return (await staff().put({ resourceType: 'Appointment', ...times, participant: [doctor, ...them], ...changes })).id
  }

  const { collect, read } = fhir.receive.bookings
  const newest = (): LastKept | null => {
    const file = kept.at(-1)
    return file ? { keptAt: new Date(nowMs), cursor: file.cursor ?? null } : null
  }
  const look = (until = Number.POSITIVE_INFINITY) =>
    collect(
      context(),
      async (file) => {
        if (kept.length >= until) throw new Error('killed here')
        if (kept.some(({ bytes }) => bytes.equals(file.bytes))) return 'known'
        kept.push(file)
        return 'kept'
      },
      newest(),
    )
  async function seen(files = kept): Promise<string[]> {
    const ids: string[] = []
    for (const { bytes } of files) {
      const once = (async function* () {
        yield bytes
      })()
      for await (const item of read(once, context().config, memoryLocks())) {
        const said = EhrBookingSeen.schema.parse(item)
        ids.push(said.is === 'booking' ? said.appointmentId : said.code)
      }
    }
    return ids
  }
  const take = (appointmentId: string, visitId = newVisitV3().visitId) => fhir.operations.takeBooking.call({ appointmentId, visitId }, context())
  const identifiers = async (id: string): Promise<{ value: string }[]> => (await staff().one(`Appointment/${id}`)).identifier ?? []

  describe('is seen', () => {
    it('though it was made before the hub asked, and a minute after; each once, with no word of its patient', async () => {
      const before = await made(await person())
      await later(2 * 86_400_000)
      const next = await made(await person())
      await look()
      expect(new Set(await seen())).to.deep.equal(new Set([before, next]))
      await later(60_000)
      const after = await made(await person())
      await look()
      await look()
      expect((await seen()).filter((id) => id === after)).to.have.length(1)
      for (const { bytes } of kept) expect(bytes.toString()).not.to.match(/Patient|Núñez|Reyes|participant/)
      expect(logged.join('\n')).not.to.match(/Núñez|Patient\//)
    })

    it('for one patient, to come, and booked: nothing else is a visit', async () => {
      const who = await person()
      await made(null)
      await made(who, { participant: [who, await person()].map((reference) => ({ status: 'accepted', actor: { reference } })) })
      for (const status of ['proposed', 'pending', 'cancelled', 'fulfilled', 'noshow', 'waitlist']) await made(who, { status })
      await made(who, { start: inDays(-1), end: inDays(-1, 20) })
      await made(who, { start: inDays(2).slice(0, 19), end: inDays(2, 20).slice(0, 19) })
      await look()
      expect(await seen()).to.deep.equal([])
    })

    it('again the next day where nothing became of it, and not when it is ours', async () => {
      const [left, ours] = [await made(await person()), await made(await person())]
      await look()
      await take(ours)
      const onTheFirstDay = kept.length
      await later(86_400_000)
      await look()
      await look()
      expect(await seen(kept.slice(onTheFirstDay))).to.deep.equal([left])
    })

    it('though a look was killed half way', async () => {
      const all = []
      for (let n = 0; n < 7; n += 1) all.push(await made(await person()))
      expect(await look(3).catch((error: Error) => error.message)).to.equal('killed here')
      await look()
      expect(new Set(await seen())).to.deep.equal(new Set(all))
    })

    it('nowhere where the EHR cannot be asked for changes, and that is said; a kept file of nothing is said too', async () => {
      await staff().knobs({ vendor: 'cerner' })
      // What a server can is asked anew after a while.
      nowMs += 365 * 86_400_000
      expect((await faultOf(look())).message).to.equal('The EHR cannot be asked which appointments were changed.')
      expect(await seen([{ name: 'x', bytes: Buffer.from('{"booking":"a/b"}') }])).to.deep.equal(['booking'])
    })
  })

  describe('is taken', () => {
    it('with its time, its practitioner and how its patient is reached, and carries our mark beside the clinic’s own', async () => {
      const who = await person({ communication: [{ language: { coding: [{ code: 'es-MX' }] }, preferred: true }] })
      const id = await made(who, { identifier: [{ system: 'https://clinic.example/slot', value: 'S-9' }] })
      const { visitId } = newVisitV3()
      const answer = await take(id, visitId)
      if (answer.is !== 'ok' || !answer.value.booking) throw new Error(JSON.stringify(answer))
      const { versionId, updatedAt, patientKey, ...booking } = answer.value.booking
      expect(patientKey).to.match(/^[0-9a-f]{64}$/)
      expect(booking).to.deep.equal({
        ...{ startsAt: inDays(3), endsAt: inDays(3, 20), practitioner: 'Dr. Imani Reyes', patientRef: who },
        contact: { givenName: 'Ana María', familyName: 'Núñez', birthDate: '1984-02-29', phone: '+1 (312) 555-0142', email: 'ana@example.com', language: 'es' },
      })
      expect((await identifiers(id)).map(({ value }) => value)).to.deep.equal(['S-9', visitId])
      const { meta, status } = await staff().one(`Appointment/${id}`)
      expect([status, meta.versionId === versionId, meta.lastUpdated >= updatedAt]).to.deep.equal(['booked', false, true])
    })

    it('once: the same question again writes nothing, and another visit’s stays as it is', async () => {
      const id = await made(await person())
      const { visitId } = newVisitV3()
      await take(id, visitId)
      const after = await staff().one(`Appointment/${id}`)
      expect(await take(id, visitId)).to.have.nested.property('value.booking.contact.familyName', 'Núñez')
      expect(await take(id)).to.have.nested.property('value.booking', null)
      expect(await staff().one(`Appointment/${id}`)).to.deep.equal(after)
    })

    it('with what the clinic’s staff wrote meanwhile', async () => {
      const id = await made(await person())
      await sim.fault('touched-meanwhile', 2)
      expect(await take(id)).to.have.nested.property('value.booking.practitioner', 'Dr. Imani Reyes')
      expect(JSON.stringify(await staff().one(`Appointment/${id}`))).to.contain('urn:sim:touched')
      expect(await identifiers(id)).to.have.length(1)
    })

    it('not when it is off, over or gone by then, and nothing is written', async () => {
      const [off, gone] = [await made(await person()), await made(await person())]
      await staff().change(`Appointment/${off}`, { status: 'cancelled' })
      await staff().remove(`Appointment/${gone}`)
      expect([(await take(off)).value, (await take(gone)).value].map((value) => 'booking' in value && value.booking)).to.deep.equal([null, null])
      expect(await identifiers(off)).to.deep.equal([])
    })

    it('for the chart that counts, where two were merged; and without a contact where the chart has no name', async () => {
      const [old, kept] = [await person(), await person({ name: [{ family: 'Ito', given: ['Kenji'] }] })]
      const id = await made(old)
      await staff().merge(old, kept)
      const merged = await take(id)
      expect(merged).to.have.nested.property('value.booking.patientRef', kept)
      expect(merged).to.have.nested.property('value.booking.contact.familyName', 'Ito')
      for (const changes of [{ name: [{ family: 'Baby' }] }, { active: false }, { deceasedBoolean: true }])
        expect(await take(await made(await person(changes)))).to.have.nested.property('value.booking.contact', null)
    })

    it('with the number that counts today: one that the chart has ended is somebody else’s by now', async () => {
      const phone = (value: string, end: string) => ({ system: 'phone', use: 'mobile', value, period: { end } })
      const year = new Date(nowMs).getUTCFullYear()
      const telecom = [phone('+13125550001', inDays(-1)), phone('+13125550002', String(year - 1)), phone('+13125550003', String(year))]
      const reached = (of: object[]) => person({ telecom: of }).then((who) => made(who).then((id) => take(id)))
      expect(await reached(telecom)).to.have.nested.property('value.booking.contact.phone', '+13125550003')
      expect(await reached(telecom.slice(0, 2))).to.have.nested.property('value.booking.contact.phone', null)
    })
  })

  it('is found by its mark when the form is written: no second one is made', async () => {
    const who = await person()
    const id = await made(who)
    const visit = newVisitV3({ patientRef: who, startsAt: inDays(3), endsAt: inDays(3, 20), practitioner: 'Dr. Imani Reyes' })
    await take(id, visit.visitId)
    const answer = await fhir.operations.writeVisit.call(visit, context())
    expect(answer).to.have.nested.property('value.appointmentRef', `Appointment/${id}`)
    expect(await staff().all('Appointment')).to.have.length(1)
  })
})
