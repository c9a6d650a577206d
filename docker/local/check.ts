import { spawnSync } from 'node:child_process'
import { printedProgress } from './progress.ts'
import { failureLines, runSuite } from './run-tests.ts'
import { checkout } from './state-folder.ts'
import { withThrowAwayPostgres } from './throw-away.ts'

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

progress('architecture audit, leak matrix, import table, flows, generated files, secret scan')
await withThrowAwayPostgres('check', async ({ url }) => {
  const result = await runSuite({ name: 'check', patterns: ['**/*.check.ts'], env: { TEST_DATABASE_URL: url } })
  process.stdout.write(failureLines(result.failed))
  for (const name of result.skipped) process.stdout.write(`skipped: ${name}\n`)
  failed += result.failed.length + result.skipped.length
})
process.stdout.write(failed === 0 ? 'check ok\n' : `check failed: ${failed}\n`)
process.exitCode = failed === 0 ? 0 : 1
