import type { Suspicion } from '@heliox/core/billing'
import type { Envelope, Log, NodeSpec } from '@heliox/core/kit'
import { heldContract, limits } from '@heliox/core/kit'
import type { FlowNode, StepHandler, StepOutcome } from '@heliox/core/ports'
import { StepFailure } from '../invoke/index.ts'
import { errorFields } from '../log/index.ts'
import { isTransient } from '../rounds/index.ts'
import type { Deliveries, OpenDelivery } from './deliveries.ts'

/** What travels between nodes. Ids, codes and handles: Node-RED may clone it, print it, keep it. */
export interface HubMessage {
  hub: { deliveryId: string; rootId: string; flow: string; version: number; contract: string; manual: boolean; suspicions: readonly Suspicion[] }
  payload: unknown
}

export function firstMessage(delivery: OpenDelivery, envelope: Envelope): HubMessage {
  const { id: deliveryId, flow, version } = delivery
  return { hub: { deliveryId, rootId: envelope.rootId, flow, version, contract: envelope.contract, manual: false, suspicions: [] }, payload: envelope.payload }
}

/**
 * The wrapper around every node's input handler. It is the only place where a node meets Node-RED, and it promises:
 * whatever a handler does, throws or rejects with settles that one delivery, and nothing reaches Node-RED or the process
 * (an async handler that throws ends Node-RED); and a message whose delivery has settled goes no further.
 */
export function makeAttach({ deliveries, log }: { deliveries: Deliveries; log: Log }) {
  return (node: FlowNode, spec: NodeSpec, handler: StepHandler): void => {
    const name = node.name ?? node.id
    // `run` never rejects. `done` is called without an error in every case: the error has been dealt with here.
    node.on('input', (msg, send, done) => void run(msg, send).finally(done))

    async function run(msg: unknown, send: (outputs: unknown[]) => void): Promise<void> {
      const message = msg as HubMessage
      const delivery = deliveries.get(message.hub?.deliveryId)
      if (!delivery) return
      delivery.at = name
      try {
        if (spec.in !== null && spec.in !== 'any' && message.hub.contract !== spec.in) {
          throw new StepFailure('contract', `This step takes ${spec.in} and was handed ${message.hub.contract}.`)
        }
        const outcome = await handler(delivery.unwrap(message.payload), {
          ref: delivery.ref(name),
          envelope: delivery.envelope,
          beganAt: delivery.beganAt,
          manual: message.hub.manual,
          suspicions: message.hub.suspicions,
        })
        // Overdue meanwhile: what the handler did is in the ledger or the inbox, and the next delivery finds it there.
        if (deliveries.get(delivery.id)) follow(delivery, message, outcome, send)
      } catch (error) {
        settleError(delivery, name, error, log)
      }
    }

    function follow(delivery: OpenDelivery, message: HubMessage, outcome: StepOutcome, send: (outputs: unknown[]) => void): void {
      switch (outcome.is) {
        case 'settle':
          delivery.settle({ is: outcome.outcome })
          return
        case 'later':
          delivery.settle(outcome)
          return
        case 'pass':
          forward('ok', message, 'done')
          return
        case 'held':
          forward('held', { ...message, hub: { ...message.hub, contract: heldContract }, payload: null }, 'held')
          return
        case 'next': {
          const { contract, manual, suspicions } = outcome
          const hub = { ...message.hub, contract: contract.id, manual, suspicions }
          forward(outcome.port, { ...message, hub, payload: delivery.wrap(contract, outcome.value) }, 'done')
          return
        }
      }
      function forward(port: string, next: HubMessage, whenOpen: 'done' | 'held'): void {
        const index = spec.ports.findIndex((candidate) => candidate.name === port)
        // An open port is where the checker allowed the flow to end.
        if (index < 0 || !node.wires[index]?.length) {
          delivery.settle({ is: whenOpen })
          return
        }
        send(spec.ports.map((_port, i) => (i === index ? next : null)))
      }
    }
  }
}

/** An outage of our own storage is nobody's bug: the delivery comes back later. Everything else waits for a person. */
export function settleError(delivery: OpenDelivery, step: string, error: unknown, log: Log): void {
  const fields = { tenantId: delivery.envelope.tenantId, rootId: delivery.envelope.rootId, flow: delivery.flow, version: delivery.version, step }
  if (isTransient(error)) {
    log.warn({ ...fields, ...errorFields(error) }, 'storage could not be reached; the delivery is handed back')
    delivery.settle({ is: 'later', delayMs: limits.handBackMs })
    return
  }
  const known = error instanceof StepFailure
  log.error({ ...fields, ...errorFields(error), ...(known ? { text: error.message } : {}) }, 'a step failed; the delivery waits for a person')
  delivery.settle({
    is: 'failed',
    step,
    cause: known ? error.holdCause : 'bug',
    staffText: known ? error.message : `Something went wrong on our side at "${step}". Nothing was lost; an engineer must look.`,
  })
}
