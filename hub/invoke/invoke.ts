import { canonicalJson, type Envelope, limits, machineMs, operationsOf } from '@heliox/core/kit'
import type { Invoke, Invoked, LedgerStart, StepRef } from '@heliox/core/ports'
import { attempt } from './attempt.ts'
import { about, type InvokeDeps, type Target } from './deps.ts'
import { issuesOf, StepFailure } from './step-failure.ts'

/** The bus delays by up to a minute; a longer wait is taken in pieces. */
const handBackMsMax = 60_000

/**
 * The one path to a partner: parse -> ledger -> breaker -> call -> parse -> fault policy -> ledger.
 *
 * The promise: one effect per ledger key and generation, whatever is redelivered. What is sent are the bytes that the ledger
 * stored with the first attempt. Between `ledger-start` and `ledger-end` a crash leaves a lease that expires; what happened
 * then is UNKNOWN, and the next delivery asks the partner (`reconcile`) or sends again only where that does no harm.
 */
export function makeInvoke(deps: InvokeDeps): Invoke {
  const targets = new Map<string, Target>()
  for (const adapter of deps.adapters) {
    for (const { type, label, operation } of operationsOf(adapter)) targets.set(type, { adapter, name: label, op: operation as Target['op'] })
  }

  return async (type, input, at) => {
    const target = targets.get(type)
    if (!target) throw new StepFailure('bug', `This engine has no operation ${type}.`)
    const parsed = target.op.input.schema.safeParse(input)
    if (!parsed.success) throw new StepFailure('contract', `What the flow handed to ${type} is not ${target.op.input.id} (${issuesOf(parsed.error)}).`)

    const leave = deps.inFlight.enter(`${at.ref.tenantId}/${target.adapter.id}`, target.op.breaker.inFlightMax)
    if (!leave) return { is: 'later', delayMs: limits.handBackMs }
    try {
      return await once(deps, target, canonicalJson(parsed.data), at)
    } finally {
      leave()
    }
  }
}

async function once(deps: InvokeDeps, target: Target, input: string, at: { ref: StepRef; envelope: Envelope }): Promise<Invoked> {
  const { adapter, name, op } = target
  const { ref } = at
  const start = await deps.ledger.start(ref, { partner: adapter.id, operation: name }, input, {
    owner: deps.process,
    // A reconcile may be followed by a call, each with its own limit.
    leaseMs: machineMs(deps.clock, op.breaker.timeoutMs * (op.reconcile ? 2 : 1) + limits.leaseMarginMs),
    replay: op.replay,
    keyedForMs: op.keyedForMs ?? null,
    triesMax: op.retry.attemptsMax,
    envelope: at.envelope,
    now: deps.clock.now(),
  })
  if (start.is === 'held') return { is: 'held' }
  if (start.is === 'busy') return { is: 'later', delayMs: Math.min(Math.max(start.retryAfterMs, limits.handBackMs), handBackMsMax) }
  if (start.is === 'done') return fromLedger(target, start)

  await deps.stop('ledger-start', ref.flow)
  const end = await attempt(deps, target, start, at)
  const recorded = await deps.ledger.end(ref, start.effectId, start.fencing, end, deps.clock.now())
  // The lease was lost meanwhile: our answer is kept beside the row, whoever holds the lease now decides, and the redelivery reads the ledger.
  if (recorded === 'late') {
    deps.log.warn(about(target, ref, start.attempt), 'the lease was lost before the answer could be recorded')
    return { is: 'later', delayMs: limits.handBackMs }
  }
  await deps.stop('ledger-end', ref.flow)
  if (end.is === 'answered') return { is: 'answered', port: end.port, value: end.value, manual: false, suspicions: end.suspicions }
  return end.is === 'retry' ? { is: 'retrying' } : { is: 'held' }
}

/** The answer is there already, from an earlier delivery or by hand; by hand it may be anything, so it is parsed again. */
function fromLedger({ op }: Target, done: Extract<LedgerStart, { is: 'done' }>): Invoked {
  const contract = done.port === 'ok' ? op.output : op.rejection
  const parsed = contract.schema.safeParse(done.value)
  if (!parsed.success) throw new StepFailure('contract', `The answer in the ledger is not ${contract.id} (${issuesOf(parsed.error)}).`)
  return { is: 'answered', port: done.port, value: parsed.data, manual: done.manual, suspicions: done.suspicions }
}
