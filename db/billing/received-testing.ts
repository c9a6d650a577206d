import { openTestHub, type TestHub } from '../fixtures.ts'
import { type Bench, makeBench } from './fixtures.ts'

export const verdictsOf = async (hub: TestHub, requestId: string): Promise<string[]> =>
  (
    await hub.owner.query<{ v: string }>('SELECT verdict::text AS v FROM billing.eligibility_answers WHERE request_id = $1 ORDER BY answered_at', [requestId])
  ).rows.map((row) => row.v)

/** Of one spec: a hub, and a bench to be its partner, swept before each test. */
interface FromPartner {
  readonly hub: TestHub
  readonly bench: Bench
  /** Of an interchange that was not used yet. */
  nextNumber(): number
  /** A batch that was sent, with `count` inquiries. */
  sentBatch(count: number): Promise<{ batchId: string; requestIds: string[]; isa13: number; first: string }>
}
export function fromPartner(suite: Mocha.Suite): FromPartner {
  suite.timeout(120_000)
  let hub: TestHub | undefined
  let bench: Bench | undefined
  let number = 100
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub?.close())
  beforeEach(() => bench?.clear())
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('there is no hub before the first test')
    return part
  }
  const nextNumber = (): number => {
    number += 1
    return number
  }
  return {
    get hub() {
      return started(hub)
    },
    get bench() {
      return started(bench)
    },
    nextNumber,
    sentBatch: async (count) => {
      const at = started(bench)
      const batch = await at.batchOf(count)
      const isa13 = nextNumber()
      await at.sent(batch, isa13)
      await at.events()
      return { ...batch, isa13, first: batch.requestIds[0] ?? '' }
    },
  }
}
