import type { ClinicLookStore } from '@heliox/core/ports'
import { clinicLook, logoOf, saveLook } from './identity/tenants.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** How patients see a clinic. Each method is one transaction of one tenant; no SQL is written here. */
export function makeLook({ pool, process, wake }: Deps): ClinicLookStore {
  const reader = `service:${process}`
  return {
    read: (tenantId) => withTenant(pool, tenantId, reader, clinicLook),
    async save(tenantId, look, actor, now) {
      const saved = await withTenant(pool, tenantId, actor, (tx) => saveLook(tx, look, now))
      wake.clinic(tenantId)
      return saved
    },
    logo: (tenantId, sha256) => withTenant(pool, tenantId, reader, (tx) => logoOf(tx, sha256)),
  }
}
