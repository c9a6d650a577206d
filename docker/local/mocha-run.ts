import { globSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import Mocha from 'mocha'

/**
 * One mocha process over the given patterns: `node docker/local/mocha-run.ts RESULT.json PATTERN...`. Writes what passed,
 * failed and was skipped (by name), so that the front door can add several runs up.
 */
export interface Failure {
  title: string
  /** What it said, and where in our code; '' when nothing was said. */
  why: string
}
export interface RunResult {
  passed: number
  failed: Failure[]
  skipped: string[]
  /** How long each file took, with what its hooks started and stopped; the longest first. */
  files: { file: string; durationMs: number }[]
}

const whyCharsMax = 600
const [resultFile, ...patterns] = process.argv.slice(2)
if (!resultFile || patterns.length === 0) throw new Error('usage: mocha-run.ts RESULT.json PATTERN...')
const positive = patterns.filter((p) => !p.startsWith('!'))
const excluded = new Set(patterns.filter((p) => p.startsWith('!')).flatMap((p) => globSync(p.slice(1))))
const files = [...new Set(positive.flatMap((p) => globSync(p, { exclude: (name) => name.endsWith('node_modules') })))].filter((f) => !excluded.has(f)).sort()
if (files.length === 0) throw new Error(`no test file matches ${patterns.join(' ')}`)

const mocha = new Mocha({ timeout: 30_000, reporter: process.env.HUB_TEST_REPORTER ?? 'dot', forbidOnly: true })
for (const file of files) mocha.addFile(file)
await mocha.loadFilesAsync()
const result: RunResult = { passed: 0, failed: [], skipped: [], files: [] }
const tookMs = new Map<string, number>()
const begunMs = new Map<Mocha.Suite, number>()
const runner = mocha.run((failures) => {
  result.files = [...tookMs].map(([file, durationMs]) => ({ file, durationMs })).sort((a, b) => b.durationMs - a.durationMs)
  writeFileSync(resultFile, JSON.stringify(result))
  process.exitCode = failures > 0 ? 1 : 0
  // A test that leaves something open would hang here: say which kind, and fail.
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((r) => !/^(TTYWrap|PipeWrap|Timeout|FSReqPromise|Immediate)$/.test(r))
    process.stderr.write(`left open after the last test: ${[...new Set(open)].join(', ') || 'something'}\n`)
    const left: Failure = { title: 'left open after the last test', why: open.join(', ') }
    writeFileSync(resultFile, JSON.stringify({ ...result, failed: [...result.failed, left] }))
    process.exit(1)
  }, 10_000).unref()
})
runner.on('pass', () => {
  result.passed += 1
})
runner.on('fail', (test, error: unknown) => result.failed.push({ title: test.fullTitle(), why: whyOf(error) }))
runner.on('pending', (test) => result.skipped.push(test.fullTitle()))
runner.on('suite', (suite) => {
  if (suite.parent?.root) begunMs.set(suite, performance.now())
})
runner.on('suite end', (suite) => {
  const fromMs = begunMs.get(suite)
  if (fromMs === undefined || !suite.file) return
  const file = relative(process.cwd(), suite.file)
  tookMs.set(file, (tookMs.get(file) ?? 0) + performance.now() - fromMs)
})

/** Short, since all failures stand together at the end of a run, where a record of it may hold no more than its last lines. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, whyCharsMax)
  const at = error.stack?.split('\n').find((line) => /^\s+at .*\.(spec|check)\.ts/.test(line))
  return [error.message.slice(0, whyCharsMax), at?.trim()].filter(Boolean).join('\n')
}
