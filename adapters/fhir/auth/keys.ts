import { createPrivateKey, createPublicKey, type webcrypto } from 'node:crypto'

/** One private key that may sign assertions, and what the profile lets it sign with. */
export interface SigningKey {
  kid: string
  alg: 'RS384' | 'ES384'
  jwk: webcrypto.JsonWebKey
}
/** What anybody may know of a key. */
export type PublicJwk = Readonly<Record<string, string>>

/** The one that signs, the one before, and one that is made known in advance. */
const keysMax = 3
const rsaBitsMin = 2048

/** Undefined: not a set of keys that may sign. Nothing of the text is told. */
export function signingKeysOf(text: string): SigningKey[] | undefined {
  const keys = parsed(text)?.keys
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > keysMax) return undefined
  const known = keys.map(signingKeyOf).filter((key) => key !== undefined)
  const isWhole = known.length === keys.length && new Set(known.map(({ kid }) => kid)).size === known.length
  return isWhole ? known : undefined
}

function signingKeyOf(jwk: webcrypto.JsonWebKey & { kid?: unknown }): SigningKey | undefined {
  const { kid } = jwk
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(kid)) return undefined
  const alg = algorithmOf(jwk)
  return alg && { kid, alg, jwk }
}

/** The platform reads the key: what it cannot read, cannot sign. */
function algorithmOf(jwk: webcrypto.JsonWebKey): SigningKey['alg'] | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey({ key: jwk, format: 'jwk' })
    if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : undefined
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin ? 'RS384' : undefined
  } catch {
    return undefined
  }
}

/** Derived from the private half, never from members that somebody wrote beside it: nothing private can slip through. */
export function publicKeysOf(text: string | undefined): { keys: PublicJwk[] } {
  const keys = (text === undefined ? undefined : signingKeysOf(text)) ?? []
  return {
    keys: keys.map(({ kid, alg, jwk }) => {
      const exported = createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })).export({ format: 'jwk' }) as Record<string, string>
      return { ...exported, kid, alg, use: 'sig' }
    }),
  }
}

function parsed(text: string): { keys?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
