import { everyTenant, type Repeating } from '../rounds/index.ts'
import type { BatchingRules, ReceiveDeps } from './deps.ts'

const roundMs = 1_000
const placesMax = 4
/** Full batches of one clinic in one round. */
const batchesPerRoundMax = 20
/** Each clinic's silence is looked at so often, on the hub's clock. */
const silenceEveryMs = 30_000
/** Settings are read again after this, by the machine's time. */
const settingsMs = 5_000

/** Closes batches that are due and watches for answers that do not come. It sends nothing: a closed batch is an event, and a flow sends it. */
export function watchBatches(deps: ReceiveDeps): Repeating {
  const { region, connections, batches, files, clock, log, batching } = deps
  const rules = rememberedRules(deps)
  const closing = everyTenant({
    ...{ what: 'closing batches', region, connections, log, roundMs, placesMax },
    due: () => batches.waiting(),
    async run(tenantId, ending) {
      const due = await rules(tenantId)
      for (let i = 0; i < batchesPerRoundMax && !ending.aborted; i += 1) {
        const batchId = await batches.closeBatch(tenantId, due, { process: deps.process, now: clock.now() })
        if (!batchId) return
        log.info({ tenantId, batchId }, 'a batch was closed')
      }
    },
  })

  const silenceSeenMs = new Map<string, number>()
  const listening = everyTenant({
    ...{ what: 'watching for silence', region, connections, log, roundMs, placesMax },
    async due() {
      const nowMs = clock.now().getTime()
      const tenants = await files.tenants(batching.adapterId)
      for (const tenantId of silenceSeenMs.keys()) if (!tenants.includes(tenantId)) silenceSeenMs.delete(tenantId)
      return tenants.filter((tenantId) => {
        const seenMs = silenceSeenMs.get(tenantId) ?? Number.NEGATIVE_INFINITY
        // Set back, the clock must not make us deaf until it has caught up.
        return nowMs < seenMs || nowMs - seenMs >= silenceEveryMs
      })
    },
    async run(tenantId) {
      const now = clock.now()
      silenceSeenMs.set(tenantId, now.getTime())
      const opened = await batches.watchSilence(tenantId, now)
      if (opened > 0) log.warn({ tenantId, opened }, 'answers are overdue; an incident was opened')
    },
  })

  return {
    async close() {
      await Promise.all([closing.close(), listening.close()])
    },
  }
}

/** Without a connection, or with one that does not fit, batches close all the same: sending one then waits for a person, who is told why. */
function rememberedRules({ adapters, connections, batching }: ReceiveDeps): (tenantId: string) => Promise<BatchingRules> {
  const adapter = adapters.find(({ id }) => id === batching.adapterId)
  if (!adapter) throw new Error(`there is no adapter ${batching.adapterId} to send batches to`)
  const known = new Map<string, { rules: BatchingRules; readAtMs: number }>()
  return async (tenantId) => {
    const nowMs = performance.now()
    for (const [id, { readAtMs }] of known) if (nowMs - readAtMs >= settingsMs) known.delete(id)
    const found = known.get(tenantId)
    if (found) return found.rules
    const config = adapter.config.safeParse(await connections.settings(tenantId, batching.adapterId))
    const rules = batching.rulesOf(config.success ? config.data : undefined)
    known.set(tenantId, { rules, readAtMs: nowMs })
    return rules
  }
}
