import { bulkLimits, planOf, type StartBulkRelease, sortOut } from '@heliox/core/messaging'
import type { BulkCandidate, BulkRelease, BulkReleaseStore, BulkTurnStore, MayBeReleased } from '@heliox/core/ports'
import { knownPayers } from './catalog/payers.ts'
import { sealDocument } from './identity/documents.ts'
import { tenantFacts } from './identity/tenants.ts'
import { bulkCandidates } from './messaging/bulk-candidates.ts'
import { findBulkRelease, insertBulkRelease, listBulkReleases, setBulkStatus } from './messaging/bulk-releases.ts'
import { bulkReleasesAtWork, takeBulkTurns } from './messaging/bulk-turns.ts'
import { makeDecision } from './messaging/decisions.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

type Wish = Pick<StartBulkRelease, 'action' | 'selection'>

/** A person's side of bulk releases. Each method is one transaction of one tenant; no SQL is written here. */
export function makeBulkReleases({ pool, vault, process, clock, wake }: Deps): BulkReleaseStore {
  const reader = `service:${process}`
  const setStatus = (wanted: 'running' | 'stopped'): BulkReleaseStore['stop'] => {
    return async (tenantId, id, actor, now) => {
      const release = await withTenant(pool, tenantId, actor, async (tx) => {
        const set = await setBulkStatus(tx, id, wanted, now)
        return set === 'set' ? existing(tx, id, now) : set
      })
      if (typeof release !== 'string') wake.ops({ tenantId, is: 'bulk', id })
      return release
    }
  }
  return {
    plan: (tenantId, wish, may, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const { taken, skipped, more } = await selected(tx, wish, may, now)
        const { timeZone } = await tenantFacts(tx)
        return { plan: planOf(taken, skipped, more, timeZone), sample: taken.slice(0, bulkLimits.sampleMax).map((item) => item.overrideId) }
      }),
    async start(tenantId, wish, may, actor, now) {
      await vault.warm(tenantId)
      const started = await withTenant(pool, tenantId, actor, async (tx) => {
        const known = await findBulkRelease(tx, wish.bulkReleaseId, now)
        if (known) return sameWish(known, wish, actor) ? known : 'conflict'
        const { taken } = await selected(tx, wish, may, now)
        if (taken.length === 0) return 'empty'
        const noteId = await sealDocument(tx, vault, { kind: 'override-note', intakeId: null, text: wish.note }, now)
        const inserted = await insertBulkRelease(
          tx,
          wish,
          noteId,
          taken.map((item) => item.overrideId),
          now,
        )
        const release = await existing(tx, wish.bulkReleaseId, now)
        return inserted || sameWish(release, wish, actor) ? release : 'conflict'
      })
      if (typeof started !== 'string') wake.ops({ tenantId, is: 'bulk', id: started.id })
      return started
    },
    list: (tenantId, filter) => withTenant(pool, tenantId, reader, (tx) => listBulkReleases(tx, filter, clock.now())),
    find: (tenantId, id) => withTenant(pool, tenantId, reader, (tx) => findBulkRelease(tx, id, clock.now())),
    stop: setStatus('stopped'),
    resume: setStatus('running'),
  }
}

/** One more than it takes is read, to know whether there are more. */
async function selected(tx: Tx, { action, selection }: Wish, may: MayBeReleased, now: Date) {
  const rows = await bulkCandidates(tx, selection, bulkLimits.itemsMax + 1, now)
  const payers = await knownPayers(tx, [...new Set(rows.flatMap((row) => row.payerId ?? []))])
  const candidates = rows
    .slice(0, bulkLimits.itemsMax)
    .map((row): BulkCandidate => ({ ...row, payerRoute: (row.payerId && payers.get(row.payerId)?.rules.route) || null }))
  return { ...sortOut(candidates, action, may), more: rows.length > bulkLimits.itemsMax }
}

async function existing(tx: Tx, id: string, now: Date): Promise<BulkRelease> {
  const release = await findBulkRelease(tx, id, now)
  if (!release) throw new Error('a bulk release is gone that was just there')
  return release
}

/** The note is sealed and not compared. */
const sameWish = (known: BulkRelease, wish: StartBulkRelease, actor: string): boolean =>
  known.startedBy === actor &&
  known.action === wish.action &&
  known.ratePerMinute === wish.ratePerMinute &&
  known.reason === wish.reason &&
  JSON.stringify(Object.entries(known.selection).sort()) === JSON.stringify(Object.entries(wish.selection).sort())

/** The engine's side. A release's turns are one commit, in the name of who lets it run. */
export function makeBulkTurns({ pool, process, wake }: Deps): BulkTurnStore {
  return {
    async tenants() {
      const found = await pool.query<{ id: string }>('SELECT tenant_id AS id FROM messaging.tenants_releasing()')
      return found.rows.map(({ id }) => id)
    },
    async takeTurns(tenantId, now) {
      const atWork = await withTenant(pool, tenantId, `service:${process}`, (tx) => bulkReleasesAtWork(tx, now))
      let decided = 0
      for (const { id, runBy } of atWork) {
        decided += await withTenant(pool, tenantId, runBy, (tx) => takeBulkTurns(tx, id, makeDecision, now))
        wake.ops({ tenantId, is: 'bulk', id })
      }
      return decided
    },
  }
}
