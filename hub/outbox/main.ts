import { makeOutboxSource, openPool } from '@heliox/db'
import { loadReleases } from '@heliox/flows'
import { armedStop } from '../barrier/index.ts'
import { busQueues, openBus } from '../bus/index.ts'
import { systemClock } from '../clock/index.ts'
import { RelayConfig, readConfig } from '../config/index.ts'
import { createLog, errorFields } from '../log/index.ts'
import { startRelay } from './relay.ts'

/** The relay process: everything is made here and handed in; nothing below reads the environment. */
const config = readConfig(RelayConfig)
const clock = systemClock()
const log = createLog({ level: config.HUB_LOG_LEVEL, process: config.HUB_PROCESS, region: config.HUB_REGION, secretNames: [] })
const onError = (error: Error): void => log.warn(errorFields(error), 'a database connection was lost')
// One connection per schema that drains, and one that listens.
const pool = openPool(config.DATABASE_URL, { max: 10, application: config.HUB_PROCESS, onError })
const bus = await openBus(config, { process: config.HUB_PROCESS, log, clock })
await bus.declare(busQueues(loadReleases().map(({ name, manifest }) => ({ name, enters: manifest.enters }))))
const relay = await startRelay({ source: makeOutboxSource(pool, { onError }), bus, clock, stop: armedStop(process.env), log })

let ending = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
async function end(): Promise<void> {
  if (ending) return
  ending = true
  log.info({}, 'stopping')
  await relay.close()
  await bus.close()
  await pool.end()
  process.exit(0)
}
process.stdout.write(`${JSON.stringify({ ready: true, process: config.HUB_PROCESS, url: null })}\n`)
