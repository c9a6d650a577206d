import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** argon2id, OWASP's second choice of numbers (19 MiB, 2 passes, 1 lane); what is stored says its own numbers. */
const numbers = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const hashPassword = (password: string): Promise<string> => hash(password, numbers)

/**
 * Checks a password with the same work whether or not there is such an account, so that the time of an answer does not tell
 * which accounts exist.
 */
export function passwordCheck(): (stored: string | undefined, password: string) => Promise<boolean> {
  const nobody = hashPassword(randomBytes(24).toString('base64url'))
  return async (stored, password) => {
    const right = await verify(stored ?? (await nobody), password)
    return stored !== undefined && right
  }
}
