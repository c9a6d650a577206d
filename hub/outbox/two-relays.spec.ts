import { limits } from '@heliox/core/kit'
import { isPaused } from '@heliox/docker/local/process-tree'
import { expect } from 'chai'
import { postgresSetting, rabbitMqSetting, type Setting } from '../bus/testing/setting.ts'
import { RelayBench, type RelayProcess, until } from './testing.ts'

/** Two processes at once, on a machine that has other things to do. */
const startMsMax = 100_000
/** A full batch for each. */
const rowCount = 2 * limits.outboxBatchMax

interface Moment {
  at: 'claim' | 'publish' | 'confirm' | 'mark'
  /** Of the rows, how many both hold while they stand there. */
  held: number
  /** How often a row of a relay that goes on may come. A stop longer than the wait for confirms means "unknown", and once more. */
  timesMax: 1 | 2
  /** How often a row of the relay that is killed there may come, at the least and at the most. */
  timesOfKilled: readonly [1 | 2, 1 | 2]
}
const moments: readonly Moment[] = [
  { at: 'claim', held: rowCount, timesMax: 1, timesOfKilled: [1, 1] },
  // On its way: nobody knows whether the bus has it.
  { at: 'publish', held: rowCount, timesMax: 2, timesOfKilled: [1, 2] },
  { at: 'confirm', held: rowCount, timesMax: 1, timesOfKilled: [2, 2] },
  { at: 'mark', held: 0, timesMax: 1, timesOfKilled: [1, 1] },
]

/** Where nothing has been said to the bus, or all has been, it does not matter which one it is. */
const settings: [string, Setting, readonly Moment[]][] = [
  ['postgres', postgresSetting(), moments],
  ['rabbitmq', rabbitMqSetting(), moments.filter(({ at }) => at === 'publish' || at === 'confirm')],
]
for (const [bus, setting, ofBus] of settings) {
  describe(`two relays stopped at the same instant, over ${bus}`, function () {
    this.timeout(300_000)
    let bench: RelayBench
    before(async function () {
      if (setting.missing) {
        process.stderr.write(`skipped: ${setting.missing}\n`)
        this.skip()
      }
      if (bus === 'rabbitmq') await setting.start()
    })
    after(async () => {
      if (bus === 'rabbitmq' && !setting.missing) await setting.stop()
    })
    beforeEach(async () => {
      bench = await RelayBench.open(bus === 'rabbitmq' ? setting.config() : undefined)
    })
    afterEach(() => bench.close())

    async function bothStopAt({ at, held }: Moment): Promise<{ ids: string[]; relays: [RelayProcess, RelayProcess] }> {
      const armed = { HUB_BARRIER: `${at}@identity:pause` }
      const relays: [RelayProcess, RelayProcess] = [bench.start('relay-1', armed), bench.start('relay-2', armed)]
      await until('both wait for rows', () => relays.every((relay) => relay.ready()), startMsMax)
      const ids = await bench.addRows(rowCount)
      await until(`both stand at ${at}`, () => relays.every(({ pid }) => isPaused(pid)))
      expect(await bench.pending()).to.equal(held)
      expect(await bench.free(), 'each row is held by one of them').to.equal(0)
      return { ids, relays }
    }
    /** How often each of these came, once all have come and nothing follows. */
    async function times(ids: readonly string[], total: number): Promise<number[]> {
      await until('every row is marked', async () => (await bench.pending()) === 0)
      const taken = await bench.takeFromReporting()
      const ours = new Set(ids)
      const came = (): string[] => taken.filter((id) => ours.has(id))
      await until('every row came', () => new Set(came()).size === ours.size && came().length >= total)
      await new Promise((resolve) => setTimeout(resolve, 500))
      const count = new Map<string, number>()
      for (const id of came()) count.set(id, (count.get(id) ?? 0) + 1)
      return ids.map((id) => count.get(id) ?? 0)
    }

    for (const moment of ofBus) {
      it(`at ${moment.at}: both go on, and every row comes${moment.timesMax === 1 ? ' once' : ''}`, async () => {
        const { ids, relays } = await bothStopAt(moment)
        for (const { child } of relays) child.kill('SIGCONT')
        const came = await times(ids, rowCount)
        expect([Math.min(...came), Math.max(...came) <= moment.timesMax]).to.deep.equal([1, true])
        expect(relays.map(({ child }) => child.exitCode)).to.deep.equal([null, null])
      })

      it(`at ${moment.at}: one is killed, the other goes on with the rows of both`, async () => {
        const { ids, relays } = await bothStopAt(moment)
        const [victim, other] = relays
        victim.child.kill('SIGKILL')
        await victim.ended
        other.child.kill('SIGCONT')
        const [least, most] = moment.timesOfKilled
        const came = await times(ids, rowCount + (least - 1) * limits.outboxBatchMax)
        const twice = came.filter((n) => n === 2).length
        expect(Math.min(...came)).to.equal(1)
        expect(Math.max(...came)).to.be.at.most(2)
        const ofOther = moment.timesMax === 1 ? 0 : limits.outboxBatchMax
        expect(twice).to.be.within((least - 1) * limits.outboxBatchMax, (most - 1) * limits.outboxBatchMax + ofOther)
        expect(other.child.exitCode).to.equal(null)
      })
    }
  })
}
