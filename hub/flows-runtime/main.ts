import { adapters } from '@heliox/adapters'
import { clearinghouse } from '@heliox/adapters/clearinghouse/adapter'
import { batchInquiriesMax } from '@heliox/core/billing'
import { releaseId } from '@heliox/core/flows'
import { makeStores, makeWake, openPool, openVault } from '@heliox/db'
import { loadReleases, readLock } from '@heliox/flows'
import { hubPalette } from '@heliox/nodes/specs'
import { armedStop } from '../barrier/index.ts'
import { openBus } from '../bus/index.ts'
import { openClock } from '../clock/index.ts'
import { EngineConfig, readConfig } from '../config/index.ts'
import { createLog, errorFields } from '../log/index.ts'
import { makeObjects, objectSettings } from '../objects/index.ts'
import { startEngine } from './index.ts'

/** The engine process: everything is made here and handed in; nothing below reads the environment. */
const config = readConfig(EngineConfig)
const log = createLog({
  level: config.HUB_LOG_LEVEL,
  process: config.HUB_PROCESS,
  region: config.HUB_REGION,
  secretNames: adapters.flatMap((adapter) => Object.keys(adapter.secrets.shape)),
})
const clock = await openClock(config, log)
const onError = (error: Error): void => log.warn(errorFields(error), 'a database connection was lost')
const pool = openPool(config.DATABASE_URL, { max: 12, application: config.HUB_PROCESS, onError })
const wake = makeWake(pool, { onError })
const stores = makeStores({ pool, vault: openVault({ pool, kmsFile: config.HUB_KMS_FILE }), process: config.HUB_PROCESS, clock, wake })
const objects = makeObjects(objectSettings(config))
const bus = await openBus(config, { process: config.HUB_PROCESS, log, clock })
const lock = readLock()

const engine = await startEngine({
  region: config.HUB_REGION,
  process: config.HUB_PROCESS,
  production: config.HUB_ENV === 'production',
  publicUrl: config.HUB_PUBLIC_URL,
  stores,
  adapters,
  objects,
  bus,
  batching: {
    adapterId: clearinghouse.id,
    rulesOf: (config) => ({ everyMs: batchEveryMinutes(config) * 60_000, inquiriesMax: batchInquiriesMax }),
  },
  palette: hubPalette,
  shipped: loadReleases().map((shipped) => ({ ...shipped, lockedHash: lock[releaseId(shipped.name, shipped.version)] })),
  folder: config.HUB_ENGINE_DIR,
  clock,
  stop: armedStop(process.env),
  log,
})

/** A clinic without a working connection gets the setting that a new one would have. */
function batchEveryMinutes(config: unknown): number {
  const parsed = clearinghouse.config.safeParse(config)
  return parsed.success ? parsed.data.batchEveryMinutes : clearinghouse.config.shape.batchEveryMinutes.parse(undefined)
}

/** An engine ends within five seconds; the local supervisor allows eight. */
const endMsMax = 4_500
let ending = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
async function end(): Promise<void> {
  if (ending) return
  ending = true
  log.info({ open: engine.openDeliveries() }, 'stopping')
  // A partner may keep a call waiting longer than we may take to end: what is open then, the bus delivers again.
  setTimeout(() => process.exit(0), endMsMax).unref()
  await engine.close()
  await bus.close()
  await wake.close()
  await pool.end()
  clock.close()
  objects.close()
  process.exit(0)
}
process.stdout.write(`${JSON.stringify({ ready: true, process: config.HUB_PROCESS, url: null })}\n`)
