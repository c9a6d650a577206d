import { type FlowPalette, manifestOf } from '@heliox/core/flows'
import type { Adapter, Clock, Log, ObjectStore, Stop } from '@heliox/core/kit'
import type {
  ApplyStore,
  BatchStore,
  BreakerStore,
  BulkTurnStore,
  ConnectionStore,
  ControlNumberStore,
  DecisionStore,
  DuesStore,
  EffectLedger,
  EndingStore,
  FlowStore,
  LedgerMonths,
  LockStore,
  OutgoingStore,
  PayerStore,
  PhiStore,
  PlausibilityStore,
  Projector,
  QuarantineStore,
  ReceiveStore,
  RecheckStore,
  ReminderStore,
  ScheduleRounds,
} from '@heliox/core/ports'
import { makeBreakers, makeInFlight } from '../breaker/index.ts'
import { startBulkTurns } from '../bulk/index.ts'
import { type Bus, busQueues, flowQueue, reportingQueue } from '../bus/index.ts'
import { startDecisions } from '../decide/index.ts'
import { startDues } from '../dues/index.ts'
import { startEndings } from '../endings/index.ts'
import { makeInvoke, startLedgerMonths } from '../invoke/index.ts'
import { startQuarantine } from '../quarantine/index.ts'
import { type ReceiveDeps, startReceiving } from '../receive/index.ts'
import { startRechecks } from '../recheck/index.ts'
import { startReminders } from '../reminders/index.ts'
import { startComparisons } from '../schedule/index.ts'
import { makeDeliveries } from './deliveries.ts'
import { makeDispatcher } from './dispatcher.ts'
import { bootNodeRed } from './node-red-host.ts'
import { makeReleases, type Releases, type ShippedFlow } from './releases.ts'
import { makeReporting } from './reporting.ts'
import { makeAttach, settleError } from './settlement.ts'

export interface EngineOptions {
  region: string
  production: boolean
  /** What patients and partners reach the hub at. */
  publicUrl?: string | undefined
  /** `engine-1` */
  process: string
  stores: {
    flows: FlowStore
    ledger: EffectLedger
    ledgerMonths: LedgerMonths
    breakers: BreakerStore
    plausibility: PlausibilityStore
    applies: ApplyStore
    phi: PhiStore
    payers: PayerStore
    rechecks: RecheckStore
    dues: DuesStore
    quarantine: QuarantineStore
    endings: EndingStore
    outgoing: OutgoingStore
    reminders: ReminderStore
    decisions: DecisionStore
    connections: ConnectionStore
    numbers: ControlNumberStore
    locks: LockStore
    receive: ReceiveStore
    batches: BatchStore
    bulkTurns: BulkTurnStore
    scheduleRounds: ScheduleRounds
    projector: Projector
  }
  adapters: readonly Adapter[]
  objects: ObjectStore
  bus: Bus
  batching: ReceiveDeps['batching']
  palette: FlowPalette
  shipped: readonly ShippedFlow[]
  /** For Node-RED's user folder; a temporary one when left out. */
  folder?: string
  clock: Clock
  stop: Stop
  log: Log
  random?: () => number
}

export interface Engine {
  /**
   * Takes no more messages, lets open deliveries settle, gives up the calls that do not end, then stops Node-RED. What does not settle
   * even so the bus delivers again.
   */
  close(): Promise<void>
  openDeliveries(): number
}

/** Events waiting to be shown; each is one short commit. */
const reportingPrefetch = 32
/** For what runs to end by itself. With what follows, an engine ends within five seconds; the local supervisor allows eight. */
const politeMsMax = 2_000
/** For what is given up to be written down: longer than the grace that a call has after it was told. */
const recordMsMax = 1_500

