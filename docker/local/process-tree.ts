import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

interface Stat {
  state: string
  parent: number
}

function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // `pid (name) state ppid …`; the name may hold anything.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    // It ended meanwhile.
    return undefined
  }
}

const lives = (pid: number): boolean => !['Z', 'X', undefined].includes(statOf(pid)?.state)

/** Stopped by a signal, as a process at a barrier is. */
export const isPaused = (pid: number): boolean => statOf(pid)?.state === 'T'

/** A process first, then its children, theirs and so on. */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const below = (of: number): number[] => [of, ...(parents.get(of) ?? []).flatMap(below)]
  return below(pid)
}

/** `kill -9`; nothing where it ended already. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** `kill -9` for a process and everything below it, whatever sessions they are in; resolves when none is left. */
export async function killTree(pid: number): Promise<void> {
  const all = treeOf(pid)
  for (const one of all) killHard(one)
  while (all.some(lives)) await sleep(10)
}
