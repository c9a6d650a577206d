import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { silent } from '../../docker/local/progress.ts'
import { type BusName, type Stack, startStack } from '../../docker/local/stack.ts'
import type { Counted } from '../chaos/count.ts'
import { everyOutbox } from '../chaos/facts.ts'
import { Intakes } from '../chaos/load.ts'

const atOnce = 8
const seed = 40_105
/** A crash that is over at once, a restart, a move to another machine: how long nobody answers. */
const awaySeconds = [0, 1, 3, 8] as const
/**
 * From its first answer on, until each of our processes has done something new. Most take a second or two; over the embedded bus deliveries
 * that were handed out as the database died wait until their heartbeat is missed, 16 s at the worst.
 */
const recoverSecondsMax = 30
const processes = ['api', 'relay', 'engine'] as const
type Process = (typeof processes)[number]

interface Run extends Counted {
  kills: number
  intakes: number
  inFlightLeast: number
  seconds: Record<Process, number>
  /** Of ours, those that did not live through it. */
  ended: string[]
}

/**
 * The database is killed (`kill -9`, every process of it) and brought back while patients keep coming. Nothing of ours is started again:
 * each process finds its own way back, and nothing is lost or done twice.
 */
export async function claimDatabaseRestart(): Promise<ClaimLine> {
  const runs: Run[] = []
  for (const bus of ['postgres', 'rabbitmq'] as const) runs.push(await underLoad(bus))
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0)
  const longest = (process: Process): number => Math.max(...runs.map((run) => run.seconds[process]))
  const figures = {
    kills: sum((run) => run.kills),
    intakes: sum((run) => run.intakes),
    inFlightLeast: Math.min(...runs.map((run) => run.inFlightLeast)),
    apiSeconds: longest('api'),
    relaySeconds: longest('relay'),
    engineSeconds: longest('engine'),
    startedAgain: sum((run) => run.ended.length),
    lost: sum((run) => run.lost),
    duplicated: sum((run) => run.duplicated),
    phantom: sum((run) => run.phantom),
    withPeople: sum((run) => run.withPeople),
  }
  for (const line of runs.flatMap((run) => [...run.detail, ...run.ended])) say(line)
  const isWhole = figures.lost + figures.duplicated + figures.phantom + figures.withPeople + figures.startedAgain === 0
  const isPrompt = processes.every((process) => longest(process) <= recoverSecondsMax)
  return { name: 'effects.database-restart', figures, ok: isWhole && isPrompt && figures.inFlightLeast > 0 }
}

const say = (text: string): void => void process.stderr.write(`database-restart: ${text}\n`)

async function underLoad(bus: BusName): Promise<Run> {
  say(`${bus}: starting`)
  const stack = await startStack({ kind: 'throw-away', bus, progress: silent })
  const intakes = await Intakes.open(stack, { seed })
  const behind = new pg.Pool({ connectionString: stack.ownerUrl, max: 4 })
  // It is killed under us, too.
  behind.on('error', () => undefined)
  try {
    const stopLoad = intakes.keep(atOnce)
    const seconds: Record<Process, number> = { api: 0, relay: 0, engine: 0 }
    let inFlightLeast = Number.POSITIVE_INFINITY
    for (const away of awaySeconds) {
      await sleep(5_000)
      inFlightLeast = Math.min(inFlightLeast, await intakes.inFlight())
      await stack.database.kill()
      await sleep(away * 1000)
      await stack.database.revive()
      const back = await recovered(stack, behind)
      say(`${bus}: away for ${away} s; back after ${processes.map((name) => `${name} ${back[name].toFixed(1)} s`).join(', ')}`)
      for (const name of processes) seconds[name] = Math.max(seconds[name], back[name])
    }
    await stopLoad()
    say(`${bus}: what is left comes to its end`)
    const counted = await intakes.finished(180)
    const ended = processes.filter((name) => !isAlive(stack.child(name).pid)).map((name) => `${name} ended over ${bus}`)
    return { ...counted, kills: awaySeconds.length, intakes: intakes.all().length, inFlightLeast, seconds, ended }
  } finally {
    await intakes.close()
    await behind.end()
    await stack.stop()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** What each of them writes when it works: a request that was let in, a row that left its outbox, a delivery that was settled. */
const worked: Record<Exclude<Process, 'api'>, string> = {
  relay: `(SELECT count(*) FROM (${everyOutbox(`status = 'processed' AS done`)}) AS rows WHERE done)`,
  engine: '(SELECT count(*) FROM reporting.journey_steps)',
}

/** Seconds from now, when the database answers again, until each has done something new. */
async function recovered(stack: Stack, behind: pg.Pool): Promise<Record<Process, number>> {
  const startedMs = performance.now()
  const first = async (name: string, done: () => Promise<boolean>): Promise<number> => {
    while (!(await done().catch(() => false))) {
      if (performance.now() - startedMs > 2 * recoverSecondsMax * 1000) throw new Error(`${name} did not come back`)
      await sleep(25)
    }
    return (performance.now() - startedMs) / 1000
  }
  const read = async (): Promise<{ relay: number; engine: number }> => {
    const { rows } = await behind.query<{ relay: string; engine: string }>(`SELECT ${worked.relay} AS relay, ${worked.engine} AS engine`)
    return { relay: Number(rows[0]?.relay), engine: Number(rows[0]?.engine) }
  }
  let before: { relay: number; engine: number } | undefined
  await first('the database', async () => {
    before = await read()
    return true
  })
  const [api, relay, engine] = await Promise.all([
    first('api', async () => (await fetch(`${stack.urls.public}/api/ready`, { signal: AbortSignal.timeout(5_000) })).status === 200),
    first('relay', async () => (await read()).relay > (before?.relay ?? 0)),
    first('engine', async () => (await read()).engine > (before?.engine ?? 0)),
  ])
  return { api, relay, engine }
}
