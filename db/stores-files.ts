import type { BatchStore, ControlNumberStore, ReceiveStore } from '@heliox/core/ports'
import { closeBatch } from './billing/batches.ts'
import { takeHeldAnswers } from './billing/received.ts'
import { watchSilence } from './billing/silence.ts'
import { tenantsWaiting } from './billing/waiting.ts'
import { tenantsConnected } from './identity/connections.ts'
import { openDocumentBytes } from './identity/documents.ts'
import { takeNumber } from './messaging/control-numbers.ts'
import { giveBack, takeTurn } from './messaging/receive-turns.ts'
import { fetchPart, keepFile, lastKept, partsOf, putOff, recordItems, unreadFiles } from './messaging/received-files.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** The engine's stores for asking by batch. Each method is one transaction of one tenant; no SQL is written here. */
export function makeNumbers({ pool, process }: Deps): ControlNumberStore {
  return { take: (tenantId, sequence, key, now) => withTenant(pool, tenantId, `service:${process}`, (tx) => takeNumber(tx, sequence, key, now)) }
}

export function makeReceive({ pool, vault, process, clock, wake }: Deps): ReceiveStore {
  const actor = `service:${process}`
  return {
    tenants: (adapterId) => tenantsConnected(pool, adapterId),
    async takeTurn(tenantId, receiver, owner, times, now) {
      const turn = await withTenant(pool, tenantId, actor, (tx) => takeTurn(tx, receiver, owner, times, now))
      return turn === undefined ? undefined : { giveBack: () => withTenant(pool, tenantId, actor, (tx) => giveBack(tx, receiver, turn)) }
    },
    async keepFile(tenantId, receiver, file, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, (tx) => keepFile(tx, vault, receiver, file, now))
    },
    lastKept: (tenantId, receiver) => withTenant(pool, tenantId, actor, (tx) => lastKept(tx, receiver)),
    unread: (tenantId, receiver, limit) => withTenant(pool, tenantId, actor, (tx) => unreadFiles(tx, receiver, limit, clock.now())),
    async openFile(tenantId, fileId, by, now) {
      const parts = await withTenant(pool, tenantId, by, (tx) => partsOf(tx, fileId))
      return (async function* () {
        for (const documentId of parts) {
          const sealed = await withTenant(pool, tenantId, by, (tx) => fetchPart(tx, documentId, now))
          yield await openDocumentBytes(vault, tenantId, sealed)
        }
      })()
    },
    async recordItems(tenantId, fileId, batch, about) {
      const at = { ...about, traceparent: null }
      const outcome = await withTenant(pool, tenantId, actor, (tx) => recordItems(tx, fileId, batch, at))
      if (outcome === 'recorded') wake.outbox('messaging')
      return outcome
    },
    readFailed: (tenantId, receiver, fileId, now) => withTenant(pool, tenantId, actor, (tx) => putOff(tx, receiver, fileId, now)),
  }
}

export function makeBatches({ pool, vault, process, wake }: Deps): BatchStore {
  return {
    waiting: () => tenantsWaiting(pool),
    async closeBatch(tenantId, rules, about) {
      const at = { ...about, traceparent: null }
      const batchId = await withTenant(pool, tenantId, `service:${about.process}`, (tx) => closeBatch(tx, rules, at))
      if (batchId !== undefined) wake.outbox('billing')
      return batchId
    },
    async watchSilence(tenantId, now) {
      await vault.warm(tenantId)
      const actor = `service:${process}`
      const opened = await withTenant(pool, tenantId, actor, (tx) => watchSilence(tx, now))
      // A commit of its own: what cannot be taken must not keep the watch from telling.
      await withTenant(pool, tenantId, actor, (tx) => takeHeldAnswers({ tx, vault, now, process, traceparent: null }))
      wake.outbox('billing')
      return opened
    },
  }
}
