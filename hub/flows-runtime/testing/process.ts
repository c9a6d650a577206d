import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const checkout = join(import.meta.dirname, '..', '..', '..')
const readyMsMax = 60_000

/** One real process of the hub or of a partner, for tests that kill things. */
export interface TestProcess {
  /** What it said when it was ready. */
  ready: { url: string; control?: string }
  /** Everything it printed: tests look for what must not be there. */
  output(): string
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export async function startProcess(file: string, env: Record<string, string>): Promise<TestProcess> {
  const child = spawn(process.execPath, [join(checkout, file)], { cwd: checkout, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const ready = await firstReadyLine(child, (line) => {
    text += `${line}\n`
  })
  if (!ready) throw new Error(`${file} ended before it was ready:\n${text}`)
  return {
    ready,
    output: () => text,
    async kill(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await gone
    },
    async ended() {
      const [code, signal] = await gone
      return { code, signal }
    },
  }
}

function firstReadyLine(child: ChildProcess, keep: (line: string) => void): Promise<TestProcess['ready'] | undefined> {
  const { stdout } = child
  if (!stdout) throw new Error('no stdout')
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), readyMsMax)
    createInterface({ input: stdout }).on('line', (line) => {
      keep(line)
      if (!line.startsWith('{"ready":true')) return
      clearTimeout(late)
      resolve(JSON.parse(line) as TestProcess['ready'])
    })
    child.once('exit', () => {
      clearTimeout(late)
      resolve(undefined)
    })
  })
}
