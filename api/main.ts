import { fileURLToPath } from 'node:url'
import { adapters } from '@heliox/adapters'
import { checkWritable, makeChangeFeed, makeStores, makeWake, openPool, openVault } from '@heliox/db'
import { loadReleases } from '@heliox/flows'
import { armedStop } from '@heliox/hub/barrier'
import { type Bus, busQueues, flowQueue, openBus, reportingQueue } from '@heliox/hub/bus'
import { openClock } from '@heliox/hub/clock'
import { ApiConfig, readConfig } from '@heliox/hub/config'
import { createLog, errorFields } from '@heliox/hub/log'
import { makeObjects, objectSettings } from '@heliox/hub/objects'
import { buildApp } from './app.ts'
import { clinicDeadLetters } from './dead-letters.ts'

const config = readConfig(ApiConfig)
const secretNames = adapters.flatMap((adapter) => Object.keys(adapter.secrets.shape))
const log = createLog({ level: config.HUB_LOG_LEVEL, process: config.HUB_PROCESS, region: config.HUB_REGION, secretNames })
const onError = (error: Error): void => log.error(errorFields(error), 'database connection lost')

const clock = await openClock(config, log)
const pool = openPool(config.DATABASE_URL, { max: 16, application: config.HUB_PROCESS, onError })
const vault = openVault({ pool, kmsFile: config.HUB_KMS_FILE })
const wake = makeWake(pool, { onError })
const stores = makeStores({ pool, vault, process: config.HUB_PROCESS, clock, wake })
const objects = makeObjects(objectSettings(config))
const releases = loadReleases()

// Only the dead-letter screen needs the broker: an intake is taken while it is away.
let bus: Promise<Bus> | undefined
function busWhenNeeded(): Promise<Bus> {
  bus ??= (async () => {
    const opened = await openBus(config, { process: config.HUB_PROCESS, log, clock })
    await opened.declare(busQueues(releases.map(({ name, manifest }) => ({ name, enters: manifest.enters }))))
    return opened
  })()
  bus.catch(() => {
    bus = undefined
  })
  return bus
}
const queues = [...new Set(releases.map(({ name }) => flowQueue(name))), reportingQueue]

const app = await buildApp({
  settings: {
    production: config.HUB_ENV === 'production',
    region: config.HUB_REGION,
    process: config.HUB_PROCESS,
    publicUrl: config.HUB_PUBLIC_URL,
    objectsOrigin: new URL(config.S3_PUBLIC_ENDPOINT).origin,
    liveUrls: config.HUB_LIVE_URLS,
    liveKey: config.HUB_LIVE_KEY,
    trustProxy: config.HUB_TRUST_PROXY === '1',
    uiFolder: fileURLToPath(new URL('../ui/dist/', import.meta.url)),
  },
  clock,
  log,
  intakes: stores.intake,
  accounts: stores.accounts,
  ops: stores.ops,
  clinic: stores.clinic,
  desk: stores.desk,
  visits: stores.visits,
  consents: stores.consents,
  consentTexts: stores.consentTexts,
  accesses: stores.accesses,
  look: stores.look,
  corrections: stores.corrections,
  contacts: stores.contacts,
  proofs: stores.proofs,
  drafts: stores.drafts,
  knownPatients: stores.knownPatients,
  connections: stores.connectionAdmin,
  hooks: stores.hooks,
  payments: stores.payments,
  messages: stores.messages,
  unsubscribe: stores.unsubscribe,
  queue: stores.queue,
  incidents: stores.incidents,
  bulkReleases: stores.bulkReleases,
  payers: stores.payerAdmin,
  forms: stores.forms,
  scheduler: stores.scheduler,
  live: stores.live,
  serviceAccounts: stores.serviceAccounts,
  audit: stores.audit,
  changes: makeChangeFeed(pool, { onError }),
  objects,
  adapters,
  deadLetters: clinicDeadLetters(busWhenNeeded, queues),
  flows: async () => releases.map(({ name, version, hash, manifest }) => ({ name, version, hash, enters: [...manifest.enters], leaves: [...manifest.leaves] })),
  stop: armedStop(process.env),
  ready: () => checkWritable(pool),
})

/** Streams end, running requests finish, then connections close; the second signal does not wait. */
async function shutDown(): Promise<void> {
  await app.close()
  await wake.close()
  await (await bus?.catch(() => undefined))?.close()
  objects.close()
  await pool.end()
  clock.close()
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    shutDown().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(errorFields(error), 'could not shut down cleanly')
        process.exit(1)
      },
    )
  })
}

const url = await app.listen({ host: config.HUB_HOST, port: config.HUB_PORT })
process.stdout.write(`${JSON.stringify({ ready: true, process: config.HUB_PROCESS, url })}\n`)
