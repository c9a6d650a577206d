import type { BreakerRef, BreakerStore } from '@heliox/core/ports'
import { listen } from './listen.ts'
import { claimProbe, endProbe, notClosed, tripBreaker } from './messaging/breakers.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'
import { opsChannel } from './wake.ts'

/** Breakers, as engines share them. Each method is one transaction of one tenant; no SQL is written here. */
export function makeBreakerStore({ pool, process, wake }: Deps): BreakerStore {
  const actor = `service:${process}`
  const changed = ({ tenantId, partner, payerId, operation }: BreakerRef): void =>
    wake.ops({ tenantId, is: 'breaker', id: `${partner}/${payerId ?? '*'}/${operation}` })
  return {
    notClosed: () => notClosed(pool),
    async trip(ref, cause, numbers, now) {
      const breaker = await withTenant(pool, ref.tenantId, actor, (tx) => tripBreaker(tx, ref, cause, numbers, { process, now }))
      changed(ref)
      return breaker
    },
    claimProbe: (ref, leaseMs, now) => withTenant(pool, ref.tenantId, actor, (tx) => claimProbe(tx, ref, leaseMs, { process, now })),
    async endProbe(ref, lease, end, now) {
      const ended = await withTenant(pool, ref.tenantId, actor, (tx) => endProbe(tx, ref, lease, end, { process, now }))
      changed(ref)
      return ended
    },
    // The payload is not looked at: whoever hears it reads the rows.
    onChange: (handler) => listen(pool, [opsChannel], { onPayload: (payload) => payload.includes('"breaker"') && handler(), onUp: handler }),
  }
}
