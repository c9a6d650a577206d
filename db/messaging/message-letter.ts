import type { LetterFacts } from '@heliox/core/kit'
import { isVisitNews, notAfterOf } from '@heliox/core/messaging'
import { findVisit } from '../clinical/visits.ts'
import { fetchContacts, openContact } from '../identity/contacts.ts'
import { fetchLink, openLinkToken } from '../identity/links.ts'
import { fetchCode, openCode } from '../identity/proofs.ts'
import { addressKey, reachOf } from '../identity/reach.ts'
import { branding } from '../identity/tenants.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { clinicClock } from './message-settings.ts'
import { findMessage, type MessageRow } from './messages.ts'
import { keepUnsubscribe } from './unsubscribe.ts'
import { knownVisit } from './visit-news.ts'

/** What a message is made of, as it lies there: every part was audited in the commit that fetched it, and is opened after that. */
interface SealedLetter {
  row: MessageRow
  contact: Awaited<ReturnType<typeof fetchContacts>>[number]
  link: Awaited<ReturnType<typeof fetchLink>>
  code: Awaited<ReturnType<typeof fetchCode>>
  clinic: string
  phone: string
  timeZone: string
  startsAt: Date
  /** Of the address that stops mails; null: there is none in this one. */
  unsubscribe: string | null
  notAfter: Date | null
}

const purpose = 'message'
/** Undefined: the contact, the link or the code is gone. The vault must be warm. */
export async function fetchLetter(tx: Tx, vault: Vault, messageId: string, now: Date): Promise<SealedLetter | undefined> {
  const row = await findMessage(tx, messageId)
  const visit = row && (await findVisit(tx, row.visitId))
  if (!row || !visit) throw new Error('the message is not there')
  const isCode = row.kind === 'code'
  const [contact] = await fetchContacts(tx, [row.visitId], purpose, now, isCode)
  const link = isCode ? undefined : await fetchLink(tx, row.intakeId, purpose, now)
  const code = isCode && row.aboutId ? await fetchCode(tx, row.aboutId, purpose, now) : undefined
  const hasWhatItTells = isCode ? code !== undefined : isVisitNews(row.kind) || link?.usable === true
  if (!contact || !hasWhatItTells) return undefined
  const { name, timeZone, quiet } = await clinicClock(tx)
  const { startsAt, endsAt } = visit
  // "Cancelled" names the time that the patient knows.
  const known = row.kind === 'cancelled' ? await knownVisit(tx, visit, row.id) : undefined
  const told = known && known.startsAt > now ? known.startsAt : startsAt
  const notAfter = notAfterOf({ kind: row.kind, startsAt, endsAt, atOnce: row.atOnce, codeEndsAt: row.notAfter }, { timeZone, quiet }, now)
  const usable = link?.usable ? link : undefined
  const reach = await reachOf(tx, row.intakeId, now, isCode)
  const unsubscribe = reach ? await keepUnsubscribe(tx, vault, row, reach, now) : null
  const phone = (await branding(tx)).contactPhone
  return { row, contact, link: usable, code, clinic: name, phone, timeZone, startsAt: told, unsubscribe, notAfter }
}

const pageOf = (kind: MessageRow['kind']): string => (kind === 'invitation' || kind.startsWith('reminder') ? '/i/' : '/status/')

/** After the commit that fetched it. */
export async function openLetter(vault: Vault, tenantId: string, sealed: SealedLetter, publicUrl: string): Promise<LetterFacts | null> {
  const { row, link, code, startsAt, unsubscribe, notAfter } = sealed
  const contact = await openContact(vault, tenantId, sealed.contact)
  const to = row.channel === 'sms' ? contact.phone : contact.email
  // Whether this address may get it was asked of the one that it had then.
  if (to === null || (await addressKey(vault, tenantId, row.channel, to)) !== row.addressKey) return null
  const token = link && (await openLinkToken(vault, tenantId, row.intakeId, link))
  return {
    ...{ kind: row.kind, channel: row.channel, to, language: contact.language, clinic: sealed.clinic, phone: sealed.phone, timeZone: sealed.timeZone },
    startsAt: startsAt.toISOString(),
    url: token === undefined ? null : new URL(`${pageOf(row.kind)}${token}`, publicUrl).href,
    code: code === undefined || row.aboutId === null ? null : await openCode(vault, tenantId, row.aboutId, code),
    unsubscribeUrl: unsubscribe === null ? null : new URL(`/stop/${unsubscribe}`, publicUrl).href,
    notAfter: notAfter?.toISOString() ?? null,
  }
}
