import { Envelope } from '@heliox/core/kit'
import { eventByType } from '@heliox/core/registry'
import { issuesOf } from '../invoke/index.ts'

/** What came from the bus, judged before anything is touched. A refusal becomes a dead letter; its reason names no value. */
export function readEnvelope(body: unknown, region: string): { is: 'ok'; envelope: Envelope } | { is: 'dead'; reason: string } {
  const envelope = Envelope.safeParse(body)
  if (!envelope.success) return { is: 'dead', reason: `not an envelope (${issuesOf(envelope.error)})` }
  const { type, contract } = envelope.data
  // A region is a cell: what belongs to another one is not even looked at here.
  if (envelope.data.region !== region) return { is: 'dead', reason: `belongs to another region than ${region}` }
  const spec = eventByType.get(type)
  if (!spec) return { is: 'dead', reason: `this engine knows no event ${type}` }
  if (spec.contract.id !== contract) return { is: 'dead', reason: `${type} carries ${spec.contract.id}, not ${contract}` }
  const payload = spec.contract.schema.safeParse(envelope.data.payload)
  if (!payload.success) return { is: 'dead', reason: `the payload is not ${contract} (${issuesOf(payload.error)})` }
  return { is: 'ok', envelope: { ...envelope.data, payload: payload.data } }
}
