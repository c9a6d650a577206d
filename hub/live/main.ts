import { LiveConfig, readConfig } from '../config/index.ts'
import { createLog, errorFields } from '../log/index.ts'
import { startLive } from './host.ts'
import { pull } from './pull.ts'

/** The process `live`: a dashboard of one clinic's figures. It knows the API's address and a token, and nothing else of the hub. */
const config = readConfig(LiveConfig)
const log = createLog({ level: config.HUB_LOG_LEVEL, process: config.HUB_PROCESS, region: config.HUB_REGION })
const everyMs = 5_000
const pullMsMax = 10_000

const live = await startLive({
  host: config.HUB_HOST,
  port: config.HUB_PORT,
  key: config.HUB_LIVE_KEY,
  services: { everyMs, pull: () => pull(config.HUB_API_URL, config.HUB_LIVE_TOKEN, pullMsMax) },
  log,
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    live.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(errorFields(error), 'could not shut down cleanly')
        process.exit(1)
      },
    )
  })
}
process.stdout.write(`${JSON.stringify({ ready: true, process: config.HUB_PROCESS, url: live.url })}\n`)
