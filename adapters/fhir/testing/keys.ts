import { generateKeyPairSync } from 'node:crypto'

/** Keys of a test: nothing of them is used anywhere else. */
export function newKey(kid: string, alg: 'ES384' | 'RS384' | 'P-256' | 'RSA-1024' = 'ES384') {
  const { privateKey, publicKey } = alg.startsWith('RS')
    ? generateKeyPairSync('rsa', { modulusLength: alg === 'RS384' ? 2048 : 1024 })
    : generateKeyPairSync('ec', { namedCurve: alg === 'ES384' ? 'P-384' : 'P-256' })
  return { private: { ...privateKey.export({ format: 'jwk' }), kid }, public: { ...publicKey.export({ format: 'jwk' }), kid }, privateKey }
}
export const keySet = (...keys: ReturnType<typeof newKey>[]): string => JSON.stringify({ keys: keys.map((key) => key.private) })
export const publicSet = (...keys: ReturnType<typeof newKey>[]) => ({ keys: keys.map((key) => key.public) })
