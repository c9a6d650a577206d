import { type Child, startChild } from './child.ts'
import { rememberProcesses } from './leftovers.ts'
import type { Running } from './postgres.ts'
import type { Progress } from './progress.ts'
import { type Killable, killable } from './service.ts'

interface ProcessSpec {
  file: string
  env: Record<string, string>
}
interface Service {
  pid: number
  stop(): Promise<void>
}

/** Waits between the tries to bring a process back; the last one repeats. */
const backAfterMs = [1_000, 2_000, 5_000, 10_000]

/**
 * Everything one stack has started or is starting: remembered on disk from the moment it exists, brought back when asked to
 * supervise, ended in order. Nothing that is still starting when `stop` comes outlives it.
 */
export class Processes {
  readonly #folder: string
  readonly #progress: Progress
  readonly #supervise: boolean
  readonly #specs = new Map<string, ProcessSpec>()
  readonly #children = new Map<string, Child>()
  readonly #services: Service[] = []
  readonly #starting = new Set<Promise<unknown>>()
  readonly #spawned = new Set<number>()
  #stopping: Promise<void> | undefined

  constructor(options: { folder: string; progress: Progress; supervise: boolean }) {
    this.#folder = options.folder
    this.#progress = options.progress
    this.#supervise = options.supervise
  }

  /** A service that stops itself in its own way: PostgreSQL, the broker, the object store. */
  async keep<T extends Service>(starting: Promise<T>): Promise<T> {
    const running = await this.#track(starting)
    this.#services.push(running)
    this.#remember()
    return running
  }

  /** As `keep`, for one that is killed and brought back. */
  async keepKillable<T extends Running>(start: () => Promise<T>): Promise<{ first: T; service: Killable }> {
    const kept = await this.#track(killable(start, () => this.#remember()))
    this.#services.push(kept.service)
    this.#remember()
    return kept
  }

  async start(name: string, spec: ProcessSpec): Promise<Child> {
    this.#specs.set(name, spec)
    if (this.#stopping) throw new Error('stopping')
    const child = await this.#track(
      startChild({
        name,
        ...spec,
        logFile: `${this.#folder}/logs/${name}.log`,
        onSpawn: (pid) => {
          this.#spawned.add(pid)
          this.#remember()
        },
      }),
    )
    this.#spawned.delete(child.pid)
    this.#children.set(name, child)
    this.#remember()
    if (this.#supervise) void child.ended.then((end) => this.#bringBack(name, child, end))
    return child
  }

  /** Ends it if it lives and starts it again, with other settings if any. */
  async restart(name: string, change: (env: Record<string, string>) => Record<string, string>): Promise<Child> {
    const spec = this.#specs.get(name)
    if (!spec) throw new Error(`no process named ${name}`)
    await this.#children.get(name)?.stop()
    return this.start(name, { file: spec.file, env: change(spec.env) })
  }

  child(name: string): Child {
    const found = this.#children.get(name)
    if (!found) throw new Error(`no process named ${name}`)
    return found
  }
  names(): string[] {
    return [...this.#children.keys()]
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    // What is not ready yet has nothing to drain.
    for (const pid of this.#spawned) killGroup(pid)
    await Promise.allSettled(this.#starting)
    // The hub first (it drains), then its partners, then what holds data.
    for (const group of [/^api/, /^engine/, /^relay/, /./]) {
      await Promise.all([...this.#children.values()].filter((c) => group.test(c.name)).map((c) => c.stop()))
    }
    for (const service of this.#services.reverse()) await service.stop()
    rememberProcesses(this.#folder, [])
  }

  async #bringBack(name: string, child: Child, end: { code: number | null; signal: string | null }): Promise<void> {
    for (let i = 0; !this.#stopping && this.#children.get(name) === child; i += 1) {
      if (i === 0) this.#progress(`${name} ended (${end.signal ?? end.code}); starting it again. Its log: ${this.#folder}/logs/${name}.log`)
      await new Promise((resolve) => setTimeout(resolve, backAfterMs[Math.min(i, backAfterMs.length - 1)]))
      const spec = this.#specs.get(name)
      if (this.#stopping || !spec) return
      await this.start(name, spec).catch((error: Error) => this.#progress(`${error.message.split('\n')[0]}; trying again`))
    }
  }

  async #track<T>(starting: Promise<T>): Promise<T> {
    this.#starting.add(starting)
    try {
      return await starting
    } finally {
      this.#starting.delete(starting)
    }
  }

  #remember(): void {
    rememberProcesses(this.#folder, [...this.#services.map((s) => s.pid), ...[...this.#children.values()].map((c) => c.pid), ...this.#spawned])
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ctrl-C, a closed terminal and a polite kill: `end` runs once; a second Ctrl-C does not leave half of it behind. */
export function onEnd(end: () => Promise<void>, exitCode = 130): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let ending = false
  const handler = () => {
    if (ending) process.stderr.write('still stopping\n')
    else {
      ending = true
      void end().then(() => process.exit(exitCode))
    }
  }
  for (const signal of signals) process.on(signal, handler)
  return () => {
    for (const signal of signals) process.off(signal, handler)
  }
}
