import type { Branding, ClinicLook, ClinicLookStore, TenantFacts } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
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

const lookColumns = `name, brand_colour AS "brandColour", contact_phone AS "contactPhone", languages, encode(sha256(logo), 'hex') AS "logoSha256"`

export async function clinicLook(tx: Tx): Promise<ClinicLook> {
  const found = await tx.query<ClinicLook>(`SELECT ${lookColumns} FROM identity.tenants WHERE tenant_id = $1`, [tx.tenantId])
  const row = found.rows[0]
  if (!row) throw new Error('the tenant is not there')
  return row
}

export async function branding(tx: Tx): Promise<Branding> {
  const { name: _, ...look } = await clinicLook(tx)
  return look
}

export async function saveLook(tx: Tx, { brandColour, contactPhone, languages, logo }: Parameters<ClinicLookStore['save']>[1], now: Date): Promise<ClinicLook> {
  await tx.query(
    `UPDATE identity.tenants SET brand_colour = $2, contact_phone = $3, languages = $4, logo = CASE WHEN $5 THEN $6 ELSE logo END WHERE tenant_id = $1`,
    [tx.tenantId, brandColour, contactPhone, languages, logo !== undefined, logo ?? null],
  )
  await audit(tx, { action: 'clinic.write', resource: 'clinic:look', outcome: 'ok' }, now)
  return clinicLook(tx)
}

export async function logoOf(tx: Tx, logoSha256: string): Promise<Buffer | undefined> {
  const found = await tx.query<{ logo: Buffer }>(`SELECT logo FROM identity.tenants WHERE tenant_id = $1 AND encode(sha256(logo), 'hex') = $2`, [
    tx.tenantId,
    logoSha256,
  ])
  return found.rows[0]?.logo
}
