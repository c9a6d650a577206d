import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { approveDecision, openDecision, refuseDecision, undoDecision } from './item-routes.ts'
import { operationOf } from './operation-of.ts'
import { readAnswer, readSent } from './read-out.ts'

/** What becomes of a decision before it is carried out, and what its author wrote. */
export function decisionHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { queue, adapters } = deps

  mount(app, deps, undoDecision, async ({ caller: { user, actor }, params, now }) => {
    const undone = await queue.undo(user.tenantId, params.decisionId, actorText(actor), now)
    if (undone === 'own-only') throw new Refusal('not-yours')
    if (typeof undone === 'string') throw new Refusal(undone)
    return undone
  })

  for (const [route, verdict] of [
    [approveDecision, 'approve'],
    [refuseDecision, 'refuse'],
  ] as const) {
    mount(app, deps, route, async ({ caller: { user, actor }, params, now }) => {
      const judged = await queue.judge(user.tenantId, params.decisionId, verdict, actorText(actor), now)
      if (typeof judged === 'string') throw new Refusal(judged)
      return judged
    })
  }

  mount(app, deps, openDecision, async ({ caller: { user, actor }, params, body, now }) => {
    const opened = found(await queue.openDecision(user.tenantId, params.decisionId, body.purpose, actorText(actor), now))
    if (opened.content === undefined) return { note: opened.note, content: null }
    const item = found(await queue.find(user.tenantId, opened.decision.overrideId, now))
    const asked = item.kind === 'case' ? undefined : operationOf(adapters, item)
    const content = opened.decision.action === 'correct' ? readSent(asked, opened.content) : readAnswer(asked, opened.port ?? 'ok', opened.content)
    return { note: opened.note, content }
  })
}