/** Everything of one engine, started in an order in which no message meets a half-built one. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { stores, bus, clock, stop, log, region } = options
  const deliveries = makeDeliveries()
  const ending = new AbortController()
  const breakers = makeBreakers({ store: stores.breakers, clock, log })
  const invoke = makeInvoke({
    adapters: options.adapters,
    ledger: stores.ledger,
    connections: stores.connections,
    objects: options.objects,
    numbers: stores.numbers,
    locks: stores.locks,
    plausibility: stores.plausibility,
    payers: stores.payers,
    breakers,
    inFlight: makeInFlight(),
    log,
    clock,
    stop,
    ending: ending.signal,
    process: options.process,
    production: options.production,
    publicUrl: options.publicUrl,
    random: options.random ?? Math.random,
  })
  const host = await bootNodeRed({
    folder: options.folder,
    log,
    onNodeError(message, step, error) {
      const delivery = deliveries.get((message as { hub?: { deliveryId?: string } } | undefined)?.hub?.deliveryId)
      if (delivery) settleError(delivery, step, error, log)
    },
    runtime: {
      services: {
        invoke,
        applies: stores.applies,
        phi: stores.phi,
        payers: stores.payers,
        messages: stores.outgoing,
        connections: stores.connections,
        publicUrl: options.publicUrl,
        clock,
        stop,
        process: options.process,
      },
      attach: makeAttach({ deliveries, log }),
    },
  })
  const open: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    const closed = Promise.allSettled(open.map((part) => part.close()))
    // A partner may take longer than we may: what still runs then ends as unknown, with its next try, and nobody waits for its lease.
    await within(politeMsMax, closed)
    ending.abort()
    await within(recordMsMax, closed)
    await breakers.close()
    await host.stop()
  }
  try {
    // Before the first call: whom to leave alone was known to other engines, and to this one before it ended.
    await breakers.start()
    open.push(await startLedgerMonths({ months: stores.ledgerMonths, clock, log }))
    const releases = makeReleases({ host, flows: stores.flows, palette: options.palette, clock, log })
    await releases.loadShipped(options.shipped)
    const flows = flowsOf(options.shipped, releases)
    await bus.declare(busQueues(flows))
    for (const { name, maxInFlight } of flows) {
      const dispatch = makeDispatcher(name, {
        region,
        releases,
        flows: stores.flows,
        deliveries,
        inFlight: makeInFlight(),
        inject: host.inject,
        clock,
        stop,
        log,
      })
      open.push(await bus.consume(flowQueue(name), { prefetch: maxInFlight }, ({ body }) => dispatch(body)))
    }
    const report = makeReporting({ region, projector: stores.projector, clock, log })
    open.push(await bus.consume(reportingQueue, { prefetch: reportingPrefetch }, ({ body }) => report(body)))
    open.push(
      startReceiving({
        region,
        adapters: options.adapters,
        files: stores.receive,
        batches: stores.batches,
        connections: stores.connections,
        numbers: stores.numbers,
        locks: stores.locks,
        objects: options.objects,
        batching: options.batching,
        clock,
        stop,
        log,
        production: options.production,
        process: options.process,
      }),
    )
    open.push(startBulkTurns({ region, turns: stores.bulkTurns, connections: stores.connections, clock, log }))
    open.push(startDecisions({ region, decisions: stores.decisions, connections: stores.connections, clock, log, process: options.process }))
    open.push(startRechecks({ region, rechecks: stores.rechecks, connections: stores.connections, clock, log, process: options.process }))
    open.push(startReminders({ region, reminders: stores.reminders, connections: stores.connections, clock, log, process: options.process }))
    open.push(startQuarantine({ region, quarantine: stores.quarantine, objects: options.objects, connections: stores.connections, clock, log }))
    open.push(startEndings({ region, endings: stores.endings, connections: stores.connections, clock, log }))
    open.push(startDues({ region, dues: stores.dues, connections: stores.connections, clock, log, process: options.process }))
    open.push(startComparisons({ region, schedules: stores.scheduleRounds, connections: stores.connections, clock, log, process: options.process }))
  } catch (error) {
    await close()
    throw error
  }
  return { close, openDeliveries: () => deliveries.size() }
}

/** One queue and one dispatcher per flow, for every version of it that ships; a queue takes what any of them enters by. */
function flowsOf(shipped: readonly ShippedFlow[], releases: Releases): { name: string; enters: string[]; maxInFlight: number }[] {
  return [...new Set(shipped.map(({ name }) => name))].map((name) => {
    const enters = shipped.filter((flow) => flow.name === name).flatMap(({ release }) => manifestOf(release).enters)
    return { name, enters: [...new Set(enters)], maxInFlight: releases.newest(name)?.manifest.maxInFlight ?? 1 }
  })
}

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
