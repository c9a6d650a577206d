import { randomUUID } from 'node:crypto'
import { type FaultKind, PartnerFault, type ReceivedFile } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { memoryLocks, memoryNumbers, noObjects } from '../testing.ts'
import { legacyScheduler } from './adapter.ts'
import type { LegacyContext } from './config.ts'

const apiKey = 'sim-key-for-the-old-scheduler'
const timeZone = 'America/Chicago'
const from = '2026-11-23T00:00:00.000Z'
const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: apiKey })

const newVisit = (changes: Record<string, unknown> = {}) => ({
  ...{ visitId: randomUUID(), version: 1, legacyId: null, revision: null, status: 'booked' as const },
  ...{ startsAt: '2026-11-24T15:00:00.000Z', endsAt: '2026-11-24T15:20:00.000Z', practitioner: 'Dr. Imani Reyes' },
  ...changes,
})
interface Kept {
  id: string
  revision: number
  status: string
  starts: string
  externalVersion: number | null
}
const people = async (sim: Simulator, more: object = {}): Promise<Kept> =>
  (await sim.control('POST', '/_sim/people', { starts: '2026-11-24 09:00', minutes: 20, provider: 'Dr. Imani Reyes', ...more })) as Kept
const book = async (sim: Simulator) => ((await sim.control('GET', '/_sim/appointments')) as { appointments: Kept[] }).appointments

/** Reading lost is reading again. */
const readFaults: Record<'drops' | 'accepts-then-drops', readonly FaultKind[]> = { drops: ['unavailable'], 'accepts-then-drops': ['unavailable'] }

adapterContract(legacyScheduler, {
  start,
  connection: ({ url }) => ({ config: { baseUrl: url, timeZone }, secrets: { apiKey } }),
  operations: {
    readAppointment: {
      input: async (sim) => ({ legacyId: (await people(sim)).id, revision: 1 }),
      rejectedInput: async () => ({ legacyId: 'D-99999', revision: 1 }),
      effect: 'readAppointment',
      faults: readFaults,
    },
    putAppointment: {
      input: async () => newVisit(),
      effect: 'putAppointment',
      faults: { drops: ['unavailable'] },
      skip: { answers: 'the first answer is "written" and the second "same": said by a test of its own below' },
    },
    listAppointments: { input: async () => ({ runId: randomUUID(), from, after: null }), effect: 'listAppointments', faults: readFaults },
    setMode: { input: async () => ({ mode: 'read-only', handoverId: randomUUID(), asked: 1 }), effect: 'setMode' },
  },
})

