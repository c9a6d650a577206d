import { isUtf8 } from 'node:buffer'
import type { WebhookCall, WebhookSpec } from '@heliox/core/kit'
import twilio from 'twilio'
import type { TwilioSecrets } from '../config.ts'

/**
 * By the SDK: over the address as Twilio knows it and the sorted pairs of the form. While the token is being rotated we take either, so that
 * whichever side changes first loses no call. It has no moment in it, so none is ever too old: one that comes again is known by its bytes.
 */
export function verify(
  { url, headers, body }: WebhookCall,
  secrets: Pick<TwilioSecrets, 'webhookToken' | 'webhookTokenBefore'>,
): ReturnType<WebhookSpec<TwilioSecrets>['verify']> {
  const signature = headers['x-twilio-signature']
  if (signature === undefined || !isUtf8(body)) return 'not-genuine'
  const pairs = pairsOf(body.toString('utf8'))
  const known = [secrets.webhookToken, secrets.webhookTokenBefore].filter((token) => token !== undefined)
  return known.some((token) => twilio.validateRequest(token, signature, url, pairs)) ? 'genuine' : 'not-genuine'
}

function pairsOf(form: string): Record<string, string | string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(form)) values.set(name, [...(values.get(name) ?? []), value])
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]))
}

/** The query carries our id of the message, and is signed like the rest; Twilio repeats nothing of it in the form. */
export const keeps = ({ url, body }: WebhookCall): Buffer => Buffer.concat([Buffer.from(`${new URL(url).search.slice(1)}\n`), body])
