import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { stateRoot } from './state-folder.ts'

/** What the kernel says a process is; a pid alone may have been given to somebody else since. */
function identity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22, the start time in ticks; counted after the name, which may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
    throw error
  }
}

export class AlreadyRunning extends Error {}

/** The living supervisor of a state folder, if it has one. */
function supervisorOf(folder: string): number | undefined {
  const file = `${folder}/supervisor.json`
  if (!existsSync(file)) return undefined
  const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string }
  return identity(pid) === started ? pid : undefined
}

/** One supervisor per state folder. */
export function claimFolder(folder: string): void {
  const pid = supervisorOf(folder)
  if (pid !== undefined) throw new AlreadyRunning(`A hub of this checkout is running already (process ${pid}). End it with Ctrl-C where it was started.`)
  writeFileSync(`${folder}/supervisor.json`, JSON.stringify({ pid: process.pid, started: identity(process.pid) }))
}

export function rememberProcesses(folder: string, pids: number[]): void {
  const file = `${folder}/processes.json`
  if (pids.length === 0) rmSync(file, { force: true })
  // One that ended meanwhile needs nobody to end it, and nothing would tell it from another of its number.
  else writeFileSync(file, JSON.stringify(pids.map((pid) => ({ pid, started: identity(pid) })).filter(({ started }) => started !== undefined)))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A supervisor that was killed with -9 leaves its processes behind; the next one ends them. */
export async function endLeftovers(folder: string): Promise<void> {
  const file = `${folder}/processes.json`
  if (!existsSync(file)) return
  const left = (JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started?: string }[]).filter(
    (p) => p.started !== undefined && identity(p.pid) === p.started,
  )
  // SIGINT is PostgreSQL's fast shutdown, and ends the others too.
  for (const { pid } of left) signal(pid, 'SIGINT')
  for (const { pid, started } of left) {
    for (let i = 0; i < 100 && identity(pid) === started; i += 1) await sleep(50)
    if (identity(pid) === started) signal(pid, 'SIGKILL')
  }
  rmSync(file, { force: true })
}

/** Throw-away folders whose supervisor was killed: their processes are ended and they are removed. */
export async function pruneAbandoned(): Promise<void> {
  if (!existsSync(stateRoot)) return
  for (const name of readdirSync(stateRoot)) {
    const folder = `${stateRoot}/${name}`
    if (name === 'up' || !existsSync(`${folder}/supervisor.json`) || supervisorOf(folder) !== undefined) continue
    await endLeftovers(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