describe('the adapter of the old scheduler', () => {
  let sim: Simulator
  let logged: string[]
  const { readAppointment, putAppointment, listAppointments, setMode } = legacyScheduler.operations
  const { changes } = legacyScheduler.receive

  const context = (): LegacyContext => {
    const log = (fields: Record<string, unknown>, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`)
    return {
      config: { baseUrl: sim.url, timeZone },
      secrets: { apiKey },
      idempotencyKey: randomUUID(),
      signal: AbortSignal.timeout(5_000),
      log: { info: log, warn: log, error: log },
      now: () => new Date(0),
      production: false,
      objects: noObjects,
      numbers: memoryNumbers(),
      locks: memoryLocks(),
    }
  }
  const put = (visit: ReturnType<typeof newVisit>) => putAppointment.call(visit as never, context())
  const read = async (legacyId: string) => {
    const answer = await readAppointment.call({ legacyId, revision: 1 }, context())
    if (answer.is !== 'ok') throw new Error(answer.value.code)
    return answer.value
  }

  before(async () => {
    sim = await start()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    logged = []
    await sim.reset()
  })

  it('writes the copy of a visit once, and the next time finds it', async () => {
    const visit = newVisit()
    const first = await put(visit)
    expect(first).to.deep.include({ is: 'ok' })
    expect(first.value).to.deep.include({ state: 'written', revision: 1, version: 1 })
    expect((await put(visit)).value).to.deep.include({ state: 'same', revision: 1 })
    expect((await book(sim)).length).to.equal(1)
  })

  it('moves the copy, and never back to what an earlier version said', async () => {
    const visit = newVisit()
    await put(visit)
    const later = { ...visit, version: 3, startsAt: '2026-11-25T15:00:00.000Z', endsAt: '2026-11-25T15:20:00.000Z' }
    expect((await put(later)).value).to.deep.include({ state: 'written', revision: 2 })
    expect((await put({ ...visit, version: 2, status: 'cancelled' } as never)).value).to.deep.include({ state: 'superseded', version: 3 })
    expect((await book(sim))[0]).to.deep.include({ starts: later.startsAt, status: 'scheduled', externalVersion: 3 })
  })

  it('writes nothing over what a person changed there, until that is known here', async () => {
    const visit = newVisit()
    await put(visit)
    const [kept] = await book(sim)
    await sim.control('PUT', `/_sim/people/${kept?.id}`, { starts: '2026-11-24 16:00' })
    expect(await put({ ...visit, version: 2, status: 'cancelled', legacyId: kept?.id, revision: 1 } as never)).to.deep.equal({
      is: 'rejected',
      value: { code: 'changed-there' },
    })
    expect((await put({ ...visit, version: 2, status: 'cancelled', legacyId: kept?.id, revision: 2 } as never)).value).to.deep.include({ state: 'written' })
  })

  it('leaves somebody who arrived arrived', async () => {
    const visit = newVisit()
    await put(visit)
    const [kept] = await book(sim)
    await sim.control('PUT', `/_sim/people/${kept?.id}`, { status: 'arrived' })
    expect((await put(visit)).value).to.deep.include({ state: 'same', revision: 2 })
    expect((await put({ ...visit, version: 2, practitioner: 'Dr. Ada Moss', revision: 2 } as never)).value).to.deep.include({ state: 'written' })
    expect((await book(sim))[0]).to.deep.include({ status: 'arrived', provider: 'Dr. Ada Moss' })
  })

  it('gives a "no" as its code, and nothing of what it quotes', async () => {
    await sim.control('PUT', '/_sim/settings', { strict: true })
    await put(newVisit())
    const answer = await put(newVisit())
    expect(answer).to.deep.equal({ is: 'rejected', value: { code: 'slot-taken' } })
    expect(logged.join()).not.to.contain('Imani')
  })

  it('reads a time with its offset, and one without by the clock of the site, also on the nights that clocks change', async () => {
    const cases: [string, string][] = [
      ['2026-11-24T09:00:00-06:00', '2026-11-24T15:00:00.000Z'],
      ['2026-11-24 09:00', '2026-11-24T15:00:00.000Z'],
      ['2026-07-01 09:00:00', '2026-07-01T14:00:00.000Z'],
      ['2026-11-01 01:30', '2026-11-01T06:30:00.000Z'],
      ['2027-03-14 02:30', '2027-03-14T08:30:00.000Z'],
    ]
    for (const [starts, startsAt] of cases) expect((await read((await people(sim, { starts })).id)).startsAt, starts).to.equal(startsAt)
  })

  it('takes a day without a time for unreadable, and says nothing of it', async () => {
    const { id } = await people(sim, { starts: '2026-11-24' })
    const fault = await read(id).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault)
    expect(fault).to.include({ kind: 'contract' })
  })

  it('reads whose chart it is where the old scheduler knows it', async () => {
    const { id } = await people(sim, { ehrPatientId: 'pat-77' })
    expect(await read(id)).to.deep.include({ ehrPatientId: 'pat-77', byPeople: true, visitId: null, status: 'booked' })
  })

  it('lists everything once, and names what it cannot read', async () => {
    for (let n = 0; n < 3; n += 1) await put(newVisit())
    await people(sim, { starts: '2026-11-24' })
    const { value } = await listAppointments.call({ runId: randomUUID(), from, after: null }, context())
    const listed = (value as { appointments: { visitId: string | null }[]; unreadable: string[]; next: string | null }) ?? {}
    expect(listed.appointments).to.have.length(3)
    expect(new Set(listed.appointments.map(({ visitId }) => visitId)).size).to.equal(3)
    expect(listed.unreadable).to.deep.equal(['D-10003'])
    expect(listed.next).to.equal(null)
  })

  it('closes it for its own people, not for us', async () => {
    const handoverId = randomUUID()
    await setMode.call({ mode: 'read-only', handoverId, asked: 1 }, context())
    const refused = await people(sim).catch((error: Error) => error.message)
    expect(refused).to.contain('423')
    expect((await put(newVisit())).is).to.equal('ok')
    await setMode.call({ mode: 'open', handoverId, asked: 2 }, context())
    expect((await people(sim)).revision).to.equal(1)
  })

  describe('its feed', () => {
    const look = async (keepFails = false): Promise<ReceivedFile[]> => {
      const files: ReceivedFile[] = []
      const keep = async (file: ReceivedFile) => {
        if (keepFails) throw new Error('killed')
        files.push(file)
        return 'kept' as const
      }
      await changes.collect(context(), keep, null).catch((error: Error) => {
        if (!keepFails) throw error
      })
      return files
    }
    const items = async (files: readonly ReceivedFile[]) => {
      const found: unknown[] = []
      for (const { bytes } of files)
        for await (const item of changes.read(
          (async function* () {
            yield bytes
          })(),
          context().config,
          memoryLocks(),
        ))
          found.push(item)
      return found
    }

    it('gives each appointment by its last change, and nothing twice once it was kept', async () => {
      const a = await people(sim)
      const b = await people(sim)
      await sim.control('PUT', `/_sim/people/${a.id}`, { status: 'cancelled' })
      expect(await items(await look())).to.deep.equal([
        { is: 'appointment', legacyId: a.id, revision: 2 },
        { is: 'appointment', legacyId: b.id, revision: 1 },
      ])
      expect(await look()).to.deep.equal([])
    })

    it('gives again what was not kept', async () => {
      const { id } = await people(sim)
      expect(await look(true)).to.deep.equal([])
      expect(await items(await look())).to.deep.equal([{ is: 'appointment', legacyId: id, revision: 1 }])
    })

    it('goes on past an entry that it cannot read', async () => {
      const page = {
        from: 0,
        through: 3,
        more: false,
        changes: [
          { id: 'not an id', revision: 1 },
          { id: 'D-1', revision: 0 },
          { id: 'D-2', revision: 4 },
        ],
      }
      expect(await items([{ name: 'x', bytes: Buffer.from(JSON.stringify(page)) }])).to.deep.equal([
        { is: 'unreadable', code: 'change' },
        { is: 'unreadable', code: 'change' },
        { is: 'appointment', legacyId: 'D-2', revision: 4 },
      ])
      expect(await items([{ name: 'x', bytes: Buffer.from('<html>') }])).to.deep.equal([{ is: 'unreadable', code: 'page' }])
    })
  })

  for (const [mode, kind] of [
    ['fails', 'uncertain'],
    ['is-away', 'unavailable'],
  ] as const)
    it(`takes one that ${mode} at a write for the fault ${kind}`, async () => {
      await sim.fault(mode)
      const fault = await setMode.call({ mode: 'read-only', handoverId: randomUUID(), asked: 1 }, context()).catch((error: unknown) => error)
      expect(fault).to.include({ kind })
    })

  it('keeps what it answered over a kill', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs')
    const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/sim-legacy-`)
    const env = { SIM_TOKEN: apiKey, SIM_JOURNAL: `${folder}/legacy.journal` }
    const main = new URL('./sim/main.ts', import.meta.url)
    let other = await startSimulator(main, env)
    try {
      await people(other, { ehrPatientId: 'pat-1' })
      const before = await other.control('GET', '/_sim/appointments')
      await other.kill()
      other = await startSimulator(main, env)
      expect(await other.control('GET', '/_sim/appointments')).to.deep.equal(before)
    } finally {
      await other.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
