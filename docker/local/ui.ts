import { spawn } from 'node:child_process'
import type { Progress } from './progress.ts'
import { checkout } from './state-folder.ts'

/** Builds the screens when their sources changed; in a process of its own, so that the bundler's memory goes with it. */
export async function buildUi(progress: Progress): Promise<void> {
  const child = spawn(process.execPath, ['ui/build.ts'], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    out += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`the screens did not build:\n${out.trim()}`)
  progress(out.trim().split('\n').at(-1) ?? 'ui built')
}
