import { canonicalJson } from '@heliox/core/kit'
import { withoutKeys } from '@heliox/core/messaging'
import type { ItemDecision, QueueItem, QueueStore } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import { nextAskingOf, waitingRechecks } from './billing/waiting-rechecks.ts'
import { knownPayers, payerNames } from './catalog/payers.ts'
import { fetchDocument, openDocument, sealDocument } from './identity/documents.ts'
import { staffNames } from './identity/people.ts'
import { attemptsKey, findAttempt, listAttempts } from './messaging/attempts.ts'
import { claimItem, releaseItem } from './messaging/claims.ts'
import { peopleOf, toDecision } from './messaging/decision-view.ts'
import {
  type DecisionRow,
  decisionsOf,
  decisionsUnderWay,
  findDecision,
  insertDecision,
  judgeDecision,
  mayDecide,
  undoDecision,
  userOf,
} from './messaging/decisions.ts'
import { countItems, groupItems, itemChoice, itemInputId, itemsById, type ListFilter, listItems } from './messaging/list-items.ts'
import { opsRules, saveOpsRules } from './messaging/ops-rules.ts'
import { queuePage } from './messaging/queue-page.ts'
import { type ItemRow, toItem, unknownPerson } from './messaging/queue-rows.ts'
import { listViews, removeView, saveView } from './messaging/saved-views.ts'
import { waitingTries } from './messaging/waiting-tries.ts'
import { visitTimes } from './reporting/journeys.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** What waits for a person, as the API needs it. Each method is one transaction of one tenant; no SQL is written here. */
export function makeQueue({ pool, vault, process, wake }: Deps): QueueStore {
  const reader = `service:${process}`
  const changed = (tenantId: string, id: string): void => wake.ops({ tenantId, is: 'item', id })
  const one = async (tx: Tx, row: DecisionRow | undefined): Promise<ItemDecision | undefined> => row && toDecision(row, await staffNames(tx, peopleOf([row])))
  const existing = async (tx: Tx, id: string): Promise<ItemDecision> => {
    const decision = await one(tx, await findDecision(tx, id))
    if (!decision) throw new Error('a decision is gone that was just there')
    return decision
  }
  return {
    list: (tenantId, filter, userId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const wanted: ListFilter = { ...filter, userId, now }
        const counted = await countItems(tx, wanted)
        const groups = await groupItems(tx, wanted, counted)
        const page = await listItems(tx, wanted, filter.grouped ? groups.map((group) => group.incidentId) : [])
        const names = await payerNames(tx, [...new Set([...counted, ...groups].flatMap((row) => row.payerId ?? []))])
        return { ...queuePage(counted, groups, names, filter), items: await withNames(tx, page.items, now), nextCursor: page.nextCursor }
      }),
    find: (tenantId, id, now) => withTenant(pool, tenantId, reader, async (tx) => (await withNames(tx, await itemsById(tx, [id]), now))[0]),
    some: (tenantId, ids, now) => withTenant(pool, tenantId, reader, async (tx) => withNames(tx, await itemsById(tx, ids), now)),
    history: (tenantId, item) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const key = await attemptsKey(tx, item.id)
        const rows = await decisionsOf(tx, item.id)
        const people = await staffNames(tx, peopleOf(rows))
        const next = item.requestId ? await nextAskingOf(tx, item.requestId) : null
        return {
          attempts: key ? await listAttempts(tx, key) : [],
          decisions: rows.map((row) => toDecision(row, people)),
          nextTryAt: next?.toISOString() ?? null,
        }
      }),
    async input(tenantId, id, purpose, actor, now) {
      await vault.warm(tenantId)
      const sealed = await withTenant(pool, tenantId, actor, async (tx) => {
        const documentId = await itemInputId(tx, id)
        return documentId === undefined ? undefined : fetchDocument(tx, documentId, purpose, now)
      })
      return sealed && withoutKeys(JSON.parse(await openDocument(vault, tenantId, sealed)))
    },
    async options(tenantId, id, purpose, actor, now) {
      await vault.warm(tenantId)
      const sealed = await withTenant(pool, tenantId, actor, async (tx) => {
        const choice = await itemChoice(tx, id)
        return choice && { asked: await fetchDocument(tx, choice.inputId, purpose, now), options: await fetchDocument(tx, choice.optionsId, purpose, now) }
      })
      if (!sealed) return undefined
      const open = async (one: typeof sealed.asked): Promise<unknown> => JSON.parse(await openDocument(vault, tenantId, one))
      return { asked: await open(sealed.asked), options: await open(sealed.options) }
    },
    async openAttempt(tenantId, id, attemptId, purpose, actor, now) {
      await vault.warm(tenantId)
      const fetched = await withTenant(pool, tenantId, actor, async (tx) => {
        const key = await attemptsKey(tx, id)
        const attempt = key && (await findAttempt(tx, key, attemptId))
        if (!attempt) return undefined
        const fetch = (documentId: string | null) => (documentId ? fetchDocument(tx, documentId, purpose, now) : undefined)
        return { attempt, sent: await fetch(attempt.inputDocumentId), answered: await fetch(attempt.answerDocumentId) }
      })
      if (!fetched) return undefined
      const open = async (sealed: Awaited<ReturnType<typeof fetchDocument>>): Promise<unknown> => JSON.parse(await openDocument(vault, tenantId, sealed))
      const { attempt, sent, answered } = fetched
      const told = answered && (await open(answered))
      return {
        partner: attempt.partner,
        operation: attempt.operation,
        sent: sent && withoutKeys(await open(sent)),
        answered:
          answered &&
          (attempt.late ? (told as { port: 'ok' | 'rejected'; value: unknown }) : { port: attempt.choice ? 'choice' : (attempt.port ?? 'ok'), value: told }),
      }
    },
    async claim(tenantId, id, userId, now) {
      const result = await withTenant(pool, tenantId, `user:${userId}`, async (tx) => {
        const claimed = await claimItem(tx, id, userId, now)
        if (claimed.is === 'not-found' || claimed.is === 'already-resolved') return claimed
        const who = claimed.is === 'taken' ? claimed.by : userId
        const person = { userId: who, name: (await staffNames(tx, [who])).get(who) ?? unknownPerson }
        if (claimed.is === 'taken') return { is: 'taken' as const, by: person }
        return { is: 'claimed' as const, claim: { ...person, until: claimed.until.toISOString() } }
      })
      if (result.is === 'claimed') changed(tenantId, id)
      return result
    },
    async release(tenantId, id, userId) {
      const released = await withTenant(pool, tenantId, `user:${userId}`, (tx) => releaseItem(tx, id, userId))
      if (released === 'released') changed(tenantId, id)
      return released
    },
    async decide(tenantId, id, wish, needsSecond, actor, now) {
      await vault.warm(tenantId)
      const result = await withTenant(pool, tenantId, actor, async (tx) => {
        const may = await mayDecide(tx, id, now)
        const known = await findDecision(tx, wish.decisionId)
        if (known) {
          const same =
            known.overrideId === id && known.action === wish.action && known.chosenOption === (wish.option ?? null) && known.decidedBy === userOf(actor)
          return same ? { is: 'decided' as const, decision: await existing(tx, known.id) } : { is: 'decision-conflict' as const }
        }
        if (may.is === 'claimed') {
          return { is: may.is, by: { userId: may.by, name: (await staffNames(tx, [may.by])).get(may.by) ?? unknownPerson } }
        }
        if (may.is !== 'free') return may
        const intakeId = (await itemsById(tx, [id]))[0]?.intakeId ?? null
        const noteDocumentId = await sealDocument(tx, vault, { kind: 'override-note', intakeId, text: wish.note }, now)
        const text = wish.content === undefined ? undefined : canonicalJson(wish.content)
        const contentDocumentId = text === undefined ? null : await sealDocument(tx, vault, { kind: 'decision-content', intakeId, text }, now)
        const { content: _, note: __, option, ...kept } = wish
        const second = needsSecond((await opsRules(tx)).confirmNeedsTwo)
        await insertDecision(tx, { ...kept, chosenOption: option ?? null, overrideId: id, noteDocumentId, contentDocumentId, needsSecond: second }, now)
        return { is: 'decided' as const, decision: await existing(tx, wish.decisionId) }
      })
      if (result.is === 'decided') changed(tenantId, id)
      return result
    },
    decision: (tenantId, decisionId) => withTenant(pool, tenantId, reader, async (tx) => one(tx, await findDecision(tx, decisionId))),
    async undo(tenantId, decisionId, actor, now) {
      const result = await withTenant(pool, tenantId, actor, async (tx) => {
        const undone = await undoDecision(tx, decisionId, now)
        return undone === 'undone' ? existing(tx, decisionId) : undone
      })
      if (typeof result === 'object') changed(tenantId, result.overrideId)
      return result
    },
    async judge(tenantId, decisionId, verdict, actor, now) {
      const result = await withTenant(pool, tenantId, actor, async (tx) => {
        const judged = await judgeDecision(tx, decisionId, verdict, now)
        return judged === 'judged' ? existing(tx, decisionId) : judged
      })
      if (typeof result === 'object') changed(tenantId, result.overrideId)
      return result
    },
    async openDecision(tenantId, decisionId, purpose, actor, now) {
      await vault.warm(tenantId)
      const fetched = await withTenant(pool, tenantId, actor, async (tx) => {
        const row = await findDecision(tx, decisionId)
        if (!row) return undefined
        const note = await fetchDocument(tx, row.noteDocumentId, purpose, now)
        const content = row.contentDocumentId ? await fetchDocument(tx, row.contentDocumentId, purpose, now) : undefined
        return { note, content, port: row.port, decision: await existing(tx, row.id) }
      })
      if (!fetched) return undefined
      const { note, content, port, decision } = fetched
      return {
        decision,
        port,
        note: await openDocument(vault, tenantId, note),
        content: content && (JSON.parse(await openDocument(vault, tenantId, content)) as unknown),
      }
    },
    waiting: (tenantId, { payer, limit }) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const tries = await waitingTries(tx, payer, limit)
        const rechecks = await waitingRechecks(tx, payer, limit)
        const rows = [
          ...tries.rows.map(({ cause, ...row }) => ({ ...row, kind: 'retry' as const, why: cause ?? 'unavailable' })),
          ...rechecks.rows.map(({ doubts, ...row }) => ({ ...row, ...nowhere, kind: 'recheck' as const, tries: doubts })),
        ]
        const soonest = rows.sort((a, b) => a.nextTryAt.getTime() - b.nextTryAt.getTime() || (a.id < b.id ? -1 : 1)).slice(0, limit)
        const names = await payerNames(tx, [...new Set(soonest.flatMap((row) => row.payerId ?? []))])
        const visits = await visitTimes(tx, [...new Set(soonest.flatMap((row) => row.intakeId ?? []))])
        const items = soonest.map((row) => ({
          ...row,
          reference: row.intakeId ? referenceOf(row.intakeId) : null,
          visitAt: (row.intakeId && visits.get(row.intakeId)) || null,
          payerName: (row.payerId && names.get(row.payerId)) || null,
          since: row.since.toISOString(),
          nextTryAt: row.nextTryAt.toISOString(),
        }))
        return { items, total: tries.total + rechecks.total }
      }),
    views: (tenantId, userId) => withTenant(pool, tenantId, reader, (tx) => listViews(tx, userId)),
    saveView: (tenantId, userId, id, view, now) => withTenant(pool, tenantId, `user:${userId}`, (tx) => saveView(tx, userId, id, view, now)),
    removeView: (tenantId, userId, id, now) => withTenant(pool, tenantId, `user:${userId}`, (tx) => removeView(tx, userId, id, now)),
    rules: (tenantId) => withTenant(pool, tenantId, reader, opsRules),
    saveRules: (tenantId, rules, actor, now) => withTenant(pool, tenantId, actor, (tx) => saveOpsRules(tx, rules, now)),
  }
}

/** A re-asking is of no step yet: its flow begins when it is due. */
const nowhere = { flow: null, step: null, partner: null, operation: null } as const

async function withNames(tx: Tx, rows: readonly ItemRow[], now: Date): Promise<QueueItem[]> {
  const decisions = await decisionsUnderWay(
    tx,
    rows.map((row) => row.id),
  )
  const people = await staffNames(tx, [...rows.flatMap((row) => row.claimedBy ?? []), ...peopleOf(decisions)])
  const known = await knownPayers(tx, [...new Set(rows.flatMap((row) => row.payerId ?? []))])
  const payers = new Map([...known].map(([id, payer]) => [id, { name: payer.name, route: payer.rules.route }]))
  const byItem = new Map(decisions.map((row) => [row.overrideId, toDecision(row, people)]))
  return rows.map((row) => toItem(row, { people, payers, decisions: byItem }, now))
}
