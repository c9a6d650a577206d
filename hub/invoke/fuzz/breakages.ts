import type { EffectLedger, LedgerStart } from '@heliox/core/ports'
import type { Breakage } from './site.ts'

const changed = (real: EffectLedger, start: (started: LedgerStart) => LedgerStart): EffectLedger => ({
  end: (...args) => real.end(...args),
  start: async (...args) => start(await real.start(...args)),
})

/** Every way to break the ledger that the run must find, on a kind of operation that it harms. `rare`: by hundreds of sequences only. */
export const breakages: Readonly<Record<string, { on: 'keyed' | 'never' | 'money'; rare?: true; breakage: Breakage }>> = {
  /** Nobody waits for whoever is at it: an attempt under way looks like one that failed. */
  'no lease': {
    on: 'never',
    breakage: (real, { site, rootId }) => ({
      end: (...args) => real.end(...args),
      async start(ref, target, input, options) {
        await site.owner.query(
          `UPDATE messaging.effects SET state = 'failed', lease_until = NULL WHERE tenant_id = $1 AND root_id = $2 AND state = 'started' AND fencing > 0`,
          [site.tenantId, rootId],
        )
        return real.start(ref, target, input, options)
      },
    }),
  },
  /** An end counts, whoever holds the lease by then. */
  'no fencing': {
    on: 'never',
    rare: true,
    breakage: (real, { site }) => ({
      start: (...args) => real.start(...args),
      async end(ref, effectId, _fencing, end, now) {
        const found = await site.owner.query<{ fencing: number }>('SELECT fencing FROM messaging.effects WHERE tenant_id = $1 AND id = $2', [
          site.tenantId,
          effectId,
        ])
        return real.end(ref, effectId, found.rows[0]?.fencing ?? 0, end, now)
      },
    }),
  },
  /** Sends where it should ask. */
  'no question': { on: 'never', breakage: (real) => changed(real, (started) => (started.is === 'go' ? { ...started, mode: 'again' } : started)) },
  /** Sends again under its key what nobody may take any more. */
  'no question of money': {
    on: 'money',
    breakage: (real) => changed(real, (started) => (started.is === 'go' && started.unwanted ? { ...started, mode: 'again' } : started)),
  },
  /** Has asked what became of it, and forgets why. */
  'wish forgotten': {
    on: 'money',
    breakage: (real) => changed(real, (started) => (started.is === 'go' ? { ...started, unwanted: false } : started)),
  },
  /** Takes the partner's memory of a key to be endless. */
  'key for ever': {
    on: 'keyed',
    rare: true,
    breakage: (real) => ({
      end: (...args) => real.end(...args),
      start: (ref, target, input, options) => real.start(ref, target, input, { ...options, keyedForMs: 10 * 365 * 86_400_000 }),
    }),
  },
  /** Counts on the key up to the moment of the lease, not up to that of the send. */
  'key to the last second': {
    on: 'keyed',
    rare: true,
    breakage: (real) => ({
      end: (...args) => real.end(...args),
      start: (ref, target, input, options) => real.start(ref, target, input, { ...options, keyedForMs: (options.keyedForMs ?? 0) + options.leaseMs }),
    }),
  },
  /** Calls a failure what nobody knows. */
  'unknown is failed': {
    on: 'never',
    breakage: (real) => ({
      start: (...args) => real.start(...args),
      end: (ref, effectId, fencing, end, now) =>
        real.end(ref, effectId, fencing, end.is === 'answered' || end.is === 'choice' ? end : { ...end, outcome: 'failed' }, now),
    }),
  },
  /** Believes "not found" while the partner is at work. */
  'no patience': {
    on: 'never',
    rare: true,
    breakage: (real) =>
      changed(real, (started) =>
        started.is === 'go' ? { ...started, firstSentAt: new Date(0).toISOString(), lastSentAt: started.lastSentAt && new Date(0).toISOString() } : started,
      ),
  },
  /** Sends what this delivery was given, not what the first one sent. */
  'newest input': {
    on: 'keyed',
    breakage: (real) => ({
      end: (...args) => real.end(...args),
      async start(ref, target, input, options) {
        const started = await real.start(ref, target, input, options)
        return started.is === 'go' ? { ...started, input } : started
      },
    }),
  },
  /** The retry is not written in the commit that says there is one. */
  'lost retry': {
    on: 'keyed',
    breakage: (real, { site, rootId }) => ({
      start: (...args) => real.start(...args),
      async end(...args) {
        const recorded = await real.end(...args)
        await site.owner.query(`UPDATE messaging.outbox SET status = 'processed', processed_at = created_at WHERE root_id = $1 AND only_flow IS NOT NULL`, [
          rootId,
        ])
        return recorded
      },
    }),
  },
  /** Says that it kept a late answer and keeps none. */
  'late is lost': {
    on: 'never',
    breakage: (real, { site }) => ({
      start: (...args) => real.start(...args),
      async end(ref, effectId, fencing, end, now) {
        const found = await site.owner.query<{ fencing: number }>('SELECT fencing FROM messaging.effects WHERE tenant_id = $1 AND id = $2', [
          site.tenantId,
          effectId,
        ])
        return found.rows[0]?.fencing === fencing ? real.end(ref, effectId, fencing, end, now) : 'late'
      },
    }),
  },
  /** A finished step is asked again: another answer each time. */
  'answers forgotten': {
    on: 'keyed',
    breakage: (real, { site, rootId }) => ({
      end: (...args) => real.end(...args),
      async start(...args) {
        await site.owner.query(
          `UPDATE messaging.effects SET state = 'failed', port = NULL, answer_document_id = NULL WHERE tenant_id = $1 AND root_id = $2 AND port IS NOT NULL`,
          [site.tenantId, rootId],
        )
        return real.start(...args)
      },
    }),
  },
}
