import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'
import { Clearinghouse } from '../demo/clearinghouse.ts'
import { Staff } from '../demo/hub-client.ts'
import { Agenda } from './agenda.ts'
import type { Counted } from './count.ts'
import { BarrierFile, strike } from './kill.ts'
import { Intakes } from './load.ts'
import { patiently } from './patiently.ts'
import { freshMin, pairName, type Run, scheduleOf } from './schedule.ts'
import { freeTurn } from './turn.ts'

/** What became of one run. */
export interface Ran extends Run {
  /** Sent and not at their end when the victim was killed. */
  inFlight: number
  /** Until somebody stood at the barrier. */
  metMs: number
  /** From the kill until the victim answered again. */
  backMs: number
}
export interface Matrix {
  seed: number
  runs: Ran[]
  /** Pairs of the schedule at which nobody came, though they were tried again at the end of their lane. */
  notMet: string[]
  intakes: number
  counted: Counted
  /** How long all needed to come to their end after the last kill of each leg. */
  drainsMs: number[]
  seconds: number
}

/** When the victim dies. */
export const inFlightMin = 8
/** When the patients of a run send: some are at their end before somebody comes to the barrier. Who is still under way from before counts. */
const underWayMin = 12
/** Kills in a row; then everything must come to its end and is counted. The end takes a minute: a lease that somebody died with must run out. */
export const legRuns = 50
const metSeconds = 40
const endSeconds = 300
/** The clearinghouse's clock, which the hub follows: files come every few seconds. */
const speed = 10
/** RabbitMQ 3.10 loses a quorum queue that was made within about a second of the kill. */
const queuesSettleMs = 3_000

/**
 * Kills, in so many lanes side by side, each with a stack of its own: one waits for most of its time, for files, leases and a broker that
 * boots. A lane stops at the first leg in which something is lost, done twice or done for nobody.
 */
export async function runMatrix({ runs, seed, lanes = 1, progress }: { runs: number; seed: number; lanes?: number; progress: Progress }): Promise<Matrix> {
  const fromMs = performance.now()
  const schedule = scheduleOf({ runs, seed })
  const ran = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => {
      const share = schedule.filter((_run, n) => n % lanes === lane)
      return runLane(share, seed + lane, (line) => progress(lanes === 1 ? line : `lane ${lane + 1}: ${line}`))
    }),
  )
  const sum = (of: (counted: Counted) => number): number => ran.reduce((all, { counted }) => all + of(counted), 0)
  return {
    seed,
    runs: ran.flatMap((lane) => lane.runs),
    notMet: ran.flatMap((lane) => lane.notMet),
    intakes: ran.reduce((all, lane) => all + lane.intakes, 0),
    counted: {
      lost: sum((counted) => counted.lost),
      duplicated: sum((counted) => counted.duplicated),
      phantom: sum((counted) => counted.phantom),
      withPeople: sum((counted) => counted.withPeople),
      doubted: sum((counted) => counted.doubted),
      detail: ran.flatMap(({ counted }) => counted.detail),
    },
    drainsMs: ran.flatMap((lane) => lane.drainsMs),
    seconds: Math.round((performance.now() - fromMs) / 1000),
  }
}

async function runLane(schedule: readonly Run[], seed: number, progress: Progress): Promise<Omit<Matrix, 'seed' | 'seconds'>> {
  const folder = mkdtempSync(`${tmpdir()}/heliox-chaos-`)
  const barrier = new BarrierFile(folder)
  const stack = await startStack({ kind: 'throw-away', bus: 'rabbitmq', progress: () => undefined, journals: true, barrierFile: barrier.path })
  try {
    await prepare(stack)
    const intakes = await Intakes.open(stack, { seed })
    try {
      const lane = await new Legs(stack, intakes, barrier, progress).run(schedule)
      return { ...lane, intakes: intakes.all().length }
    } finally {
      await intakes.close()
    }
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true })
  }
}

