import type { Bus, Delivery, Verdict } from '../index.ts'
import { Bench, postgresSetting, rabbitMqSetting, type Setting } from './setting.ts'

export const ack: Verdict = { is: 'ack' }

interface Given {
  driver: string
  setting: Setting
  /** For one test, closed after it. */
  newBench(): Bench
}

/** One suite, two drivers: whatever is promised in bus.ts is promised by both. Each part of it has a broker and a database of its own. */
export function contract(part: string, promises: (given: Given) => void): void {
  for (const [driver, setting] of Object.entries({ postgres: postgresSetting(), rabbitmq: rabbitMqSetting() })) {
    describe(`the bus on ${driver}, ${part}${setting.missing ? ` (skipped: ${setting.missing})` : ''}`, function () {
      this.timeout(90_000)
      let bench: Bench | undefined
      before(async function () {
        if (setting.missing) {
          if (process.env.REQUIRE_ALL === '1') throw new Error(`${setting.missing}, and REQUIRE_ALL=1`)
          this.skip()
        }
        await setting.start()
      })
      after(async () => {
        if (!setting.missing) await setting.stop()
      })
      afterEach(() => bench?.close())
      const newBench = (): Bench => {
        bench = new Bench(setting)
        return bench
      }
      promises({ driver, setting, newBench })
    })
  }
}

/** Takes everything that comes and answers as told. */
export async function collect(
  bus: Bus,
  queue: string,
  answer: (delivery: Delivery) => Verdict | Promise<Verdict> = () => ack,
  prefetch = 8,
): Promise<Delivery[]> {
  const taken: Delivery[] = []
  await bus.consume(queue, { prefetch }, async (delivery) => {
    taken.push(delivery)
    return answer(delivery)
  })
  return taken
}
