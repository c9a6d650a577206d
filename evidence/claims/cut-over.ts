import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { type Clinic, countSides, type Old, slot, unlessRefused, until, withOldScheduler } from './old-scheduler.ts'

const before = 40
const secondsMax = 180
/** So long after the handover began each is killed: engines in the middle of a step, the relay between its confirm and its mark. */
const killAfterMs = [300, 900, 1_600, 2_500, 4_000] as const
const killed = ['engine', 'relay', 'legacy-scheduler'] as const

/**
 * Cut-over and back while people on both sides go on working, and engine, relay and the old scheduler are killed (`kill -9`) in the middle of it.
 * What somebody was told is done is there on both sides at the end; what was refused is on neither; at no moment do both sides take a change.
 */
export function claimCutOver(): Promise<ClaimLine> {
  return withOldScheduler(async (clinic, stack, behind) => {
    // The clinic as it was before the hub: everything is over there.
    await clinic.handOver('legacy-scheduler')
    await clinic.handedOver('legacy-scheduler', secondsMax)
    for (let n = 0; n < before; n += 1) await clinic.oldBook(slot(n), `Dr. ${String.fromCharCode(65 + (n % 5))}`)
    await clinic.dualRun(true)

    const there = await walk(clinic, stack, 'hub')
    const afterCutOver = await settled()
    const back = await walk(clinic, stack, 'legacy-scheduler')
    const last = await settled()
    const figures = {
      appointments: last.there,
      kills: there.kills + back.kills,
      cutOverSeconds: there.seconds,
      backSeconds: back.seconds,
      done: there.done + back.done,
      refused: there.refused + back.refused,
      missing: there.missing(await clinic.oldAll()) + back.missing(await clinic.oldAll()),
      lost: afterCutOver.lost + last.lost,
      double: afterCutOver.double + last.double,
      differing: afterCutOver.differing + last.differing,
      bothTook: there.bothTook + back.bothTook,
    }
    const bad = figures.missing + figures.lost + figures.double + figures.differing + figures.bothTook
    return { name: 'partners.cut-over', figures, ok: bad === 0 && figures.kills === 2 * killAfterMs.length && figures.done > 0 && figures.refused > 0 }

    async function settled() {
      return until('both sides are the same', secondsMax, async () => {
        const now = await countSides(behind, await clinic.oldAll())
        return now.lost + now.differing === 0 ? now : undefined
      })
    }
  })
}

interface Walk {
  kills: number
  seconds: number
  done: number
  refused: number
  bothTook: number
  /** Of what people at the old screen were told is done. */
  missing(there: readonly Old[]): number
}

/** One handover, under work and kills. */
async function walk(clinic: Clinic, stack: Stack, to: 'hub' | 'legacy-scheduler'): Promise<Walk> {
  let over = false
  const kept: Old[] = []
  let [done, refused, bothTook] = [0, 0, 0]
  // One at a time, and both sides right after each other: a moment in which both say yes would show.
  const work = async (): Promise<void> => {
    for (let n = 0; !over; n += 1) {
      const ownerBefore = await ownerOf(clinic)
      const old = await quietly(unlessRefused(clinic.oldBook(slot(1_000 + 2 * n + (to === 'hub' ? 0 : 5_000)), 'Dr. Busy')))
      const here = await quietly(unlessRefused(clinic.book(slot(1_001 + 2 * n + (to === 'hub' ? 0 : 5_000)), 'Dr. Busy')))
      if (old) kept.push(old)
      done += (old ? 1 : 0) + (here ? 1 : 0)
      refused += (old ? 0 : 1) + (here ? 0 : 1)
      // Beside an old scheduler the desk may book, and that is copied; the people there may not while the hub owns them.
      if (old && ownerBefore === 'hub' && (await ownerOf(clinic)) === 'hub') bothTook += 1
      await sleep(60)
    }
  }
  const working = work()
  const began = performance.now()
  await clinic.handOver(to)
  let kills = 0
  const killing = (async () => {
    for (const [n, afterMs] of killAfterMs.entries()) {
      await sleep(Math.max(0, afterMs - (performance.now() - began)))
      const name = killed[n % killed.length] ?? 'engine'
      const child = stack.child(name)
      child.kill('SIGKILL')
      await child.ended.catch(() => undefined)
      kills += 1
      await stack.restart(name)
    }
  })()
  await killing
  await clinic.handedOver(to, secondsMax)
  const seconds = (performance.now() - began) / 1000
  await sleep(500)
  over = true
  await working
  return { kills, seconds, done, refused, bothTook, missing: (there) => kept.filter(({ id }) => !there.some((one) => one.id === id)).length }
}

const ownerOf = async (clinic: Clinic): Promise<string | undefined> => (await quietly(clinic.state()))?.owner

/** While the old scheduler is down nobody there is told anything. */
const quietly = <T>(work: Promise<T>): Promise<T | undefined> => work.catch((error: Error) => (error instanceof TypeError ? undefined : Promise.reject(error)))
