import { randomUUID } from 'node:crypto'
import type { Canary } from '@heliox/core/catalog'
import { type BatchMember, defineContract, defineMap, mapType } from '@heliox/core/kit'
import type { Invoked, NodeServices, Step } from '@heliox/core/ports'
import { applies } from '@heliox/core/registry'
import { StepFailure } from '@heliox/hub/invoke'
import { expect } from 'chai'
import { z } from 'zod'
import { type NodeRed, registerAll } from '../index.ts'
import { hubPalette, hubSets } from '../specs.ts'
import { applyHandler } from './apply.ts'
import { mapHandler } from './map.ts'
import { operationHandler } from './operation.ts'

const Root = defineContract({ name: 'Root', version: 1, phi: false, schema: z.object({ patientId: z.uuid(), visitId: z.uuid() }) })
const In = defineContract({ name: 'In', version: 1, phi: false, schema: z.object({ n: z.int() }) })
const Out = defineContract({ name: 'Out', version: 1, phi: true, schema: z.object({ name: z.string().min(1), n: z.int(), day: z.string() }) })
const No = defineContract({ name: 'No', version: 1, phi: false, schema: z.object({ code: z.string() }) })

const greet = defineMap({
  name: 'greet',
  version: 1,
  summary: '',
  root: Root,
  input: In,
  output: Out,
  reads: { patient: ['givenName'], visit: true, purpose: 'eligibility' },
  map: ({ n }, { at }, { patient, visit }) => ({ name: `${patient.givenName} at ${visit?.practitioner}`, n, day: at.slice(0, 10) }),
})

const tenantId = randomUUID()
const payload = { patientId: randomUUID(), visitId: randomUUID() }
const now = new Date('2026-01-05T15:00:00.000Z')
const step: Step = {
  ref: { tenantId, rootId: randomUUID(), flow: 'eligibility', version: 2, step: 'the step', intakeId: null, ledgerMonth: '2026-01-01' },
  envelope: {
    id: randomUUID(),
    rootId: randomUUID(),
    type: 'x.v1',
    contract: 'Root.v1',
    tenantId,
    region: 'us-east',
    aggregateType: 'x',
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    intakeId: null,
    occurredAt: now.toISOString(),
    process: 'test',
    traceparent: null,
    attempt: 1,
    payload,
  },
  beganAt: now.toISOString(),
  manual: true,
  suspicions: ['same-body'],
}

