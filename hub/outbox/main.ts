import { makeOutboxSource, openPool } from '@heliox/db'
import { loadReleases } from '@heliox/flows'
import { armedStop } from '../barrier/index.ts'
import { busQueues, openBus } from '../bus/index.ts'
import { openClock } from '../clock/index.ts'
import { RelayConfig, readConfig } from '../config/index.ts'
import { createLog, errorFields } from '../log/index.ts'
import { startRelay } from './index.ts'

/** The relay process. More copies are harmless: they never hold the same row. */
const config = readConfig(RelayConfig)
const log = createLog({ level: config.HUB_LOG_LEVEL, process: config.HUB_PROCESS, region: config.HUB_REGION })
const clock = await openClock(config, log)
const onError = (error: Error): void => log.warn(errorFields(error), 'a database connection was lost')
/** One connection per outbox that is drained at the same time. */
const pool = openPool(config.DATABASE_URL, { max: 8, application: config.HUB_PROCESS, onError })
const bus = await openBus(config, { process: config.HUB_PROCESS, log, clock })
// Before the first publish: a queue made later would have missed what was published before it.
await bus.declare(busQueues(loadReleases().map(({ manifest }) => manifest)))
const relay = await startRelay({ source: makeOutboxSource(pool, { onError }), bus, clock, stop: armedStop(process.env), log })

/** A relay ends within five seconds; the local supervisor allows eight. A batch cut short is published again by the next relay. */
const endMsMax = 4_500
let ending = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
async function end(): Promise<void> {
  if (ending) return
  ending = true
  log.info({}, 'stopping')
  setTimeout(() => process.exit(0), endMsMax).unref()
  await relay.close()
  await bus.close()
  await pool.end()
  clock.close()
  process.exit(0)
}
process.stdout.write(`${JSON.stringify({ ready: true, process: config.HUB_PROCESS, url: null })}\n`)
