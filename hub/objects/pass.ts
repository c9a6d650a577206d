import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a pass is for: every word of it is signed, so that none can be changed. */
export interface PassFacts {
  tenantId: string
  /** Of the session that it was handed to: of no use in another browser. */
  holder: string
  uploadId: string
  size: string
  /** Milliseconds since 1970. */
  endsAt: number
}
export interface Pass {
  sign(facts: PassFacts): string
  fits(facts: PassFacts, signature: string): boolean
}

/** A key of its own, made from the bucket's: all copies of the API share it, and it opens nothing of the bucket. */
export function makePass(secretKey: string): Pass {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'a pass for one look at one clean photo', 32))
  const mac = (facts: PassFacts): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([facts.tenantId, facts.holder, facts.uploadId, facts.size, facts.endsAt]))
      .digest()
  return {
    sign: (facts) => mac(facts).toString('base64url'),
    fits(facts, signature) {
      const given = Buffer.from(signature, 'base64url')
      const right = mac(facts)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}
