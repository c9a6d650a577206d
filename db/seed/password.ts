import { argon2Sync, randomBytes } from 'node:crypto'

const memoryKib = 19_456
const passes = 2
const parallelism = 1

/** Argon2id as a PHC string, the form that every verifier reads. */
export function hashPassword(password: string): string {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', { message: password, nonce, parallelism, tagLength: 32, memory: memoryKib, passes })
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${text(nonce)}$${text(tag)}`
}
