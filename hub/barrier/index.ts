import { existsSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { type Barrier, barriers, neverStop, type Stop } from '@heliox/core/kit'

interface Armed {
  at: Barrier
  scope: string | undefined
  hit: number
  how: 'kill' | 'pause'
}

/** `name[@scope][#n][:pause]`: at the n-th hit (1 when left out), for one scope (`core/kit/barriers.ts`) or any. */
export function parseBarrier(text: string): Armed {
  const match = /^(?<at>[a-z-]+)(@(?<scope>[a-z][a-z0-9-]*))?(#(?<hit>[1-9]\d{0,5}))?(:(?<how>kill|pause))?$/.exec(text)
  const at = barriers.find((name) => name === match?.groups?.at)
  if (!match?.groups || !at) throw new Error(`a barrier is name[@scope][#n][:pause] with a name of: ${barriers.join(', ')}`)
  return { at, scope: match.groups.scope, hit: Number(match.groups.hit ?? 1), how: match.groups.how === 'pause' ? 'pause' : 'kill' }
}

/**
 * Stops this process at the barrier that `HUB_BARRIER` names, so that a test can kill it between two named steps. In production
 * it never does. Stopping is a signal to ourselves: no handler runs, no socket is closed politely, as in a real crash.
 *
 * `HUB_BARRIER_FILE` names a file that arms processes while they run: whichever of them comes first to the barrier that it holds
 * takes it away (`FILE.PID`, which tells the test who stopped) and stops there.
 */
export function armedStop(
  env: { HUB_ENV?: string; HUB_BARRIER?: string; HUB_BARRIER_FILE?: string },
  signal: (name: 'SIGKILL' | 'SIGSTOP') => void = signalSelf,
): Stop {
  // Fail closed: only an environment that says it is not production can be armed.
  if (env.HUB_ENV !== 'development' && env.HUB_ENV !== 'test') return neverStop
  const { HUB_BARRIER: text, HUB_BARRIER_FILE: file } = env
  if (text) return stopAt(parseBarrier(text), () => true, signal)
  if (!file) return neverStop
  let armed: { written: string; stop: Stop } | undefined
  return async (at, scope) => {
    const found = readArmed(file)
    if (found === undefined) return
    // The same barrier may be armed once more: each time its hits are counted anew.
    if (armed?.written !== found.written) armed = { written: found.written, stop: stopAt(parseBarrier(found.text), () => taken(file), signal) }
    await armed.stop(at, scope)
  }
}

function stopAt(armed: Armed, isOurs: () => boolean, signal: (name: 'SIGKILL' | 'SIGSTOP') => void): Stop {
  let hits = 0
  return async (at, scope) => {
    if (at !== armed.at || (armed.scope !== undefined && scope !== armed.scope)) return
    hits += 1
    if (hits !== armed.hit || !isOurs()) return
    // Synchronous: a stream would still hold the line when the signal comes.
    writeSync(2, `barrier ${at}${scope ? `@${scope}` : ''}#${hits} ${armed.how}\n`)
    signal(armed.how === 'pause' ? 'SIGSTOP' : 'SIGKILL')
  }
}

/** Undefined: nothing is armed now. `written`: which of all the files of this name. */
function readArmed(file: string): { text: string; written: string } | undefined {
  if (!existsSync(file)) return undefined
  try {
    const { ino, ctimeNs } = statSync(file, { bigint: true })
    return { text: readFileSync(file, 'utf8').trim(), written: `${ino}/${ctimeNs}` }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Of several processes at the same barrier one has it: a rename succeeds once. */
function taken(file: string): boolean {
  try {
    renameSync(file, `${file}.${process.pid}`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function signalSelf(name: 'SIGKILL' | 'SIGSTOP'): void {
  process.kill(process.pid, name)
}
