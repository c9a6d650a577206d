import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { checkout } from './state-folder.ts'

export interface ReadyLine {
  ready: true
  process: string
  url?: string
  [fact: string]: unknown
}

/** One of our processes: started, waited for until its ready line, stopped by its own group so that nothing is left behind. */
export interface Child {
  name: string
  pid: number
  ready: ReadyLine
  /** Resolves with what ended it, whenever that is. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  rssBytes(): number
}

const stillThere = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

export async function startChild(options: {
  name: string
  file: string
  env: Record<string, string>
  logFile: string
  readyWithinMs?: number
  onSpawn?: (pid: number) => void
}): Promise<Child> {
  const log = createWriteStream(options.logFile, { flags: 'a' })
  // Before anything is started: a folder that is not there is told to whoever asked, not thrown at the whole process later.
  await once(log, 'open')
  // A group of its own: Ctrl-C reaches the supervisor only, which then stops things in order.
  const child = spawn(process.execPath, [options.file], {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', NODE_OPTIONS: '--disable-warning=ExperimentalWarning', ...options.env },
  })
  if (child.pid === undefined) {
    // The program itself is not there, as while packages are installed anew.
    const [error] = (await once(child, 'error')) as [Error]
    log.end()
    throw new Error(`${options.name} could not be started: ${error.message}`)
  }
  options.onSpawn?.(child.pid)
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => {
      log.end()
      resolve({ code, signal })
    }),
  )
  let tail = ''
  const keep = (chunk: Buffer) => {
    if (log.writable) log.write(chunk)
    tail = (tail + chunk.toString()).slice(-4000)
  }
  child.stderr.on('data', keep)
  const ready = new Promise<ReadyLine>((resolve) => {
    let pending = ''
    child.stdout.on('data', (chunk: Buffer) => {
      keep(chunk)
      pending += chunk.toString()
      const lines = pending.split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as ReadyLine)
    })
  })
  const readyWithinMs = options.readyWithinMs ?? 60_000
  let timer: NodeJS.Timeout | undefined
  const first = await Promise.race([
    ready,
    ended.then(() => 'ended' as const),
    new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), readyWithinMs)
    }),
  ])
  clearTimeout(timer)
  const group = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid as number), signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  if (first === 'ended' || first === 'late') {
    group('SIGKILL')
    throw new Error(
      `${options.name} ${first === 'ended' ? 'ended before it was ready' : `was not ready within ${readyWithinMs} ms`}; its log is ${options.logFile}\n${tail.trim()}`,
    )
  }
  return {
    name: options.name,
    pid: child.pid as number,
    ready: first,
    ended,
    kill: group,
    async stop(graceMs = 8_000) {
      if (!stillThere(child)) return
      group('SIGTERM')
      const hard = setTimeout(() => group('SIGKILL'), graceMs)
      await ended
      clearTimeout(hard)
    },
    rssBytes() {
      const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
      return Number(line?.[1] ?? 0) * 1024
    },
  }
}
