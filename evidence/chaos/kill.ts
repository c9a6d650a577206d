import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPaused } from '../../docker/local/process-tree.ts'
import type { Stack } from '../../docker/local/stack.ts'
import type { Partner, Run, Victim } from './schedule.ts'

/** The file that arms a running process (`HUB_BARRIER_FILE`). */
export class BarrierFile {
  readonly #folder: string
  readonly path: string
  constructor(folder: string) {
    this.#folder = folder
    this.path = `${folder}/barrier`
  }

  arm(text: string): void {
    this.disarm()
    // Nobody reads half a line.
    writeFileSync(`${this.path}.new`, text)
    renameSync(`${this.path}.new`, this.path)
  }
  disarm(): void {
    for (const name of readdirSync(this.#folder)) if (/^barrier(\.|$)/.test(name)) rmSync(`${this.#folder}/${name}`, { force: true })
  }
  /** Who stands at the barrier; undefined when nobody came. */
  async met(seconds: number): Promise<number | undefined> {
    const deadlineMs = performance.now() + seconds * 1000
    while (existsSync(this.path)) {
      if (performance.now() > deadlineMs) return undefined
      await sleep(10)
    }
    const pid = Number(readdirSync(this.#folder).flatMap((name) => /^barrier\.(\d+)$/.exec(name)?.[1] ?? [])[0])
    while (!isPaused(pid)) {
      if (performance.now() > deadlineMs) return undefined
      await sleep(5)
    }
    return pid
  }
}

/** `kill -9`; resolves when nothing of it is left. */
export async function kill(stack: Stack, victim: Victim, partner: Partner): Promise<void> {
  if (victim === 'database') return stack.database.kill()
  if (victim === 'broker') return brokerOf(stack).kill()
  const child = stack.child(victim === 'partner' ? partner : victim)
  child.kill('SIGKILL')
  await child.ended
}

/** As it was, with what it has on disk; resolves when it answers. */
export async function bringBack(stack: Stack, victim: Victim, partner: Partner): Promise<void> {
  if (victim === 'database') return stack.database.revive()
  if (victim === 'broker') return brokerOf(stack).revive()
  await stack.restart(victim === 'partner' ? partner : victim)
}

function brokerOf(stack: Stack) {
  if (!stack.broker) throw new Error('this stack has no broker of its own')
  return stack.broker
}

/** One run, from the moment somebody stands there. Milliseconds until the victim answers again. */
export async function strike(stack: Stack, run: Pick<Run, 'victim' | 'partner' | 'goesOnAlone'>, standing: number): Promise<number> {
  const goOn = () => {
    try {
      process.kill(standing, 'SIGCONT')
    } catch (error) {
      // It was the victim.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const fromMs = performance.now()
  try {
    await kill(stack, run.victim, run.partner)
    if (run.goesOnAlone) goOn()
    await bringBack(stack, run.victim, run.partner)
    return performance.now() - fromMs
  } finally {
    goOn()
  }
}
