import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * Wraps the tenants' data keys under a key that the database never sees. A cloud KMS implements this interface; the local
 * file is for development and for tests.
 */
export interface Kms {
  readonly id: string
  /** `context` must be the same at unwrap: a wrapped key moved to another tenant does not open. */
  wrap(dataKey: Buffer, context: string): Promise<Buffer>
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>
}

const KmsFile = z.strictObject({ id: z.string().min(1).max(80), key: z.string().regex(/^[0-9a-f]{64}$/) })

/** `create` makes the file when it is missing (development only). A file that others may read is refused. */
export function openKmsFile(path: string, options: { create: boolean }): Kms {
  if (options.create) createOnce(path)
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) throw new Error('the KMS file may be read by others: set its mode to 0600')
  const parsed = KmsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error('the KMS file is not what this version writes')
  return localKms(parsed.data.id, createSecretKey(Buffer.from(parsed.data.key, 'hex')))
}

function createOnce(path: string): void {
  const content = { id: `local-${randomBytes(6).toString('hex')}`, key: randomBytes(32).toString('hex') }
  try {
    writeFileSync(path, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const ivBytes = 12
const tagBytes = 16
function localKms(id: string, key: KeyObject): Kms {
  return {
    id,
    async wrap(dataKey, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(`hub-key-v1\0${context}`))
      const body = Buffer.concat([cipher.update(dataKey), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    async unwrap(wrapped, context) {
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, ivBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(`hub-key-v1\0${context}`)).setAuthTag(wrapped.subarray(ivBytes, ivBytes + tagBytes))
      return Buffer.concat([decipher.update(wrapped.subarray(ivBytes + tagBytes)), decipher.final()])
    },
  }
}
