import type { ItemDecision } from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { soon } from './fake-kit.ts'
import { type OpsAnswer, ok, refused, you } from './fake-ops-answer.ts'
import type { OpsData } from './fake-ops-data.ts'
import { undoMs } from './fake-ops-items.ts'
import { fullInput, readOut } from './fake-ops-shapes.ts'

export function answerItem(data: OpsData, method: string, path: string, body: unknown): OpsAnswer {
  const item = data.overrides.find(({ id }) => path.includes(id))
  if (!item) return refused('not-found', 404)
  if (path.endsWith('/input')) return ok({ input: fullInput })
  if (path.endsWith('/choice')) return ok(data.choice)
  if (path.endsWith('/open')) return ok({ sent: readOut.slice(0, 1), answered: readOut })
  if (method === 'GET') return ok({ item, ...data.detail, decisions: data.decisions.filter(({ overrideId }) => overrideId === item.id) })
  const theirs = item.claim !== null && item.claim.userId !== you.userId
  if (theirs && !path.endsWith('/release')) return { ...refused('claimed'), fields: [{ path: 'claim', message: item.claim?.name ?? '' }] }
  if (path.endsWith('/claim')) {
    item.claim = { ...you, until: soon(0.25) }
    return ok({ overrideId: item.id, claim: item.claim })
  }
  if (path.endsWith('/release')) {
    item.claim = null
    return ok({ overrideId: item.id })
  }
  if (item.status === 'resolved') return refused('already-resolved')
  const asked = body as { action: ItemDecision['action']; decisionId: string; reason: ItemDecision['reason']; option?: number | null }
  const same = data.decisions.find(({ id }) => id === asked.decisionId)
  if (same) return ok(same)
  if (item.decision) return refused('already-decided')
  const waits = data.twoPeople && (asked.action === 'confirm' || asked.action === 'choose')
  const atOnce = asked.action === 'retry'
  const decision: ItemDecision = {
    id: asked.decisionId,
    overrideId: item.id,
    action: asked.action,
    state: waits ? 'proposed' : atOnce ? 'carried-out' : 'scheduled',
    reason: asked.reason,
    by: you,
    at: soon(0),
    second: null,
    carryOutAt: waits ? null : soon(undoMs / 3_600_000),
    undoUntil: waits || atOnce ? null : soon(undoMs / 3_600_000),
    endedAt: null,
    refusedWhy: null,
    bulkReleaseId: null,
    option: asked.option ?? null,
  }
  data.decisions.unshift(decision)
  if (atOnce) Object.assign(item, { status: 'resolved', resolution: 'retry', resolvedBy: you.name, resolvedAt: soon(0) })
  else item.decision = decision
  return ok(decision)
}

export function answerDecision(data: OpsData, path: string): Answer {
  const decision = data.decisions.find(({ id }) => path.includes(id))
  const item = data.overrides.find(({ id }) => id === decision?.overrideId)
  if (!decision || !item) return refused('not-found', 404)
  if (path.endsWith('/open')) return ok({ note: 'Called the payer at 9:10.', content: null })
  if (path.endsWith('/approve')) Object.assign(decision, { state: 'scheduled', second: { ...you, at: soon(0) }, carryOutAt: soon(0.003) })
  else {
    Object.assign(decision, { state: path.endsWith('/undo') ? 'undone' : 'refused', refusedWhy: path.endsWith('/undo') ? null : 'second-person' })
    item.decision = null
  }
  return ok(decision)
}
