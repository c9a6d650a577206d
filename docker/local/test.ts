import { rmSync } from 'node:fs'
import { ensureDebianPackages } from './debian.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { printedProgress } from './progress.ts'
import { runSuite, total } from './run-tests.ts'
import { stateFolder } from './state-folder.ts'
import { buildUi } from './ui.ts'

/**
 * `make test`: everything that must pass, on services of its own that are thrown away. Two suites side by side, one per core:
 * the parts (`*.spec.ts` beside the code) and the whole (`evidence/**`, real processes from outside).
 */
const progress = printedProgress()
const lacking = ensureDebianPackages(['rabbitmq-server', 'clamav-daemon', 'chromium'], progress)
for (const name of lacking) progress(`cannot install ${name}: what needs it is skipped, by name`)

const folder = stateFolder(`test-${process.pid}`)
const ports = await freePorts()
progress('starting PostgreSQL for the tests; building the screens')
const [postgres] = await Promise.all([startPostgres(folder, ports.postgres, { throwAway: true }), buildUi(progress)])
const env: Record<string, string> = { TEST_DATABASE_URL: postgres.url }
let failed = 1
try {
  progress('running the suites')
  const parts = { name: 'parts', patterns: ['{core,db,hub,adapters,nodes,flows,api,docker}/**/*.spec.ts'], env }
  const whole = { name: 'whole', patterns: ['{ui,evidence}/**/*.spec.ts'], env }
  const result = total(await Promise.all([runSuite(parts), runSuite(whole)]))
  for (const name of result.skipped) process.stdout.write(`skipped: ${name}\n`)
  for (const name of result.failed) process.stdout.write(`FAILED: ${name}\n`)
  const refused = process.env.REQUIRE_ALL === '1' && result.skipped.length > 0
  if (refused) process.stdout.write('REQUIRE_ALL=1: a skipped test is a failure\n')
  failed = result.failed.length + (refused ? result.skipped.length : 0)
  process.stdout.write(`\n${result.passed} passed, ${result.failed.length} failed, ${result.skipped.length} skipped\n`)
  process.stdout.write(`tests passed=${result.passed} skipped=${result.skipped.length}\n`)
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0
