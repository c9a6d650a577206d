import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { type Kms, openKmsFile } from './kms.ts'
import type { Pool } from './pool.ts'
import { withTenant } from './tenancy.ts'

/**
 * Seals patient data. AES-256-GCM under the tenant's data key; the key's version is in the header, and the associated data
 * binds tenant, table, row and version: bytes that were changed, or moved to another row or tenant, do not open.
 * Layout: magic(3) version(1) keyVersion(4) iv(12) tag(16) ciphertext.
 */
export interface Place {
  /** `identity.patient_phi` */
  table: string
  /** The row's key: an id, and what tells it from its siblings (`<id>/answers`). */
  row: string
}
interface SealedBytes {
  keyVersion: number
  bytes: Buffer
}
export interface Vault {
  seal(tenantId: string, place: Place, plain: string | Uint8Array): Promise<SealedBytes>
  open(tenantId: string, place: Place, sealed: Buffer): Promise<string>
  openBytes(tenantId: string, place: Place, sealed: Buffer): Promise<Buffer>
  /** Keyed hash, stable through key rotation: to compare two values without keeping either. */
  fingerprint(tenantId: string, plain: string): Promise<Buffer>
  /** Loads the tenant's keys, so that nothing inside a transaction has to take a second connection. */
  warm(tenantId: string): Promise<void>
}

const magic = Buffer.from('HX1')
const format = 1
const ivBytes = 12
const tagBytes = 16
const headerBytes = magic.length + 1 + 4
const cachedTenantsMax = 2_000

export function openVault(options: { pool: Pool; kmsFile: string; create?: boolean }): Vault {
  return makeVault(openKmsFile(options.kmsFile, { create: options.create ?? false }), keyTable(options.pool))
}

/** Where wrapped data keys live. */
export interface KeyStore {
  load(tenantId: string): Promise<{ version: number; wrapped: Buffer; active: boolean }[]>
  /** Adds version 1 unless somebody was faster. */
  addFirst(tenantId: string, kekId: string, wrapped: Buffer): Promise<void>
}

interface TenantKeys {
  active: number
  byVersion: Map<number, KeyObject>
  fingerprintKey: KeyObject
}

export function makeVault(kms: Kms, store: KeyStore): Vault {
  const cache = new Map<string, Promise<TenantKeys>>()
  const keysOf = (tenantId: string, options: { fresh: boolean } = { fresh: false }): Promise<TenantKeys> => {
    const cached = options.fresh ? undefined : cache.get(tenantId)
    if (cached) return cached
    if (cache.size >= cachedTenantsMax) cache.clear()
    const loading = loadKeys(kms, store, tenantId)
    cache.set(tenantId, loading)
    loading.catch(() => cache.delete(tenantId)) // a failed load is asked again
    return loading
  }
  const openBytes = async (tenantId: string, place: Place, sealed: Buffer): Promise<Buffer> => {
    if (sealed.length < headerBytes + ivBytes + tagBytes || !sealed.subarray(0, magic.length).equals(magic) || sealed[magic.length] !== format) {
      throw new Error('vault: these bytes are not sealed by this version')
    }
    const version = sealed.readUInt32BE(magic.length + 1)
    let keys = await keysOf(tenantId)
    if (!keys.byVersion.has(version)) keys = await keysOf(tenantId, { fresh: true })
    const iv = sealed.subarray(headerBytes, headerBytes + ivBytes)
    const decipher = createDecipheriv('aes-256-gcm', keyOf(keys, version), iv, { authTagLength: tagBytes })
    decipher.setAAD(associatedData(tenantId, place, version)).setAuthTag(sealed.subarray(headerBytes + ivBytes, headerBytes + ivBytes + tagBytes))
    const body = decipher.update(sealed.subarray(headerBytes + ivBytes + tagBytes))
    return Buffer.concat([body, decipher.final()])
  }
  return {
    async seal(tenantId, place, plain) {
      const keys = await keysOf(tenantId)
      const iv = randomBytes(ivBytes)
      const header = Buffer.alloc(headerBytes)
      magic.copy(header)
      header.writeUInt8(format, magic.length)
      header.writeUInt32BE(keys.active, magic.length + 1)
      const cipher = createCipheriv('aes-256-gcm', keyOf(keys, keys.active), iv).setAAD(associatedData(tenantId, place, keys.active))
      const body = Buffer.concat([typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain), cipher.final()])
      return { keyVersion: keys.active, bytes: Buffer.concat([header, iv, cipher.getAuthTag(), body]) }
    },
    open: async (tenantId, place, sealed) => (await openBytes(tenantId, place, sealed)).toString('utf8'),
    openBytes,
    async fingerprint(tenantId, plain) {
      const keys = await keysOf(tenantId)
      return createHmac('sha256', keys.fingerprintKey).update(plain).digest()
    },
    async warm(tenantId) {
      await keysOf(tenantId)
    },
  }
}

const associatedData = (tenantId: string, place: Place, version: number): Buffer =>
  Buffer.from(['hub-sealed-v1', tenantId.toLowerCase(), place.table, place.row.toLowerCase(), String(version)].join('\0'))

function keyOf(keys: TenantKeys, version: number): KeyObject {
  const key = keys.byVersion.get(version)
  if (!key) throw new Error(`vault: key version ${version} is not there`)
  return key
}

const keyContext = (tenantId: string, version: number): string => `${tenantId.toLowerCase()}:${version}`

async function loadKeys(kms: Kms, store: KeyStore, tenantId: string): Promise<TenantKeys> {
  let rows = await store.load(tenantId)
  if (rows.length === 0) {
    await store.addFirst(tenantId, kms.id, await kms.wrap(randomBytes(32), keyContext(tenantId, 1)))
    rows = await store.load(tenantId)
  }
  const byVersion = new Map<number, KeyObject>()
  let first: Buffer | undefined
  for (const row of rows) {
    const key = await kms.unwrap(row.wrapped, keyContext(tenantId, row.version))
    if (row.version === 1) first = Buffer.from(hkdfSync('sha256', key, '', 'hub-fingerprint-v1', 32))
    byVersion.set(row.version, createSecretKey(key))
    key.fill(0)
  }
  const active = Math.max(...rows.filter((row) => row.active).map((row) => row.version))
  if (!first || !Number.isFinite(active)) throw new Error('vault: the tenant has no usable key')
  return { active, byVersion, fingerprintKey: createSecretKey(first) }
}

/** `identity.keys`, under the tenant's row-level security. */
function keyTable(pool: Pool): KeyStore {
  return {
    load: (tenantId) =>
      withTenant(pool, tenantId, 'service:vault', async (tx) => {
        const found = await tx.query<{ version: number; wrapped: Buffer; active: boolean }>(
          `SELECT version, wrapped, status = 'active' AS active FROM identity.keys WHERE tenant_id = $1 ORDER BY version`,
          [tenantId],
        )
        return found.rows
      }),
    addFirst: (tenantId, kekId, wrapped) =>
      withTenant(pool, tenantId, 'service:vault', async (tx) => {
        await tx.query('INSERT INTO identity.keys (tenant_id, version, kek_id, wrapped) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING', [
          tenantId,
          kekId,
          wrapped,
        ])
      }),
  }
}
