import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Simulator } from './contract-suite.ts'

/** A simulator as a process of its own, for specs. `ready` is its ready line. */
export interface RunningSim {
  ready: { url: string; [fact: string]: unknown }
  stop(): Promise<void>
}

const readyWithinMs = 15_000

/** `file` is relative to `adapters/`. */
export async function startSim(file: string, env: Record<string, string>): Promise<RunningSim> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HUB_ENV: 'test', ...env },
  })
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs)
  try {
    for await (const line of lines) {
      if (!line.startsWith('{"ready":true')) continue
      return {
        ready: JSON.parse(line) as RunningSim['ready'],
        async stop() {
          if (child.exitCode !== null || child.signalCode !== null) return
          const ended = once(child, 'exit')
          child.kill('SIGTERM')
          await ended
        },
      }
    }
    throw new Error(`${file} ended before it was ready`)
  } finally {
    clearTimeout(timer)
    child.stdout.resume()
  }
}

/** The control port, the same shape at every simulator. */
export const controlOf = (url: string) => ({
  async fault(mode: string, times: number | null = null): Promise<void> {
    const response = await fetch(`${url}/_sim/faults`, { method: 'POST', body: JSON.stringify({ mode, times }) })
    if (!response.ok) throw new Error(`the simulator does not know the mode ${mode}`)
  },
  async effects(): Promise<Record<string, { count: number; byKey: Record<string, number> }>> {
    return (await (await fetch(`${url}/_sim/effects`)).json()) as never
  },
  async reset(): Promise<void> {
    await fetch(`${url}/_sim/reset`, { method: 'POST' })
  },
})

/** What the contract suite wants of a simulator; the scanner's control port is apart from its own. */
export function simulatorOf(running: RunningSim): Simulator {
  const { url } = running.ready
  const { control = url } = running.ready as { control?: string }
  return {
    url,
    ...controlOf(control),
    async post(path) {
      await fetch(new URL(path, control), { method: 'POST', body: '{}' })
    },
    stop: () => running.stop(),
  }
}
