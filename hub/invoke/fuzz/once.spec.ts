import type { Replay } from '@heliox/core/kit'
import { chargingFlows } from '@heliox/db/billing/unsent-charges'
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
/** They have two names only, so two lanes. */
const moneyFlows = [...chargingFlows]
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
      expect([met.endings.answered, met.endings['by-hand'], met.endings.dropped], 'answered, by hand, dropped').to.not.include(0)
      for (const what of ['held', 'late', ...(replay === 'safe' ? [] : (['reconciled'] as const))] as const) expect(met[what], what).to.be.greaterThan(0)
      expect([...new Set(Object.keys(met.stops).map((stop) => stop.split(' at ')[1]))]).to.have.members([...stopsAt])
    })
  }

  it(`takes money that nobody may take any more, or says that it was not sent when it was (ONCE_SEED=${seed} ONCE_RUNS=${runs})`, async () => {
    const met: Met = nothingMet()
    const perLane = Math.ceil(runs / replays.length / moneyFlows.length)
    const faults = await Promise.all(
      moneyFlows.map(async (flow, lane) => explore(await site.lane(flow), 'keyed', { seed: seed + lane, runs: perLane, path, met })),
    )
    for (const one of faults) if (one) expect.fail(one.report)
    if (runs < runsForAll || process.env.ONCE_SEED !== undefined || path !== undefined) return
    expect(Object.values(met.endings), 'answered, by hand, dropped, unsent').to.not.include(0)
    expect(met.reconciled).to.be.greaterThan(0)
  })

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
  for (const [what, { on: kind, rare, breakage }] of Object.entries(breakages)) {
    const ofMoney = kind === 'money'
    const on = ofMoney ? 'keyed' : kind
    const lanesOf = ofMoney ? moneyFlows.length : lanes
    const laneOf = (name: string, nth: number, broken?: Breakage) =>
      site.lane(ofMoney ? (moneyFlows[nth] ?? '') : `${name}-${what.replaceAll(' ', '-')}`, broken)
    it(`has ${what}: by the smallest sequence that shows it`, async () => {
      const steps = shows[what] ?? []
      await playAll(await laneOf('sound', 0), on, steps)
      const broken = await playAll(await laneOf('broken', 1, breakage), on, steps).catch((error: unknown) => error)
      expect(broken).to.be.instanceOf(BrokenPromise)
    })
    if (rare && runs < runsForRare) continue
    it(`has ${what}: by what comes of a seed`, async () => {
      const over = new AbortController()
      const tries = Array.from({ length: lanesOf }, async (_, lane) => {
        const options = { seed: seed + lane, runs: Math.ceil(Math.max(100, runs) / lanesOf), shrink: false, over: over.signal }
        if (await explore(await laneOf(`seeded-${lane}`, lane, breakage), on, options)) over.abort()
      })
      await Promise.all(tries)
      expect(over.signal.aborted, 'found').to.equal(true)
    })
  }
})
