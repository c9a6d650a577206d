import { type Clock, type Envelope, isoNow, type Log, limits, type Stop } from '@heliox/core/kit'
import type { FlowStore } from '@heliox/core/ports'
import type { InFlight } from '../breaker/index.ts'
import type { Verdict } from '../bus/index.ts'
import { errorFields } from '../log/index.ts'
import { isTransient } from '../rounds/index.ts'
import type { Deliveries, OpenDelivery, Pinned, Settlement } from './deliveries.ts'
import { readEnvelope } from './read-envelope.ts'
import type { LoadedRelease, Releases } from './releases.ts'
import { firstMessage, type HubMessage, settleError } from './settlement.ts'

/** How long a delivery is handed back for an engine that has its release, before a person is asked. A rollout takes less. */
const releaseWaitMsMax = 60_000
const releaseHandBackMsMax = 15_000
/** Not seen here for so long: another engine has taken it. */
const forgetWaitMs = 300_000

interface DispatcherDeps {
  region: string
  releases: Releases
  flows: FlowStore
  deliveries: Deliveries
  /** Open deliveries per flow and tenant. */
  inFlight: InFlight
  inject(nodeId: string, message: HubMessage): void
  clock: Clock
  stop: Stop
  log: Log
}

/**
 * One flow's deliveries, from the bus to the answer to the bus.
 *
 * The order matters: refuse what may not run here, fix the version (the pin, before anything else is written), run, write how
 * it ended, acknowledge. A crash anywhere in between leaves the message with the bus; the pin, the ledger and the inboxes make
 * the second delivery repeat nothing.
 */
export function makeDispatcher(flow: string, deps: DispatcherDeps): (body: unknown) => Promise<Verdict> {
  const { region, releases, flows, deliveries, inFlight, clock, stop, log } = deps
  const waits = makeWaits()

  return async (body) => {
    const read = readEnvelope(body, region)
    if (read.is === 'dead') return read
    const { envelope } = read
    await stop('consume', flow)
    const leave = inFlight.enter(`${flow}/${envelope.tenantId}`, tenantShare(releases.newest(flow)))
    if (!leave) return { is: 'later', delayMs: limits.handBackMs }
    try {
      return await deliver(envelope)
    } catch (error) {
      if (!isTransient(error)) throw error
      log.warn({ flow, rootId: envelope.rootId, tenantId: envelope.tenantId, ...errorFields(error) }, 'storage could not be reached; handed back')
      return { is: 'later', delayMs: limits.handBackMs }
    } finally {
      leave()
    }
  }

  async function deliver(envelope: Envelope): Promise<Verdict> {
    const pin = await flows.pin(envelope, flow, clock.now())
    if (pin.is === 'settled') return acked()
    const release = await releases.ensure(flow, pin.version)
    if (!release) return withoutRelease(envelope, pin)
    waits.end(envelope.rootId)
    const entry = release.entry(envelope.type)
    if (!entry) return { is: 'dead', reason: `${flow}@${pin.version} is not entered by ${envelope.type}` }

    const delivery = deliveries.open(envelope, pin, isoNow(clock))
    const end = await run(delivery, entry, release.manifest.maxSeconds)
    if (end.is === 'later') return end
    await record(delivery, end)
    return acked()
  }

  /** For another engine at first, less and less often; then it waits for a person, who may move it to a version that runs. */
  async function withoutRelease(envelope: Envelope, { version, ledgerMonth }: Pinned): Promise<Verdict> {
    const { rootId, tenantId, intakeId } = envelope
    const waitedMs = waits.seen(rootId, clock.now().getTime())
    if (waitedMs < releaseWaitMsMax) {
      if (waitedMs === 0) log.warn({ flow, version, rootId }, 'this engine cannot run the pinned release; handed back')
      return { is: 'later', delayMs: Math.min(Math.max(waitedMs, limits.handBackMs), releaseHandBackMsMax) }
    }
    log.error({ flow, version, rootId, tenantId }, 'no engine can run the pinned release; the delivery waits for a person')
    const staffText = `No engine can run ${flow}@${version}, which this delivery began on. Nothing was lost; an engineer must bring that release back or move it.`
    await flows.holdBug({ tenantId, rootId, flow, version, step: 'consume', intakeId, ledgerMonth }, 'bug', staffText, envelope, clock.now())
    await flows.settle(envelope, flow, 'held', clock.now())
    // After both writes: while storage is away, the next try holds at once.
    waits.end(rootId)
    return acked()
  }

  async function run(delivery: OpenDelivery, entry: string, maxSeconds: number): Promise<Settlement> {
    const overdue = setTimeout(() => {
      const step = delivery.at
      delivery.settle({ is: 'failed', cause: 'overdue', step, staffText: `"${step}" took longer than the ${maxSeconds} s that this flow allows.` })
    }, maxSeconds * 1000)
    try {
      deps.inject(entry, firstMessage(delivery, delivery.envelope))
    } catch (error) {
      settleError(delivery, delivery.at, error, log)
    }
    try {
      return await delivery.settled
    } finally {
      clearTimeout(overdue)
    }
  }

  async function record(delivery: OpenDelivery, end: Exclude<Settlement, { is: 'later' }>): Promise<void> {
    const { envelope } = delivery
    if (end.is === 'failed') {
      await flows.holdBug(delivery.ref(end.step), end.cause, end.staffText.slice(0, limits.freeTextCharsMax), envelope, clock.now())
    }
    await flows.settle(envelope, flow, end.is === 'failed' ? 'held' : end.is, clock.now())
  }

  async function acked(): Promise<Verdict> {
    await stop('ack', flow)
    return { is: 'ack' }
  }
}

/** Half of what a flow may have open in one engine: one clinic's burst always leaves room for another's first. */
function tenantShare(release: LoadedRelease | undefined): number {
  return Math.max(1, Math.ceil((release?.manifest.maxInFlight ?? 2) / 2))
}

/** Since when deliveries have been waiting for their release, as far as this engine has seen. The order is that of the last sight. */
function makeWaits() {
  const waits = new Map<string, { sinceMs: number; seenMs: number }>()
  return {
    /** How long it has been waiting. */
    seen(rootId: string, nowMs: number): number {
      const sinceMs = waits.get(rootId)?.sinceMs ?? nowMs
      waits.delete(rootId)
      waits.set(rootId, { sinceMs, seenMs: nowMs })
      for (const [other, { seenMs }] of waits) {
        if (nowMs - seenMs < forgetWaitMs) break
        waits.delete(other)
      }
      return nowMs - sinceMs
    },
    end(rootId: string): void {
      waits.delete(rootId)
    },
  }
}
