import type { UnsubscribeState } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'

interface Kept {
  tenantId: string
  region: string
  state: UnsubscribeState
}
/** Addresses that stop mails, in memory, by the hash of their token. The real store is in `db/messaging/unsubscribe.spec.ts`. */
export function fakeUnsubscribe(): ApiDeps['unsubscribe'] & { kept: Map<string, Kept> } {
  const kept = new Map<string, Kept>()
  const of = (tenantId: string, sha256: string): Kept | undefined => {
    const place = kept.get(sha256)
    return place?.tenantId === tenantId ? place : undefined
  }
  return {
    kept,
    find: async (sha256) => kept.get(sha256),
    state: async (tenantId, sha256) => of(tenantId, sha256)?.state,
    async set(tenantId, sha256, out) {
      const place = of(tenantId, sha256)
      if (place && place.state.is !== 'ended') place.state = { ...place.state, is: out ? 'stopped' : 'on' }
      return place?.state
    },
  }
}
