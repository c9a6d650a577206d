import type { Bus, BusOptions } from './bus.ts'
import { openPostgresBus } from './postgres/index.ts'
import { openRabbitMq } from './rabbitmq/index.ts'

export * from './bus.ts'
export { busQueues, deadQueue, flowQueue, reportingQueue } from './topology.ts'

/** The bus part of every process's settings (`hub/config`). */
export type BusConfig = { HUB_BUS: 'postgres'; HUB_BUS_DATABASE_URL: string } | { HUB_BUS: 'rabbitmq'; AMQP_URL: string }

export function openBus(config: BusConfig, options: BusOptions): Promise<Bus> {
  return config.HUB_BUS === 'rabbitmq' ? openRabbitMq(config.AMQP_URL, options) : openPostgresBus(config.HUB_BUS_DATABASE_URL, options)
}
