import { actorText, type CorrectionFields } from '@heliox/core/identity'
import { clinicCountryOf } from '@heliox/core/kit'
import { correctsAnswers, needsSecond } from '@heliox/core/messaging'
import type { NewDecision, QueueItem, StaffPerson } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { choiceOf } from './choice.ts'
import {
  claimOverride,
  decideOverride,
  getOpsRules,
  getOverride,
  listOverrides,
  listViews,
  listWaiting,
  openAttempt,
  openChoice,
  openOverrideInput,
  releaseOverride,
  removeView,
  saveOpsRules,
  saveView,
} from './item-routes.ts'
import { allowedOf, viewOf } from './item-view.ts'
import { factsOf, operationOf, shapesOf } from './operation-of.ts'
import { readAnswer, readSent } from './read-out.ts'
import { wishOf } from './wish.ts'

/** Another person has it: who, so that one can ask them. */
export const claimedBy = (by: StaffPerson): Refusal => new Refusal('claimed', [{ path: 'claim', message: by.name }])

/** What waits for a person. Every look-up is the signed-in clinic's own; what opens patient data is audited in the commit that fetches it. */
export function itemHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { queue, adapters, clinic } = deps
  const operation = (item: QueueItem) => operationOf(adapters, item)

  /** Another insurer must be one that we can ask; found out while the person is still there, and not when it is carried out. */
  async function refuseUnknownPayer(wish: NewDecision): Promise<void> {
    if (wish.action !== 'correct' || !('fields' in wish)) return
    for (const name of ['payerId', 'secondPayerId'] as const) {
      const payerId = (wish.content as CorrectionFields)[name]
      if (payerId === undefined || (await deps.intakes.payers()).some((payer) => payer.id === payerId)) continue
      throw new Refusal('invalid', [{ path: `input.${name}`, message: 'must be one of the listed insurers' }])
    }
  }

  mount(app, deps, listOverrides, async ({ caller: { user }, query, now }) => {
    const { mine, proposed, grouped, ...filter } = query
    const wished = { ...filter, mine: mine === 'true', proposed: proposed === 'true', grouped: grouped === 'true' }
    const page = await queue.list(user.tenantId, wished, user.userId, now)
    return { ...page, items: page.items.map(viewOf) }
  })

  mount(app, deps, getOverride, async ({ caller: { user }, params, now }) => {
    const item = found(await queue.find(user.tenantId, params.overrideId, now))
    const { confirmNeedsTwo } = await queue.rules(user.tenantId)
    const asked = operation(item)
    const history = await queue.history(user.tenantId, item, now)
    return { item: viewOf(item), allowed: allowedOf(item, asked, confirmNeedsTwo), shapes: asked ? shapesOf(asked) : null, ...history }
  })

  mount(app, deps, openOverrideInput, async ({ caller: { user, actor }, params, body, now }) => {
    // The store audits in the commit that opens it: an unaudited look is not possible.
    return { input: found(await queue.input(user.tenantId, params.overrideId, body.purpose, actorText(actor), now)) }
  })

  mount(app, deps, openChoice, async ({ caller: { user, actor }, params, body, now }) => {
    const item = found(await queue.find(user.tenantId, params.overrideId, now))
    const compare = found(choiceOf(operation(item)))
    const home = clinicCountryOf(await clinic.tenant(user.tenantId))
    return compare(found(await queue.options(user.tenantId, item.id, body.purpose, actorText(actor), now)), home)
  })

  mount(app, deps, openAttempt, async ({ caller: { user, actor }, params, body, now }) => {
    const opened = found(await queue.openAttempt(user.tenantId, params.overrideId, params.attemptId, body.purpose, actorText(actor), now))
    const asked = operationOf(adapters, opened)
    return {
      sent: opened.sent === undefined ? null : readSent(asked, opened.sent),
      answered: opened.answered ? readAnswer(asked, opened.answered.port, opened.answered.value) : null,
    }
  })

  mount(app, deps, claimOverride, async ({ caller: { user }, params, now }) => {
    const claimed = await queue.claim(user.tenantId, params.overrideId, user.userId, now)
    if (claimed.is === 'taken') throw claimedBy(claimed.by)
    if (claimed.is !== 'claimed') throw new Refusal(claimed.is)
    return { overrideId: params.overrideId, claim: claimed.claim }
  })

  mount(app, deps, releaseOverride, async ({ caller: { user }, params, now }) => {
    const released = await queue.release(user.tenantId, params.overrideId, user.userId, now)
    if (released !== 'released') throw new Refusal(released)
    return { overrideId: params.overrideId }
  })

  mount(app, deps, decideOverride, async ({ caller: { user, actor }, params, body, now }) => {
    const item = found(await queue.find(user.tenantId, params.overrideId, now))
    const known = await queue.decision(user.tenantId, body.decisionId)
    // Decided before: the item may have gone on since, and the same answer is given all the same.
    const opened = !known && body.action === 'choose' ? await queue.options(user.tenantId, item.id, 'compare-with-chart', actorText(actor), now) : undefined
    const wish = known ? body : wishOf(openOnly(item), operation(item), body, opened?.options)
    if (!known && 'content' in wish) await refuseUnknownPayer(wish)
    const about = { correctsAnswers: correctsAnswers(item, factsOf(operation(item))), port: body.action === 'answer' ? body.port : undefined }
    const second = (twoPeople: boolean) => needsSecond(body.action, about, twoPeople)
    const decided = await queue.decide(user.tenantId, item.id, wish, second, actorText(actor), now)
    if (decided.is === 'claimed') throw claimedBy(decided.by)
    if (decided.is !== 'decided') throw new Refusal(decided.is)
    return decided.decision
  })

  mount(app, deps, listWaiting, async ({ caller: { user }, query }) => queue.waiting(user.tenantId, query))

  mount(app, deps, listViews, async ({ caller: { user } }) => ({ items: await queue.views(user.tenantId, user.userId) }))

  mount(app, deps, saveView, async ({ caller: { user }, params, body, now }) => {
    const saved = await queue.saveView(user.tenantId, user.userId, params.viewId, body, now)
    if (saved === 'not-found') throw new Refusal('not-found')
    if (saved === 'too-many') throw new Refusal('too-many-views')
    return { ...body, id: params.viewId }
  })

  mount(app, deps, removeView, async ({ caller: { user }, params, now }) => {
    if (!(await queue.removeView(user.tenantId, user.userId, params.viewId, now))) throw new Refusal('not-found')
    return { id: params.viewId }
  })

  mount(app, deps, getOpsRules, async ({ caller: { user } }) => queue.rules(user.tenantId))

  mount(app, deps, saveOpsRules, async ({ caller: { user, actor }, body, now }) => {
    await queue.saveRules(user.tenantId, body, actorText(actor), now)
    return body
  })
}

function openOnly(item: QueueItem): QueueItem {
  if (item.status === 'resolved') throw new Refusal('already-resolved')
  return item
}
