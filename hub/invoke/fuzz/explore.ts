import { inspect } from 'node:util'
import type { Replay } from '@heliox/core/kit'
import { chargingFlows } from '@heliox/db/billing/unsent-charges'
import fc from 'fast-check'
import { type Ending, finish, play } from './play.ts'
import type { Site } from './site.ts'
import { type Step, sequence, sequenceOfMoney } from './steps.ts'
import { BrokenPromise, World } from './world.ts'

/** What a run has met, so that one that tests nothing is seen. */
export interface Met {
  sequences: number
  endings: Record<Ending, number>
  held: number
  late: number
  reconciled: number
  generations: number
  /** `die at ledger-end` and how often. */
  stops: Record<string, number>
}
export const nothingMet = (): Met => ({
  sequences: 0,
  endings: { answered: 0, 'by-hand': 0, dropped: 0, unsent: 0 },
  held: 0,
  late: 0,
  reconciled: 0,
  generations: 0,
  stops: {},
})

/** One sequence from its event to its end. Throws at the first promise that is broken. */
export async function playAll(site: Site, replay: Replay, steps: readonly Step[], met: Met = nothingMet()): Promise<void> {
  const world = new World(site, replay)
  try {
    await world.open()
    for (const step of steps) await play(world, step)
    const { ending, held } = await finish(world)
    met.sequences += 1
    met.endings[ending] += 1
    met.held += held ? 1 : 0
    met.late += world.late.length
    met.reconciled += world.reconciled
    met.generations += world.keys.size
    for (const stop of world.stops) met.stops[stop] = (met.stops[stop] ?? 0) + 1
  } finally {
    for (const run of world.standing) run.kill()
  }
}

export interface Found {
  /** fast-check's own words: seed, path, the smallest sequence, the promise. */
  report: string
  steps: readonly Step[]
  runs: number
}
/**
 * Sequences of one seed, one after the other, to the first that breaks a promise; it is made as small as it gets (`shrink: false`: as it came).
 * `path`: that one alone, as it was printed. `over`: nothing more is played, another lane has found it.
 */
export async function explore(
  site: Site,
  replay: Replay,
  options: { seed: number; runs: number; path?: string; met?: Met; shrink?: boolean; over?: AbortSignal },
): Promise<Found | undefined> {
  const outcome = await fc.check(
    fc.asyncProperty(chargingFlows.has(site.flow) ? sequenceOfMoney(25) : sequence(25), async (steps) => {
      if (!options.over?.aborted) await playAll(site, replay, steps, options.met)
    }),
    // Unbiased: a lane's few sequences would else be its shortest.
    { seed: options.seed, path: options.path, numRuns: options.runs, endOnFailure: options.shrink === false, unbiased: true },
  )
  if (!outcome.failed) return undefined
  const steps = outcome.counterexample?.[0] ?? []
  const { seed, counterexamplePath, errorInstance, numRuns: runs } = outcome
  const what = errorInstance instanceof BrokenPromise ? errorInstance.message : inspect(errorInstance)
  return { report: `ONCE_SEED=${seed} ONCE_PATH=${counterexamplePath}: ${what}\n${steps.map((one) => JSON.stringify(one)).join(',\n')}`, steps, runs }
}
