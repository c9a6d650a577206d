import type { LanguageTag } from '@heliox/core/kit'
import { addressText } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/** As much of a contact as says whether somebody can be reached. */
interface Reachable {
  phone: string | null
  email: string | null
  language: LanguageTag
  smsAllowed: boolean
}

/** How an address is known again without being kept: a keyed hash of the clinic's. */
export async function addressKey(vault: Vault, tenantId: string, channel: 'sms' | 'mail', address: string): Promise<string> {
  return (await vault.fingerprint(tenantId, addressText(channel, address))).toString('hex')
}

export async function reachKeys(
  vault: Vault,
  tenantId: string,
  contact: Pick<Reachable, 'phone' | 'email'> | null,
): Promise<Record<'phoneKey' | 'mailKey', string | null>> {
  const [phoneKey, mailKey] = await Promise.all([
    contact?.phone ? addressKey(vault, tenantId, 'sms', contact.phone) : null,
    contact?.email ? addressKey(vault, tenantId, 'mail', contact.email) : null,
  ])
  return { phoneKey, mailKey }
}

/** In the commit that saves a contact: whether there is a number and a mailbox, for rounds that must not open what names a patient. */
export async function keepReach(tx: Tx, vault: Vault, visitId: string, contact: Reachable | null): Promise<void> {
  const { phoneKey, mailKey } = await reachKeys(vault, tx.tenantId, contact)
  await tx.query('SELECT identity.set_reach($1, $2, $3, $4, $5)', [visitId, phoneKey, mailKey, contact?.smsAllowed ?? false, contact?.language ?? 'en'])
}

export interface Reach {
  visitId: string
  status: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  /** One is kept that still opens. */
  link: boolean
  phoneKey: string | null
  mailKey: string | null
  smsAllowed: boolean
  language: LanguageTag
}

/** Undefined: there is no such intake. An address that the patient typed and did not send yet is one for a code only: that is what it is kept for. */
export async function reachOf(tx: Tx, intakeId: string, now: Date, forCode = false): Promise<Reach | undefined> {
  const found = await tx.query<Reach & { typed: boolean }>(
    `SELECT visit_id AS "visitId", status, link, phone_key AS "phoneKey", mail_key AS "mailKey", sms_allowed AS "smsAllowed", language, typed
     FROM identity.reach_of($1, $2)`,
    [intakeId, now],
  )
  const [row] = found.rows
  if (!row) return undefined
  const { typed, ...reach } = row
  return typed && !forCode ? { ...reach, phoneKey: null, mailKey: null } : reach
}
