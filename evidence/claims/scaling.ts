import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { silent } from '../../docker/local/progress.ts'
import { type BusName, type Stack, startStack } from '../../docker/local/stack.ts'
import type { Counted } from '../chaos/count.ts'
import { Intakes } from '../chaos/load.ts'
import { until } from '../demo/walk.ts'
import { openWaits, type Waits } from './waits.ts'

/** Patients at once; enough that every queue has something in it whenever a process ends. */
const atOnce = 6
const seed = 40_107
/** As promised. */
const waitSecondsMax = 30
/** As its supervisor expects of an engine that is told to end; an api may have a form to finish. */
const endSecondsMax = 5

interface Run extends Waits, Counted {
  intakes: number
  /** Processes that were told to end under load, and did; the others had to be killed or took too long. */
  ended: number
  rude: string[]
}

/**
 * Patients keep coming while the hub is restarted, grows to three engines and shrinks again, and each of its processes is replaced in
 * turn. Before an engine goes, two partners stop answering: it ends in the middle of a call.
 */
export async function claimScaling(): Promise<ClaimLine> {
  const runs: Run[] = []
  for (const bus of ['postgres', 'rabbitmq'] as const) runs.push(await underLoad(bus))
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0)
  const longest = (of: (run: Run) => number): number => Math.max(...runs.map(of))
  const figures = {
    intakes: sum((run) => run.intakes),
    ended: sum((run) => run.ended),
    givenUp: sum((run) => run.givenUp),
    deliveries: sum((run) => run.deliveries),
    redeliveries: sum((run) => run.redeliveries),
    longestWaitSeconds: longest((run) => run.firstSeconds),
    longestAgainSeconds: longest((run) => run.againSeconds),
    longestRunSeconds: longest((run) => run.runSeconds),
    lost: sum((run) => run.lost),
    duplicated: sum((run) => run.duplicated),
    phantom: sum((run) => run.phantom),
    withPeople: sum((run) => run.withPeople),
  }
  const isPrompt = Math.max(figures.longestWaitSeconds, figures.longestAgainSeconds, figures.longestRunSeconds) <= waitSecondsMax
  const isWhole = figures.lost + figures.duplicated + figures.phantom + figures.withPeople === 0
  // Without a call that was cut short nothing is shown of how an engine ends.
  const isTold = runs.every((run) => run.givenUp > 0 && run.rude.length === 0)
  for (const line of runs.flatMap((run) => [...run.detail, ...run.rude])) say(line)
  return { name: 'effects.scaling', figures, ok: isPrompt && isWhole && isTold }
}

const say = (text: string): void => void process.stderr.write(`scaling: ${text}\n`)

async function underLoad(bus: BusName): Promise<Run> {
  const stack = await startStack({ kind: 'throw-away', bus, progress: silent })
  const intakes = await Intakes.open(stack, { seed })
  const waits = openWaits(stack)
  try {
    // A quorum queue that is a second old could be lost with its broker; nothing here kills one, and the load begins warm.
    const stopLoad = intakes.keep(atOnce)
    const turns = new Turns(stack, () => waits.underWay())
    say(`${bus}: restart`)
    await sleep(5_000)
    await turns.replaceEngine('engine')
    await turns.replace('relay')
    await turns.replace('api')
    say(`${bus}: three engines`)
    for (const name of ['engine-2', 'engine-3']) await stack.start(name, 'engine')
    await sleep(5_000)
    say(`${bus}: each engine, relay and api in turn`)
    for (const name of ['engine', 'engine-2', 'engine-3']) await turns.replaceEngine(name)
    await stack.start('relay-2', 'relay')
    await turns.replace('relay')
    await turns.end('relay-2')
    await turns.replace('api')
    say(`${bus}: back to one engine`)
    await turns.endEngine('engine-3')
    await turns.endEngine('engine')
    await sleep(5_000)
    await stopLoad()
    say(`${bus}: what is left comes to its end`)
    const counted = await intakes.finished(180)
    return { ...counted, ...(await waits.read()), intakes: intakes.all().length, ended: turns.ended, rude: turns.rude }
  } finally {
    await waits.close()
    await intakes.close()
    await stack.stop()
  }
}

/** Ends processes as a rollout does: told once, and waited for. */
class Turns {
  ended = 0
  readonly rude: string[] = []
  readonly #stack: Stack
  /** How many calls to partners are under way, in all engines. */
  readonly #underWay: () => Promise<number>
  constructor(stack: Stack, underWay: () => Promise<number>) {
    this.#stack = stack
    this.#underWay = underWay
  }

  async end(name: string): Promise<void> {
    const child = this.#stack.child(name)
    const startedMs = performance.now()
    await child.stop()
    const { code, signal } = await child.ended
    const seconds = (performance.now() - startedMs) / 1000
    if (code === 0 && seconds <= endSecondsMax) this.ended += 1
    else this.rude.push(`${name} ended with ${signal ?? code} after ${seconds.toFixed(1)} s`)
  }

  async replace(name: string): Promise<void> {
    await this.end(name)
    await this.#stack.restart(name)
  }

  /** In the middle of calls that are not answered. */
  async endEngine(name: string): Promise<void> {
    const { stripe, fhir } = this.#stack.urls
    await Promise.all([stalls(stripe, 3), stalls(fhir, 2)])
    await until('calls under way', 60, async () => ((await this.#underWay()) > 0 ? true : undefined))
    // Some of those end by themselves; the ones that stall are still there.
    await sleep(1_500)
    await this.end(name)
    await Promise.all([stalls(stripe, 0), stalls(fhir, 0)])
  }

  async replaceEngine(name: string): Promise<void> {
    await this.endEngine(name)
    await this.#stack.restart(name)
  }
}

/** The next so many calls of this partner hear nothing; 0 ends it. */
async function stalls(simulator: string, times: number): Promise<void> {
  const mode = times > 0 ? { mode: 'stalls', times } : { mode: 'answers', times: null }
  const answer = await fetch(`${simulator}/_sim/faults`, { method: 'POST', body: JSON.stringify(mode), signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`${simulator} answered ${answer.status}`)
}
