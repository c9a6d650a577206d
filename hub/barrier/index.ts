import { writeSync } from 'node:fs'
import { type Barrier, barriers, neverStop, type Stop } from '@heliox/core/kit'

interface Armed {
  at: Barrier
  scope: string | undefined
  hit: number
  how: 'kill' | 'pause'
}

/** `name[@flow][#n][:pause]`: at the n-th hit (1 when left out), for one flow or any. */
export function parseBarrier(text: string): Armed {
  const match = /^(?<at>[a-z-]+)(@(?<scope>[a-z][a-z0-9-]*))?(#(?<hit>[1-9]\d{0,5}))?(:(?<how>kill|pause))?$/.exec(text)
  const at = barriers.find((name) => name === match?.groups?.at)
  if (!match?.groups || !at) throw new Error(`HUB_BARRIER is not name[@flow][#n][:pause] with a name of: ${barriers.join(', ')}`)
  return { at, scope: match.groups.scope, hit: Number(match.groups.hit ?? 1), how: match.groups.how === 'pause' ? 'pause' : 'kill' }
}

/**
 * Stops this process at the barrier that `HUB_BARRIER` names, so that a test can kill it between two named steps. In production
 * it never does. Stopping is a signal to ourselves: no handler runs, no socket is closed politely, as in a real crash.
 */
export function armedStop(env: { HUB_ENV?: string; HUB_BARRIER?: string }, signal: (name: 'SIGKILL' | 'SIGSTOP') => void = signalSelf): Stop {
  // Fail closed: only an environment that says it is not production can be armed.
  if (!env.HUB_BARRIER || (env.HUB_ENV !== 'development' && env.HUB_ENV !== 'test')) return neverStop
  const armed = parseBarrier(env.HUB_BARRIER)
  let hits = 0
  return async (at, scope) => {
    if (at !== armed.at || (armed.scope !== undefined && scope !== armed.scope)) return
    hits += 1
    if (hits !== armed.hit) return
    // Synchronous: a stream would still hold the line when the signal comes.
    writeSync(2, `barrier ${at}${scope ? `@${scope}` : ''}#${hits} ${armed.how}\n`)
    signal(armed.how === 'pause' ? 'SIGSTOP' : 'SIGKILL')
  }
}

function signalSelf(name: 'SIGKILL' | 'SIGSTOP'): void {
  process.kill(process.pid, name)
}