class Bench {
  readonly calls: unknown[] = []
  patient: Record<string, unknown> = { givenName: 'Jane' }
  batch: BatchMember[] = []
  canary: Canary | undefined
  invoked: Invoked = { is: 'held' }
  readonly services: NodeServices = {
    invoke: async (type, input, at) => {
      this.calls.push({ invoke: type, input, ref: at.ref })
      return this.invoked
    },
    applies: {
      apply: async (name, input, delivery) => {
        this.calls.push({ apply: name, input, delivery })
        return 'again'
      },
    },
    phi: {
      readPatient: async (...args) => {
        this.calls.push({ readPatient: args })
        return this.patient
      },
      readVisit: async (...args) => {
        this.calls.push({ readVisit: args })
        return { startsAt: '', endsAt: '', practitioner: 'Dr Smith', status: 'booked', agreed: null, patientKey: null }
      },
      readSignedIn: async (...args) => {
        this.calls.push({ readSignedIn: args })
        return 'es'
      },
      readChart: async (...args) => {
        this.calls.push({ readChart: args })
        return { patientRef: 'Patient/7', forgottenRefs: [] }
      },
      readBatch: async (...args) => {
        this.calls.push({ readBatch: args })
        return this.batch
      },
    },
    payers: {
      payer: async (_tenantId, id) => {
        this.calls.push({ payer: id })
        return { id, name: 'Slow Health Plan', route: 'batch', supported: true }
      },
      hours: () => Promise.reject(new Error('not asked in maps')),
      canary: async (_tenantId, id, known) => {
        this.calls.push({ canary: [id, known] })
        return this.canary
      },
    },
    messages: {
      leave: async (...args) => {
        this.calls.push({ leave: args })
        return { messageId: args[2], go: 'sms', reason: null, until: null }
      },
      letter: async (...args) => {
        this.calls.push({ letter: args })
        return null
      },
    },
    publicUrl: 'https://hub.example',
    connections: {
      tenant: async (id) => ({ id, slug: 's', name: 'Lakeside', region: 'us-east', timeZone: 'America/Chicago', npi: '1234567893' }),
      connection: async () => undefined,
      settings: async () => undefined,
    },
    clock: { now: () => now },
    stop: async (at, scope) => {
      this.calls.push({ stop: at, scope })
    },
    process: 'engine-1',
  }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('nodes/hub', () => {
  describe('map', () => {
    it('reads exactly what the map declared, for its purpose, as this engine', async () => {
      const bench = new Bench()
      const outcome = await mapHandler(greet, bench.services)({ n: 1 }, step)
      expect(bench.calls).to.deep.include({ readPatient: [tenantId, payload.patientId, ['givenName'], 'eligibility', 'service:engine-1', now] })
      expect(bench.calls).to.deep.include({ readVisit: [tenantId, payload.visitId] })
      expect(outcome).to.deep.equal({
        is: 'next',
        port: 'ok',
        contract: Out,
        value: { name: 'Jane at Dr Smith', n: 1, day: '2026-01-05' },
        manual: true,
        suspicions: ['same-body'],
      })
    })

    it('reads the payer, and of a batch the named fields of each patient: the root event says whose', async () => {
      const bench = new Bench()
      bench.batch = [{ requestId: randomUUID(), payerId: 'SLOWB4', payerName: 'Slow', serviceDate: '2026-01-06', patient: { givenName: 'Jane' } }]
      const batchId = randomUUID()
      const all = defineMap({
        ...greet,
        root: defineContract({ name: 'Root', version: 2, phi: false, schema: z.object({ payerId: z.string(), batchId: z.uuid() }) }),
        reads: { patient: ['givenName'], visit: false, payer: true, batch: true, purpose: 'eligibility' },
        map: (_input, _facts, { patient, payer, batch }) => ({
          name: `${payer?.route} ${batch.map((member) => member.patient.givenName)}`,
          n: Object.keys(patient).length,
          day: '',
        }),
      })
      const outcome = await mapHandler(all, bench.services)({ n: 1 }, { ...step, envelope: { ...step.envelope, payload: { payerId: 'SLOWB4', batchId } } })
      expect(outcome).to.deep.include({ value: { name: 'batch Jane', n: 0, day: '' } })
      expect(bench.calls).to.deep.equal([{ payer: 'SLOWB4' }, { readBatch: [tenantId, batchId, ['givenName'], 'eligibility', 'service:engine-1', now] }])
    })

    describe('of a canary', () => {
      const ofCanary = defineMap({
        ...greet,
        root: defineContract({ name: 'Root', version: 4, phi: false, schema: z.object({ payerId: z.string(), known: z.enum(['active', 'inactive']) }) }),
        reads: { patient: [], visit: false, canary: true, purpose: 'eligibility' },
        map: (_input, _facts, { canary }) => ({ name: canary?.familyName ?? '', n: 0, day: '' }),
      })
      const due = { ...step, envelope: { ...step.envelope, payload: { payerId: 'HELIO1', known: 'inactive' } } }

      it('reads who it is from the settings, and no patient', async () => {
        const bench = new Bench()
        bench.canary = { known: 'inactive', memberId: 'NOSUCH1', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }
        expect(await mapHandler(ofCanary, bench.services)({ n: 1 }, due)).to.deep.include({ value: { name: 'Canary', n: 0, day: '' } })
        expect(bench.calls).to.deep.equal([{ canary: ['HELIO1', 'inactive'] }])
      })

      it('asks about nobody when it was taken out of the settings meanwhile', async () => {
        expect(String(await failure(mapHandler(ofCanary, new Bench().services)({ n: 1 }, due)))).to.contain('no such canary')
      })
    })

    it('asks of the root’s message whether it may leave, and for its parts with the address that links are made from', async () => {
      const bench = new Bench()
      const messageId = randomUUID()
      const requested = { ...step, envelope: { ...step.envelope, aggregateVersion: 3, payload: { messageId } } }
      const ofMessage = defineMap({
        ...greet,
        root: defineContract({ name: 'Root', version: 5, phi: false, schema: z.object({ messageId: z.uuid() }) }),
        reads: { patient: [], visit: false, leave: true, letter: true, purpose: 'messaging' },
        map: (_input, _facts, { leave, letter }) => ({ name: `${leave?.go} ${letter}`, n: 0, day: '' }),
      })
      expect(await mapHandler(ofMessage, bench.services)({ n: 1 }, requested)).to.deep.include({ value: { name: 'sms null', n: 0, day: '' } })
      expect(bench.calls).to.deep.equal([
        { leave: [requested.ref, 3, messageId, now] },
        { letter: [requested.ref, messageId, 'https://hub.example', 'service:engine-1', now] },
      ])
    })

    it('reads nothing at all when the root event does not say of whom', async () => {
      const bench = new Bench()
      const root = defineContract({ name: 'Root', version: 3, phi: false, schema: z.object({ patientId: z.uuid() }) })
      const error = await failure(
        mapHandler(defineMap({ ...greet, root }), bench.services)({ n: 1 }, { ...step, envelope: { ...step.envelope, payload: { patientId: randomUUID() } } }),
      )
      expect(String(error)).to.contain('no visit')
      expect(bench.calls).to.deep.equal([])
    })

    it('reads nothing when the map declared nothing', async () => {
      const bench = new Bench()
      const plain = defineMap({ name: 'plain', version: 1, summary: '', root: Root, input: In, output: In, reads: null, map: (input) => input })
      await mapHandler(plain, bench.services)({ n: 1 }, step)
      expect(bench.calls).to.deep.equal([])
    })

    it('refuses what is not its input, its root event or its output, and names no value', async () => {
      const bench = new Bench()
      const run = mapHandler(greet, bench.services)
      const wrongInput = await failure(run({ n: 'Jane' }, step))
      const wrongRoot = await failure(run({ n: 1 }, { ...step, envelope: { ...step.envelope, payload: { patientId: 'Jane' } } }))
      const wrongOutput = await failure(mapHandler(defineMap({ ...greet, map: () => ({ name: 'Jane', n: 1.5, day: '' }) }), bench.services)({ n: 1 }, step))
      for (const error of [wrongInput, wrongRoot, wrongOutput]) {
        expect(error).to.be.instanceOf(StepFailure).with.property('holdCause', 'contract')
        expect(String(error)).not.to.contain('Jane')
      }
      expect(bench.calls.length).to.equal(2)
    })
  })

  describe('operation', () => {
    const spec = { type: 'p.ask.v1', kind: 'operation', in: 'In.v1', ports: [], settlesWhenOpen: false, effect: true, summary: '' } as const
    const cases: [Invoked, unknown][] = [
      [
        { is: 'answered', port: 'ok', value: { n: 2 }, manual: false, suspicions: ['same-body'] },
        { is: 'next', port: 'ok', contract: In, value: { n: 2 }, manual: false, suspicions: ['same-body'] },
      ],
      [
        { is: 'answered', port: 'rejected', value: { code: 'x' }, manual: true, suspicions: [] },
        { is: 'next', port: 'rejected', contract: No, value: { code: 'x' }, manual: true, suspicions: [] },
      ],
      [{ is: 'held' }, { is: 'held' }],
      [
        { is: 'later', delayMs: 5 },
        { is: 'later', delayMs: 5 },
      ],
      [{ is: 'retrying' }, { is: 'settle', outcome: 'retrying' }],
    ]
    for (const [invoked, outcome] of cases) {
      it(`goes where the answer leads: ${invoked.is}${invoked.is === 'answered' ? ` ${invoked.port}` : ''}`, async () => {
        const bench = new Bench()
        bench.invoked = invoked
        expect(await operationHandler(spec, { ok: In, rejected: No }, bench.services)({ n: 1 }, step)).to.deep.equal(outcome)
        expect(bench.calls).to.deep.equal([{ invoke: 'p.ask.v1', input: { n: 1 }, ref: step.ref }])
      })
    }
  })

  describe('apply', () => {
    const [spec] = applies.filter((apply) => apply.name === 'messaging.notify')
    const notice = { intakeId: randomUUID(), template: 'visit-ready', aboutId: randomUUID() }

    it('commits with the step as its inbox key, and passes the same message on, done before or not', async () => {
      if (!spec) throw new Error('the apply is gone')
      const bench = new Bench()
      expect(await applyHandler(spec, bench.services)(notice, step)).to.deep.equal({ is: 'pass' })
      expect(bench.calls).to.deep.equal([
        {
          apply: 'messaging.notify',
          input: notice,
          delivery: { envelope: step.envelope, flow: 'eligibility', version: 2, step: 'the step', process: 'engine-1', now, suspicions: [] },
        },
        { stop: 'apply', scope: 'eligibility' },
      ])
    })

    it('is told which rules do not believe the answer, of a release that has no words for them too; a person is believed', async () => {
      if (!spec) throw new Error('the apply is gone')
      for (const [manual, suspicions] of [
        [false, ['same-body']],
        [true, []],
      ] as const) {
        const bench = new Bench()
        await applyHandler(spec, bench.services)(notice, { ...step, manual })
        expect(bench.calls[0]).to.have.deep.nested.property('delivery.suspicions', suspicions)
      }
    })

    it('commits nothing that is not its contract', async () => {
      if (!spec) throw new Error('the apply is gone')
      const bench = new Bench()
      expect(await failure(applyHandler(spec, bench.services)({ ...notice, template: 'x' }, step))).to.be.instanceOf(StepFailure)
      expect(bench.calls).to.deep.equal([])
    })
  })

  it('registers every node type that the checker knows, each with something behind it', () => {
    const registered: string[] = []
    const RED: NodeRed = {
      nodes: { createNode: () => undefined, registerType: (type) => registered.push(type) },
      settings: { heliox: { services: new Bench().services, attach: () => undefined } },
    }
    for (const set of hubSets.keys()) registerAll(RED, set)
    expect(registered.toSorted()).to.deep.equal([...hubPalette.specs.keys()].toSorted())
    expect(registered).to.include(mapType('eligibility-inquiry', 1))
  })

  it('refuses to load without a runtime, and refuses a set that does not exist', () => {
    const RED: NodeRed = { nodes: { createNode: () => undefined, registerType: () => undefined }, settings: {} }
    expect(() => registerAll(RED, 'hub')).to.throw('settings.heliox')
    expect(() => registerAll(RED, 'nothing')).to.throw('no node set')
  })
})
