import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDebianPackages } from './debian.ts'
import { printedProgress } from './progress.ts'
import { failureLines, fromBothEnds, oneByOne, runSuite, total } from './run-tests.ts'
import { checkout } from './state-folder.ts'
import { withThrowAwayPostgres } from './throw-away.ts'
import { buildUi } from './ui.ts'

/**
 * `make test`: everything that must pass, on services of its own that are thrown away. First, one by one, what starts a whole hub: its ten
 * processes fill the machine, and a promise about seconds is kept or broken by them alone. Then two suites side by side, one per core: from
 * one end the rest of `evidence/**` and the screens, file by file, from the other the parts (`*.spec.ts` beside the code).
 */
const whole = ['evidence', 'ui']
const parts = ['docker', 'flows', 'nodes', 'core', 'api', 'db', 'hub', 'adapters']
const slowestShown = 8
const specs = globSync('*/**/*.spec.ts', { cwd: checkout, exclude: (name) => name.endsWith('node_modules') }).sort()
const folderOf = (file: string): string => file.split('/')[0] ?? ''
const strange = specs.filter((file) => ![...whole, ...parts].includes(folderOf(file)))
if (strange.length > 0) throw new Error(`in no suite, so never run: ${strange.join(', ')}`)
/** A whole hub by itself, or one with a patient's world around it (`ui/test/patient-kit.ts`). */
const startsHub = (file: string): boolean => /\b(startStack|patientWorld)\(/.test(readFileSync(join(checkout, file), 'utf8'))
const ofWhole = whole.flatMap((folder) => specs.filter((file) => folderOf(file) === folder))
const byFile = (file: string) => ({ name: file.replace('.spec.ts', ''), patterns: [file] })
const alone = ofWhole.filter(startsHub).map(byFile)
const paired = [...ofWhole.filter((file) => !startsHub(file)).map(byFile), ...parts.map((folder) => ({ name: folder, patterns: [`${folder}/**/*.spec.ts`] }))]

// Pictures of an earlier run would be taken for this one's.
for (const album of ['screens', 'failed-screens']) rmSync(join(checkout, 'evidence', album), { recursive: true, force: true })
const progress = printedProgress()
const lacking = ensureDebianPackages(['rabbitmq-server', 'clamav-daemon', 'openssh-server', 'chromium', 'iproute2'], progress)
for (const name of lacking) progress(`cannot install ${name}: what needs it is skipped, by name`)

let failures = 1
await withThrowAwayPostgres('test', async ({ url }) => {
  await buildUi(progress)
  const run = (job: (typeof paired)[number]) => runSuite({ ...job, env: { TEST_DATABASE_URL: url } })
  progress('running what starts a whole hub, one by one; each prints when it is done')
  const results = await oneByOne(alone, run)
  progress('running the other suites, two side by side')
  const { passed, failed, skipped, files } = total([...results, ...(await fromBothEnds(paired, run))])
  for (const { file, durationMs } of files.slice(0, slowestShown)) process.stdout.write(`${(durationMs / 1000).toFixed(1).padStart(6)} s  ${file}\n`)
  for (const name of skipped) process.stdout.write(`skipped: ${name}\n`)
  process.stdout.write(failureLines(failed))
  const refused = process.env.REQUIRE_ALL === '1' ? skipped.length : 0
  if (refused > 0) process.stdout.write('REQUIRE_ALL=1: a skipped test is a failure\n')
  failures = failed.length + refused
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`)
  process.stdout.write(`tests passed=${passed} skipped=${skipped.length}\n`)
})
process.exitCode = failures > 0 ? 1 : 0
