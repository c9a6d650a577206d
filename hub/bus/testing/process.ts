import { systemClock } from '@heliox/hub/clock'
import { createLog } from '@heliox/hub/log'
import { type BusConfig, openBus, type QueueSpec } from '../index.ts'

/**
 * A process of its own for the contract suite, told by PLAN what to do: declare only, or consume and never answer (to be killed
 * in the middle). Prints one JSON line per delivery.
 */
const plan = JSON.parse(process.env.PLAN ?? '') as { config: BusConfig; queues: QueueSpec[]; consume?: string }
const log = createLog({ level: 'silent', process: 'test', region: 'us-east' })
const bus = await openBus(plan.config, { process: `test-${process.pid}`, log, clock: systemClock() })
await bus.declare(plan.queues)
if (plan.consume === undefined) {
  await bus.close()
  console.log(JSON.stringify({ declared: true }))
} else {
  await bus.consume(plan.consume, { prefetch: 4 }, ({ id }) => {
    console.log(JSON.stringify({ took: id }))
    return new Promise(() => undefined)
  })
  console.log(JSON.stringify({ consuming: true }))
}
