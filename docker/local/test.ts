import { ensureDebianPackages } from './debian.ts'
import { printedProgress } from './progress.ts'
import { runSuite, total } from './run-tests.ts'
import { withThrowAwayPostgres } from './throw-away.ts'
import { buildUi } from './ui.ts'

/**
 * `make test`: everything that must pass, on services of its own that are thrown away. Two suites side by side, one per core:
 * the parts (`*.spec.ts` beside the code) and the whole (`evidence/**`, real processes from outside).
 */
const progress = printedProgress()
const lacking = ensureDebianPackages(['rabbitmq-server', 'clamav-daemon', 'openssh-server', 'chromium'], progress)
for (const name of lacking) progress(`cannot install ${name}: what needs it is skipped, by name`)

let failures = 1
await withThrowAwayPostgres('test', async ({ url }) => {
  await buildUi(progress)
  progress('running the suites, two side by side; each prints when it is done')
  const env = { TEST_DATABASE_URL: url }
  const parts = { name: 'parts', patterns: ['{core,db,hub,adapters,nodes,flows,api,docker}/**/*.spec.ts'], env }
  const whole = { name: 'whole', patterns: ['{ui,evidence}/**/*.spec.ts'], env }
  const { passed, failed, skipped } = total(await Promise.all([runSuite(parts), runSuite(whole)]))
  for (const name of skipped) process.stdout.write(`skipped: ${name}\n`)
  for (const name of failed) process.stdout.write(`FAILED: ${name}\n`)
  const refused = process.env.REQUIRE_ALL === '1' ? skipped.length : 0
  if (refused > 0) process.stdout.write('REQUIRE_ALL=1: a skipped test is a failure\n')
  failures = failed.length + refused
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`)
  process.stdout.write(`tests passed=${passed} skipped=${skipped.length}\n`)
})
process.exitCode = failures > 0 ? 1 : 0
