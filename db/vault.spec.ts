import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openKmsFile } from './kms.ts'
import { type KeyStore, makeVault, type Vault } from './vault.ts'

const tenant = randomUUID()
const other = randomUUID()
const place = { table: 'identity.patient_phi', row: randomUUID() }

/** Keys in memory, as the table would hold them. */
function memoryKeys(): KeyStore & { rows: Map<string, { version: number; wrapped: Buffer; active: boolean }[]> } {
  const rows = new Map<string, { version: number; wrapped: Buffer; active: boolean }[]>()
  return {
    rows,
    load: async (tenantId) => rows.get(tenantId) ?? [],
    addFirst: async (tenantId, _kek, wrapped) => {
      if (!rows.has(tenantId)) rows.set(tenantId, [{ version: 1, wrapped, active: true }])
    },
  }
}
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'opened').catch((error: Error) => error.message)

describe('vault', () => {
  let folder: string
  let file: string
  let vault: Vault
  let keys: ReturnType<typeof memoryKeys>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vault-'))
    file = join(folder, 'kms.json')
    keys = memoryKeys()
    vault = makeVault(openKmsFile(file, { create: true }), keys)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('opens what it sealed, and seals the same text differently each time', async () => {
    const one = await vault.seal(tenant, place, 'Ruth Okafor, 1981')
    const two = await vault.seal(tenant, place, 'Ruth Okafor, 1981')
    expect(one.bytes.equals(two.bytes)).to.equal(false)
    expect(one.bytes.includes('Okafor')).to.equal(false)
    expect(await vault.open(tenant, place, one.bytes)).to.equal('Ruth Okafor, 1981')
  })

  it('refuses bytes with any single byte changed, or cut short', async () => {
    const { bytes } = await vault.seal(tenant, place, 'member 12345')
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes)
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(await failure(vault.open(tenant, place, changed)), `byte ${i}`).to.not.equal('opened')
    }
    for (const length of [0, 3, 20, bytes.length - 1]) expect(await failure(vault.open(tenant, place, bytes.subarray(0, length)))).to.not.equal('opened')
  })

  it('refuses bytes moved to another tenant, table or row', async () => {
    const { bytes } = await vault.seal(tenant, place, 'x')
    await vault.warm(other)
    expect(await failure(vault.open(other, place, bytes))).to.not.equal('opened')
    expect(await failure(vault.open(tenant, { ...place, table: 'identity.phi_documents' }, bytes))).to.not.equal('opened')
    expect(await failure(vault.open(tenant, { ...place, row: randomUUID() }, bytes))).to.not.equal('opened')
  })

  it('refuses a wrapped key that was moved to another tenant', async () => {
    await vault.warm(tenant)
    keys.rows.set(other, keys.rows.get(tenant) ?? [])
    expect(await failure(vault.warm(other))).to.not.equal('opened')
  })

  it('opens old bytes after a rotation and seals new ones with the new key', async () => {
    const old = await vault.seal(tenant, place, 'before')
    const kms = openKmsFile(file, { create: false })
    const [first] = keys.rows.get(tenant) ?? []
    if (!first) throw new Error('no key')
    const second = { version: 2, wrapped: await kms.wrap(Buffer.alloc(32, 7), `${tenant}:2`), active: true }
    keys.rows.set(tenant, [{ ...first, active: false }, second])
    const rotated = makeVault(kms, keys)
    const fresh = await rotated.seal(tenant, place, 'after')
    expect(fresh.keyVersion).to.equal(2)
    expect(await rotated.open(tenant, place, old.bytes)).to.equal('before')
    expect(await vault.open(tenant, place, fresh.bytes), 'a process that has not heard of it asks again').to.equal('after')
    expect((await rotated.fingerprint(tenant, 'a')).equals(await vault.fingerprint(tenant, 'a'))).to.equal(true)
  })

  it('makes one first key when two processes are first', async () => {
    const second = makeVault(openKmsFile(file, { create: false }), keys)
    const [one] = await Promise.all([vault.seal(tenant, place, 'a'), second.seal(tenant, place, 'b')])
    expect(await second.open(tenant, place, one.bytes)).to.equal('a')
  })

  it('gives fingerprints that differ by tenant and by text', async () => {
    const [a, b, c] = await Promise.all([vault.fingerprint(tenant, 'x'), vault.fingerprint(tenant, 'y'), vault.fingerprint(other, 'x')])
    expect(new Set([a, b, c].map((mac) => mac?.toString('hex'))).size).to.equal(3)
  })

  it('keeps its file to its owner and refuses one that others may read', () => {
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    chmodSync(file, 0o644)
    expect(() => openKmsFile(file, { create: false })).to.throw('mode to 0600')
  })

  it('makes no key file where it was not told to, and refuses one it did not write', () => {
    expect(() => openKmsFile(join(folder, 'missing.json'), { create: false })).to.throw('ENOENT')
    const strange = join(folder, 'strange.json')
    writeFileSync(strange, '{"key":"short"}', { mode: 0o600 })
    expect(() => openKmsFile(strange, { create: true })).to.throw('not what this version writes')
  })
})