async function prepare(stack: Stack): Promise<void> {
  await new Clearinghouse(stack.urls.clearinghouse).speed(speed)
  // Open whatever day this runs on: what is said on a payer's holiday is not believed.
  const admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
  await admin.savePayer('SLOWB4', { calendar: { timeZone: 'America/New_York' } })
  await sleep(queuesSettleMs)
}

class Legs {
  readonly #stack: Stack
  readonly #intakes: Intakes
  readonly #barrier: BarrierFile
  readonly #progress: Progress
  readonly #ran: Ran[] = []
  readonly #drainsMs: number[] = []
  #sending: Promise<unknown>[] = []

  constructor(stack: Stack, intakes: Intakes, barrier: BarrierFile, progress: Progress) {
    this.#stack = stack
    this.#intakes = intakes
    this.#barrier = barrier
    this.#progress = progress
  }

  async run(schedule: readonly Run[]): Promise<Pick<Matrix, 'runs' | 'notMet' | 'counted' | 'drainsMs'>> {
    const agenda = new Agenda(schedule)
    let counted = await this.#end()
    for (let made = 1, run = agenda.next(); run !== undefined; made += 1, run = agenda.next()) {
      // Nobody came for this flow or that often (its breaker is open, say), or too few were left: then for any, at the first.
      if (!(await this.#strike(run, agenda.left)) && !(await this.#strike({ ...run, armed: `${run.barrier}:pause` }, agenda.left))) agenda.missed(run)
      if (made % legRuns > 0 && agenda.left > 0) continue
      counted = await this.#end()
      const { lost, duplicated, phantom, withPeople, doubted } = counted
      this.#progress(
        `${this.#intakes.all().length} intakes: lost=${lost} duplicated=${duplicated} phantom=${phantom}; with people ${withPeople}, doubted ${doubted}`,
      )
      if (lost + duplicated + phantom > 0) break
    }
    return { runs: this.#ran, notMet: agenda.notMet().map(pairName), counted, drainsMs: this.#drainsMs }
  }

  /** False: nobody came to the barrier, or too few were in flight for it to count. */
  async #strike(run: Run, left: number): Promise<boolean> {
    if (run.barrier.startsWith('receive-') && (await freeTurn(this.#stack))) this.#progress('a dead engine had the turn at the files; its time has passed')
    const fresh = Math.max(freshMin, underWayMin - (await this.#underWay()))
    const filled = await this.#intakes.fill(fresh, run.areByFile ? fresh : 1)
    this.#barrier.arm(run.armed)
    const fromMs = performance.now()
    const sending = this.#intakes.send(filled)
    // Waited for at the end of the leg.
    sending.catch(() => undefined)
    this.#sending.push(sending)
    const standing = await this.#barrier.met(metSeconds)
    const metMs = performance.now() - fromMs
    const what = `${run.armed} x ${run.victim === 'partner' ? run.partner : run.victim}`
    if (standing === undefined) {
      this.#barrier.disarm()
      this.#progress(`${what}: nobody came`)
      return false
    }
    const inFlight = await this.#intakes.inFlight()
    const backMs = await strike(this.#stack, run, standing)
    this.#barrier.disarm()
    this.#progress(`${what}: met after ${Math.round(metMs)} ms, ${inFlight} in flight, back after ${Math.round(backMs)} ms; ${left} left`)
    if (inFlight < inFlightMin) return false
    this.#ran.push({ ...run, inFlight, metMs, backMs })
    return true
  }

  /** The victim of before may be the database. */
  #underWay(): Promise<number> {
    return patiently('the database', endSeconds, () => this.#intakes.inFlight())
  }

  /** Everything comes to its end, and all that ever was is counted. What has not ended in time is lost. */
  async #end(): Promise<Counted> {
    const fromMs = performance.now()
    await Promise.all(this.#sending)
    this.#sending = []
    await freeTurn(this.#stack)
    try {
      return await this.#intakes.finished(endSeconds)
    } catch (error) {
      this.#progress((error as Error).message)
      return this.#intakes.counted()
    } finally {
      this.#drainsMs.push(performance.now() - fromMs)
    }
  }
}
