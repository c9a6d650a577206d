import { isUtf8 } from 'node:buffer'
import type { WebhookCall, WebhookSpec } from '@heliox/core/kit'
import Stripe from 'stripe'
import type { StripeSecrets } from '../config.ts'

/** How old a signed call may be: older ones may come from whoever listened. Stripe's own advice. */
const toleranceSeconds = 300
/** The SDK does not look at the age then. */
const anyAge = 0

/**
 * By the SDK, over the bytes as they came. While a secret is being rotated, Stripe signs with the old and the new one; we take either,
 * so that whichever side changes first loses no call.
 */
export function verify(
  { headers, body }: WebhookCall,
  secrets: Pick<StripeSecrets, 'webhookSecret' | 'webhookSecretBefore'>,
  now: Date,
): ReturnType<WebhookSpec<StripeSecrets>['verify']> {
  const known = [secrets.webhookSecret, secrets.webhookSecretBefore].filter((secret) => secret !== undefined)
  const signature = headers['stripe-signature'] ?? ''
  // The SDK decodes before it compares: a byte order mark, or what is no UTF-8, would be signed as if it were not there.
  if (!isUtf8(body) || body.subarray(0, 3).equals(byteOrderMark)) return 'not-genuine'
  const isSigned = (tolerance: number): boolean => known.some((secret) => isSignedWith(secret, body, signature, tolerance, now))
  if (isSigned(toleranceSeconds)) return 'genuine'
  return isSigned(anyAge) ? 'too-old' : 'not-genuine'
}
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The first half of the SDK's `constructEvent`. The other half parses, and throws other errors for genuine bytes that it cannot use:
 * with both in one try, "could not be parsed" and "could not be checked" would look the same.
 */
function isSignedWith(secret: string, body: Buffer, signature: string, tolerance: number, now: Date): boolean {
  try {
    return Stripe.webhooks.signature?.verifyHeader(body, signature, secret, tolerance, undefined, now.getTime()) === true
  } catch {
    return false
  }
}
