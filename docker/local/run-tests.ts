import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import type { RunResult } from './mocha-run.ts'
import { checkout, stateFolder } from './state-folder.ts'

interface Suite {
  name: string
  patterns: string[]
  env: Record<string, string>
}

const outCharsMax = 600

/** Runs one suite in a process of its own; its output is kept together and printed when it ends. */
export async function runSuite(suite: Suite): Promise<RunResult> {
  const folder = stateFolder(`results-${process.pid}-${suite.name.replaceAll('/', '-')}`)
  mkdirSync(folder, { recursive: true })
  const file = `${folder}/result.json`
  rmSync(file, { force: true })
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['docker/local/mocha-run.ts', file, ...suite.patterns], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', HUB_TEST_REPORTER: 'spec', ...suite.env },
  })
  let out = ''
  const keep = (chunk: Buffer) => {
    out += chunk.toString()
    if (process.env.HUB_TEST_FOLLOW) process.stdout.write(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  let result: RunResult
  try {
    result = JSON.parse(readFileSync(file, 'utf8')) as RunResult
  } catch {
    result = { passed: 0, failed: [{ title: `${suite.name}: ended (${code}) without a result`, why: out.slice(-outCharsMax) }], skipped: [], files: [] }
  }
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0 && result.failed.length === 0) result.failed.push({ title: `${suite.name}: ended with ${code}`, why: out.slice(-outCharsMax) })
  if (!process.env.HUB_TEST_FOLLOW) process.stdout.write(result.failed.length > 0 ? out : '')
  process.stdout.write(
    `${suite.name}: ${result.passed} passed, ${result.failed.length} failed, ${result.skipped.length} skipped in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`,
  )
  return result
}

/** The failures of a run, one under the other, each with what it said. */
export const failureLines = (failed: RunResult['failed']): string =>
  failed.map(({ title, why }) => `FAILED: ${title}\n${why.replace(/^/gm, '    ')}\n`).join('')

export const total = (results: RunResult[]): RunResult => ({
  passed: results.reduce((n, r) => n + r.passed, 0),
  failed: results.flatMap((r) => r.failed),
  skipped: results.flatMap((r) => r.skipped),
  files: results.flatMap((r) => r.files).sort((a, b) => b.durationMs - a.durationMs),
})

export async function oneByOne<Job, Result>(jobs: readonly Job[], run: (job: Job) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const job of jobs) results.push(await run(job))
  return results
}

/**
 * Two at a time, one from each end, until they meet: whichever side is done first takes over from the other. So what is long, or needs
 * much, stands at the ends and what is short in the middle. The results are in the order of the jobs.
 */
export async function fromBothEnds<Job, Result>(jobs: readonly Job[], run: (job: Job) => Promise<Result>): Promise<Result[]> {
  const left = jobs.map((job, index) => ({ job, index }))
  const results: Result[] = []
  const lane = async (next: () => (typeof left)[number] | undefined): Promise<void> => {
    for (let at = next(); at; at = next()) results[at.index] = await run(at.job)
  }
  await Promise.all([lane(() => left.shift()), lane(() => left.pop())])
  return results
}
