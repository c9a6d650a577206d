import type { Branding, TenantFacts } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

export async function tenantFacts(tx: Tx): Promise<TenantFacts> {
  const found = await tx.query<TenantFacts>(
    `SELECT tenant_id AS id, slug, name, region, time_zone AS "timeZone", npi FROM identity.tenants WHERE tenant_id = $1`,
    [tx.tenantId],
  )
  const facts = found.rows[0]
  if (!facts) throw new Error('the tenant is not there')
  return facts
}

export async function branding(tx: Tx): Promise<Branding> {
  const found = await tx.query<Branding>(
    `SELECT brand_colour AS "brandColour", contact_phone AS "contactPhone", languages FROM identity.tenants WHERE tenant_id = $1`,
    [tx.tenantId],
  )
  const row = found.rows[0]
  if (!row) throw new Error('the tenant is not there')
  return row
}
