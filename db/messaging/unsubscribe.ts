import { sha256Hex } from '@heliox/core/kit'
import { isStoppable } from '@heliox/core/messaging'
import type { UnsubscribeState, UnsubscribeStore } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Reach } from '../identity/reach.ts'
import type { Pool } from '../pool.ts'
import type { Deps } from '../store-deps.ts'
import { type Tx, withTenant } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { clinicClock } from './message-settings.ts'
import type { MessageRow } from './messages.ts'
import { optOut, optOutOf, takeBack } from './opt-outs.ts'

/**
 * The address in a mail that stops mails. Its token is a keyed hash of the message's id, so that a mail that is sent again has the same one; here its
 * hash is kept, and the keyed hash of the mailbox. It opens nothing else, and it works for as long as somebody keeps the mail.
 */
export async function keepUnsubscribe(tx: Tx, vault: Vault, row: MessageRow, { language }: Reach, now: Date): Promise<string | null> {
  if (row.channel !== 'mail' || row.addressKey === null || !isStoppable(row.kind)) return null
  const token = (await vault.fingerprint(tx.tenantId, JSON.stringify(['unsubscribe', row.id]))).toString('base64url')
  await tx.query(
    `INSERT INTO messaging.unsubscribe_links (tenant_id, token_sha256, message_id, address_key, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [tx.tenantId, sha256Hex(token), row.id, row.addressKey, language, now],
  )
  return token
}

interface Place {
  addressKey: string
  language: string
}
async function placeOf(tx: Tx, tokenSha256: string): Promise<Place | undefined> {
  const found = await tx.query<Place>(
    'SELECT address_key AS "addressKey", language FROM messaging.unsubscribe_links WHERE tenant_id = $1 AND token_sha256 = $2',
    [tx.tenantId, tokenSha256],
  )
  return found.rows[0]
}
async function stateOf(tx: Tx, { addressKey, language }: Place): Promise<UnsubscribeState> {
  const out = await optOutOf(tx, 'mail', addressKey)
  return { is: !out ? 'on' : out.cause === 'patient' ? 'stopped' : 'ended', clinic: (await clinicClock(tx)).name, language }
}

/** Nobody is signed in: the token is all that is known of who asks. */
const actor = 'patient:unsubscribe'
export function makeUnsubscribe({ pool }: Pick<Deps, 'pool'>): UnsubscribeStore {
  return {
    find: (tokenSha256) => findUnsubscribe(pool, tokenSha256),
    state: (tenantId, tokenSha256) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const place = await placeOf(tx, tokenSha256)
        return place && stateOf(tx, place)
      }),
    set: (tenantId, tokenSha256, out, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const place = await placeOf(tx, tokenSha256)
        if (!place) return undefined
        const said = { channel: 'mail', addressKey: place.addressKey, at: now } as const
        const changed = out ? await optOut(tx, said, 'patient', actor) : await takeBack(tx, said, actor)
        // Pressed twice, or by the mail program and the page, it is one.
        if (changed) await audit(tx, { action: out ? 'opt-out.set' : 'opt-out.end', resource: `mail-link:${tokenSha256.slice(0, 12)}`, outcome: 'ok' }, now)
        return stateOf(tx, place)
      }),
  }
}

async function findUnsubscribe(pool: Pool, tokenSha256: string): Promise<{ tenantId: string; region: string } | undefined> {
  const found = await pool.query<{ tenantId: string; region: string }>('SELECT tenant_id AS "tenantId", region FROM messaging.find_unsubscribe($1)', [
    tokenSha256,
  ])
  return found.rows[0]
}
