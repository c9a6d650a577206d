import type { ConnectionStore } from '@heliox/core/ports'

/** Those of them that belong to this region, as far as they can be told; a tenant's region never changes, so each is asked for once. */
export function ownTenants(connections: Pick<ConnectionStore, 'tenant'>, region: string): (tenantIds: readonly string[]) => Promise<string[]> {
  const regions = new Map<string, string>()
  return async (tenantIds) => {
    for (const id of tenantIds) if (!regions.has(id)) regions.set(id, (await connections.tenant(id)).region)
    return tenantIds.filter((id) => regions.get(id) === region)
  }
}
