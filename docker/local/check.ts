import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { printedProgress } from './progress.ts'
import { runSuite } from './run-tests.ts'
import { checkout, stateFolder } from './state-folder.ts'

/** `make check`: types, lint, then every `*.check.ts`: import table, architecture audit, leak matrix, flows, generated files, secrets. */
const progress = printedProgress()
let failed = 0
const step = (name: string, command: string, args: string[]) => {
  progress(name)
  const { status } = spawnSync(`${checkout}/node_modules/.bin/${command}`, args, { cwd: checkout, stdio: 'inherit' })
  if (status !== 0) failed += 1
}
step('types', 'tsc', ['-p', '.'])
step('types of the screens', 'tsc', ['-p', 'ui'])
step('lint and format', 'biome', ['check', '--error-on-warnings', '.'])

const folder = stateFolder(`check-${process.pid}`)
const postgres = await startPostgres(folder, (await freePorts()).postgres, { throwAway: true })
try {
  progress('architecture audit, leak matrix, import table, flows, generated files, secret scan')
  const result = await runSuite({ name: 'check', patterns: ['**/*.check.ts'], env: { TEST_DATABASE_URL: postgres.url } })
  for (const name of result.failed) process.stdout.write(`FAILED: ${name}\n`)
  failed += result.failed.length + result.skipped.length
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(failed === 0 ? 'check ok\n' : `check failed: ${failed}\n`)
process.exitCode = failed === 0 ? 0 : 1
