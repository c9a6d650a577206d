import { randomBytes, randomUUID } from 'node:crypto'
import { type CallContext, limits, type Operation, operationsOf, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { clearinghouse } from './clearinghouse/adapter.ts'
import { inquiryV2 } from './clearinghouse/fixtures/inquiry.ts'
import { type Simulator, startSimulator } from './contract-suite.ts'
import { newVisitV2, newVisitV3 } from './fhir/fixtures/context.ts'
import { config as ehrConfig, newVisit } from './fhir/fixtures/visit.ts'
import { letter, connection as mailConnection, startMail } from './mail/testing/server.ts'
import { adapters } from './registry.ts'
import { testCards } from './stripe/fixtures/cards.ts'
import { card, chargeOf, refundOf, startStripe, connection as stripeConnection } from './stripe/testing/account.ts'
import { memoryLocks, memoryNumbers, noObjects } from './testing.ts'
import { startTwilio, text, connection as twilioConnection } from './twilio/testing/account.ts'

const token = `sk_test_${randomBytes(12).toString('hex')}`
const dayMs = 24 * 3_600_000

interface Found {
  /** What its `reconcile` finds an effect by, which the partner keeps for good. Null: the partner answers no such question, so a person decides. */
  by: string | null
  /** Also without the key it was sent under: false where what is looked for is made from a number that we keep under that key. */
  underAnyKey: boolean
  /** What it says of a send that never was. Never that it was done; where it cannot know, a person looks. */
  ofNone: 'not-found' | 'cannot-tell'
  start(): Promise<Simulator>
  connection(sim: Simulator): { config: unknown; secrets: unknown }
  input(sim: Simulator): Promise<unknown>
  /** A day and more goes by at the partner: keys are forgotten, files are worked on. */
  later(sim: Simulator): Promise<void>
  effects(sim: Simulator): Promise<number>
}

const atStripe = {
  underAnyKey: true,
  ofNone: 'not-found',
  start: () => startStripe(),
  connection: (sim) => stripeConnection(sim),
  later: async (sim) => void (await sim.control('POST', '/_sim/clock/advance', { ms: dayMs + 3_600_000 })),
} satisfies Partial<Found>

const atTheEhr = {
  by: 'our identifiers on Patient, Coverage and Appointment',
  underAnyKey: true,
  ofNone: 'not-found',
  start: () => startSimulator(new URL('./fhir/sim/main.ts', import.meta.url), { SIM_TOKEN: token }),
  connection: ({ url }) => ({ config: { ...ehrConfig, baseUrl: url }, secrets: { token } }),
  later: async () => undefined,
  effects: async (sim) => (await sim.effects()).writeVisit?.count ?? 0,
} satisfies Partial<Found>

/** Every operation that must not happen twice. A new one needs its line: how is an effect found when nobody remembers its key? */
const table: Readonly<Record<string, Found>> = {
  'clearinghouse.submitBatch.v1': {
    by: 'the file under the name that our number makes, else answers that carry our traces',
    underAnyKey: false,
    // Files are taken away once they were worked on: one that is not there may have been.
    ofNone: 'cannot-tell',
    start: () => startSimulator(new URL('./clearinghouse/sim/main.ts', import.meta.url), { SIM_TOKEN: token }),
    connection: ({ url, ready }) => {
      const { host, port, hostKeySha256 } = ready.sftp as { host: string; port: number; hostKeySha256: string }
      const door = { sftpHost: host, sftpPort: port, sftpUser: 'hub', sftpHostKeySha256: hostKeySha256 }
      return {
        config: clearinghouse.config.parse({ restUrl: url, submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T', ...door }),
        secrets: { restToken: token, sftpPassword: token },
      }
    },
    input: async () => ({
      batchId: randomUUID(),
      inquiries: [1, 2].map((n) => ({ ...inquiryV2, route: 'batch', requestId: randomUUID(), memberId: `HX447100${n}` })),
    }),
    later: async (sim) => void (await sim.control('POST', '/_sim/clock/advance', { ms: dayMs + 3_600_000 })),
    effects: async (sim) => (await sim.effects()).submitBatch?.count ?? 0,
  },
  'fhir.writeVisit.v1': { ...atTheEhr, input: async () => newVisit() },
  'fhir.writeVisit.v2': { ...atTheEhr, input: async () => newVisitV2() },
  'fhir.writeVisit.v3': { ...atTheEhr, input: async () => newVisitV3() },
  'mail.sendMail.v1': {
    by: null,
    underAnyKey: true,
    ofNone: 'cannot-tell',
    start: () => startMail(),
    connection: (sim) => mailConnection(sim),
    input: async () => letter(),
    later: async () => undefined,
    effects: async (sim) => (await sim.effects()).sendMail?.count ?? 0,
  },
  'twilio.sendMessage.v1': {
    by: 'whom it went to, what it says, and when it was tried first',
    underAnyKey: true,
    ofNone: 'not-found',
    start: () => startTwilio(),
    connection: (sim) => twilioConnection(sim),
    input: async () => text(),
    // Twilio keeps a list; nothing of it is forgotten in a day.
    later: async () => undefined,
    effects: async (sim) => (await sim.effects()).sendMessage?.count ?? 0,
  },
  'stripe.storeCard.v1': {
    by: 'the confirmation token, which names its SetupIntent, else our metadata on the customer',
    input: (sim) => card(sim),
    effects: async (sim) => (await sim.effects()).storeCard?.count ?? 0,
    ...atStripe,
  },
  'stripe.storeMethod.v1': {
    by: 'the confirmation token, which names its intent, else our metadata on the customer',
    input: (sim) => card(sim),
    effects: async (sim) => (await sim.effects()).storeCard?.count ?? 0,
    ...atStripe,
  },
  'stripe.charge.v1': {
    by: 'our metadata among the payments of the customer',
    input: (sim) => chargeOf(sim),
    effects: async (sim) => (await sim.effects()).charge?.count ?? 0,
    ...atStripe,
  },
  'stripe.chargeWithPatient.v1': {
    by: 'our metadata among the payments of the customer',
    input: (sim) => chargeOf(sim, testCards.needsAction),
    // A payment that waits for the patient is one, whether or not they have been there.
    effects: async (sim) => {
      const { paymentIntents } = (await sim.control('GET', '/_sim/objects')) as { paymentIntents: Record<string, number> }
      return Object.values(paymentIntents).reduce((sum, n) => sum + n, 0)
    },
    ...atStripe,
  },
  'stripe.refund.v1': {
    by: 'our metadata among the refunds of the payment',
    input: (sim) => refundOf(sim),
    effects: async (sim) => (await sim.effects()).refund?.count ?? 0,
    ...atStripe,
  },
}

const operations = adapters.flatMap((adapter) => operationsOf(adapter))
const once = operations.filter(({ operation }) => operation.replay !== 'safe')

it('Every operation that must not happen twice is in the table of what finds it again, and no other', () => {
  expect(Object.keys(table).sort()).to.deep.equal(once.map(({ type }) => type).sort())
})

for (const { type, operation } of once) {
  const row = table[type]
  // Named by the test above.
  if (!row) continue
  describe(`${type} (${operation.replay})`, () => {
    const op = operation as unknown as Operation<never, never>
    let sim: Simulator
    before(async () => {
      sim = await row.start()
    })
    after(() => sim.stop())
    beforeEach(() => sim.reset())

    const numbers = memoryNumbers()
    const locks = memoryLocks()
    const ctx = (idempotencyKey: string) =>
      ({
        ...row.connection(sim),
        idempotencyKey,
        signal: AbortSignal.timeout(15_000),
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        now: () => new Date('2026-11-23T15:00:00Z'),
        production: false,
        objects: noObjects,
        numbers,
        locks,
      }) as unknown as CallContext<never, never>
    const make = async () => {
      const input = op.input.schema.parse(await row.input(sim)) as never
      const key = randomUUID()
      return { input, key, call: () => op.call(input, ctx(key)), find: (under: string = key) => op.reconcile?.(input, ctx(under)) }
    }

    it('can be asked about, with a time after which "not found" is believed that is longer than a call', () => {
      expect(op.reconcile).to.be.a('function')
      expect(op.settleMs).to.be.greaterThan(op.breaker.timeoutMs)
    })
    it('is remembered by its key, where it has one, for longer than an engine holds its lease', () => {
      const leaseMs = 2 * op.breaker.timeoutMs + limits.leaseMarginMs
      if (op.replay === 'keyed') expect(op.keyedForMs).to.be.greaterThan(10 * leaseMs)
      else expect(op.keyedForMs).to.equal(undefined)
    })
    it(`is ${row.by === null ? 'a person’s to decide' : 'found'} a day after its answer was lost${row.by === null ? '' : `, by ${row.by}`}`, async () => {
      const { call, find, key } = await make()
      await sim.fault('accepts-then-drops', 1)
      const lost = await call().catch((error: unknown) => error)
      expect(lost).to.be.instanceOf(PartnerFault)
      expect(await row.effects(sim)).to.equal(1)
      await row.later(sim)
      const found = await find(row.underAnyKey ? randomUUID() : key)
      if (row.by === null) expect(found).to.equal('cannot-tell')
      else expect(found).to.have.property('is', 'ok')
      expect(await find(), 'asked again').to.deep.equal(found)
      expect(await row.effects(sim), 'effects').to.equal(1)
    })
    it(`says "${row.ofNone}" where it never was, beside one of the same kind`, async () => {
      await (await make()).call()
      await row.later(sim)
      expect(await (await make()).find()).to.equal(row.ofNone)
    })
  })
}
