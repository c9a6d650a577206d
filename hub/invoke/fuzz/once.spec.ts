import type { Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { breakages } from './breakages.ts'
import { explore, type Met, nothingMet, playAll } from './explore.ts'
import { found, shows } from './shows.ts'
import { type Breakage, openSite, type TestSite } from './site.ts'
import { stopsAt } from './steps.ts'
import { BrokenPromise } from './world.ts'

/** The same sequences for everybody by default, so that a change is judged by what it changed; `ONCE_SEED=$RANDOM ONCE_RUNS=10000` looks further. */
const seed = Number(process.env.ONCE_SEED ?? 20261122)
const path = process.env.ONCE_PATH
const runs = path === undefined ? Number(process.env.ONCE_RUNS ?? 300) : 1
/** Side by side: most of their time is the database's, and on a busy machine waiting for it. */
const lanes = path === undefined ? 8 : 1
/** From here on a run of the default seed meets everything; another may by chance miss a barrier. */
const runsForAll = 300
/** And finds what it finds rarely. */
const runsForRare = 3_000
const replays = ['safe', 'keyed', 'never'] as const satisfies readonly Replay[]

describe('No sequence of crashes, delays, duplicates, reorderings, decisions and version moves', function () {
  this.timeout(4 * 3_600_000)
  let site: TestSite
  before(async () => {
    site = await openSite()
  })
  after(() => site.close())

  for (const replay of replays) {
    it(`has two effects of a ${replay} operation, or loses one (ONCE_SEED=${seed} ONCE_RUNS=${runs})`, async () => {
      const met: Met = nothingMet()
      const perLane = Math.ceil(runs / replays.length / lanes)
      const faults = await Promise.all(
        Array.from({ length: lanes }, async (_, lane) =>
          explore(await site.lane(`${replay}-${lane}`), replay, { seed: seed + lane, runs: perLane, path, met }),
        ),
      )
      for (const one of faults) if (one) expect.fail(one.report)
      if (path !== undefined) return
      expect(met.sequences).to.equal(perLane * lanes)
      if (runs < runsForAll || process.env.ONCE_SEED !== undefined) return
      expect(Object.values(met.endings), 'answered, by hand, dropped').to.not.include(0)
      for (const what of ['held', 'late', ...(replay === 'safe' ? [] : (['reconciled'] as const))] as const) expect(met[what], what).to.be.greaterThan(0)
      expect([...new Set(Object.keys(met.stops).map((stop) => stop.split(' at ')[1]))]).to.have.members([...stopsAt])
    })
  }

  for (const replay of ['keyed', 'never'] as const)
    it(`breaks a ${replay} one again as it did once`, async () => playAll(await site.lane(`once-${replay}`), replay, found[replay]))
})

describe('The run over sequences finds a ledger that', function () {
  this.timeout(4 * 3_600_000)
  let site: TestSite
  before(async () => {
    site = await openSite()
  })
  after(() => site.close())
  const laneOf = (name: string, what: string, breakage?: Breakage) => site.lane(`${name}-${what.replaceAll(' ', '-')}`, breakage)

  for (const [what, { on, rare, breakage }] of Object.entries(breakages)) {
    it(`has ${what}: by the smallest sequence that shows it`, async () => {
      const steps = shows[what] ?? []
      await playAll(await laneOf('sound', what), on, steps)
      const broken = await playAll(await laneOf('broken', what, breakage), on, steps).catch((error: unknown) => error)
      expect(broken).to.be.instanceOf(BrokenPromise)
    })
    if (rare && runs < runsForRare) continue
    it(`has ${what}: by what comes of a seed`, async () => {
      const over = new AbortController()
      const tries = Array.from({ length: lanes }, async (_, lane) => {
        const options = { seed: seed + lane, runs: Math.ceil(Math.max(100, runs) / lanes), shrink: false, over: over.signal }
        if (await explore(await laneOf(`seeded-${lane}`, what, breakage), on, options)) over.abort()
      })
      await Promise.all(tries)
      expect(over.signal.aborted, 'found').to.equal(true)
    })
  }
})
